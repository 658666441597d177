"""Drawings of things: held by an actor, or standing in the scene on their own.

Every function takes a pen whose origin is the thing's foot, or for held things its grip or middle.
"""

from collections.abc import Callable

from demo.palette import (
    CARDBOARD,
    DARK_WOOD,
    GOLD,
    LEATHER,
    OUTLINE,
    PAPER,
    RGB,
    SLATE,
    STEEL,
    WHITE,
    WOOD,
    darker,
    lighter,
)
from demo.pen import Pen, Point
from demo.scenes import Thing

NAVY: RGB = (48, 58, 110)
MAPLE: RGB = (186, 112, 54)
KITE: tuple[RGB, ...] = ((240, 90, 90), (250, 210, 80), (90, 180, 120), (90, 140, 230))


def ball(pen: Pen, radius: float = 13) -> None:
    """Draw a football, its middle at the origin."""
    pen.disc(0, 0, radius, WHITE)
    for x, y in ((0, 0), (-0.7, -0.5), (0.7, -0.5), (-0.45, 0.75), (0.45, 0.75)):
        pen.disc(x * radius, y * radius, radius * 0.27, OUTLINE)


def open_book(pen: Pen) -> None:
    """Draw an open book seen from the front, its lower middle at the origin."""
    pen.polygon([(-24, -34), (0, -27), (24, -34), (24, 1), (0, 8), (-24, 1)], DARK_WOOD)
    pen.polygon([(-21, -32), (0, -25), (0, 4), (-21, -2)], PAPER)
    pen.polygon([(21, -32), (0, -25), (0, 4), (21, -2)], darker(PAPER, 0.08))
    for row in range(3):
        pen.limb([(-17, -23 + row * 7), (-5, -20 + row * 7)], 1.6, STEEL)
        pen.limb([(17, -23 + row * 7), (5, -20 + row * 7)], 1.6, STEEL)


def box(pen: Pen, size: float = 42) -> None:
    """Draw a cardboard box with tape, its lower left corner at the origin."""
    pen.box(0, -size, size, 0, CARDBOARD)
    pen.polygon([(0, -size), (8, -size - 9), (size + 8, -size - 9), (size, -size)], lighter(CARDBOARD, 0.3))
    pen.polygon([(size, -size), (size + 8, -size - 9), (size + 8, -9), (size, 0)], darker(CARDBOARD))
    pen.box(size * 0.42, -size, size * 0.58, -size * 0.62, PAPER)


def umbrella(pen: Pen, length: float = 52) -> None:
    """Draw an open umbrella, the grip at the origin."""
    pen.limb([(0, 8), (0, -length)], 4, DARK_WOOD)
    pen.slice(0, -length + 6, 54, 180, 360, NAVY)
    pen.polygon([(-20, -length + 6), (-9, -length - 47), (9, -length - 47), (20, -length + 6)], PAPER)
    pen.limb([(0, -length - 48), (0, -length - 53)], 4, DARK_WOOD)


def bicycle(pen: Pen, turn: float = 0.0) -> None:
    """Draw a bicycle that goes to the right; the origin is on the ground below its middle."""
    hub, saddle, bar = (0.0, -22.0), (-14.0, -54.0), (34.0, -64.0)
    for x in (-40.0, 40.0):
        pen.disc(x, -25, 25, OUTLINE)
        pen.disc(x, -25, 20, (232, 236, 240))
        spokes = pen.at(x, -25, turn=turn)
        spokes.limb([(-20, 0), (20, 0)], 1.4, STEEL)
        spokes.limb([(0, -20), (0, 20)], 1.4, STEEL)
    for tube in ([(-40.0, -25.0), hub, saddle, (-40.0, -25.0)], [hub, (31.0, -50.0), (-11.0, -46.0)]):
        pen.limb(tube, 4.5, STEEL)
    pen.limb([(40, -25), bar, (44, -70)], 4.5, STEEL)
    pen.limb([(-22, -57), (-6, -57)], 7, OUTLINE)


def kite(pen: Pen, sway: float = 0.0) -> None:
    """Draw a kite with a tail, its middle at the origin."""
    corners: list[Point] = [(0, -30), (22, -4), (0, 34), (-22, -4)]
    for number, paint in enumerate(KITE):
        pen.polygon([corners[number], corners[(number + 1) % 4], (0, -4)], paint)
    for number in range(4):
        x = sway * (number + 1) * (1 if number % 2 else -1)
        pen.limb([(x - 4, 42 + number * 10), (x + 4, 46 + number * 10)], 5, KITE[number])


def guitar(pen: Pen) -> None:
    """Draw a guitar with the neck to the upper right, the middle of its body at the origin."""
    body = pen.at(0, 0, turn=-28)
    body.limb([(14, 0), (66, 0)], 7, DARK_WOOD)
    body.limb([(64, 0), (76, 0)], 11, LEATHER)
    body.disc(-10, 0, 21, MAPLE)
    body.disc(13, 0, 16, MAPLE)
    body.disc(4, 0, 8, LEATHER)
    body.limb([(-20, 0), (62, 0)], 1.6, PAPER)


