"""The colours of the small world: the eight that have a name, and the quiet ones around them.

Named colours are strong and everything behind the actors is pale, so that "in red" is seen in a thumbnail.
"""

from typing import Literal, TypeAlias, get_args

RGB: TypeAlias = tuple[int, int, int]
RGBA: TypeAlias = tuple[int, int, int, int]

Colour = Literal["red", "orange", "yellow", "green", "blue", "purple", "pink", "white"]
"""The colour of an actor's clothes, coat or feathers."""

COLOURS: tuple[Colour, ...] = get_args(Colour)

PAINT: dict[Colour, RGB] = {
    "red": (214, 32, 44),
    "orange": (247, 128, 24),
    "yellow": (252, 214, 36),
    "green": (32, 152, 64),
    "blue": (34, 88, 216),
    "purple": (124, 52, 172),
    "pink": (250, 120, 184),
    "white": (250, 250, 250),
}

OUTLINE: RGB = (44, 40, 56)
SHADOW: RGBA = (20, 20, 40, 70)
WHITE: RGB = (255, 255, 255)
PAPER: RGB = (250, 246, 234)
WOOD: RGB = (150, 104, 66)
DARK_WOOD: RGB = (108, 72, 48)
CARDBOARD: RGB = (196, 152, 100)
STEEL: RGB = (120, 128, 140)
SLATE: RGB = (66, 72, 92)
LEATHER: RGB = (70, 50, 44)
GOLD: RGB = (232, 178, 60)

SKINS: tuple[RGB, ...] = ((250, 214, 184), (236, 188, 148), (190, 134, 94), (132, 88, 62))
HAIRS: tuple[RGB, ...] = ((44, 34, 34), (86, 56, 38), (128, 84, 50), (104, 100, 104))
DOG_FURS: tuple[RGB, ...] = ((164, 112, 66), (200, 158, 104), (120, 80, 52))
CAT_FURS: tuple[RGB, ...] = ((128, 128, 138), (92, 92, 104), (156, 152, 156))
HORSE_FURS: tuple[RGB, ...] = ((142, 86, 52), (110, 66, 44), (170, 112, 70))


def mix(first: RGB, second: RGB, share: float) -> RGB:
    """Return the colour that is `share` (0 to 1) of the way from the first to the second."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def darker(colour: RGB, share: float = 0.25) -> RGB:
    """Return the colour moved towards the outline's dark."""
    return mix(colour, OUTLINE, share)


def lighter(colour: RGB, share: float = 0.35) -> RGB:
    """Return the colour moved towards white."""
    return mix(colour, WHITE, share)
