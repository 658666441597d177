"""The golden dialogues say what they should: enough of everything, true to the films, and frozen where they are."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple, get_args

import pytest

from retrieval.analysis import terms, words
from tests.scenario import dialogue_files
from tests.scenario.dialogue_files import WrongDialogue, load
from tests.scenario.dialogue_history import History
from tests.scenario.dialogue_truth import BINDING, fits, is_checked, right, shot_at
from tests.scenario.dialogue_values import (
    DURATIONS,
    Act,
    Dialogue,
    Expected,
    Filters,
    Mark,
    Place,
    Reference,
    ReferenceKind,
    Relation,
    Turn,
)

DIALOGUES = load()
FROZEN = (dialogue_files.FOLDER / "frozen.sha256").read_text().splitlines()
EXCLUSIONS = ("without", "not_videos", "not_moments", "not_part")
ANCHORED = ("before", "after", "right_before", "right_after", "during")


class Said(NamedTuple):
    """A turn with what was shown before it."""

    dialogue: Dialogue
    turn: Turn
    before: History

    def __repr__(self) -> str:
        return f"{self.dialogue.name}: {self.turn.say!r}"


def said() -> Iterator[Said]:
    for dialogue in DIALOGUES:
        history = History()
        for turn in dialogue.turns:
            yield Said(dialogue, turn, history)
            history = history.after(turn, tuple(DURATIONS[dialogue.collection]))


SAID = tuple(said())
OF_FILMS = tuple(one for one in SAID if one.dialogue.collection == "films")


def wrong(ones: tuple[Said, ...], holds: Callable[[Said], bool]) -> list[Said]:
    return [one for one in ones if not holds(one)]


def test_there_are_enough_dialogues_of_a_natural_length() -> None:
    count = Counter(dialogue.collection for dialogue in DIALOGUES)
    assert count["films"] >= 60
    assert count["clips"] >= 15
    assert not [dialogue.name for dialogue in DIALOGUES if not 3 <= len(dialogue.turns) <= 8]
    assert len({dialogue.name for dialogue in DIALOGUES}) == len(DIALOGUES)


def test_twenty_dialogues_are_frozen_in_files_of_their_own() -> None:
    frozen = [dialogue for dialogue in DIALOGUES if dialogue.frozen]
    assert Counter(dialogue.collection for dialogue in frozen) == {"films": 15, "clips": 5}
    assert all(dialogue.frozen == dialogue.file.startswith("frozen_") for dialogue in DIALOGUES)


def test_no_frozen_dialogue_was_edited() -> None:
    assert [f"{dialogue.sha256}  {dialogue.name}" for dialogue in DIALOGUES if dialogue.frozen] == FROZEN


def phenomena(turn: Turn) -> Iterator[str]:
    """Yield all that a turn is an example of."""
    expected = turn.expected
    yield from (expected.act, f"relation {expected.relation}", *turn.marks)
    yield from (f"reference {reference.kind}" for reference in expected.refers if reference.to)
    yield from (f"excluded: {name}" for name in EXCLUSIONS if getattr(expected.filters, name))
    yield from (f"carried {what}" for what in expected.carried)
    if any(not reference.to for reference in expected.refers):
        yield "wrong reference"
    if expected.moments == ():
        yield "not in the library"


WANTED = (
    *get_args(Act),
    *(f"relation {relation}" for relation in get_args(Relation)),
    *(f"reference {kind}" for kind in get_args(ReferenceKind)),
    *(f"excluded: {name}" for name in EXCLUSIONS),
    *("carried words", "carried video", "wrong reference", "not in the library"),
    *get_args(Mark),
)


@pytest.mark.parametrize(("frozen", "least"), [(False, 3), (True, 1)], ids=["open", "frozen"])
def test_everything_a_person_may_do_occurs(frozen: bool, least: int) -> None:
    turns = [one.turn for one in SAID if one.dialogue.frozen == frozen]
    count = Counter(what for turn in turns for what in phenomena(turn))
    assert not {what: count[what] for what in WANTED if count[what] < least}


def test_every_moment_of_a_film_is_one_of_its_scenes() -> None:
    def is_scene(one: Said) -> bool:
        expected = one.turn.expected
        places = [*one.turn.shown, *(expected.moments or ()), *expected.filters.not_moments]
        places += [place for reference in expected.refers for place in reference.to]
        return all(place.span is None or shot_at(place) for place in places)

    assert not wrong(OF_FILMS, is_scene)


def test_the_right_moments_are_those_that_the_films_support() -> None:
    checked = tuple(one for one in OF_FILMS if is_checked(one.turn))
    assert len(checked) > 0.6 * len(OF_FILMS)
    assert not wrong(checked, lambda one: same_moments(right(one.turn), one.turn.expected.moments or ()))


def same_moments(one: list[Place], other: tuple[Place, ...]) -> bool:
    return sorted(map(scene_name, one)) == sorted(map(scene_name, other))


def scene_name(place: Place) -> str:
    shot = shot_at(place)
    return f"{place.video} {shot.number if shot else place.span}"


def test_what_is_true_of_compared_moments_holds_of_each() -> None:
    def holds(one: Said) -> bool:
        shots = [shot_at(place) for place in one.turn.expected.moments or ()]
        return one.turn.truth is None or all(shot is None or fits(one.turn.truth, shot) for shot in shots)

    assert not wrong(OF_FILMS, holds)


def test_references_mean_what_was_shown_in_that_place() -> None:
    assert not [
        (one, reference)
        for one in SAID
        for reference in one.turn.expected.refers
        if not one.before.means(reference, one.turn.say)
    ]


def test_a_reference_to_nothing_asks_back() -> None:
    def asks_back(one: Said) -> bool:
        expected = one.turn.expected
        return any(not reference.to for reference in expected.refers) == (expected.act == "clarify")

    assert not wrong(SAID, asks_back)


def test_words_are_carried_exactly_where_the_query_needs_words_that_were_not_said() -> None:
    def consistent(one: Said) -> bool:
        now = {*terms(one.turn.say), *words(one.turn.say)}
        needed = [word for word in one.turn.expected.query.has if word not in now and not now & set(terms(word))]
        return bool(needed) == ("words" in one.turn.expected.carried)

    assert not wrong(SAID, consistent)


def test_a_video_is_carried_exactly_where_something_shown_is_searched() -> None:
    def consistent(one: Said) -> bool:
        expected = one.turn.expected
        pointed = any(not is_excluded(reference, expected) for reference in expected.refers if reference.to)
        return bool(expected.focus or pointed) == ("video" in expected.carried)

    assert not wrong(SAID, consistent)


def test_a_focus_is_stated_only_where_nothing_binds() -> None:
    def consistent(one: Said) -> bool:
        expected = one.turn.expected
        binding = any(
            reference.kind in BINDING and reference.to and not is_excluded(reference, expected)
            for reference in expected.refers
        )
        counted = expected.relation in ANCHORED and expected.anchor is None
        return expected.focus is None or not (binding or counted or expected.filters.videos)

    assert not wrong(SAID, consistent)


def is_excluded(reference: Reference, expected: Expected) -> bool:
    filters = expected.filters
    return all(place in filters.not_moments or place.video in filters.not_videos for place in reference.to)


def test_a_query_need_not_hold_and_lack_the_same() -> None:
    assert not wrong(SAID, lambda one: not {*one.turn.expected.query.has} & {*one.turn.expected.query.lacks})


GOOD = """
collection: films
dialogues:
  - name: soup
    turns:
      - {say: hello, act: chat}
      - {say: soup, act: find, query: {has: [soup]}, moments: [lemon-soup 6-11]}
