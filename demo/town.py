"""Places people have built: kitchen, street, classroom, night city, pool, harbour, station.

Like `nature`: a still part and a part that moves for each. No letters are drawn here, so that the only words
to be read in a scene are its screen text.
"""

import math
from random import Random

from demo.nature import clouds, sky
from demo.palette import DARK_WOOD, RGB, SLATE, STEEL, WHITE, WOOD, darker, lighter
from demo.pen import PAGE_WIDTH, Pen, along

WATER: RGB = (92, 160, 186)
LAMP: RGB = (255, 226, 130)


def _clock(pen: Pen, time: float) -> None:
    pen.disc(0, 0, 20, DARK_WOOD)
    pen.disc(0, 0, 16, WHITE)
    pen.limb([(0, 0), along((0, 0), 180 - time * 6, 12)], 2, SLATE)
    pen.limb([(0, 0), along((0, 0), 60 - time * 0.5, 8)], 3, SLATE)


def kitchen(pen: Pen) -> None:
    """Draw cupboards, a stove, a refrigerator and a chequered floor."""
    pen.box(0, 0, PAGE_WIDTH, 190, (250, 234, 204))
    for row in range(3):
        for column in range(13):
            if (row + column) % 2:
                pen.box(column * 40 - 10, 190 + row * 28, column * 40 + 30, 218 + row * 28, (222, 206, 190))
            else:
                pen.box(column * 40 - 10, 190 + row * 28, column * 40 + 30, 218 + row * 28, (244, 236, 224))
    for x in (8, 74, 254, 320):
        pen.box(x, 14, x + 60, 72, (178, 146, 118))
        pen.box(x + 5, 19, x + 55, 67, (198, 166, 136))
        pen.disc(x + 46, 44, 3, STEEL)
    pen.box(148, 12, 240, 92, WHITE)
    pen.box(154, 18, 234, 86, (182, 220, 240))
    pen.box(191, 18, 197, 86, WHITE)
    pen.box(0, 124, 388, 134, (140, 106, 80))
    pen.box(0, 134, 388, 196, (206, 178, 150))
    pen.box(30, 132, 108, 196, (92, 98, 108))
    pen.box(42, 150, 96, 186, (50, 54, 62))
    pen.box(44, 96, 94, 124, STEEL)
    pen.box(38, 92, 100, 98, darker(STEEL))
    pen.box(392, 44, 470, 206, (214, 226, 232))
    pen.box(392, 104, 470, 108, STEEL)
    pen.box(400, 116, 406, 150, STEEL)
    pen.box(400, 70, 406, 98, STEEL)


def kitchen_moves(pen: Pen, time: float) -> None:
    """Let the pot steam."""
    for number in range(4):
        rise = (time * 22 + number * 14) % 56
        pen.disc(58 + number * 8 + 5 * math.sin(time * 2 + number), 88 - rise, 4 + rise / 9, (255, 252, 246))


def street(pen: Pen) -> None:
    """Draw a row of houses, a pavement and a road with a crossing."""
    sky(pen, (176, 214, 238), (226, 238, 242), 150)
    fronts: tuple[RGB, ...] = ((226, 202, 178), (202, 212, 206), (232, 216, 190), (206, 200, 214), (222, 206, 196))
    for number, paint in enumerate(fronts):
        left, top = number * 98 - 6, 40 + number % 2 * 20
        pen.box(left, top, left + 96, 182, paint)
        pen.polygon([(left - 4, top), (left + 48, top - 26), (left + 100, top)], (150, 112, 100))
        for row in range(2):
            for column in range(2):
                x, y = left + 14 + column * 42, top + 14 + row * 40
                pen.box(x - 3, y - 3, x + 27, y + 27, WHITE)
                pen.box(x, y, x + 24, y + 24, (142, 176, 198))
        pen.box(left + 38, 146, left + 58, 182, darker(paint, 0.5))
    pen.box(0, 180, PAGE_WIDTH, 200, (206, 204, 200))
    pen.box(0, 200, PAGE_WIDTH, 271, (140, 142, 148))
    for x in range(30, 460, 64):
        pen.polygon([(x, 206), (x + 32, 206), (x + 26, 264), (x - 10, 264)], (230, 230, 228))
    for x in (26, 456):
        pen.limb([(x, 200), (x, 84)], 6, SLATE)
        pen.limb([(x - 12, 84), (x + 12, 84)], 8, SLATE)
        pen.disc(x, 92, 8, LAMP)


