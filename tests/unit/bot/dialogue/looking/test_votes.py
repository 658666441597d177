from pathlib import Path

import pytest

from bot.dialogue.looking.votes import Observation, is_informative, vote


def seen(*said: tuple[str, float]) -> list[Observation]:
    return [Observation("a:1", Path(f"{number}.jpg"), text, sure) for number, (text, sure) in enumerate(said)]


def test_the_surer_ones_win_over_the_many() -> None:
    won = vote(seen(("red", 0.9), ("blue", 0.4), ("blue", 0.4)))
    assert (won.text, won.keyframe) == ("red", Path("0.jpg"))
    assert won.share == pytest.approx(0.9 / 1.7)
    assert won.confidence == pytest.approx(0.9)


def test_those_who_say_the_same_are_counted_together() -> None:
    won = vote(seen(("red", 0.6), ("Red.", 0.7), ("blue", 0.9)))
    assert (won.text, won.keyframe) == ("Red.", Path("1.jpg"))
    assert won.share == pytest.approx(1.3 / 2.2)


def test_short_answers_must_be_the_same_and_long_ones_nearly() -> None:
    assert vote(seen(("two", 0.5), ("three", 0.6))).text == "three"
    long = seen(
        ("a man in red waves on a beach", 0.5),
        ("on the beach a man in red is waving", 0.4),
        ("a dog sleeps in a kitchen", 0.8),
    )
    assert vote(long).text == "a man in red waves on a beach"


def test_frames_that_do_not_show_it_vote_for_that() -> None:
    assert vote(seen(("unknown", 0.9), ("", 0.2), ("red", 0.8))).text == ""
    assert vote(seen(("unknown", 0.3), ("red", 0.8))).text == "red"
    assert vote(seen(("unknown", 1.0))).text == ""


def test_nobody_said_anything() -> None:
    won = vote([])
    assert (won.text, won.share, won.keyframe) == ("", 0.0, None)


def test_no_confidence_at_all_is_no_division_by_zero() -> None:
    assert vote(seen(("red", 0.0))).share == 1.0


@pytest.mark.parametrize("text", ["", "unknown", "Unknown.", " I don't know", "unsure", "Not visible in this frame"])
def test_what_tells_nothing(text: str) -> None:
    assert not is_informative(text)


@pytest.mark.parametrize("text", ["red", "no", "an unknown man", "two"])
def test_what_tells_something(text: str) -> None:
    assert is_informative(text)
