"""Nothing that is shown tells whether something is hidden: a part of the pairs that the benchmark asks."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))

from hidden import LARGE_EVERY, differences, drawn  # noqa: E402

from retrieval.types import Everything  # noqa: E402


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2, 3, LARGE_EVERY])
def test_all_that_is_said_is_the_same_with_and_without_hidden_videos(seed: int) -> None:
    assert differences(drawn(seed)) == []


@pytest.mark.slow
def test_the_check_finds_what_rows_outside_change() -> None:
    pair = drawn(LARGE_EVERY)
    assert differences(replace(pair, visible=Everything(pair.visible))) != []
