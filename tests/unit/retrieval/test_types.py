import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.errors import InvalidSpan
from retrieval.types import Moment, TimedText, TimeSpan, timecode, whole

times = st.floats(0, 1e6)
spans = st.builds(lambda a, d: TimeSpan(a, a + d), times, st.floats(0.01, 1e4))


@pytest.mark.parametrize(("start", "end"), [(1, 1), (2, 1), (-1, 2), (math.nan, 1), (0, math.inf), (0, math.nan)])
def test_times_that_make_no_span_are_refused(start: float, end: float) -> None:
    with pytest.raises(InvalidSpan, match="not possible"):
        TimeSpan(start, end)


def test_a_span_holds_its_start_and_not_its_end() -> None:
    span = TimeSpan(1, 3)
    assert (span.contains(1), span.contains(2.9), span.contains(3), span.contains(0.9)) == (True, True, False, False)


def test_spans_that_touch_share_nothing() -> None:
    assert TimeSpan(0, 2).overlap(TimeSpan(2, 4)) == 0
    assert TimeSpan(0, 4).iou(TimeSpan(2, 6)) == pytest.approx(1 / 3)


@given(spans, spans)
def test_iou_is_symmetric_and_one_only_for_equal_spans(a: TimeSpan, b: TimeSpan) -> None:
    assert a.iou(b) == pytest.approx(b.iou(a))
    assert 0 <= a.iou(b) <= 1 + 1e-9
    assert a.iou(a) == pytest.approx(1)


def test_timecodes_are_hours_minutes_and_seconds() -> None:
    assert [timecode(s) for s in (0, 59.9, 61, 3_723)] == ["00:00:00", "00:00:59", "00:01:01", "01:02:03"]


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [
        (13.9996, 20.0, "00:00:14-00:00:20"),  # its keyframe is 000014000.jpg
        (13.9994, 20.0004, "00:00:13-00:00:20"),
        (0.1 + 0.2, 0.1 * 3 + 0.7, "00:00:00-00:00:01"),
        (1.0, 1.001, "00:00:01-00:00:02"),
    ],
)
def test_a_time_is_told_to_the_second_in_which_its_milliseconds_lie(start: float, end: float, told: str) -> None:
    assert TimeSpan(start, end).timecode == told
    assert timecode(start) == told.split("-")[0]
    assert timecode(round(start * 1000) / 1000) == timecode(start)
    assert timecode(end, is_end=True) == told.split("-")[1]


def test_a_moments_text_names_captions_first() -> None:
    span = TimeSpan(0, 5)
    texts = (TimedText(span, "EXIT", "screen"), TimedText(span, "A man leaves.", "caption"))
    assert Moment("v:1", "v", span, texts).text == "A man leaves. EXIT"


def test_half_characters_are_replaced_and_nothing_else_is() -> None:
    assert whole("a\ud800\udcffb \N{DOG}") == "a\ufffd\ufffdb \N{DOG}"
