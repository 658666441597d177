"""How many keyframes of a video are kept: at most so many an hour, chosen so that no shot goes without, if possible.

Each keyframe costs disk, reading of text, and a picture vector. Pure.
"""

import math
from collections.abc import Sequence

from retrieval.types import Keyframe, Shot

FRAMES_PER_HOUR = 3600
"""Keyframes an hour by default, one a second: ordinary films have 800 to 2,200."""


def allowed(duration: float, frames_per_hour: int) -> int:
    """Return how many keyframes a video of `duration` seconds may have, 1 or more."""
    return max(1, math.ceil(duration * frames_per_hour / 3600))


def thinned(
    keyframes: Sequence[Keyframe], shots: Sequence[Shot], duration: float, frames_per_hour: int
) -> tuple[Keyframe, ...]:
    """Return the keyframes to keep, in order of time: all where the budget allows.

    Else the first of each shot, and of the rest as many as may be, spread evenly in time; where there are more
    shots than the budget has keyframes, shots spread evenly. A moment that is left without any is given one later, so
    a budget below one for each moment is exceeded.

    Args:
        keyframes: in order of time.
        shots: in order of time.
        duration: seconds of the video.
        frames_per_hour: the budget.
    """
    most = allowed(duration, frames_per_hour)
    if len(keyframes) <= most:
        return tuple(keyframes)
    firsts = _firsts(keyframes, shots)
    if len(firsts) >= most:
        return _spread(firsts, most)
    kept = set(firsts)
    others = [frame for frame in keyframes if frame not in kept]
    chosen = {*kept, *_spread(others, most - len(firsts))}
    return tuple(frame for frame in keyframes if frame in chosen)


def _firsts(keyframes: Sequence[Keyframe], shots: Sequence[Shot]) -> list[Keyframe]:
    """Return the first keyframe of each shot that has one."""
    firsts: list[Keyframe] = []
    waiting = list(reversed(shots))
    for frame in keyframes:
        while waiting and waiting[-1].span.end <= frame.time:
            waiting.pop()
        if waiting and waiting[-1].span.contains(frame.time):
            firsts.append(frame)
            waiting.pop()
    return firsts


def _spread(keyframes: Sequence[Keyframe], count: int) -> tuple[Keyframe, ...]:
    """Return so many of the keyframes, the times that they stand at as even as their order allows."""
    return tuple(keyframes[(2 * place + 1) * len(keyframes) // (2 * count)] for place in range(count))