def street_moves(pen: Pen, time: float) -> None:
    """Drive a grey car behind the actors."""
    clouds(pen, time, seed=2)
    car = pen.at((time * 62) % 680 - 100, 204)
    car.polygon([(-34, -26), (-22, -48), (24, -48), (38, -26)], darker(STEEL, 0.2))
    car.polygon([(-26, -28), (-18, -43), (20, -43), (29, -28)], (206, 226, 236))
    car.limb([(-46, -18), (50, -18)], 19, STEEL)
    for x in (-28, 32):
        car.disc(x, -7, 11, SLATE)
        car.disc(x, -7, 5, WHITE)


def classroom(pen: Pen) -> None:
    """Draw a blackboard with shapes in chalk, shelves and a row of desks."""
    pen.box(0, 0, PAGE_WIDTH, 196, (232, 232, 212))
    pen.box(0, 190, PAGE_WIDTH, 271, (204, 172, 132))
    for y in (206, 226, 250):
        pen.box(0, y, PAGE_WIDTH, y + 2, (186, 152, 112))
    pen.box(84, 22, 396, 138, WOOD)
    pen.box(92, 30, 388, 130, (64, 98, 88))
    chalk = (222, 232, 224)
    pen.limb([(112, 112), (140, 56), (168, 112), (112, 112)], 3, chalk)
    pen.limb([(330, 56), (372, 56), (372, 104), (330, 104), (330, 56)], 3, chalk)
    for y in (48, 64, 80):
        pen.limb([(200, y), (290 - y % 3 * 12, y)], 3, chalk)
    pen.box(84, 136, 396, 142, lighter(WOOD))
    for x in (8, 412):
        pen.box(x, 86, x + 60, 192, (176, 140, 104))
        for row in range(3):
            pen.box(x + 5, 92 + row * 33, x + 55, 118 + row * 33, (126, 96, 72))
            for column in range(5):
                paint = ((150, 160, 190), (190, 150, 140), (160, 180, 150))[(row + column) % 3]
                pen.box(x + 8 + column * 9, 97 + row * 33, x + 15 + column * 9, 118 + row * 33, paint)
    for x in (40, 170, 300, 430):
        pen.box(x - 40, 164, x + 40, 172, (214, 176, 128))
        for leg in (-34, 30):
            pen.box(x + leg, 172, x + leg + 5, 202, DARK_WOOD)


def classroom_moves(pen: Pen, time: float) -> None:
    """Turn the hands of the clock."""
    _clock(pen.at(40, 46), time * 4)


def night_city(pen: Pen) -> None:
    """Draw towers with lit windows under moon and stars."""
    sky(pen, (18, 22, 54), (56, 54, 104), 200)
    rng = Random(11)
    for _ in range(40):
        pen.disc(rng.uniform(0, 480), rng.uniform(0, 110), rng.uniform(0.7, 1.6), (230, 230, 250))
    pen.disc(70, 46, 26, (250, 244, 208))
    pen.disc(81, 40, 22, (26, 29, 64))
    for number, (left, top) in enumerate(
        ((-4, 96), (62, 64), (122, 108), (184, 50), (252, 88), (316, 36), (376, 78), (432, 54))
    ):
        wall = (44, 46, 88) if number % 2 else (54, 54, 100)
        pen.box(left, top, left + 62, 206, wall)
        for y in range(top + 10, 186, 18):
            for x in range(left + 9, left + 54, 15):
                lit = rng.random() < 0.6
                pen.box(x, y, x + 8, y + 10, (248, 214, 120) if lit else darker(wall, 0.4))
    pen.box(0, 200, PAGE_WIDTH, 271, (66, 66, 92))
    pen.oval(240, 238, 190, 26, (92, 90, 112))
    pen.box(0, 198, PAGE_WIDTH, 206, (96, 96, 124))
    for x in (60, 424):
        pen.limb([(x, 204), (x, 108)], 5, (30, 30, 50))
        pen.disc(x, 104, 16, (120, 112, 116))
        pen.disc(x, 104, 10, LAMP)


