"""The rules alone plan the golden dialogues, without a model and without a film."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.dialogue.planner import RulePlanner
from tests.scenario.dialogue_files import load
from tests.scenario.dialogue_table import columns
from tests.scenario.planning_marks import mark

COLUMNS = columns()
AT_LEAST = {"open": 0.988, "frozen": 0.85, "generated, open": 0.98, "generated, held": 0.908}
"""Shares of turns that are planned right: what was measured, less 1 %. Wanted of the frozen ones is 0.9."""


@pytest.mark.parametrize("name", AT_LEAST)
def test_the_rules_plan_the_turns(name: str) -> None:
    assert sum(not one.wrong for one in COLUMNS[name]) / len(COLUMNS[name]) >= AT_LEAST[name]


SAID_OTHERWISE: dict[str, tuple[Callable[[str], str], float]] = {
    "in small letters": (str.lower, 0.988),
    "politely": (
        lambda say: f"can you tell me {say}" if say.lower().startswith(("who ", "where ", "why ")) else say,
        0.988,
    ),
    "with a sigh": (lambda say: f"hmm, {say}", 0.971),
    "of movies": (lambda say: say.replace("films", "movies").replace("film", "movie"), 0.987),
    "with a laugh": (lambda say: f"{say} lol", 0.975),
}
"""Ways to say the open turns, with the share that is planned right then, less 1 %."""


@pytest.mark.parametrize("way", SAID_OTHERWISE)
def test_the_same_said_otherwise_is_planned_as_well(way: str) -> None:
    said, least = SAID_OTHERWISE[way]
    dialogues = [
        replace(dialogue, turns=tuple(replace(turn, say=said(turn.say)) for turn in dialogue.turns))
        for dialogue in load()
        if not dialogue.frozen
    ]
    marked = list(mark(dialogues, RulePlanner()))
    assert sum(not one.wrong for one in marked) / len(marked) >= least
