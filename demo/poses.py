"""How people hold themselves: the angles of a body for each action, and the joints that follow from them.

Pure geometry. Angles are degrees: 0 hangs down, 90 points the way the person faces, 180 points up. Every pose of
an action can be told apart from every other action in a single frame; `phase` (in cycles) only moves it.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from demo.pen import Point, along
from demo.scenes import Action, Kind

Angles = tuple[float, float]
"""Of an upper and a lower limb."""


@dataclass(frozen=True, slots=True)
class Build:
    """The lengths of a body, in units of the page."""

    thigh: float
    shin: float
    torso: float
    neck: float
    head: float
    upper_arm: float
    forearm: float
    leg_width: float
    arm_width: float
    shoulder: float


ADULT = Build(36, 36, 50, 25, 21, 26, 26, 15, 11, 18)
CHILD = Build(21, 20, 36, 22, 21, 21, 22, 13, 10, 14)


def build_of(actor: Kind) -> Build:
    """Return the body of a kind of person."""
    return CHILD if actor == "child" else ADULT


@dataclass(frozen=True, slots=True)
class Pose:
    """The angles of a body; far limbs are behind the torso, `lift` is the height of the feet above ground."""

    far_arm: Angles = (-14.0, -4.0)
    near_arm: Angles = (14.0, 24.0)
    far_leg: Angles = (-5.0, -5.0)
    near_leg: Angles = (5.0, 5.0)
    lean: float = 0.0
    lift: float = 0.0


@dataclass(frozen=True, slots=True)
class Skeleton:
    """The joints of a posed body; the origin is on the ground below the hip."""

    build: Build
    hip: Point
    chest: Point
    head: Point
    far_arm: tuple[Point, Point, Point]
    near_arm: tuple[Point, Point, Point]
    far_leg: tuple[Point, Point, Point]
    near_leg: tuple[Point, Point, Point]

    @property
    def near_hand(self) -> Point:
        """Where the near arm ends."""
        return self.near_arm[2]

    @property
    def far_hand(self) -> Point:
        """Where the far arm ends."""
        return self.far_arm[2]


def joints(build: Build, pose: Pose) -> Skeleton:
    """Return the joints of a body in a pose, its lowest foot `lift` above the ground."""
    reach = max(_drop(build, pose.far_leg), _drop(build, pose.near_leg))
    hip = (0.0, -reach - pose.lift)
    chest = along(hip, 180 - pose.lean, build.torso)
    return Skeleton(
        build=build,
        hip=hip,
        chest=chest,
        head=along(chest, 180 - pose.lean, build.neck),
        far_arm=_limb(_aside(chest, build.shoulder * 0.7), pose.far_arm, build.upper_arm, build.forearm),
        near_arm=_limb(_aside(chest, -build.shoulder * 0.6), pose.near_arm, build.upper_arm, build.forearm),
        far_leg=_limb(_aside(hip, 5, 0), pose.far_leg, build.thigh, build.shin),
        near_leg=_limb(_aside(hip, -5, 0), pose.near_leg, build.thigh, build.shin),
    )


def _drop(build: Build, leg: Angles) -> float:
    thigh, shin = (math.cos(math.radians(angle)) for angle in leg)
    return build.thigh * thigh + build.shin * shin + build.leg_width / 2


def _aside(point: Point, right: float, down: float = 5.0) -> Point:
    return point[0] + right, point[1] + down


def _limb(start: Point, angles: Angles, upper: float, lower: float) -> tuple[Point, Point, Point]:
    middle = along(start, angles[0], upper)
    return start, middle, along(middle, angles[1], lower)


def _swing(phase: float) -> float:
    """Return -1 to 1 in a cycle, with little time spent near 0."""
    wave = math.sin(math.tau * phase)
    return math.copysign(abs(wave) ** 0.35, wave)


def _run(phase: float) -> Pose:
    swing = 46 * _swing(phase)
    ahead, behind = (swing, -swing) if swing > 0 else (-swing, swing)
    leading, trailing = (ahead, ahead - 26), (behind, behind - 52)
    arms = (64.0, 148.0), (-58.0, 24.0)
    forward = swing > 0
    return Pose(
        far_leg=leading if forward else trailing,
        near_leg=trailing if forward else leading,
        far_arm=arms[1] if forward else arms[0],
        near_arm=arms[0] if forward else arms[1],
        lean=16,
        lift=4 + 6 * abs(math.sin(math.tau * phase)),
    )


def _jump(phase: float) -> Pose:
    height = 34 + 16 * math.sin(math.tau * phase)
    spread = 5 * math.sin(math.tau * phase)
    return Pose((140 + spread, 158), (-140 - spread, -158), (52, -30), (-52, -100), 0, height)


def _sit(phase: float) -> Pose:
    tap = 6 * math.sin(math.tau * phase)
    return Pose((30, 72), (34, 78 + tap), (88, 2), (88, 8 + tap), -6)


def _wave(phase: float) -> Pose:
    return Pose((112, 160 + 26 * math.sin(math.tau * phase * 1.5)), (-34, 40), lean=-6)


def _read(phase: float) -> Pose:
    nod = 2 * math.sin(math.tau * phase * 0.5)
    return Pose((38, 98 + nod), (44, 92 + nod), lean=3)


def _carry(phase: float) -> Pose:
    step = 16 * math.sin(math.tau * phase)
    return Pose((42, 92), (48, 88), (step, step - 8), (-step, -step - 8), -7)


def _sleep(phase: float) -> Pose:
    breath = 2 * math.sin(math.tau * phase * 0.4)
    return Pose((8, 4), (-10 - breath, 34), (3, 3), (-3, -3))


def _ride(phase: float) -> Pose:
    pedal = math.tau * phase
    far, near = 66 + 16 * math.sin(pedal), 66 - 16 * math.sin(pedal)
    return Pose((52, 72), (54, 74), (far, far - 74), (near, near - 74), 20, 22)


def _umbrella(phase: float) -> Pose:
    return Pose((48, 140), (-12 - 5 * math.sin(math.tau * phase * 0.5), 6))


def _kick(phase: float) -> Pose:
    return Pose((-70, -40), (62, 84), (66 + 12 * math.sin(math.tau * phase), 74), (-10, -16), -14)


def _eat(phase: float) -> Pose:
    return Pose((30, 84), (44, 128 + 18 * math.sin(math.tau * phase)), lean=4)


def _kite(phase: float) -> Pose:
    pull = 5 * math.sin(math.tau * phase)
    return Pose((112 + pull, 132), (82 + pull, 118), (-12, -12), (14, 10), -12)


def _guitar(phase: float) -> Pose:
    return Pose((56, 92), (-18, 66 + 22 * math.sin(math.tau * phase * 2)), (-9, -9), (9, 9), -4)


POSES: dict[Action, Callable[[float], Pose]] = {
    "run": _run,
    "jump": _jump,
    "sit": _sit,
    "wave": _wave,
    "read": _read,
    "carry": _carry,
    "sleep": _sleep,
    "ride": _ride,
    "umbrella": _umbrella,
    "kick": _kick,
    "eat": _eat,
    "kite": _kite,
    "guitar": _guitar,
}
