import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.plan import OPEN_END
from bot.dialogue.times import seconds, take_time


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("90", 90.0),
        ("2.5", 2.5),
        ("1:30", 90.0),
        ("00:02", 2.0),
        ("0:01:30", 90.0),
        ("90s", 90.0),
        ("1.5 minutes", 90.0),
        ("2 hours", 7200.0),
        ("minute 2", 120.0),
    ],
)
def test_a_time_is_read_as_seconds(text: str, value: float) -> None:
    assert seconds(text) == value


@pytest.mark.parametrize("text", ["", "-1", "nan", "inf", "1:60", "1:2:3:4", "1:", ":5", "-1:30", "soon", "1:x"])
def test_what_is_no_time_from_the_start_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        seconds(text)


@given(st.integers(0, 359_999))
def test_a_clock_time_reads_back_as_its_seconds(whole: int) -> None:
    assert seconds(f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}") == whole


@pytest.mark.parametrize(
    ("text", "rest", "start", "end"),
    [
        ("a dog in the first minute", "a dog", 0, 60),
        ("a dog in the first 30 seconds", "a dog", 0, 30),
        ("a dog within the first half minute", "a dog", 0, 30),
        ("a dog in the second minute", "a dog", 60, 120),
        ("what happens after 2:30?", "what happens ?", 150, OPEN_END),
        ("a cat from 1:00 on", "a cat", 60, OPEN_END),
        ("a cat before 30 seconds", "a cat", 0, 30),
        ("between 0:20 and 0:40 who sings", "who sings", 20, 40),
        ("a dog from 10 seconds to 1 minute", "a dog", 10, 60),
        ("a dog 0:20-0:40", "a dog", 20, 40),
        ("a dog at 0:45", "a dog", 45, 46),
        ("a dog around 1:00", "a dog", 55, 65),
    ],
)
def test_a_stretch_of_time_is_taken_out_of_the_words(text: str, rest: str, start: float, end: float) -> None:
    timed = take_time(text)
    assert timed.within is not None
    assert (timed.rest, timed.within.start, timed.within.end) == (rest, start, end)


@pytest.mark.parametrize(
    "text", ["a man running for 2 minutes", "between 0:40 and 0:20", "the first dog", "after 1:75", "before the dog"]
)
def test_words_that_name_no_stretch_of_time_stay_as_they_are(text: str) -> None:
    timed = take_time(text)
    assert (timed.rest, timed.within) == (text, None)
