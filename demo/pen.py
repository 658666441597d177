"""A pen that draws filled shapes in its own coordinates: moved, turned, scaled or flipped.

Only geometry. It knows nothing of actors or places. The page is 480 units wide and 270 high, y points down.
An outlining pen draws the same shapes a little larger in one dark colour: drawn first, it puts a line
around a whole figure without a line between its parts.
"""

import math
from collections.abc import Sequence
from typing import TypeAlias

from PIL import Image, ImageDraw

from demo.palette import OUTLINE, RGB, RGBA, SHADOW

Point: TypeAlias = tuple[float, float]
Paint: TypeAlias = RGB | RGBA
Matrix: TypeAlias = tuple[float, float, float, float, float, float]

PAGE_WIDTH, PAGE_HEIGHT = 480, 270
OUTLINE_WIDTH = 2.2

_ROUND = [(math.cos(math.tau * i / 24), math.sin(math.tau * i / 24)) for i in range(24)]


def along(start: Point, degrees: float, length: float) -> Point:
    """Return the point `length` away from start; 0 degrees is down, 90 to the right, 180 up."""
    angle = math.radians(degrees)
    return start[0] + math.sin(angle) * length, start[1] + math.cos(angle) * length


def between(start: Point, end: Point, share: float) -> Point:
    """Return the point that is `share` (0 to 1) of the way from start to end."""
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


class Pen:
    """Draws on one picture; `at` gives a pen for a part of it."""

    __slots__ = ("_draw", "_grow", "_ink", "_matrix", "_unit")

    def __init__(self, draw: ImageDraw.ImageDraw, matrix: Matrix, ink: Paint | None = None) -> None:
        a, b, _, d, e, _ = matrix
        self._draw, self._matrix, self._ink = draw, matrix, ink
        self._unit = math.sqrt(abs(a * e - b * d))  # pixels per unit of this pen
        self._grow = 0.0 if ink is None else OUTLINE_WIDTH

    @classmethod
    def on(cls, image: Image.Image) -> "Pen":
        """Return a pen for the whole page, whatever the picture's width in pixels."""
        scale = image.width / PAGE_WIDTH
        return cls(ImageDraw.Draw(image, "RGBA"), (scale, 0.0, 0.0, 0.0, scale, 0.0))

    def at(self, x: float, y: float, scale: float = 1.0, turn: float = 0.0, flip: bool = False) -> "Pen":
        """Return a pen whose origin is (x, y), turned clockwise by degrees, x mirrored when flipped."""
        a, b, c, d, e, f = self._matrix
        cos, sin = math.cos(math.radians(turn)) * scale, math.sin(math.radians(turn)) * scale
        side = -1.0 if flip else 1.0
        matrix = (
            side * (a * cos + b * sin),
            b * cos - a * sin,
            a * x + b * y + c,
            side * (d * cos + e * sin),
            e * cos - d * sin,
            d * x + e * y + f,
        )
        return Pen(self._draw, matrix, self._ink)

    def outlining(self) -> "Pen":
        """Return a pen that draws every shape larger and in the outline's colour."""
        return Pen(self._draw, self._matrix, OUTLINE)

    def polygon(self, points: Sequence[Point], fill: Paint) -> None:
        """Fill a polygon."""
        corners = self._place(points)
        if self._ink is None:
            self._draw.polygon(corners, fill=fill)
            return
        self._draw.polygon(corners, fill=self._ink)
        self._stroke([*corners, corners[0]], 2 * self._grow * self._unit, self._ink)

    def box(self, left: float, top: float, right: float, bottom: float, fill: Paint) -> None:
        """Fill a rectangle."""
        self.polygon([(left, top), (right, top), (right, bottom), (left, bottom)], fill)

    def disc(self, x: float, y: float, radius: float, fill: Paint) -> None:
        """Fill a circle."""
        ((cx, cy),) = self._place([(x, y)])
        self._dot(cx, cy, (radius + self._grow) * self._unit, fill if self._ink is None else self._ink)

    def oval(self, x: float, y: float, across: float, down: float, fill: Paint) -> None:
        """Fill an ellipse given by its two radii."""
        self.polygon([(x + across * cos, y + down * sin) for cos, sin in _ROUND], fill)

    def slice(self, x: float, y: float, radius: float, start: float, end: float, fill: Paint) -> None:
        """Fill the piece of a circle cut off by the chord from start to end (degrees, clockwise from +x)."""
        steps = max(4, round(abs(end - start) / 15))
        angles = [math.radians(start + (end - start) * i / steps) for i in range(steps + 1)]
        self.polygon([(x + radius * math.cos(a), y + radius * math.sin(a)) for a in angles], fill)

    def limb(self, points: Sequence[Point], width: float, fill: Paint) -> None:
        """Draw a thick line with round joints and ends."""
        self._stroke(self._place(points), (width + 2 * self._grow) * self._unit, self._ink or fill)

    def shadow(self, x: float, y: float, across: float, down: float) -> None:
        """Darken an ellipse of ground."""
        self.oval(x, y, across, down, SHADOW)

    def _place(self, points: Sequence[Point]) -> list[Point]:
        a, b, c, d, e, f = self._matrix
        return [(a * x + b * y + c, d * x + e * y + f) for x, y in points]

    def _stroke(self, corners: list[Point], width: float, fill: Paint) -> None:
        self._draw.line(corners, fill=fill, width=max(1, round(width)))
        if width > 2:
            for x, y in corners:
                self._dot(x, y, width / 2, fill)

    def _dot(self, x: float, y: float, radius: float, fill: Paint) -> None:
        self._draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)
