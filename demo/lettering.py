"""Words in the picture: a sign, a caption bar or a title card, printed large so that they can be read by OCR."""

from functools import lru_cache
from typing import Protocol

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from demo.palette import OUTLINE, PAPER, RGB, SLATE, WHITE
from demo.pen import PAGE_HEIGHT, PAGE_WIDTH, Pen
from demo.scenes import TextStyle
from demo.takes import Font

_LARGEST = {"sign": 32.0, "caption": 26.0, "card": 40.0}
_SIGN: RGB = (24, 74, 66)
_CARD: RGB = (36, 44, 84)


def draw_text(image: Image.Image, text: str, style: TextStyle, font: Font = "plain") -> None:
    """Print a line of text over the picture, as large as its style and the width allow."""
    pen = Pen.on(image)
    unit = image.width / PAGE_WIDTH
    letters = _letters(text, font, _LARGEST[style] * unit, (PAGE_WIDTH - 64) * unit)
    width, height = letters.width / unit, letters.height / unit
    if style == "caption":
        middle = PAGE_HEIGHT - 20.0
        pen.box(0, PAGE_HEIGHT - 40, PAGE_WIDTH, PAGE_HEIGHT, OUTLINE)
    elif style == "sign":
        middle = 16 + height / 2 + 2
        _board(pen, width / 2 + 16, 8, height + 24)
    else:
        middle = 18 + height / 2 + 6
        pen.box(0, 12, PAGE_WIDTH, 36 + height, _CARD)
        pen.box(0, 17, PAGE_WIDTH, 19, PAPER)
        pen.box(0, 29 + height, PAGE_WIDTH, 31 + height, PAPER)
    letters.print(image, (image.width / 2, middle * unit))


def _board(pen: Pen, half: float, top: float, low: float) -> None:
    left, right = PAGE_WIDTH / 2 - half, PAGE_WIDTH / 2 + half
    for x in (left + 20, right - 20):
        pen.limb([(x, 0), (x, top + 4)], 4, SLATE)
    pen.box(left, top, right, low, PAPER)
    pen.box(left + 3, top + 3, right - 3, low - 3, _SIGN)


class _Letters(Protocol):
    """A text set in a font: its size in pixels, and how it gets on a picture."""

    width: float
    height: float

    def print(self, image: Image.Image, middle: tuple[float, float]) -> None: ...


def _letters(text: str, font: Font, size: float, width: float) -> _Letters:
    """Set a text no larger than size, and so that it is no wider than width (pixels)."""
    return _Type(text, _fitting(text, size, width)) if font == "plain" else _Strokes(text, font, size, width)


class _Type:
    """Letters of the built-in font."""

    def __init__(self, text: str, font: ImageFont.FreeTypeFont) -> None:
        self._text, self._font = text, font
        self.width, self.height = font.getlength(text), font.size

    def print(self, image: Image.Image, middle: tuple[float, float]) -> None:
        ImageDraw.Draw(image).text(middle, self._text, fill=WHITE, font=self._font, anchor="mm")


class _Strokes:
    """Letters drawn in lines: the Hershey fonts of OpenCV, ASCII only."""

    def __init__(self, text: str, font: Font, size: float, width: float) -> None:
        import cv2

        self._text, self._font = text, getattr(cv2, f"FONT_HERSHEY_{font.upper()}")
        (across, down), _ = cv2.getTextSize(text, self._font, 1.0, 1)
        self._scale = min(0.72 * size / down, width / across)
        self._weight = max(1, round(self._scale * 2))
        self.width, self._down = across * self._scale, down * self._scale
        self.height = self._down / 0.72

    def print(self, image: Image.Image, middle: tuple[float, float]) -> None:
        import cv2

        mask = np.zeros((image.height, image.width), np.uint8)
        corner = round(middle[0] - self.width / 2), round(middle[1] + self._down / 2)
        cv2.putText(mask, self._text, corner, self._font, self._scale, (255,), self._weight, cv2.LINE_AA)
        image.paste(WHITE, (0, 0), Image.fromarray(mask))


@lru_cache(maxsize=64)
def _fitting(text: str, size: float, width: float) -> ImageFont.FreeTypeFont:
    """Return the built-in font, no larger than size and so that the text is no wider than width (pixels)."""
    font = _font(size)
    length = font.getlength(text)
    return font if length <= width else _font(size * width / length)


def _font(size: float) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont)  # only a Pillow built without FreeType has none
    return font
