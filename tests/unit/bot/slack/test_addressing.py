"""Which messages of a followed thread ask the app something. Other sentences than those it was written with."""

from collections.abc import Iterable

import pytest

from bot.dialogue.conversation import Conversation
from bot.slack.addressing import Surroundings, addresses, corrects, is_meant, order_in
from retrieval.analysis import terms

LIBRARY = frozenset(
    terms("a man in a red shirt throws a ball, a brown dog sleeps under a tree, a woman cuts an onion, a white boat")
)
AFTER_AN_ANSWER = Surroundings(Conversation("c"), ["Anna Berg", "tom"], ["Videos"], follows_answer=True)
LATER = Surroundings(Conversation("c"), ["Anna Berg", "tom"], ["Videos"])


def known(stems: Iterable[str]) -> frozenset[str]:
    return LIBRARY & frozenset(stems)


@pytest.mark.parametrize(
    "text",
    [
        "who is throwing the ball?",
        "show me the white boat",
        "is there an onion in it?",
        "can you find the tree",
        "Which video has the dog?",
        "Videos, what is that?",
        "do we have a clip of the boat?",
    ],
)
def test_a_question_about_the_videos_is_meant_whenever_it_comes(text: str) -> None:
    assert is_meant(text, LATER, known) and is_meant(text, AFTER_AN_ANSWER, known)


@pytest.mark.parametrize("text", ["and what comes after that?", "and in blue?", "only with the dog", "where is it?"])
def test_what_goes_on_from_an_answer_is_meant_where_it_follows_one(text: str) -> None:
    assert is_meant(text, AFTER_AN_ANSWER, known) and not is_meant(text, LATER, known)


@pytest.mark.parametrize(
    "text",
    [
        "thank you so much!",
        "that dog is cute",
        "Anna, where is the dog?",
        "where is the dog, Tom?",
        "are you coming to the meeting?",
        "should we order lunch?",
        "I will ask the printer people tomorrow",
        "who has the keys to room 4?",
        "can somebody send me the invoice?",
        "",
    ],
)
def test_what_people_say_to_each_other_is_not_meant(text: str) -> None:
    assert not is_meant(text, AFTER_AN_ANSWER, known)


def test_an_order_stands_alone_or_before_what_is_said_instead() -> None:
    assert order_in("stop!") == order_in("please stop it") == ("stop", "")
    assert order_in("wait, the white one") == ("stop", "the white one")
    assert order_in("listen") == ("listen", "") and order_in("quiet please") == ("quiet", "")
    for text in ("where does the bus stop?", "wait for me at the boat", "stop signs in red"):
        assert order_in(text) == ("", text)


def test_a_correction_begins_with_no_and_says_something_else() -> None:
    assert corrects("no, I meant the boat") and not corrects("no") and not corrects("not the boat")


def test_somebody_is_addressed_at_the_beginning_or_at_the_end() -> None:
    assert addresses("Anna: look", ["Anna Berg"]) and addresses("what is it, tom?", ["tom"])
    assert not addresses("is Anna in it?", ["Anna Berg"]) and not addresses("the ball, the dog", ["tom"])


def test_a_correction_is_meant_where_it_follows_an_answer() -> None:
    for text in ("no the lantern on the left", "nope, that was yesterday's", "no i mean the place, not the hour"):
        assert is_meant(text, AFTER_AN_ANSWER, known) and not is_meant(text, LATER, known)
    assert not is_meant("no way", AFTER_AN_ANSWER, known)