def chair(pen: Pen, seat: float) -> None:
    """Draw a chair seen from its side, the front to the right; `seat` is the height of the seat."""
    for x in (-18, 20):
        pen.limb([(x, -seat), (x, -2)], 6, DARK_WOOD)
    pen.limb([(-20, -seat + 2), (-26, -seat - 56)], 8, WOOD)
    pen.limb([(-20, -seat + 4), (22, -seat + 4)], 9, WOOD)


def table(pen: Pen, height: float, width: float = 84) -> None:
    """Draw a table seen from the front with a dish on it; the origin is on the ground below its middle."""
    for x in (-width / 2 + 6, width / 2 - 6):
        pen.limb([(x, -height), (x, -3)], 7, DARK_WOOD)
    pen.box(-width / 2, -height - 4, width / 2, -height + 7, WOOD)
    pen.slice(0, -height - 18, 23, 0, 180, WHITE)
    pen.oval(0, -height - 18, 23, 6, (206, 120, 60))
    pen.disc(-6, -height - 22, 6, (230, 160, 80))
    pen.disc(7, -height - 22, 6, (120, 160, 70))


def bed(pen: Pen, length: float) -> None:
    """Draw a low bed, the pillow on the left; the origin is on the ground below its middle."""
    half = length / 2
    pen.box(-half - 12, -40, -half - 4, 0, DARK_WOOD)
    pen.box(half + 4, -26, half + 12, 0, DARK_WOOD)
    pen.box(-half - 6, -16, half + 6, -5, WOOD)
    pen.box(-half - 4, -26, half + 4, -14, (224, 230, 240))
    pen.oval(-half + 22, -29, 25, 9, WHITE)


def cushion(pen: Pen, length: float) -> None:
    """Draw a flat basket for an animal to sleep in; the origin is on the ground below its middle."""
    pen.oval(0, -7, length / 2, 13, DARK_WOOD)
    pen.oval(0, -10, length / 2 - 6, 9, (226, 206, 178))


def bowl(pen: Pen, size: float = 1.0) -> None:
    """Draw a food bowl on the ground."""
    part = pen.at(0, 0, size)
    part.polygon([(-24, -18), (24, -18), (18, 0), (-18, 0)], STEEL)
    part.oval(0, -18, 24, 7, (150, 94, 56))


def cup(pen: Pen) -> None:
    """Draw a large steaming cup."""
    pen.disc(19, -19, 11, WHITE)
    pen.disc(19, -19, 5, STEEL)
    pen.polygon([(-19, -36), (19, -36), (14, 0), (-14, 0)], WHITE)
    pen.oval(0, -36, 19, 5, LEATHER)
    for x in (-7, 7):
        pen.limb([(x, -46), (x + 4, -53), (x, -60)], 2.5, (240, 240, 240))


def closed_book(pen: Pen) -> None:
    """Draw two thick books lying on each other."""
    for row, (paint, shift) in enumerate(((NAVY, 0), (DARK_WOOD, 5))):
        top = -20 * (row + 1)
        pen.box(-30 + shift, top, 28 + shift, top + 19, paint)
        pen.box(-24 + shift, top + 4, 29 + shift, top + 15, PAPER)


def closed_umbrella(pen: Pen) -> None:
    """Draw an open umbrella standing on the ground."""
    umbrella(pen.at(0, -8, 0.8), 30)


def cake(pen: Pen) -> None:
    """Draw a cake with candles on a plate."""
    pen.oval(0, -3, 34, 5, WHITE)
    pen.box(-26, -30, 26, -3, (150, 92, 62))
    pen.box(-26, -34, 26, -20, (255, 240, 226))
    for x in (-16, 0, 16):
        pen.limb([(x, -36), (x, -48)], 4, (120, 190, 220))
        pen.disc(x, -53, 4, GOLD)


def lantern(pen: Pen) -> None:
    """Draw a lit lantern."""
    pen.box(-17, -6, 17, 0, SLATE)
    pen.box(-14, -44, 14, -6, (255, 232, 140))
    pen.disc(0, -22, 8, (255, 190, 60))
    for x in (-14, 0, 14):
        pen.limb([(x, -44), (x, -4)], 2.5, SLATE)
    pen.polygon([(-19, -43), (19, -43), (8, -56), (-8, -56)], SLATE)
    pen.limb([(-6, -58), (0, -66), (6, -58)], 3, SLATE)


def suitcase(pen: Pen) -> None:
    """Draw a leather suitcase."""
    pen.limb([(-10, -42), (-10, -52), (10, -52), (10, -42)], 4, LEATHER)
    pen.box(-32, -43, 32, 0, (138, 90, 60))
    for x in (-20, 20):
        pen.box(x - 4, -43, x + 4, 0, LEATHER)
        pen.box(x - 3, -28, x + 3, -20, GOLD)


THINGS_DRAWN: dict[Thing, Callable[[Pen], None]] = {
    "ball": lambda pen: ball(pen.at(0, -20), 20),
    "book": closed_book,
    "box": lambda pen: box(pen.at(-24, 0), 46),
    "umbrella": closed_umbrella,
    "bicycle": lambda pen: bicycle(pen.at(0, 0, 0.8)),
    "cup": cup,
    "cake": cake,
    "lantern": lantern,
    "suitcase": suitcase,
}
"""Things that stand on the ground at the pen's origin."""
