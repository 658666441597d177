"""Animals: dogs, cats and horses on four legs in a coat, and birds with coloured feathers."""

import math
from dataclasses import dataclass

from demo import objects
from demo.palette import DARK_WOOD, OUTLINE, RGB, STEEL, WHITE, WOOD, darker, lighter
from demo.pen import Pen, Point, along, between
from demo.scenes import Action, Kind

BEAK: RGB = (236, 152, 40)


@dataclass(frozen=True, slots=True)
class Beast:
    """The measures of a four-legged animal, in units of the page."""

    length: float
    thick: float
    leg: float
    leg_width: float
    neck: Point
    """From the shoulder to the head."""
    head: float


BEASTS: dict[str, Beast] = {
    "dog": Beast(76, 38, 38, 14, (20, -34), 21),
    "cat": Beast(66, 36, 28, 12, (16, -30), 23),
    "horse": Beast(92, 46, 66, 15, (34, -52), 19),
}


@dataclass(frozen=True, slots=True)
class Stance:
    """Where a four-legged animal's parts are; the origin is on the ground below its middle."""

    rear: Point
    front: Point
    head: Point
    legs: tuple[tuple[Point, Point], ...]
    """Far pair first, each from body to foot."""
    nod: float = 0.0
    """How far the head is turned down, in degrees."""
    asleep: bool = False


def draw_beast(pen: Pen, kind: Kind, coat: RGB, fur: RGB, action: Action, phase: float) -> None:
    """Draw a dog, cat or horse that faces to the right."""
    beast = BEASTS[kind]
    stance = stance_of(beast, action, phase)
    pen.shadow(0, 0, beast.length * 0.75, 8)
    for layer in (pen.outlining(), pen):
        _around(layer, beast, action, stance)
        _tail(layer, kind, fur, stance, phase)
        for number, leg in enumerate(stance.legs):
            layer.limb(leg, beast.leg_width, darker(fur, 0.3) if number < 2 else fur)
        _trunk(layer, beast, coat, fur, stance)
        head = layer.at(*stance.head, turn=stance.nod)
        {"dog": _dog_head, "cat": _cat_head, "horse": _horse_head}[kind](head, fur, stance.asleep)
        if action == "carry":
            objects.box(layer.at(-24, (stance.rear[1] + stance.front[1]) / 2 - beast.thick / 2, 1.0), 40)


def stance_of(beast: Beast, action: Action, phase: float) -> Stance:
    """Return where the parts of an animal are at a phase (in cycles) of an action."""
    if action == "sit":
        return _sitting(beast, phase)
    if action == "sleep":
        return _asleep(beast, phase)
    if action == "run":
        return _running(beast, phase)
    if action == "jump":
        return _jumping(beast, phase)
    return _standing(beast, action, phase)


def _standing(beast: Beast, action: Action, phase: float) -> Stance:
    half, height = beast.length / 2, -beast.leg - beast.thick / 2
    step = 9 * math.sin(math.tau * phase) if action == "carry" else 0.0
    swings = (step, -step, -step, step)
    front = (half, height)
    head = (half + beast.neck[0], height + beast.neck[1])
    nod = 0.0
    if action == "eat":
        dip = 3 * math.sin(math.tau * phase)
        head, nod = (half + beast.neck[0] + 16, -beast.head - 16 + dip), 40.0
    return Stance((-half, height), front, head, _four_legs(beast, height, swings), nod)


def _four_legs(beast: Beast, height: float, swings: tuple[float, ...]) -> tuple[tuple[Point, Point], ...]:
    half = beast.length / 2
    feet = (-half + 8, half + 4, -half - 3, half - 7)  # far rear, far front, near rear, near front
    return tuple(((x, height + 6), (x + swing, -beast.leg_width / 2)) for x, swing in zip(feet, swings, strict=True))


def _running(beast: Beast, phase: float) -> Stance:
    bounce = 8 + 5 * math.sin(math.tau * phase)
    half, height = beast.length / 2, -beast.leg - beast.thick / 2 - bounce + 6
    reach = 10 * math.sin(math.tau * phase)
    angles = (-58 - reach, 66 + reach, -42 - reach, 48 + reach)
    starts = (-half, half, -half, half)
    legs = tuple(
        ((x, height + 8), along((x, height + 8), angle, beast.leg + 6)) for x, angle in zip(starts, angles, strict=True)
    )
    head = (half + beast.neck[0] + 10, height + beast.neck[1] * 0.75)
    return Stance((-half - 4, height), (half + 4, height), head, legs, 6)


