"""Finds where one shot ends and the next begins, from small pictures in order of time.

Cuts come from PySceneDetect's adaptive detector (it compares a change with the changes around it, so that fast motion
is no cut), fades through black from its threshold detector.
"""

from collections import deque
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt
from scenedetect.common import FrameTimecode
from scenedetect.detectors import AdaptiveDetector, ThresholdDetector

from retrieval.types import Shot, TimeSpan

FrameArray = npt.NDArray[np.uint8]

SHORTEST = 0.3
"""Seconds: shorter shots are joined to the one before."""

FLASH = 0.2
"""Seconds after a cut at which the old picture must still be gone."""

SAME = 5.0
"""Difference up to which two pictures are the same one: after a flash, or where only the coding was refreshed."""

STANDS_OUT = 2.5
"""A cut's difference is at least this many times the mean of those around it."""

WINDOW = 2
"""Frames on each side with which the adaptive detector compares a change."""

CLOCK_RATE = 1000.0
"""The detectors count frames: we let them count milliseconds, so that any frame rate will do."""


def difference(one: FrameArray, other: FrameArray) -> float:
    """Return the mean difference of two small BGR pictures (height, width, 3), 0 to 255."""
    return float(np.mean(cv2.mean(cv2.absdiff(one, other))[:3]))


def shots_between(cuts: list[float], end: float) -> tuple[Shot, ...]:
    """Return the shots that tile `[0, end)`, divided at the cuts; times in seconds.

    A cut that would leave a shot shorter than 0.3 s is passed over.
    """
    bounds = [0.0]
    for cut in sorted(cuts):
        if cut - bounds[-1] >= SHORTEST and end - cut >= SHORTEST:
            bounds.append(cut)
    return tuple(Shot(TimeSpan(start, stop)) for start, stop in zip(bounds, [*bounds[1:], end], strict=True))


def _detectors() -> tuple[AdaptiveDetector, ThresholdDetector]:
    return AdaptiveDetector(min_scene_len=SHORTEST, window_width=WINDOW), ThresholdDetector(min_scene_len=SHORTEST)


@dataclass(frozen=True, slots=True)
class _Suspect:
    """A cut not yet confirmed, with the last picture before it."""

    time: float
    before: FrameArray


class CutFinder:
    """Takes small pictures in order of time, and tells the cuts, a little later, once they are sure."""

    def __init__(self) -> None:
        self._adaptive, self._fades = _detectors()
        self._recent: deque[tuple[float, FrameArray]] = deque(maxlen=2 * WINDOW + 2)
        self._suspects: list[_Suspect] = []

    @property
    def settled(self) -> float:
        """Seconds before which no more hard cuts will be told."""
        oldest_open = self._recent[-WINDOW - 1][0] if len(self._recent) > WINDOW else 0.0
        return min([oldest_open, *(suspect.time for suspect in self._suspects)])

    def begin(self, time: float, picture: FrameArray) -> list[float]:
        """Take a picture (seconds, BGR) with which a shot begins for certain, and return the cuts that are now sure."""
        found: list[float] = []
        if self._recent:
            last, before = self._recent[-1]
            for number in range(1, WINDOW + 1):  # the detector looks ahead: the picture stood until the cut
                found += self.add(last + (time - last) * number / (WINDOW + 1), before)
        found += self.finish()
        self._adaptive, self._fades = _detectors()
        self._recent.clear()
        self._suspects.clear()
        self.add(time, picture)
        return [*found, time]

    def add(self, time: float, picture: FrameArray) -> list[float]:
        """Take the next picture (seconds, BGR) and return the cuts that are now sure."""
        self._recent.append((time, picture))
        code = FrameTimecode(round(time * CLOCK_RATE), fps=CLOCK_RATE)
        for cut in self._adaptive.process_frame(code, picture):
            self._suspect_at(cut.frame_num)
        fades = [cut.frame_num / CLOCK_RATE for cut in self._fades.process_frame(code, picture)]
        return sorted(fades + self._confirmed(time, picture))

    def finish(self) -> list[float]:
        """Return the cuts that were still open at the last picture."""
        return [suspect.time for suspect in self._suspects]

    def _suspect_at(self, tick: int) -> None:
        place = next(i for i, (time, _) in enumerate(self._recent) if round(time * CLOCK_RATE) == tick)
        pictures = [picture for _, picture in self._recent]
        steps = [difference(one, other) for one, other in pairwise(pictures)]
        step = steps.pop(place - 1)
        # The detector goes by hue too, which is noise in the dark: a cut must stand out in plain light and colour.
        if step > max(SAME, STANDS_OUT * sum(steps) / len(steps)):
            self._suspects.append(_Suspect(self._recent[place][0], pictures[place - 1]))

    def _confirmed(self, now: float, picture: FrameArray) -> list[float]:
        ripe = [suspect for suspect in self._suspects if now - suspect.time >= FLASH]
        self._suspects = [suspect for suspect in self._suspects if now - suspect.time < FLASH]
        return [suspect.time for suspect in ripe if difference(suspect.before, picture) > SAME]
