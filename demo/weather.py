"""Rain, snow and fog over a scene."""

import math
from random import Random

from demo.palette import RGBA, WHITE
from demo.pen import PAGE_HEIGHT, PAGE_WIDTH, Pen
from demo.scenes import Weather

_RAIN: RGBA = (70, 100, 160, 190)
_GLOOM: RGBA = (40, 50, 80, 50)
_FLAKE_RIM: RGBA = (90, 110, 150, 120)
_MIST: RGBA = (226, 230, 234, 165)
_THIN_MIST: RGBA = (232, 236, 240, 60)


def draw_behind(pen: Pen, weather: Weather) -> None:
    """Draw what dims the place but not the actors."""
    if weather == "rain":
        pen.box(-1, -1, PAGE_WIDTH + 1, PAGE_HEIGHT + 1, _GLOOM)
    elif weather == "fog":
        pen.box(-1, -1, PAGE_WIDTH + 1, PAGE_HEIGHT + 1, _MIST)


def draw_before(pen: Pen, weather: Weather, time: float, variant: int) -> None:
    """Draw what falls or drifts in front of everything, `time` seconds after the scene's start."""
    rng = Random(f"{weather} {variant}")
    if weather == "rain":
        for _ in range(70):
            x, y, speed = rng.uniform(-20, 500), rng.uniform(0, 300), rng.uniform(300, 420)
            top = (y + time * speed) % 310 - 30
            pen.limb([(x, top), (x - 6, top + 24)], 2.4, _RAIN)
    elif weather == "snow":
        for _ in range(60):
            x, y, speed = rng.uniform(0, PAGE_WIDTH), rng.uniform(0, 290), rng.uniform(24, 50)
            low = (y + time * speed) % 290 - 10
            aside = x + 8 * math.sin(time + x)
            pen.disc(aside, low, 5.4, _FLAKE_RIM)
            pen.disc(aside, low, 4.2, WHITE)
    elif weather == "fog":
        for row in range(3):
            x = (rng.uniform(0, 480) + time * 12) % 640 - 80
            pen.oval(x, 90 + 60 * row, 190, 26, _THIN_MIST)
