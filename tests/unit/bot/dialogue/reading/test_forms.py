"""The kind of reply that the form of the words asks for."""

import pytest

from bot.dialogue.reading.forms import act_of, asks_yes_no, describes, two_described, wanted_in


@pytest.mark.parametrize(
    ("said", "act"),
    [
        ("how many dogs are there?", "count"),
        ("how often does a bird sing?", "count"),
        ("compare the dog with the cat", "compare"),
        ("what is the difference between the dog and the cat?", "compare"),
        ("sum it up", "summarise"),
        ("the gist of it", "summarise"),
        ("where is a dog?", "find"),
        ("is there a dog?", "find"),
        ("show me a dog", "find"),
        ("what time does the ferry leave?", "find"),
        ("a dog on a beach", "find"),
        ("is a dog there?", "ask"),
        ("what colour is the dog?", "ask"),
        ("why is he running", "ask"),
    ],
)
def test_the_form_of_the_words_tells_the_act(said: str, act: str) -> None:
    assert act_of(said, several=False) == act


def test_only_where_there_are_several_one_can_be_more_than_the_other() -> None:
    assert act_of("which of them is longer?", several=True) == "compare"
    assert act_of("which dog is bigger?", several=False) == "find"


@pytest.mark.parametrize(
    ("said", "yes_no"),
    [
        ("is a dog there?", True),
        ("and does he wave?", True),
        ("is there a dog?", True),
        ("can you show me the dog?", False),
        ("are there any dogs?", True),
        ("where is a dog?", False),
        ("is it a dog or a cat?", False),
        ("let's go back to the dog", False),
        ("", False),
    ],
)
def test_what_is_answered_by_yes_or_no_is_known(said: str, yes_no: bool) -> None:
    assert asks_yes_no(said) == yes_no


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("how many dogs are there?", "number"),
        ("and since when does she count them?", "time"),
        ("who bought it, where, and at what price?", "person"),
        ("tell me where the boat is", "place"),
        ("what colour is it?", "colour"),
        ("show me the man who plays at night", None),
        ("the place where he sleeps", None),
        ("is it known when it leaves?", None),
    ],
)
def test_the_first_thing_asked_for_tells_which_words_answer(said: str, wanted: str | None) -> None:
    assert wanted_in(said) == wanted


def test_a_whole_thing_is_described_where_nothing_else_is_asked_of_it() -> None:
    assert describes("what happens in it?")
    assert describes("tell me about it")
    assert not describes("who is in it?")


@pytest.mark.parametrize(
    ("said", "two"),
    [
        ("compare the dog with the cat", ("the dog", "the cat")),
        ("what is the difference between the dog and the cat?", ("the dog", "the cat")),
        ("compare them", None),
    ],
)
def test_two_things_that_are_set_side_by_side_are_told_apart(said: str, two: tuple[str, str] | None) -> None:
    assert two_described(said) == two
