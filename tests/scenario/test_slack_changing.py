"""Whatever is granted, taken back and whoever comes and goes: nothing is shown in Slack that may not be seen there."""

import random
import time
from pathlib import Path

import pytest

from tests.scenario.slack_team import team
from tests.scenario.slack_world import World, rounds
from tests.slack_server.limits import Limits


@pytest.mark.slow
def test_nothing_is_shown_that_an_oracle_would_not_show(tmp_path: Path) -> None:
    with team(tmp_path / "home", {}, slack_waiting_of_one=50) as made:
        made.slack.limits = Limits(time.time, 1_000, {})
        world = World(made, random.Random(5))
        world.fill(tmp_path)
        with made.running():
            for _ in rounds(world, 12):
                pass
    assert world.wrongs == []
    assert world.cases == 144 and world.told > 30 and world.counted > 3 and world.alike > 5
    assert not made.noted and not made.slack.refused
