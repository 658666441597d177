"""An utterance taken apart: what asks, what only surrounds it, and how it hangs on the talk."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.reading.utterance import (
    LONGEST_READ,
    LONGEST_WHOLE,
    asked,
    asks,
    content_of,
    is_remark,
    is_small_talk,
    own_words_of,
)


@pytest.mark.parametrize(
    ("said", "wording"),
    [
        ("Where is the dog?", "Where is the dog?"),
        ("Hi! I teach geography. Which film shows a volcano?", "Which film shows a volcano?"),
        ("I need this for my class. Which film shows a volcano?", "Which film shows a volcano?"),
        (
            "hello, my daughter lost her toy and she is crying, so could you tell me where the red ball is?",
            "so could you tell me where the red ball is?",
        ),
        ("Where is the dog? And the cat?", "Where is the dog? And the cat?"),
        ("I need a shot of horses", "I need a shot of horses"),
        ("a man on a horse", "a man on a horse"),
    ],
)
def test_greetings_and_reasons_are_told_from_the_sentence_that_asks(said: str, wording: str) -> None:
    assert asked(said).wording == wording


def test_what_is_named_beside_the_question_is_kept_apart() -> None:
    assert asked("I need a shot of horses. Do you have one?").told == "horses"
    assert asked("Where is the dog?").told == ""


def test_all_that_was_said_but_small_talk_is_kept_as_far_as_it_is_searched_for() -> None:
    assert asked("Hello! She was lost. Where is the dog?").whole == "She was lost. Where is the dog?"
    assert len(asked("word " * 5_000).whole) <= LONGEST_WHOLE
    assert len(asked("word " * 5_000).words) <= LONGEST_READ


@pytest.mark.parametrize(
    ("said", "anaphoric", "fragment", "goes_on"),
    [
        ("Where is a dog near the gate?", False, False, False),
        ("what is he doing?", True, False, False),
        ("show me that", True, True, False),
        ("is there a dog in the garden?", False, False, False),
        ("does it rain in the garden?", False, False, False),
        ("the red one", False, True, False),
        ("and in blue?", False, True, True),
        ("only by women", False, True, True),
        ("what about the dog over there?", True, True, True),
    ],
)
def test_how_a_turn_hangs_on_the_talk_is_told_by_its_words(
    said: str, anaphoric: bool, fragment: bool, goes_on: bool
) -> None:
    made = asked(said)
    assert (made.anaphoric, made.fragment, made.goes_on) == (anaphoric, fragment, goes_on)


@pytest.mark.parametrize(
    "said", ["is a dog there", "show me the dog", "where the dog sleeps", "any cats?", "I am looking for a dog"]
)
def test_a_question_or_a_request_is_known_by_its_form(said: str) -> None:
    assert asks(said)


@pytest.mark.parametrize("said", ["a dog on a beach", "two people are dancing", "show jumping", "that was funny", ""])
def test_what_only_states_or_names_something_asks_nothing(said: str) -> None:
    assert not asks(said)


@pytest.mark.parametrize(
    ("said", "content"),
    [
        ("Where does a bird flap its wings?", "bird flap wings"),
        ("Can you find me the moment where a dog jumps, please?", "dog jumps"),
        ("hello kitty on a bag", "kitty bag"),
        ('Show me "red car" -blue', '"red car" -blue'),
        ("telescope", "telescope"),
        ("do you have anything about ferries", "ferries"),
        ("show me what happens there", ""),
        ("who?", ""),
        ("", ""),
    ],
)
def test_the_words_that_name_something_are_left(said: str, content: str) -> None:
    assert content_of(said) == content


def test_where_nothing_is_named_the_words_of_no_closed_class_are_left() -> None:
    assert own_words_of("what is the time in there?") == "time"


@pytest.mark.parametrize("said", ["hi", "thanks a lot!", "ok cool", "bye", "good morning", "oh sorry"])
def test_small_talk_is_known_by_its_words(said: str) -> None:
    assert is_small_talk(said)


@pytest.mark.parametrize("said", ["a good dog", "is it funny?", "no, the red one", "why is he great", ""])
def test_what_asks_or_names_something_is_no_small_talk(said: str) -> None:
    assert not is_small_talk(said)


def test_a_remark_states_something_of_the_talk_and_asks_nothing() -> None:
    assert is_remark("that was a strange film")
    assert not is_remark("that dog again?")
    assert not is_remark("a strange film")


@pytest.mark.parametrize(
    ("typed", "meant"), [("waht happens next", "what happens next"), ("shwo me teh dog", "show me the dog")]
)
def test_hasty_typing_of_common_words_is_mended(typed: str, meant: str) -> None:
    assert asked(typed).wording == meant


@pytest.mark.parametrize(
    "said", ["three hands on a cold form", "he lost a quiet fist fight", "blow out flies", 'the words "teh end"']
)
def test_words_of_their_own_and_what_is_quoted_are_no_mistakes(said: str) -> None:
    assert asked(said).wording == said


@given(st.text(max_size=200))
def test_any_text_can_be_taken_apart_and_what_names_something_was_said(text: str) -> None:
    made = asked(text)
    assert len(content_of(made.wording)) <= len(made.wording)
