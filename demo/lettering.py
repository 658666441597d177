"""Words in the picture: a sign, a caption bar or a title card, printed large so that they can be read by OCR."""

from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from demo.palette import OUTLINE, PAPER, RGB, SLATE, WHITE
from demo.pen import PAGE_HEIGHT, PAGE_WIDTH, Pen
from demo.scenes import TextStyle

_LARGEST = {"sign": 32.0, "caption": 26.0, "card": 40.0}
_SIGN: RGB = (24, 74, 66)
_CARD: RGB = (36, 44, 84)


def draw_text(image: Image.Image, text: str, style: TextStyle) -> None:
    """Print a line of text over the picture, as large as its style and the width allow."""
    pen = Pen.on(image)
    unit = image.width / PAGE_WIDTH
    font = _fitting(text, _LARGEST[style] * unit, (PAGE_WIDTH - 64) * unit)
    width, height = font.getlength(text) / unit, font.size / unit
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
    ImageDraw.Draw(image).text((image.width / 2, middle * unit), text, fill=WHITE, font=font, anchor="mm")


def _board(pen: Pen, half: float, top: float, low: float) -> None:
    left, right = PAGE_WIDTH / 2 - half, PAGE_WIDTH / 2 + half
    for x in (left + 20, right - 20):
        pen.limb([(x, 0), (x, top + 4)], 4, SLATE)
    pen.box(left, top, right, low, PAPER)
    pen.box(left + 3, top + 3, right - 3, low - 3, _SIGN)


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
