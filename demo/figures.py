"""People: a body in a pose, dressed in one colour, with what the action puts around and into their hands."""

import math
from dataclasses import dataclass

from demo import objects
from demo.palette import LEATHER, OUTLINE, RGB, SLATE, WHITE, darker
from demo.pen import Pen, Point, between
from demo.poses import POSES, Skeleton, build_of, joints
from demo.scenes import Action, Kind


@dataclass(frozen=True, slots=True)
class Appearance:
    """What a person looks like, beside the kind."""

    clothes: RGB
    skin: RGB
    hair: RGB


def draw_person(pen: Pen, kind: Kind, look: Appearance, action: Action, phase: float) -> None:
    """Draw a person who stands (or lies, or rides) at the pen's origin and faces to the right."""
    body = joints(build_of(kind), POSES[action](phase))
    pen.shadow(0, 0, 62 if action in ("ride", "sleep") else 34, 7)
    if action == "sleep":
        _sleeper(pen, kind, look, body)
        return
    for layer in (pen.outlining(), pen):
        _behind(layer, body, action, phase)
        _far_side(layer, kind, look, body)
        _torso(layer, kind, look, body)
        _head(layer, kind, look, body.head, asleep=False)
        _before(layer, body, action)
        _arm(layer, kind, look, body.near_arm, body)
        _at_last(layer, body, action, phase)


def _sleeper(pen: Pen, kind: Kind, look: Appearance, body: Skeleton) -> None:
    length = -body.head[1] + 26
    for layer in (pen.outlining(), pen):
        objects.bed(layer, length)
        lying = layer.at(length / 2 - 2, -38, turn=-90)
        _far_side(lying, kind, look, body)
        _torso(lying, kind, look, body)
        _head(lying, kind, look, body.head, asleep=True)
        _arm(lying, kind, look, body.near_arm, body)


def _far_side(pen: Pen, kind: Kind, look: Appearance, body: Skeleton) -> None:
    if kind == "woman":
        _long_hair(pen, look, body.head, body.build.head)
    far = Appearance(darker(look.clothes, 0.16), darker(look.skin, 0.1), look.hair)
    _arm(pen, kind, far, body.far_arm, body)
    _leg(pen, kind, far, body.far_leg, body)
    _leg(pen, kind, look, body.near_leg, body)


def _leg(pen: Pen, kind: Kind, look: Appearance, leg: tuple[Point, Point, Point], body: Skeleton) -> None:
    width = body.build.leg_width
    hip, knee, foot = leg
    pen.limb([hip, knee, foot], width, SLATE if kind == "man" else look.skin)
    if kind == "child":
        pen.limb([hip, knee], width + 3, SLATE)
    pen.limb([foot, _toe(knee, foot)], width * 0.85, LEATHER)


def _toe(knee: Point, foot: Point) -> Point:
    away = math.atan2(foot[1] - knee[1], foot[0] - knee[0]) - math.pi / 2
    return foot[0] + 10 * math.cos(away), foot[1] + 10 * math.sin(away)


def _arm(pen: Pen, kind: Kind, look: Appearance, arm: tuple[Point, Point, Point], body: Skeleton) -> None:
    width = body.build.arm_width
    shoulder, elbow, hand = arm
    sleeve = hand if kind == "man" else elbow
    pen.limb([shoulder, elbow, hand], width, look.skin)
    pen.limb([shoulder, elbow, between(elbow, sleeve, 0.7)], width + 2, darker(look.clothes, 0.1))
    pen.disc(*hand, width * 0.62, look.skin)


def _torso(pen: Pen, kind: Kind, look: Appearance, body: Skeleton) -> None:
    half, (hx, hy), (cx, cy) = body.build.shoulder, body.hip, body.chest
    pen.limb([body.chest, body.head], 11, look.skin)
    if kind == "woman":
        pen.polygon([(cx - half + 3, cy), (cx + half - 3, cy), *_hem(body)], look.clothes)
    waist = half - (6 if kind == "woman" else 2)
    pen.polygon([(cx - half, cy), (cx + half, cy), (hx + waist, hy + 3), (hx - waist, hy + 3)], look.clothes)
    pen.limb([(cx - half + 6, cy + 3), (cx + half - 6, cy + 3)], 13, look.clothes)
    if kind == "man":
        pen.limb([(hx - waist + 2, hy + 2), (hx + waist - 2, hy + 2)], 6, LEATHER)


