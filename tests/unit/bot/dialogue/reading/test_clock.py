"""Stretches of time by the clock."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.reading.clock import Stretch, seconds, take_times


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
        ("ten seconds", 10.0),
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
    ("text", "rest", "stretch"),
    [
        ("a dog in the first minute", "a dog", Stretch("from_start", 0, 60)),
        ("a dog in the first ten seconds", "a dog", Stretch("from_start", 0, 10)),
        ("a dog within the first half minute", "a dog", Stretch("from_start", 0, 30)),
        ("a dog in the last 20 seconds", "a dog", Stretch("at_end", -20)),
        ("a dog before the 20 second mark", "a dog", Stretch("until", None, 20)),
        ("a dog in seconds 10 to 20", "a dog", Stretch("between", 10, 20)),
        ("a dog in the second minute", "a dog", Stretch("between", 60, 120)),
        ("the second half of it", "of it", Stretch("since", share=0.5)),
        ("what happens after 2:30?", "what happens ?", Stretch("since", 150)),
        ("a cat from 1:00 on", "a cat", Stretch("since", 60)),
        ("a cat before 30 seconds", "a cat", Stretch("until", None, 30)),
        ("between 0:20 and 0:40 who sings", "who sings", Stretch("between", 20, 40)),
        ("between 20 and 40 seconds who sings", "who sings", Stretch("between", 20, 40)),
        ("a dog from 10 seconds to 1 minute", "a dog", Stretch("between", 10, 60)),
        ("a dog 0:20-0:40", "a dog", Stretch("between", 20, 40)),
        ("a dog at 0:45", "a dog", Stretch("at", 45)),
        ("a dog around 1:00", "a dog", Stretch("between", 55, 65)),
        ("at 1:20", "", Stretch("at", 80)),
        ("and 1:20?", "?", Stretch("at", 80)),
    ],
)
def test_a_stretch_of_time_is_taken_out_of_the_words(text: str, rest: str, stretch: Stretch) -> None:
    assert take_times(text) == (stretch, rest)


@pytest.mark.parametrize(
    "text", ["a man running for 2 minutes", "between 0:40 and 0:20", "the first dog", "after 1:75", "before the dog"]
)
def test_words_that_name_no_stretch_of_time_stay_as_they_are(text: str) -> None:
    assert take_times(text) == (None, text)
