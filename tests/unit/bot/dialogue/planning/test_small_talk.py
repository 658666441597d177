"""What asks nothing of the library, in many words, and what only sounds like it."""

import pytest

from bot.dialogue.planning.small_talk import small_talk


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("cheers mate", "thanks"),
        ("that was really helpful, thank you", "thanks"),
        ("sounds good", "remark"),
        ("oh what a pity", "remark"),
        ("fair enough", "remark"),
        ("I have to go now", "farewell"),
        ("that will be all for today", "farewell"),
        ("catch you later", "farewell"),
        ("how do I use this?", "help"),
        ("I need some help", "help"),
        ("good morning", "greeting"),
    ],
)
def test_small_talk_is_known_by_its_words(said: str, kind: str) -> None:
    assert small_talk(said) == kind


@pytest.mark.parametrize(
    "said",
    ["a good dog", "is it fun?", "not that one", "no, the red one", "night", "what do I need for it", "the right one"],
)
def test_what_asks_something_is_no_small_talk(said: str) -> None:
    assert small_talk(said) is None
