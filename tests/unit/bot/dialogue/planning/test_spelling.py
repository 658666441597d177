"""Hasty typing is mended, and words that are English stay."""

import pytest

from bot.dialogue.planning.spelling import mend, nearest


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("teh", "the"),
        ("waht", "what"),
        ("whaat", "what"),
        ("afteer", "after"),
        ("frist", "first"),
        ("beginnng", "beginning"),
    ],
)
def test_a_mistyped_word_of_the_rules_is_mended(typed: str, meant: str) -> None:
    assert nearest(typed) == meant


@pytest.mark.parametrize(
    "word",
    ["trail", "form", "whale", "wheel", "shoe", "hiking", "thorough", "moves", "ships", "county", "laser", "steps"],
)
def test_a_word_that_is_english_itself_stays(word: str) -> None:
    assert nearest(word) == word


def test_the_words_of_a_title_stay_as_they_are() -> None:
    assert mend("what hapens in Showns", frozenset({"showns"})) == "what happens in Showns"
