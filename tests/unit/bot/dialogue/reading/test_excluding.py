"""What must not be shown, and what was shown and is not the right one."""

import pytest

from bot.dialogue.plan import Reference
from bot.dialogue.reading.excluding import excluded, rejects, rejects_one, without_rejection
from bot.dialogue.reading.names import names_of
from bot.dialogue.reading.pointing import SLOT
from bot.dialogue.reading.utterance import content_of
from tests.unit.bot.dialogue.reading.talks import VIDEOS

NAMES = names_of(VIDEOS)


@pytest.mark.parametrize(
    ("text", "words", "rest"),
    [
        ("a man at a station without a suitcase", ("suitcase",), "man station"),
        ("people waving but not on the beach", ("beach",), "people waving"),
        ("find dogs, no cats please", ("cats",), "dogs"),
        ("without dogs", ("dogs",), ""),
        ("a man who isn't wearing a hat", ("hat",), "man"),
        ("dogs except for brown puppies, on a beach", ("brown", "puppies"), "dogs beach"),
    ],
)
def test_what_is_excluded_leaves_the_words(text: str, words: tuple[str, ...], rest: str) -> None:
    gone = excluded(text, NAMES, ())
    assert gone is not None
    assert (gone.words, content_of(gone.text)) == (words, rest)


def test_videos_moments_and_parts_can_be_excluded() -> None:
    gone = excluded("birds, but not in Big Buck Bunny", NAMES, ())
    assert gone is not None and (gone.videos, gone.words) == (("bbb",), ())
    shown = Reference("handle", "[2]", ("chaplin:5",))
    gone = excluded(f"a hat, apart from {SLOT}", NAMES, (shown,))
    assert gone is not None and gone.moments == ("chaplin:5",)
    gone = excluded("a man, but not in the intro", NAMES, ())
    assert gone is not None and (gone.part, gone.words) == ("start", ())
    gone = excluded("a man, but not at the very end", NAMES, ())
    assert gone is not None and gone.part == "end"


@pytest.mark.parametrize("text", ["who has decided not to get wet?", "where is a dog?", "nothing happens", ""])
def test_a_not_that_excludes_nothing_is_left_alone(text: str) -> None:
    assert excluded(text, NAMES, ()) is None


@pytest.mark.parametrize("text", ["no", "no, not that one", "wrong film", "not the first one", "no, I meant the cat"])
def test_what_takes_back_what_was_shown_is_known(text: str) -> None:
    assert rejects(text)


@pytest.mark.parametrize("text", ["where is a dog?", "that is nice", "a man who says no"])
def test_what_says_nothing_against_it_does_not(text: str) -> None:
    assert not rejects(text)


@pytest.mark.parametrize(("text", "one"), [("no, not that one", True), ("that's not it", True), ("no", False)])
def test_a_mere_no_says_of_nothing_that_it_is_the_wrong_one(text: str, one: bool) -> None:
    assert rejects_one(text) == one


def test_wrong_one_names_nothing_to_search_for() -> None:
    assert content_of(without_rejection("wrong one, the red car")) == "red car"
