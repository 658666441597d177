"""The generated conversations are enough of everything, true to the films, and said in words held apart."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import NamedTuple, get_args

import pytest

from tests.scenario.dialogue_history import History
from tests.scenario.dialogue_values import Act, Dialogue, Reference, ReferenceKind, Relation, Turn
from tests.scenario.generated_turns import HALVES, TURNS, generated
from tests.scenario.generated_words import FOLDER, Half, Phrasings, read
from tests.scenario.generated_world import World, fits

MADE = {half: generated(half) for half in HALVES}


class Said(NamedTuple):
    """A turn with what was shown before it."""

    world: World
    dialogue: Dialogue
    turn: Turn
    before: History


def said() -> Iterator[Said]:
    for world, dialogues in MADE.values():
        for dialogue in dialogues:
            history = History()
            for turn in dialogue.turns:
                yield Said(world, dialogue, turn, history)
                history = history.after(turn, tuple(world.titles))


SAID = tuple(said())


def phrasings(half: Half) -> Phrasings:
    return read(half, Random(0))


@pytest.mark.parametrize("half", HALVES)
def test_there_are_as_many_turns_as_wanted_and_the_same_every_time(half: Half) -> None:
    _, dialogues = MADE[half]
    assert sum(len(dialogue.turns) for dialogue in dialogues) == TURNS
    assert dialogues == generated(half)[1]
    assert dialogues != generated(half, seed=12)[1]


@pytest.mark.parametrize("half", HALVES)
def test_every_act_reference_relation_and_exclusion_comes_up(half: Half) -> None:
    turns = [turn.expected for dialogue in MADE[half][1] for turn in dialogue.turns]
    assert {turn.act for turn in turns} == set(get_args(Act))
    assert {r.kind for turn in turns for r in turn.refers} == set(get_args(ReferenceKind))
    assert {turn.relation for turn in turns if turn.relation} == set(get_args(Relation))
    for exclusion in ("without", "not_videos", "not_moments", "not_part"):
        assert sum(bool(getattr(turn.filters, exclusion)) for turn in turns) >= 3, exclusion
    marks = Counter(mark for dialogue in MADE[half][1] for turn in dialogue.turns for mark in turn.marks)
    assert all(marks[mark] >= 5 for mark in ("typo", "correction", "new_topic"))


def test_both_halves_have_the_same_intents_and_share_no_phrasing() -> None:
    open_, held = (phrasings(half) for half in HALVES)
    assert open_.of.keys() == held.of.keys()
    said = [{p.say.lower().strip("?.!") for ways in half.of.values() for p in ways} for half in (open_, held)]
    assert not said[0] & said[1]
    assert not set(open_.titles) & set(held.titles)


def test_the_phrasings_held_apart_were_not_edited() -> None:
    sha = hashlib.sha256((FOLDER / "held.yaml").read_bytes()).hexdigest()
    assert f"{sha}  held.yaml\n" == (FOLDER / "held.sha256").read_text()


def test_every_reference_means_what_the_conventions_say() -> None:
    def by_words(reference: Reference, one: Said) -> bool:
        """Mistyped words and two ordinals at once are not read from the words here."""
        unread = "typo" in one.turn.marks or one.turn.expected.act == "compare"
        return unread or one.before.means(reference, one.turn.say)

    assert not [
        (one.turn.say, reference)
        for one in SAID
        for reference in one.turn.expected.refers
        if reference.to and not by_words(reference, one)
    ]


def test_the_right_moments_are_moments_of_the_films_that_bind() -> None:
    for one in SAID:
        for place in one.turn.expected.moments or ():
            filters = one.turn.expected.filters
            assert place.span is None or one.world.shot(place)
            assert not filters.videos or place.video in filters.videos or one.turn.expected.refers
            assert place.video not in filters.not_videos
            assert place not in filters.not_moments


def test_what_is_said_of_a_scene_is_true_of_it() -> None:
    world, _ = MADE["open"]
    shot = next(world.everything)
    assert fits(shot.scene, {"actor": shot.scene.actor, "place": shot.scene.place})
    assert not fits(shot.scene, {"count": shot.scene.count % 3 + 1})