def night_city_moves(pen: Pen, time: float) -> None:
    """Switch windows and blink the lights of a passing aeroplane."""
    for number in range(6):
        if (time * 0.7 + number * 0.37) % 1 < 0.5:
            x, y = 71 + number * 62 % 390, 92 + number % 3 * 36
            pen.box(x, y, x + 8, y + 10, (255, 240, 180))
    plane = (time * 30 + 200) % 520 - 20, 24.0
    pen.disc(*plane, 2.6 if time % 1 < 0.5 else 1.2, (255, 150, 140))


def pool(pen: Pen) -> None:
    """Draw a swimming pool with lanes, tiles and a diving board."""
    pen.box(0, 0, PAGE_WIDTH, 110, (226, 238, 240))
    for x in range(10, 480, 80):
        pen.box(x, 16, x + 62, 78, (170, 208, 226))
        pen.box(x + 29, 16, x + 33, 78, WHITE)
    pen.box(0, 96, PAGE_WIDTH, 114, (206, 198, 184))
    pen.box(0, 112, PAGE_WIDTH, 192, (52, 188, 212))
    for y in (134, 160):
        for x in range(-10, 490, 22):
            pen.box(x, y, x + 13, y + 5, (244, 244, 240))
    pen.box(0, 190, PAGE_WIDTH, 200, (240, 240, 234))
    pen.box(0, 198, PAGE_WIDTH, 271, (214, 206, 190))
    for x in range(-60, 560, 48):
        pen.limb([(x, 198), (x * 1.4 - 96, 270)], 1.6, (190, 180, 164))
    pen.box(0, 230, PAGE_WIDTH, 232, (190, 180, 164))
    for x in (50, 76):
        pen.limb([(x, 206), (x, 150), (x + 8, 142), (x + 16, 150)], 5, STEEL)
    pen.box(380, 128, 480, 136, WHITE)
    pen.box(448, 136, 464, 206, STEEL)


def pool_moves(pen: Pen, time: float) -> None:
    """Move the light on the water."""
    for row in range(4):
        for column in range(7):
            x = column * 74 + row * 30 + 10 * math.sin(time * 2 + row + column)
            pen.limb([(x, 122 + row * 19), (x + 10, 119 + row * 19), (x + 22, 122 + row * 19)], 2.4, (176, 238, 246))


def harbour(pen: Pen) -> None:
    """Draw a lighthouse, warehouses, water and a stone quay."""
    sky(pen, (190, 212, 226), (236, 234, 226), 120)
    pen.polygon([(-1, 122), (90, 92), (190, 122)], (146, 168, 154))
    for x, paint in ((176, (186, 164, 148)), (244, (164, 172, 184))):
        pen.box(x, 78, x + 60, 124, paint)
        pen.polygon([(x - 4, 78), (x + 30, 58), (x + 64, 78)], darker(paint, 0.4))
    pen.box(0, 120, PAGE_WIDTH, 202, WATER)
    tower = pen.at(66, 112)
    tower.polygon([(-20, 0), (20, 0), (12, -84), (-12, -84)], WHITE)
    for low in (-8, -42):
        tower.polygon([(-19, low), (19, low), (16, low - 18), (-16, low - 18)], (190, 92, 82))
    tower.box(-14, -98, 14, -82, LAMP)
    tower.polygon([(-17, -97), (17, -97), (0, -112)], SLATE)
    pen.box(0, 198, PAGE_WIDTH, 271, (178, 172, 166))
    pen.box(0, 196, PAGE_WIDTH, 204, (206, 200, 192))
    for x in range(0, 480, 60):
        pen.box(x, 204, x + 2, 236, (152, 146, 140))
        pen.box(x + 30, 236, x + 32, 271, (152, 146, 140))
    pen.box(0, 235, PAGE_WIDTH, 237, (152, 146, 140))
    for x in (30, 448):
        pen.limb([(x, 210), (x, 194)], 14, SLATE)


