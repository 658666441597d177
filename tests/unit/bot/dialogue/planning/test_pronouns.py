"""What a pronoun stands for."""

import pytest

from bot.dialogue.planning.pronouns import brought, pronoun_of

LONG = "A woman stands at a window display and demonstrates how a man takes off the bug screen"


@pytest.mark.parametrize(("pronoun", "noun"), [("she", "woman"), ("he", "man"), ("it", "window")])
def test_of_a_long_description_a_pronoun_brings_the_one_thing_that_agrees(pronoun: str, noun: str) -> None:
    assert brought(LONG, pronoun) == noun


def test_of_a_short_question_a_pronoun_brings_all_things() -> None:
    assert brought("two dogs in orange coats", "they") == "dogs orange coats"


def test_where_enough_is_said_a_pronoun_brings_only_what_agrees() -> None:
    assert brought("a man on a beach", "he", enough=True) == "man"
    assert brought("a path in a forest", "she", enough=True) == ""


def test_a_pronoun_with_its_noun_before_it_points_nowhere() -> None:
    assert pronoun_of("a woman takes her hat") is None
    found = pronoun_of("does she take her hat")
    assert found is not None and found["who"] == "she"
