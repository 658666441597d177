"""How a scene is shot: what no word tells and no answer may depend on.

Camera (zoom, direction, shake), noise, something in front, the backdrop's texture, and the font of screen text.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Literal, get_args

import numpy as np
from PIL import Image

from demo.palette import RGBA, SLATE, WOOD
from demo.pen import PAGE_HEIGHT, PAGE_WIDTH, Pen

Texture = Literal["plain", "grain", "hatch", "dots", "rings", "weave", "checks"]
Cover = Literal["post", "bush", "rail"]
Font = Literal["plain", "simplex", "duplex", "complex", "triplex"]

COVERS: tuple[Cover, ...] = get_args(Cover)
_MARK: RGBA = (40, 40, 70, 34)


@dataclass(frozen=True, slots=True)
class Take:
    """The camera and the film of one scene.

    `zoom` 1 shows the whole page; `x` and `y` (-1 to 1) say where a closer look points. `shake` is in units of
    the page, `noise` in grey levels (standard deviation).

    Raises:
        ValueError: a number is out of its range.
    """

    zoom: float = 1.0
    x: float = 0.0
    y: float = 0.0
    shake: float = 0.0
    noise: float = 0.0
    cover: Cover | None = None
    texture: Texture = "plain"
    font: Font = "plain"

    def __post_init__(self) -> None:
        if self.zoom < 1 or self.shake < 0 or self.noise < 0 or max(abs(self.x), abs(self.y)) > 1:
            raise ValueError(f"no camera films like this: {self!r}")

    @property
    def steady(self) -> bool:
        """Whether the whole page is shown, unmoved."""
        return self.zoom == 1 and self.shake == 0


STEADY = Take()


def random_take(rng: Random, textures: tuple[Texture, ...], fonts: tuple[Font, ...]) -> Take:
    """Return a take with a little of everything."""
    return Take(
        zoom=rng.uniform(1.0, 1.1),
        x=rng.uniform(-1, 1),
        y=rng.uniform(-1, 1),
        shake=rng.choice((0.0, 0.0, rng.uniform(1, 4))),
        noise=rng.choice((0.0, rng.uniform(2, 12))),
        cover=rng.choice(COVERS) if rng.random() < 0.2 else None,
        texture=rng.choice(textures),
        font=rng.choice(fonts),
    )


def frame_box(take: Take, time: float, width: int, height: int) -> tuple[float, float, float, float]:
    """Return the part of a page of `width` by `height` pixels that the camera sees at a time (seconds)."""
    zoom = max(take.zoom, 1 + 2 * take.shake / PAGE_HEIGHT) if take.shake else take.zoom
    wide, high = width / zoom, height / zoom
    unit = width / PAGE_WIDTH
    left = (width - wide) / 2 * (1 + take.x) + take.shake * unit * math.sin(7.3 * time)
    top = (height - high) / 2 * (1 + take.y) + take.shake * unit * math.cos(5.1 * time)
    left, top = min(max(left, 0.0), width - wide), min(max(top, 0.0), height - high)
    return left, top, min(left + wide, width), min(top + high, height)


def add_noise(image: Image.Image, take: Take, seed: int) -> Image.Image:
    """Return the picture with the take's noise."""
    if take.noise == 0:
        return image
    rng = np.random.default_rng(seed)
    grains = rng.standard_normal((image.height, image.width, 1), np.float32) * take.noise
    return Image.fromarray(np.clip(np.asarray(image, np.float32) + grains, 0, 255).astype(np.uint8))


def draw_texture(pen: Pen, texture: Texture) -> None:
    """Draw a texture over a whole page, faintly."""
    _TEXTURES[texture](pen)


def draw_cover(pen: Pen, cover: Cover, variant: int) -> None:
    """Draw something between the camera and the actors that hides a part of them."""
    x = Random(f"cover {variant}").uniform(110, 370)
    if cover == "post":
        pen.box(x - 4, 0, x + 4, PAGE_HEIGHT, SLATE)
    elif cover == "rail":
        for y in (214.0, 236.0):
            pen.box(0, y - 3, PAGE_WIDTH, y + 3, WOOD)
    else:
        for step in range(5):
            pen.disc(x - 36 + 18 * step, 262 - 8 * (step % 2), 20, (70, 128, 78))


def _plain(pen: Pen) -> None:
    pass


def _grain(pen: Pen) -> None:
    rng = Random("grain")
    for _ in range(900):
        x, y = rng.uniform(0, PAGE_WIDTH), rng.uniform(0, PAGE_HEIGHT)
        pen.box(x, y, x + 2, y + 2, _MARK)


def _hatch(pen: Pen) -> None:
    for x in range(-PAGE_HEIGHT, PAGE_WIDTH, 14):
        pen.limb([(x, PAGE_HEIGHT), (x + PAGE_HEIGHT, 0)], 2, _MARK)


def _dots(pen: Pen) -> None:
    for row in range(0, PAGE_HEIGHT, 16):
        for column in range(0, PAGE_WIDTH, 16):
            pen.disc(column + (row // 16 % 2) * 8, row, 3, _MARK)


def _rings(pen: Pen) -> None:
    for radius in range(20, 300, 22):
        points = [(240 + radius * math.cos(a / 16), 135 + radius * math.sin(a / 16)) for a in range(102)]
        pen.limb(points, 2, _MARK)


def _weave(pen: Pen) -> None:
    for y in range(0, PAGE_HEIGHT, 12):
        pen.box(0, y, PAGE_WIDTH, y + 2, _MARK)
    for x in range(0, PAGE_WIDTH, 12):
        pen.box(x, 0, x + 2, PAGE_HEIGHT, _MARK)


def _checks(pen: Pen) -> None:
    for row in range(0, PAGE_HEIGHT, 20):
        for column in range(row // 20 % 2 * 20, PAGE_WIDTH, 40):
            pen.box(column, row, column + 20, row + 20, _MARK)


_TEXTURES: dict[Texture, Callable[[Pen], None]] = {
    "plain": _plain,
    "grain": _grain,
    "hatch": _hatch,
    "dots": _dots,
    "rings": _rings,
    "weave": _weave,
    "checks": _checks,
}