def harbour_moves(pen: Pen, time: float) -> None:
    """Rock the boats and move the water."""
    clouds(pen, time, (246, 244, 240), seed=7)
    for x, size, hull in ((400.0, 1.25, SLATE), (136.0, 0.8, WOOD)):
        boat = pen.at(x, 168 + 2 * math.sin(time * 1.8 + x), size, turn=2.5 * math.sin(time * 1.3 + x))
        boat.polygon([(-58, -12), (60, -16), (44, 12), (-46, 12)], hull)
        boat.box(-30, -34, 8, -12, WHITE)
        boat.box(-22, -29, -8, -19, (142, 176, 198))
        boat.limb([(22, -12), (22, -84)], 4, DARK_WOOD)
        boat.polygon([(26, -80), (26, -24), (52, -24)], (240, 232, 214))
    for row in range(3):
        for column in range(6):
            x = column * 88 + row * 34 + 8 * math.sin(time * 1.5 + row)
            pen.limb([(x, 138 + row * 21), (x + 20, 138 + row * 21)], 2.4, (178, 214, 226))


def station(pen: Pen) -> None:
    """Draw the roof of a railway station, its platform and the rails."""
    pen.box(0, 0, PAGE_WIDTH, 90, (214, 224, 230))
    for x in range(-40, 520, 70):
        pen.limb([(x, 60), (x + 35, 8), (x + 70, 60)], 5, (150, 164, 172))
    pen.box(0, 56, PAGE_WIDTH, 66, (128, 142, 152))
    pen.box(0, 66, PAGE_WIDTH, 176, (226, 220, 208))
    pen.box(0, 172, PAGE_WIDTH, 196, (98, 92, 90))
    pen.box(0, 194, PAGE_WIDTH, 271, (190, 188, 186))
    pen.box(0, 200, PAGE_WIDTH, 208, (236, 206, 96))
    for x in range(-20, 500, 60):
        pen.limb([(x + 30, 212), (x, 270)], 1.6, (168, 166, 164))
    for x in (36, 444):
        pen.box(x - 6, 62, x + 6, 200, (112, 126, 136))


def station_moves(pen: Pen, time: float) -> None:
    """Let a long train roll by, and turn the hands of the clock."""
    shift = (time * 38) % 160
    pen.box(0, 84, PAGE_WIDTH, 176, (96, 134, 138))
    pen.box(0, 150, PAGE_WIDTH, 160, (232, 228, 214))
    pen.box(0, 78, PAGE_WIDTH, 88, (70, 96, 102))
    for left in range(-160, 640, 160):
        x = left + shift
        for window in range(3):
            pen.box(x + 10 + window * 36, 98, x + 38 + window * 36, 132, (206, 228, 236))
        pen.box(x + 122, 94, x + 150, 172, (70, 96, 102))
        pen.box(x + 127, 100, x + 145, 130, (206, 228, 236))
        pen.disc(x + 30, 178, 9, SLATE)
        pen.disc(x + 110, 178, 9, SLATE)
    for x in (36, 444):
        pen.box(x - 6, 62, x + 6, 200, (112, 126, 136))
    _clock(pen.at(36, 84), time * 4)
