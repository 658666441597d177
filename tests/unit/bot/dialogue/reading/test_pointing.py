"""What an utterance points at of what was shown."""

import pytest

from bot.dialogue.conversation import Conversation
from bot.dialogue.reading.pointing import SLOT, pointed
from tests.unit.bot.dialogue.reading.talks import LISTED, NEW, SHOWN, TWO_VIDEOS, cited, talk, turn

FIRST, SECOND = "chaplin:2", "chaplin:5"


def found(text: str, conversation: Conversation = SHOWN) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.kind, (*one.moments, *one.videos)) for one in pointed(text, conversation).references]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("[2]", SECOND),
        ("#2", SECOND),
        ("moment 2", SECOND),
        ("2", SECOND),
        ("number two", SECOND),
        ("the second one", SECOND),
        ("show me the 2nd clip", SECOND),
        ("the second of them", SECOND),
        ("second", SECOND),
        ("the last one", SECOND),
        ("the first", FIRST),
        ("go back to the first one", FIRST),
        ("what is in the first result you showed me?", FIRST),
        ("show me that moment again", FIRST),
        ("show me that clip again", FIRST),
        ("the other one", SECOND),
    ],
)
def test_a_moment_that_was_shown_can_be_pointed_at(text: str, moment: str) -> None:
    assert [targets for _, targets in found(text)] == [(moment,)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [("which of them wears a hat?", "among"), ("all you've shown me", "that"), ("the first two", "ordinal")],
)
def test_several_can_be_pointed_at_together(text: str, kind: str) -> None:
    assert found(text) == [(kind, (FIRST, SECOND))]


def test_each_handle_is_a_reference_of_its_own() -> None:
    assert found("compare [1] and [2]") == [("handle", (FIRST,)), ("handle", (SECOND,))]


@pytest.mark.parametrize(
    ("text", "conversation", "video"),
    [
        ("the second one", LISTED, "bbb"),
        ("what is in the first film?", LISTED, "asl_bird"),
        ("is there a hat in this video?", SHOWN, "chaplin"),
        ("what happens in the whole film?", SHOWN, "chaplin"),
        ("what colour is the last car in it?", SHOWN, "chaplin"),
        ("the other video", TWO_VIDEOS, "bbb"),
    ],
)
def test_a_video_can_be_pointed_at(text: str, conversation: Conversation, video: str) -> None:
    assert [targets for _, targets in found(text, conversation)] == [(video,)]


@pytest.mark.parametrize(("text", "kind"), [("show me [9]", "handle"), ("the fifth one", "ordinal"), ("9", "ordinal")])
def test_what_was_never_shown_is_pointed_at_and_not_resolved(text: str, kind: str) -> None:
    assert found(text) == [(kind, ())]


@pytest.mark.parametrize(
    "text",
    [
        "where is a dog?",
        "the first time that a dog barks",
        "is there a dog in any of the films?",
        "the first scene with a hat",
        "a second helping",
    ],
)
def test_ordinary_words_point_at_nothing_that_was_shown(text: str) -> None:
    alone = talk(turn("a hat?", "hat", cited(1, "chaplin:2")))
    assert found(text, alone) == []


@pytest.mark.parametrize("text", ["the second one", "that clip", "the other film", "which of them?", "it"])
def test_before_anything_was_shown_there_is_nothing_to_point_at(text: str) -> None:
    assert found(text, NEW) == []


def test_a_slot_stays_where_something_was_pointed_at() -> None:
    assert pointed("what is right after [2] there?", SHOWN).text.split()[:5] == ["what", "is", "right", "after", SLOT]
    assert SLOT not in pointed("where is a dog?", SHOWN).text


def test_a_word_that_tells_which_is_kept() -> None:
    assert "red" in pointed("the red one", SHOWN).text


def test_another_one_leaves_out_what_was_shown() -> None:
    one = pointed("another one with a hat", SHOWN)
    assert (one.references, one.not_moments, one.not_videos) == ((), (FIRST, SECOND), ())
    assert pointed("another clip", SHOWN).not_moments == (FIRST, SECOND)
    film = pointed("in another film", SHOWN)
    assert (film.not_moments, film.not_videos) == ((), ("chaplin",))
