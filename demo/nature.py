"""Places without a town: beach, forest, mountain, desert, farm.

Each place has a still part, drawn once, and a part that moves with the time (seconds). Actors stand at about
y = 230, between x = 110 and x = 370, so what tells the place is drawn around and above them.
"""

import math
from random import Random

from demo.palette import DARK_WOOD, RGB, WHITE, WOOD, darker, lighter
from demo.pen import PAGE_WIDTH, Pen, along

SUN: RGB = (255, 228, 130)
PINE: RGB = (78, 124, 96)


def sky(pen: Pen, top: RGB, low: RGB, until: float) -> None:
    """Fill the page from its top to `until` with a stepped gradient."""
    steps = 24
    for step in range(steps):
        share = step / (steps - 1)
        paint = tuple(round(a + (b - a) * share) for a, b in zip(top, low, strict=True))
        pen.box(-1, until * step / steps, PAGE_WIDTH + 1, until + 1, (paint[0], paint[1], paint[2]))


def clouds(pen: Pen, time: float, paint: RGB = WHITE, seed: int = 0) -> None:
    """Draw three clouds that drift to the right."""
    rng = Random(seed)
    for row in range(3):
        x = (rng.uniform(0, 600) + time * (5 + 3 * row)) % 620 - 70
        y, size = 26 + row * 17 + rng.uniform(-6, 6), rng.uniform(0.8, 1.2)
        part = pen.at(x, y, size)
        part.limb([(-24, 6), (30, 6)], 16, paint)
        part.disc(-6, -1, 14, paint)
        part.disc(14, 0, 11, paint)


def pine(pen: Pen, leaf: RGB, snow: RGB | None = None) -> None:
    """Draw a pine tree 100 units high; the origin is its foot."""
    pen.box(-6, -22, 6, 0, DARK_WOOD)
    for row, half in enumerate((36, 29, 21)):
        low = -16 - row * 26
        pen.polygon([(-half, low), (half, low), (0, low - 44)], leaf)
        if snow is not None:
            pen.polygon([(-half * 0.5, low - 22), (half * 0.5, low - 22), (0, low - 44)], snow)


def beach(pen: Pen) -> None:
    """Draw sky, sea, sand and a palm tree."""
    sky(pen, (150, 210, 244), (222, 242, 250), 118)
    pen.disc(408, 44, 26, SUN)
    pen.box(0, 112, PAGE_WIDTH, 182, (84, 174, 212))
    pen.box(0, 146, PAGE_WIDTH, 182, (122, 204, 222))
    pen.polygon([(-1, 178), (160, 172), (330, 178), (481, 170), (481, 271), (-1, 271)], (242, 222, 168))
    pen.polygon([(-1, 236), (200, 246), (481, 230), (481, 271), (-1, 271)], (234, 210, 150))
    pen.limb([(58, 236), (66, 160), (92, 92)], 13, (170, 128, 84))
    for turn in (-112, -72, 62, 104, 158, 204):
        tip = along((92, 90), turn + 20, 62)
        bend = along((92, 84), turn + 40, 34)
        pen.limb([(92, 90), bend, (tip[0], tip[1] + 8)], 12, (92, 164, 96))
    pen.limb([(420, 226), (436, 130)], 5, WOOD)
    pen.slice(436, 140, 52, 184, 364, (248, 244, 232))
    pen.polygon([(422, 140), (430, 88), (442, 88), (452, 142)], (120, 190, 200))


def beach_moves(pen: Pen, time: float) -> None:
    """Move clouds, waves and a sailing boat."""
    clouds(pen, time)
    boat = pen.at((330 + time * 6) % 540 - 30, 118 + math.sin(time * 2) * 1.5)
    boat.polygon([(-20, 0), (22, 0), (14, 9), (-14, 9)], WOOD)
    boat.polygon([(0, -36), (0, -3), (20, -3)], WHITE)
    for row in range(3):
        shift = math.sin(time * 1.6 + row * 2) * 9
        y = 134 + row * 15
        for x in range(-20, 500, 66):
            pen.limb([(x + shift + row * 22, y), (x + 22 + shift + row * 22, y)], 2.6, (226, 246, 250))
    swell = 2.5 * math.sin(time * 1.4)
    pen.limb([(0, 177 + swell), (160, 172 + swell), (330, 177 + swell), (480, 170 + swell)], 6, WHITE)


def forest(pen: Pen) -> None:
    """Draw rows of trees and a path."""
    sky(pen, (206, 232, 216), (232, 244, 226), 190)
    for x in range(-10, 500, 46):
        pen.box(x - 4, 60, x + 4, 190, (176, 190, 168))
        pen.disc(x, 58 + x % 37, 40, (176, 208, 176))
    pen.box(0, 176, PAGE_WIDTH, 271, (160, 190, 128))
    pen.polygon([(190, 176), (262, 176), (400, 271), (60, 271)], (206, 188, 146))
    for x, y, size in ((30, 214, 1.25), (112, 186, 0.95), (376, 188, 1.0), (452, 218, 1.3)):
        trunk = pen.at(x, y, size)
        trunk.polygon([(-11, 0), (11, 0), (8, -110), (-8, -110)], DARK_WOOD)
        for cx, cy, radius in ((-24, -118, 34), (24, -116, 34), (0, -144, 38)):
            trunk.disc(cx, cy, radius, (94, 146, 94))
        trunk.disc(-8, -136, 22, (112, 164, 106))
    mushroom = pen.at(420, 246)
    mushroom.box(-5, -16, 5, 0, (246, 236, 220))
    mushroom.slice(0, -14, 15, 180, 360, (190, 96, 80))


