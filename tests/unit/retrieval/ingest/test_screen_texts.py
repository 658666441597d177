import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.ingest.screen_texts import REACH, same_text, screen_texts
from retrieval.types import Shot, TimeSpan


def _said(*texts: tuple[TimeSpan, str]) -> list[tuple[float, float, str]]:
    return [(span.start, span.end, text) for span, text in texts]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("THE PEACH OPEN MOVIE PROJECT", "THE PEACH 0PEN MOVIEPROJECT", False),  # a digit may be a fact
        ("THE PEACH OPEN MOVIE PROJECT", "HE PEACH OPEN MOVIEPROJECT", True),
        ("Presents", "PRESENTS", True),
        ("Step 1 of 4", "Step 2 of 4", False),
        ("Welcome", "Goodbye", False),
    ],
)
def test_slips_of_the_recogniser_are_the_same_text_but_other_numbers_are_not(one: str, other: str, same: bool) -> None:
    assert same_text(one, other) is same


def test_a_text_stands_from_its_first_keyframe_to_its_last() -> None:
    readings = [(1.0, []), (4.0, ["Chapter one"]), (5.0, ["Chapter cne"]), (9.0, ["Chapter one"]), (12.0, [])]
    texts = screen_texts(readings)
    assert [(t.span, t.text, t.source) for t in texts] == [(TimeSpan(4 - REACH, 9 + REACH), "Chapter one", "screen")]


def test_a_span_reaches_no_further_than_halfway_to_a_keyframe_without_the_text() -> None:
    span = screen_texts([(1.0, []), (1.2, ["EXIT"]), (1.4, [])])[0].span
    assert (span.start, span.end) == pytest.approx((1.1, 1.3))


def test_a_text_never_stands_across_a_cut() -> None:
    shots = [Shot(TimeSpan(0, 5)), Shot(TimeSpan(5, 10))]
    texts = screen_texts([(4.9, ["LIVE"]), (5.1, ["LIVE"])], shots)
    assert [t.span for t in texts] == [TimeSpan(4.9 - REACH, 5), TimeSpan(5, 5.1 + REACH)]


def test_a_text_that_fades_in_is_one_text_from_shortly_after_its_first_trace() -> None:
    seen = [(1.0, []), (2.0, ["THE PEACH OPF"]), (3.0, ["THE PEACH OPEN MOVIE PROJECT"]), (4.0, [])]
    assert [(t.span, t.text) for t in screen_texts(seen)] == [
        (TimeSpan(2.0 + REACH, 3.0 + REACH), "THE PEACH OPEN MOVIE PROJECT")
    ]


def test_a_short_text_is_not_taken_for_the_beginning_of_another() -> None:
    seen = [(1.0, ["EXIT"]), (2.0, ["EXIT TO PLATFORM 4"])]
    assert [text.text for text in screen_texts(seen)] == ["EXIT", "EXIT TO PLATFORM 4"]


def test_a_text_that_goes_and_comes_again_is_two() -> None:
    assert len(screen_texts([(1.0, ["EXIT"]), (2.0, []), (3.0, ["EXIT"])])) == 2


def test_texts_beside_each_other_are_followed_apart() -> None:
    texts = screen_texts([(0.0, ["Score 1"]), (4.0, ["Score 1", "Goal!"]), (8.0, ["Goal!", "Score 2"])])
    assert _said(*((t.span, t.text) for t in texts)) == [
        (0, 4 + REACH, "Score 1"),
        (4 - REACH, 8 + REACH, "Goal!"),
        (8 - REACH, 8 + REACH, "Score 2"),
    ]


@given(
    st.lists(
        st.tuples(st.integers(0, 400), st.lists(st.sampled_from(["EXIT", "Gate 4", "Gate 5"]), max_size=3)),
        unique_by=lambda r: r[0],
    ),
    st.lists(st.integers(1, 39), unique=True, max_size=6),
)
def test_every_reading_is_inside_a_text_that_keeps_to_its_shot(
    tenths: list[tuple[int, list[str]]], cuts: list[int]
) -> None:
    readings = [(time / 10, texts) for time, texts in sorted(tenths)]
    bounds = [0, *sorted(cuts), 41]
    shots = [Shot(TimeSpan(start, end)) for start, end in zip(bounds, bounds[1:], strict=False)]

    texts = screen_texts(readings, shots)

    for time, seen in readings:
        for words in seen:
            assert any(t.text == words and t.span.contains(time) for t in texts)
    assert all(not t.span.contains(cut) or t.span.start == cut for t in texts for cut in cuts)
