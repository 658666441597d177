"""Frames read one after the other: what is looked at, what is recognised, and what is found."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from retrieval.ingest.areas import TILE, Area
from retrieval.ingest.screen import REMEMBERED, ReadFrame, ScreenReader
from retrieval.ingest.text_lines import TextLine

Pixels = NDArray[np.uint8]
Boxes = list[NDArray[np.float32]]
GROUND = (40, 60, 90)
TITLE, FOOT = ("Energy is conserved", 30, 40), ("Lecture 7 of 48", 400, 310)


class Engine:
    """Finds what stands out of the ground, row by row, and reads it by its place and its pixels."""

    def __init__(self, confidence: float = 0.99, text: str | None = None) -> None:
        self.looked: list[Area] = []
        self.recognised: list[str] = []
        self._answer = (text, confidence)

    def hints(self, pixels: Pixels) -> NDArray[np.bool_]:
        ink = _ink(pixels)
        return ink.reshape(ink.shape[0] // TILE, TILE, ink.shape[1] // TILE, TILE).any(axis=(1, 3))

    def boxes(self, pixels: Pixels, area: Area) -> Boxes:
        self.looked.append(area)
        ink = _ink(pixels[area.top : area.bottom, area.left : area.right])
        found, rows = [], [*np.flatnonzero(ink.any(axis=1)), 10**6]
        first = rows[0]
        for row, after in zip(rows, rows[1:], strict=False):
            if after - row > 3:
                columns = np.flatnonzero(ink[first : row + 1].any(axis=0))
                left, right = area.left + columns[0] - 3, area.left + columns[-1] + 4
                top, bottom = area.top + first - 3, area.top + row + 4
                found.append(np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32))
                first = after
        return found

    def recognise(self, image: Pixels, boxes: Sequence[NDArray[np.float32]]) -> list[tuple[str, float]]:
        text, confidence = self._answer
        read = []
        for (left, top), _, (right, bottom), _ in boxes:
            part = image[int(top) : int(bottom), int(left) : int(right)]
            read.append((text or f"text {int(_ink(part).sum())} at {int(left)} {int(top)}", confidence))
        self.recognised += [text for text, _ in read]
        return read


def _ink(pixels: Pixels) -> NDArray[np.bool_]:
    return np.asarray(np.abs(pixels.astype(np.int16) - np.array(GROUND)).sum(axis=2) > 60)


def frame(*texts: tuple[str, int, int], inset: int | None = None, noise: int = 0, size: int = 22) -> Pixels:
    """A slide of 640 by 360: texts with their places, and a speaker somewhere."""
    image = Image.new("RGB", (640, 360), GROUND)
    draw = ImageDraw.Draw(image)
    for words, left, top in texts:
        draw.text((left, top), words, fill="white", font=ImageFont.load_default(size=size))
    if inset is not None:
        draw.ellipse((520 + inset, 150, 570 + inset, 220), fill=(62, 80, 88))
    pixels = np.array(image).astype(np.int16)
    if noise:
        pixels += np.random.default_rng(noise).integers(-4, 5, pixels.shape, dtype=np.int16)
    return np.clip(pixels, 0, 255).astype(np.uint8)


def test_an_equal_frame_takes_its_texts_from_the_one_before_with_the_noise_of_its_coding() -> None:
    engine = Engine()
    screen = ScreenReader(engine=engine).video()
    first = screen.read(frame(TITLE, FOOT))
    looked, recognised = len(engine.looked), len(engine.recognised)
    again = screen.read(frame(TITLE, FOOT, noise=3))
    assert again == ReadFrame(first.texts)
    assert len(first.texts) == 2
    assert (len(engine.looked), len(engine.recognised)) == (looked, recognised)


def test_of_one_more_line_only_that_is_recognised() -> None:
    engine = Engine()
    screen = ScreenReader(engine=engine).video()
    first = screen.read(frame(TITLE, FOOT))
    del engine.looked[:], engine.recognised[:]
    second = screen.read(frame(TITLE, ("Momentum too", 30, 150), FOOT))
    assert len(engine.recognised) == 1
    assert set(first.texts) < set(second.texts)
    assert len(second.texts) == 3
    assert all(area.bottom < 300 and area.top > 60 for area in engine.looked)


@pytest.mark.parametrize("size", [11, 14, 22, 40])
@pytest.mark.parametrize(
    ("one", "other"), [("Total 1375", "Total 1376"), ("Step 3 of 9", "Step 8 of 9"), ("v1.0", "v1.9")]
)
def test_a_number_that_changes_by_one_digit_is_read_anew(one: str, other: str, size: int) -> None:
    engine = Engine()
    screen = ScreenReader(engine=engine).video()
    screen.read(frame((one, 60, 120), FOOT, size=size))
    del engine.recognised[:]
    changed = screen.read(frame((other, 60, 120), FOOT, size=size, noise=2))
    assert len(engine.recognised) == 1
    assert changed.fresh


def test_a_slide_that_is_shown_again_is_not_read_again() -> None:
    engine = Engine()
    screen = ScreenReader(engine=engine).video()
    first = screen.read(frame(TITLE, ("One thing", 30, 150)))
    screen.read(frame(("Quite another", 200, 90), ("slide", 60, 250)))
    del engine.recognised[:]
    assert screen.read(frame(TITLE, ("One thing", 30, 150))).texts == first.texts
    assert engine.recognised == []


def test_a_speaker_who_moves_has_no_text_read_again() -> None:
    engine = Engine()
    screen = ScreenReader(engine=engine).video()
    first = screen.read(frame(TITLE, FOOT, inset=0))
    del engine.looked[:], engine.recognised[:]
    for place in (25, 10, 40):
        assert screen.read(frame(TITLE, FOOT, inset=place)) == ReadFrame(first.texts)
    assert (engine.looked, engine.recognised) == ([], [])


def test_a_text_that_went_is_not_said_any_more() -> None:
    screen = ScreenReader(engine=Engine()).video()
    screen.read(frame(TITLE, FOOT))
    left = screen.read(frame(FOOT))
    assert len(left.texts) == 1
    assert screen.read(frame()).texts == ()


def _talk() -> list[Pixels]:
    bullets = [(f"bullet number {number}", 30, 90 + 40 * number) for number in range(4)]
    slides = [frame(TITLE, *bullets[:shown], FOOT, inset=7 * shown, noise=shown) for shown in range(5)]
    other = [frame((f"Reading {1370 + step}", 80, 120), FOOT, noise=step) for step in range(4)]
    return [*slides, *other, slides[2], frame(), other[1], slides[4]]


def test_a_reading_that_broke_off_anywhere_is_gone_on_with_and_finds_the_same() -> None:
    frames = _talk()
    whole = ScreenReader(engine=Engine()).video()
    expected = [whole.read(image) for image in frames]
    for broken in range(1, len(frames)):
        screen = ScreenReader(engine=Engine()).video()
        for image, read in zip(frames[:broken], expected, strict=False):
            screen.recall(image, ReadFrame.of(_through_json(read)).fresh)
        assert [screen.read(image) for image in frames[broken:]] == expected[broken:]


def _through_json(read: ReadFrame) -> object:
    import json

    return json.loads(json.dumps(read.data()))


def test_what_was_kept_can_be_read_also_of_earlier_versions() -> None:
    read = ReadFrame(("EXIT",), (TextLine("EXIT", 0.9123, 1.5, 2.0, 30.0, 12.0),))
    assert ReadFrame.of(_through_json(read)) == read
    assert ReadFrame.of(["EXIT", "Gate 4"]) == ReadFrame(("EXIT", "Gate 4"))


def test_only_so_many_frames_are_remembered() -> None:
    engine = Engine()
    screen = ScreenReader(engine=engine).video()
    for number in range(REMEMBERED + 1):
        screen.read(frame((f"Slide {number:03d}", 30, 40 + 8 * number)))
    del engine.recognised[:]
    screen.read(frame(("Slide 000", 30, 40)))
    assert len(engine.recognised) == 1


def test_a_frame_without_strokes_does_not_reach_the_models() -> None:
    engine = Engine()
    reader = ScreenReader(engine=engine)
    ramp = np.repeat(np.linspace(0, 255, 640).astype(np.uint8)[None, :, None], 360, axis=0).repeat(3, axis=2)
    half = frame()
    half[:, 320:] = 250
    for image in (frame(), ramp, half, np.zeros((1, 1, 3), np.uint8)):
        assert reader.read(image) == []
    assert engine.looked == []


@pytest.mark.parametrize(
    ("text", "confidence", "read"),
    [("EXIT", 0.99, ["EXIT"]), ("BUNKY", 0.7, []), ("X", 0.99, []), ("- 7 -", 0.99, [])],
)
def test_doubtful_lines_and_single_characters_are_left_out(text: str, confidence: float, read: list[str]) -> None:
    assert ScreenReader(engine=Engine(confidence, text)).read(frame(TITLE)) == read


@pytest.mark.parametrize("size", [(36, 40), (20, 500), (1080, 1920), (720, 300)])
def test_frames_of_any_size_are_read(size: tuple[int, int]) -> None:
    pixels = np.zeros((*size, 3), np.uint8) + np.array(GROUND, np.uint8)
    pixels[size[0] // 3 : size[0] // 3 + 12, 6:30:4] = 255
    pixels[size[0] // 3 : size[0] // 3 + 12, 7:30:4] = 255
    screen = ScreenReader(engine=Engine()).video()
    assert screen.read(pixels).texts
    assert screen.read(pixels.copy()).fresh == ()