def forest_moves(pen: Pen, time: float) -> None:
    """Let leaves fall."""
    for number in range(14):
        x = (number * 71 + 14 * math.sin(time * 1.5 + number)) % PAGE_WIDTH
        y = (number * 53 + time * 30) % 260
        pen.at(x, y, turn=time * 90 + number * 40).oval(0, 0, 6, 3, (196, 160, 84))


def mountain(pen: Pen) -> None:
    """Draw peaks with snow, and pine trees."""
    sky(pen, (142, 190, 234), (206, 228, 246), 180)
    for x, peak, half in ((80, 62, 150), (420, 70, 150), (250, 34, 170)):
        pen.polygon([(x - half, 190), (x, peak), (x + half, 190)], (128, 146, 176))
        pen.polygon([(x, peak), (x + half, 190), (x + half * 0.3, 190)], (108, 126, 158))
        cap = (190 - peak) * 0.36
        edge = half * 0.36
        pen.polygon([(x - edge, peak + cap), (x, peak), (x + edge, peak + cap), (x, peak + cap * 0.7)], WHITE)
    pen.polygon([(-1, 182), (140, 168), (320, 182), (481, 166), (481, 271), (-1, 271)], (226, 234, 246))
    pen.polygon([(-1, 246), (220, 236), (481, 252), (481, 271), (-1, 271)], (212, 224, 240))
    for x, y, size in ((34, 222, 1.2), (96, 190, 0.8), (392, 190, 0.85), (452, 226, 1.25)):
        pine(pen.at(x, y, size), PINE, (240, 246, 252))


def mountain_moves(pen: Pen, time: float) -> None:
    """Let snow fall."""
    for number in range(46):
        x = (number * 97 + 10 * math.sin(time + number) + time * 9) % PAGE_WIDTH
        y = (number * 61 + time * (26 + number % 5 * 6)) % 270
        pen.disc(x, y, 2.2 + number % 3 * 0.6, WHITE)


def desert(pen: Pen) -> None:
    """Draw dunes, a pyramid and cactuses."""
    sky(pen, (252, 206, 142), (255, 238, 204), 180)
    pen.disc(84, 52, 32, (255, 246, 214))
    pen.polygon([(252, 172), (340, 66), (428, 172)], (220, 176, 112))
    pen.polygon([(340, 66), (428, 172), (366, 172)], (190, 146, 90))
    pen.polygon([(-1, 178), (110, 150), (250, 176), (390, 152), (481, 172), (481, 271), (-1, 271)], (236, 198, 132))
    pen.polygon([(-1, 206), (170, 188), (481, 216), (481, 271), (-1, 271)], (226, 184, 116))
    for x, y, size in ((52, 216, 1.15), (434, 222, 1.3)):
        cactus = pen.at(x, y, size)
        cactus.limb([(0, -30), (-25, -36), (-25, -56)], 13, (90, 136, 86))
        cactus.limb([(0, -4), (0, -84)], 24, (104, 150, 96))
        for x in (-6, 0, 6):
            cactus.limb([(x, -8), (x, -84)], 1.6, (140, 178, 122))
        cactus.disc(0, -97, 6, (232, 150, 160))


def desert_moves(pen: Pen, time: float) -> None:
    """Roll a tumbleweed and let heat waver."""
    x = (time * 46) % 560 - 40
    weed = pen.at(x, 190 - abs(math.sin(time * 3)) * 12, turn=time * 160)
    weed.disc(0, 0, 14, (176, 136, 84))
    for turn in range(0, 180, 45):
        weed.at(0, 0, turn=turn).oval(0, 0, 13, 5, (158, 118, 70, 140))
    for row in range(3):
        y = 166 + row * 4
        pen.limb(
            [(180 + 10 * math.sin(time * 2 + row), y), (236 + 10 * math.sin(time * 2 + row), y)], 1.6, (250, 226, 176)
        )


def farm(pen: Pen) -> None:
    """Draw a barn, a field, a fence and the tower of a windmill."""
    sky(pen, (168, 214, 240), (228, 242, 244), 160)
    pen.polygon([(-1, 160), (150, 138), (330, 158), (481, 134), (481, 271), (-1, 271)], (172, 206, 126))
    for row in range(6):
        pen.limb([(240 + (row - 2.5) * 24, 160), (240 + (row - 2.5) * 120, 270)], 5, (150, 188, 106))
    barn = pen.at(66, 188)
    barn.polygon([(-58, 0), (-58, -66), (-34, -104), (34, -104), (58, -66), (58, 0)], (152, 74, 62))
    barn.polygon([(-64, -62), (-36, -110), (36, -110), (64, -62), (50, -62), (28, -98), (-28, -98), (-50, -62)], WHITE)
    barn.box(-22, -46, 22, 0, (246, 238, 226))
    for y in (-34, -23, -12):
        barn.box(-20, y - 2, 20, y + 2, (152, 74, 62))
    pen.polygon([(400, 180), (410, 84), (430, 84), (440, 180)], (232, 226, 214))
    pen.polygon([(404, 86), (420, 62), (436, 86)], WOOD)
    for x in range(-8, 500, 40):
        pen.box(x, 172, x + 7, 204, lighter(WOOD, 0.2))
    for y in (178, 191):
        pen.box(0, y, PAGE_WIDTH, y + 5, lighter(WOOD, 0.2))


def farm_moves(pen: Pen, time: float) -> None:
    """Turn the sails of the windmill and move the clouds."""
    clouds(pen, time, seed=4)
    sails = pen.at(420, 84, turn=time * 50)
    for turn in range(0, 360, 120):
        sail = sails.at(0, 0, turn=turn)
        sail.box(4, -4, 50, 9, (246, 240, 224))
        sail.limb([(0, 0), (52, 0)], 3.5, darker(WOOD))
