"""Where a frame differs from another one, and the areas to look at for that. Pure."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

LONG_SIDE = 960
"""Pixels to which a frame's longer side is reduced to look for text; lines of 3 % of the height are still found."""

TILE = 32
"""Pixels of the tiles that areas are made of; the detector needs multiples of it."""

CELL = 8
"""Pixels of the cells that are compared."""

DIFFERENT = 12
"""Levels of grey, over three by three pixels, from which a cell counts as changed."""

MOST = 0.6
"""Share of a frame's tiles from which areas are not told apart any more: all of it is looked at."""


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle in pixels, half-open."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def pixels(self) -> int:
        """How many it has."""
        return (self.right - self.left) * (self.bottom - self.top)


@dataclass(frozen=True, slots=True)
class ScaledFrame:
    """A frame as text is looked for on it: RGB, in whole tiles; its grey; and its scale.

    `scale` is how much it was made smaller or larger in x and in y.
    """

    pixels: "NDArray[np.uint8]"
    gray: "NDArray[np.uint8]"
    scale: tuple[float, float]


def scaled(image: "NDArray[np.uint8]") -> ScaledFrame:
    """Return a frame in the size in which text is looked for."""
    height, width = image.shape[:2]
    ratio = min(1.0, LONG_SIDE / max(height, width))
    size = tuple(max(1, round(side * ratio / TILE)) * TILE for side in (width, height))
    pixels = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_LINEAR), np.uint8)
    gray = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)
    return ScaledFrame(pixels, gray, (size[0] / width, size[1] / height))


def difference(one: "NDArray[np.uint8]", other: "NDArray[np.uint8]") -> "NDArray[np.uint8]":
    """Return the difference of two grey pictures of one size, noise of single pixels smoothed out."""
    return np.asarray(cv2.blur(cv2.absdiff(one, other), (3, 3)), np.uint8)


def changed(one: "NDArray[np.uint8]", other: "NDArray[np.uint8]") -> "NDArray[np.bool_]":
    """Return which cells of two grey pictures of one size differ: (height / CELL, width / CELL)."""
    rows, columns = one.shape[0] // CELL, one.shape[1] // CELL
    most = difference(one, other).reshape(rows, CELL, columns, CELL).max(axis=(1, 3))
    return np.asarray(most >= DIFFERENT)


def tiles_of(cells: "NDArray[np.bool_]") -> "NDArray[np.bool_]":
    """Return the tiles in which a cell is set."""
    each = TILE // CELL
    rows, columns = cells.shape[0] // each, cells.shape[1] // each
    return np.asarray(cells.reshape(rows, each, columns, each).any(axis=(1, 3)))


def wider(tiles: "NDArray[np.bool_]", by: int = 1) -> "NDArray[np.bool_]":
    """Return tiles with those up to so many tiles away."""
    around = np.ones((2 * by + 1, 2 * by + 1), np.uint8)
    return np.asarray(cv2.dilate(tiles.astype(np.uint8), around) > 0)


def areas(tiles: "NDArray[np.bool_]") -> list[Area]:
    """Return rectangles that hold all these tiles, none reaching into another."""
    found = _joined([_tile_area(row) for row in cv2.connectedComponentsWithStats(tiles.astype(np.uint8))[2][1:]])
    if sum(area.pixels for area in found) > MOST * tiles.size * TILE**2:
        return [Area(0, 0, tiles.shape[1] * TILE, tiles.shape[0] * TILE)]
    return sorted(found, key=lambda area: (area.top, area.left))


def _tile_area(stats: "NDArray[np.int32]") -> Area:
    left, top, width, height = (int(number) * TILE for number in stats[:4])
    return Area(left, top, left + width, top + height)


def _joined(found: list[Area]) -> list[Area]:
    """Join rectangles that reach into each other, until none does."""
    whole: list[Area] = []
    while found:
        one = found.pop()
        near = next((other for other in whole if _meet(one, other)), None)
        if near is None:
            whole.append(one)
            continue
        whole.remove(near)
        left, top = min(one.left, near.left), min(one.top, near.top)
        found.append(Area(left, top, max(one.right, near.right), max(one.bottom, near.bottom)))
    return whole


def _meet(one: Area, other: Area) -> bool:
    return one.left < other.right and other.left < one.right and one.top < other.bottom and other.top < one.bottom