"""


@pytest.mark.parametrize(
    ("good", "bad", "message"),
    [
        ("act: find", "act: fnd", "turn 2: expected.act: Input should be 'find'"),
        ("has:", "hass:", "turn 2: expected.query.hass"),
        ("say: soup", "say: soup, seen: no", "turn 2: expected.seen"),
        ("lemon-soup 6-11", "lemon-soup 6-110", "turn 2: films hold no 'lemon-soup' of 110 s"),
        ("lemon-soup 6-11", "onion-soup 6-11", "turn 2: films hold no 'onion-soup'"),
        ("lemon-soup 6-11", "lemon-soup 6", "turn 2: expected.moments.0: Value error, 'lemon-soup 6' is no place"),
        (", moments: [lemon-soup 6-11]", "", "turn 2: expected: Value error, a turn to 'find' must state its moments"),
        ("act: find", "act: chat", "turn 2: expected: Value error, a turn to 'chat' states no moments"),
        ("say: soup", "say: soup, say: soap", "line 7: say twice"),
        ("turns:", "turn:", "dialogue 1: unknown or missing 'turn', 'turns'"),
        ("collection: films", "collection: songs", "there is no collection 'songs'"),
        ("name: soup", "name: soup\n    frozen: maybe", "frozen is true or false, not 'maybe'"),
    ],
)
def test_a_mistake_in_a_file_is_named_with_its_place(good: str, bad: str, message: str) -> None:
    assert len(list(dialogue_files.read("soup.yaml", GOOD))) == 1
    with pytest.raises(WrongDialogue) as failure:
        list(dialogue_files.read("soup.yaml", GOOD.replace(good, bad)))
    assert str(failure.value).startswith("soup.yaml")
    assert message in str(failure.value)


def test_layout_and_comments_do_not_change_a_hash_and_words_do() -> None:
    (first,) = dialogue_files.read("soup.yaml", GOOD)
    (same,) = dialogue_files.read("soup.yaml", GOOD.replace("hello, act: chat", "hello,  act:   chat") + "# hello\n")
    (other,) = dialogue_files.read("soup.yaml", GOOD.replace("hello", "hullo"))
    assert first.sha256 == same.sha256 != other.sha256


def test_the_check_against_the_films_finds_a_wrong_moment() -> None:
    one = next(one for one in OF_FILMS if one.turn.say == "show me dogs jumping")
    moments = one.turn.expected.moments or ()
    assert not same_moments(right(one.turn), moments[1:])
    in_one_film = replace(one.turn, expected=replace(one.turn.expected, filters=Filters(videos=("farm-year",))))
    assert not same_moments(right(in_one_film), moments)


def test_videos_are_listed_by_id() -> None:
    assert all(list(videos) == sorted(videos) for videos in DURATIONS.values())