def _jumping(beast: Beast, phase: float) -> Stance:
    lift = 78 - 0.85 * beast.leg + 10 * math.sin(math.tau * phase)
    half, height = beast.length / 2 - 4, -beast.leg - beast.thick / 2 - lift
    rear, front = (-half, height + 18), (half, height - 18)
    legs = (
        (rear, along(rear, -40, beast.leg + 8)),
        (front, along(front, 92, beast.leg + 4)),
        (rear, along(rear, -20, beast.leg + 8)),
        (front, along(front, 66, beast.leg + 4)),
    )
    return Stance(rear, front, (front[0] + beast.neck[0], front[1] + beast.neck[1] * 0.8), legs, -14)


def _sitting(beast: Beast, phase: float) -> Stance:
    sway = math.sin(math.tau * phase * 0.5)
    rear = (-beast.length * 0.3, -beast.thick / 2)
    front = (beast.length * 0.18, -beast.leg - beast.thick * 0.55)
    foot = -beast.leg_width / 2
    legs = (
        (rear, (beast.length * 0.1, foot)),
        (front, (beast.length * 0.34, foot)),
        (rear, (beast.length * 0.02, foot)),
        (front, (beast.length * 0.22, foot)),
    )
    head = (front[0] + beast.neck[0] * 0.5 + sway, front[1] + beast.neck[1])
    return Stance(rear, front, head, legs)


def _asleep(beast: Beast, phase: float) -> Stance:
    breath = 1.5 * math.sin(math.tau * phase * 0.4)
    half, height = beast.length / 2, -beast.thick / 2 - 10 - breath
    foot = -beast.leg_width / 2 - 10
    legs = (
        ((half * 0.8, foot), (half + 20, foot)),
        ((-half * 0.6, foot), (-half + 14, foot)),
        ((half * 0.7, foot), (half + 14, foot)),
        ((-half * 0.8, foot), (-half + 20, foot)),
    )
    return Stance((-half, height), (half, height), (half + 16, -beast.head - 8), legs, 18, asleep=True)


def _around(pen: Pen, beast: Beast, action: Action, stance: Stance) -> None:
    if action == "sleep":
        objects.cushion(pen, beast.length * 2.0)
    elif action == "eat":
        objects.bowl(pen.at(stance.head[0] + beast.head * 0.6, 2), 1.0 if beast.leg < 60 else 1.2)
    elif action == "run":
        for row, length in enumerate((32, 44, 28)):
            y = -18 - row * 20
            pen.limb([(-beast.length - 6 - length, y), (-beast.length - 6, y)], 3.4, (236, 240, 244))


def _trunk(pen: Pen, beast: Beast, coat: RGB, fur: RGB, stance: Stance) -> None:
    neck = beast.thick * (0.62 if beast.leg < 60 else 0.56)
    pen.limb([between(stance.rear, stance.front, 0.9), stance.head], neck, fur)
    pen.limb([stance.rear, stance.front], beast.thick, fur)
    start, end = between(stance.rear, stance.front, 0.1), between(stance.rear, stance.front, 0.92)
    pen.limb([start, end], beast.thick + 3, coat)
    collar = between(stance.front, stance.head, 0.22)
    pen.limb([collar, between(stance.front, stance.head, 0.34)], neck + 3, darker(coat, 0.12))


def _tail(pen: Pen, kind: Kind, fur: RGB, stance: Stance, phase: float) -> None:
    x, y = stance.rear
    wag = 8 * math.sin(math.tau * phase)
    if kind == "horse":
        pen.limb([(x - 16, y - 10), (x - 34, y + 6), (x - 36 + wag / 2, y + 36)], 11, darker(fur, 0.5))
    elif kind == "cat":
        top = (x - 32 + wag, y - 40) if not stance.asleep else (x - 30, y + 14)
        pen.limb([(x - 10, y), (x - 30, y - 6), top], 9, darker(fur, 0.2))
    else:
        top = (x - 30 + wag / 2, y - 30) if not stance.asleep else (x - 34, y + 10)
        pen.limb([(x - 10, y - 4), top], 10, fur)


def _dog_head(pen: Pen, fur: RGB, asleep: bool) -> None:
    pen.limb([(4, 6), (24, 8)], 21, lighter(fur, 0.45))
    pen.disc(0, 0, 21, fur)
    pen.limb([(8, 8), (23, 9)], 17, lighter(fur, 0.45))
    pen.disc(33, 4, 6, OUTLINE)
    pen.limb([(-10, -14), (-17, 4), (-15, 16)], 13, darker(fur, 0.5))
    _eye(pen, 8, -5, asleep)
    if not asleep:
        pen.limb([(20, 18), (21, 25)], 8, (236, 110, 120))