def _hem(body: Skeleton) -> list[Point]:
    """Return the lower corners of a dress, right to left."""
    ends = [between(leg[1], leg[2], 0.25) for leg in (body.far_leg, body.near_leg)]
    right, left = max(ends), min(ends)
    if right[1] < body.hip[1] + 12:  # thighs lie level: the dress hangs over the knees
        return [(right[0] + 9, right[1] - 10), (right[0] + 9, right[1] + 14), (-18, body.hip[1] + 12)]
    return [(right[0] + 14, right[1]), (left[0] - 14, left[1])]


def _long_hair(pen: Pen, look: Appearance, head: Point, radius: float) -> None:
    x, y = head
    pen.disc(x - 3, y - 2, radius + 4, look.hair)
    pen.polygon(
        [(x - radius - 6, y), (x + radius - 2, y), (x + radius - 4, y + 34), (x - radius - 8, y + 36)], look.hair
    )


def _head(pen: Pen, kind: Kind, look: Appearance, head: Point, asleep: bool) -> None:
    radius = 21.0
    x, y = head
    pen.disc(x, y, radius, look.skin)
    _face(pen, x, y, asleep)
    if kind == "man":
        pen.limb([(x + 2, y + 8), (x + 8, y + 6), (x + 14, y + 8)], 4, look.hair)
        pen.slice(x, y, radius + 1.5, 186, 330, look.hair)
        pen.limb([(x - radius + 2, y - 3), (x - radius + 3, y + 5)], 5, look.hair)
    elif kind == "woman":
        pen.slice(x - 1, y, radius + 2, 165, 335, look.hair)
    else:
        pen.slice(x, y - 1, radius + 2, 178, 362, look.clothes)
        pen.limb([(x + 6, y - 3), (x + radius + 11, y - 2)], 6, darker(look.clothes, 0.2))


def _face(pen: Pen, x: float, y: float, asleep: bool) -> None:
    for eye in (x + 2, x + 13):
        if asleep:
            pen.limb([(eye - 3, y + 2), (eye + 3, y + 2)], 2, OUTLINE)
        else:
            pen.disc(eye, y + 1, 2.6, OUTLINE)
    pen.limb([(x + 4, y + 10), (x + 8, y + 12), (x + 12, y + 10)], 2, (168, 60, 60))


def _behind(pen: Pen, body: Skeleton, action: Action, phase: float) -> None:
    if action == "sit":
        objects.chair(pen, -body.hip[1] - 6)
    elif action == "ride":
        objects.bicycle(pen.at(4, 0), phase * 300)
    elif action == "umbrella":
        objects.umbrella(pen.at(*body.far_hand))
    elif action == "run":
        for row, length in enumerate((34, 44, 30)):
            y = -34 - row * 30
            pen.limb([(-48 - length, y), (-48, y)], 3.4, (236, 240, 244))


def _before(pen: Pen, body: Skeleton, action: Action) -> None:
    if action == "read":
        hand = between(body.far_hand, body.near_hand, 0.5)
        objects.open_book(pen.at(hand[0] + 8, hand[1] + 4, 1.15))
    elif action == "carry":
        hand = between(body.far_hand, body.near_hand, 0.5)
        objects.box(pen.at(hand[0] - 16, hand[1] + 12, 1.1))
    elif action == "guitar":
        objects.guitar(pen.at(body.hip[0] - 2, body.hip[1] - 12))
    elif action == "eat":
        objects.table(pen.at(8, 2), -body.hip[1] - 2)


def _at_last(pen: Pen, body: Skeleton, action: Action, phase: float) -> None:
    hand = body.near_hand
    if action == "kick":
        foot = body.far_leg[2]
        objects.ball(pen.at(foot[0] + 32 + 5 * math.sin(math.tau * phase), foot[1] - 6))
    elif action == "eat":
        pen.limb([hand, (hand[0] + 12, hand[1] - 12)], 3.4, (210, 214, 220))
        pen.disc(hand[0] + 13, hand[1] - 13, 4.5, (210, 214, 220))
    elif action == "kite":
        sway = 6 * math.sin(math.tau * phase * 0.7)
        top = (body.head[0] + 80 + sway, body.head[1] - 20 + sway / 2)
        pen.limb([body.far_hand, top], 1.6, WHITE)
        objects.kite(pen.at(*top, 1.15, turn=28 + sway), 1.5)
