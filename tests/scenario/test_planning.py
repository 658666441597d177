"""The rules alone plan the golden dialogues, without a model and without a film."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.dialogue.planner import RulePlanner
from tests.scenario.dialogue_files import load
from tests.scenario.dialogue_table import table
from tests.scenario.planning_marks import mark

MARKED = tuple(mark(load(), RulePlanner()))
OPEN, FROZEN = 0.95, 0.75
"""Shares of turns that are planned right. What is wanted of the frozen ones is 0.9: it is not reached yet."""


def share_right(frozen: bool) -> float:
    right = [not one.wrong for one in MARKED if one.dialogue.frozen == frozen]
    return sum(right) / len(right)


def test_the_rules_plan_the_open_turns() -> None:
    assert share_right(frozen=False) >= OPEN


def test_the_rules_plan_turns_that_nobody_tuned_them_by() -> None:
    assert share_right(frozen=True) >= FROZEN


def test_the_table_counts_every_turn_and_shows_no_frozen_words() -> None:
    lines = list(table(MARKED))
    assert f"/{sum(not one.dialogue.frozen for one in MARKED)} " in lines[1]
    assert not any(one.turn.say in "\n".join(lines) for one in MARKED if one.dialogue.frozen)


SAID_OTHERWISE: dict[str, Callable[[str], str]] = {
    "in small letters": str.lower,
    "politely": lambda say: f"can you tell me {say}" if say.lower().startswith(("who ", "where ", "why ")) else say,
    "with a sigh": lambda say: f"hmm, {say}",
    "of movies": lambda say: say.replace("films", "movies").replace("film", "movie"),
    "with a laugh": lambda say: f"{say} lol",
}


@pytest.mark.parametrize("way", SAID_OTHERWISE)
def test_the_same_said_otherwise_is_planned_as_well(way: str) -> None:
    said = SAID_OTHERWISE[way]
    dialogues = [
        replace(dialogue, turns=tuple(replace(turn, say=said(turn.say)) for turn in dialogue.turns))
        for dialogue in load()
        if not dialogue.frozen
    ]
    marked = list(mark(dialogues, RulePlanner()))
    assert sum(not one.wrong for one in marked) / len(marked) >= OPEN