def _cat_head(pen: Pen, fur: RGB, asleep: bool) -> None:
    for side in (-1, 1):
        pen.polygon([(side * 22, -4), (side * 20, -36), (side * 4, -18)], fur)
        pen.polygon([(side * 18, -12), (side * 17, -27), (side * 9, -17)], (240, 170, 170))
    pen.oval(0, 0, 25, 21, fur)
    pen.oval(0, 9, 12, 8, lighter(fur, 0.6))
    for x in (-10, 10):
        if asleep:
            pen.limb([(x - 5, -1), (x, 1), (x + 5, -1)], 2.2, OUTLINE)
        else:
            pen.disc(x, -2, 5.5, (170, 220, 120))
            pen.oval(x, -2, 2, 5, OUTLINE)
    pen.polygon([(-4, 5), (4, 5), (0, 9)], (230, 120, 130))
    for side in (-1, 1):
        for lift in (-3, 3):
            pen.limb([(side * 12, 9), (side * 30, 8 + lift)], 1.3, WHITE)


def _horse_head(pen: Pen, fur: RGB, asleep: bool) -> None:
    mane = darker(fur, 0.6)
    pen.limb([(-14, -12), (-26, 14), (-34, 34)], 14, mane)
    pen.limb([(-6, -14), (-4, -30)], 9, fur)
    pen.disc(0, 0, 18, fur)
    pen.limb([(2, 2), (28, 20)], 25, fur)
    pen.limb([(27, 19), (32, 22)], 22, lighter(fur, 0.35))
    pen.disc(36, 19, 2.6, OUTLINE)
    pen.limb([(-10, -18), (6, -12)], 10, mane)
    pen.limb([(4, -8), (16, 0)], 5, WHITE)
    _eye(pen, 8, -3, asleep)


def _eye(pen: Pen, x: float, y: float, asleep: bool) -> None:
    if asleep:
        pen.limb([(x - 5, y), (x, y + 2), (x + 5, y)], 2.4, OUTLINE)
    else:
        pen.disc(x, y, 4.6, WHITE)
        pen.disc(x + 1, y, 3.2, OUTLINE)


def draw_bird(pen: Pen, feathers: RGB, action: Action, phase: float) -> None:
    """Draw a bird that faces to the right; it flies, perches, pecks, or sleeps in a nest."""
    pen.shadow(0, 0, 36, 7)
    flap = math.sin(math.tau * phase)
    height = {"fly": -104 + 8 * flap, "sit": -92, "sleep": -44, "eat": -46}[action]
    for layer in (pen.outlining(), pen):
        _perch(layer, action)
        tilt = 30 + 6 * flap if action == "eat" else -8
        _feathered(layer.at(0, height, turn=tilt), feathers, action, flap)


def _perch(pen: Pen, action: Action) -> None:
    if action == "sit":
        pen.limb([(0, -4), (0, -56)], 13, WOOD)
        pen.limb([(-38, -58), (38, -58)], 10, WOOD)
    elif action == "sleep":
        pen.oval(0, -14, 58, 16, WOOD)
        pen.oval(0, -24, 50, 9, DARK_WOOD)
    elif action == "eat":
        objects.bowl(pen.at(52, 2), 0.9)


def _feathered(pen: Pen, feathers: RGB, action: Action, flap: float) -> None:
    wing = darker(feathers, 0.22)
    if action == "fly":
        pen.polygon([(-14, -6), (14, -4), (-2, -58 + 40 * (flap < 0)), (-34, -50 + 30 * (flap < 0))], wing)
    if action in ("sit", "eat"):
        for foot in (-6, 8):
            pen.limb([(foot, 22), (foot + 2, 36)], 4, BEAK)
    pen.polygon([(-28, -8), (-66, -16), (-62, 6), (-26, 12)], wing)
    pen.oval(0, 0, 38, 29, feathers)
    asleep = action == "sleep"
    x, y = (24.0, -18.0) if asleep else (32.0, -26.0)
    pen.disc(x, y, 20, feathers)
    pen.oval(8, 12, 20, 12, lighter(feathers, 0.55) if feathers[2] < 240 else STEEL)
    pen.polygon([(x + 16, y - 6), (x + 38, y + 3), (x + 15, y + 9)], BEAK)
    _eye(pen, x + 6, y - 4, asleep)
    if action == "fly":
        low = 34.0 if flap < 0 else -44.0
        pen.polygon([(-20, -4), (14, 2), (-6, low), (-40, low - 4)], darker(feathers, 0.12))
    else:
        pen.oval(-8, 0, 22, 14, wing)
