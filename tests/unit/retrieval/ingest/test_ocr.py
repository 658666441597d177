import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from retrieval.errors import MissingModel
from retrieval.ingest.ocr import (
    REACH,
    ScreenReader,
    TextLine,
    blocks,
    may_show_text,
    same_text,
    screen_texts,
    unavailable,
)
from retrieval.types import Shot, TimeSpan


def _picture(text: str = "", size: int = 24, ground: tuple[int, int, int] = (40, 60, 90)) -> NDArray[np.uint8]:
    image = Image.new("RGB", (640, 360), ground)
    if text:
        ImageDraw.Draw(image).text((30, 150), text, fill="white", font=ImageFont.load_default(size=size))
    return np.array(image)


def _line(
    text: str, left: float, top: float, width: float = 100, height: float = 20, confidence: float = 0.99
) -> TextLine:
    return TextLine(text, confidence, left, top, left + width, top + height)


def _said(*texts: tuple[TimeSpan, str]) -> list[tuple[float, float, str]]:
    return [(span.start, span.end, text) for span, text in texts]


@pytest.mark.parametrize("size", [12, 16, 24, 48])
def test_a_frame_with_type_passes_the_test_for_strokes(size: int) -> None:
    assert may_show_text(_picture("Gate 4: boarding", size))


def test_a_frame_without_strokes_does_not_reach_the_recogniser() -> None:
    asked = []
    reader = ScreenReader(recognise=lambda image: asked.append(image) or [])  # type: ignore[func-returns-value]
    ramp = np.repeat(np.linspace(0, 255, 640).astype(np.uint8)[None, :, None], 360, axis=0).repeat(3, axis=2)
    half = _picture()
    half[:, 320:] = 250
    for image in (_picture(), ramp, half, np.zeros((1, 1, 3), np.uint8)):
        assert reader.read(image) == []
    assert asked == []


def test_doubtful_lines_and_single_characters_are_left_out() -> None:
    lines = [_line("EXIT", 0, 0), _line("BUNKY", 0, 100, confidence=0.7), _line("X", 0, 200), _line("- 7 -", 0, 250)]
    assert ScreenReader(recognise=lambda image: lines).read(_picture("text")) == ["EXIT"]


def test_lines_of_a_block_are_joined_in_reading_order() -> None:
    lines = [
        _line("PRESENTS", 150, 128),
        _line("BBC 2", 500, 10),
        _line("MOVIE PROJECT", 210, 102),
        _line("THE PEACH OPEN", 100, 100),
        _line("a caption far below", 100, 300),
    ]
    assert blocks(lines) == ["BBC 2", "THE PEACH OPEN MOVIE PROJECT PRESENTS", "a caption far below"]


def test_columns_and_headings_are_blocks_of_their_own() -> None:
    columns = [
        _line("left one", 0, 100),
        _line("right one", 300, 100),
        _line("left two", 0, 125),
        _line("right two", 300, 125),
    ]
    assert blocks(columns) == ["left one left two", "right one right two"]
    assert blocks([_line("HEADING", 0, 0, 300, 60), _line("small print", 0, 64, 200, 15)]) == ["HEADING", "small print"]
    assert blocks([]) == []


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


def test_without_the_package_the_install_line_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rapidocr", None)  # type: ignore[arg-type]
    assert "pip install rapidocr" in (unavailable() or "")
    with pytest.raises(MissingModel):
        ScreenReader()
