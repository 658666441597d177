"""Chooses the frames worth keeping: of each shot the first, the last where it differs, and every lasting change.

Decoded frames come in order of time; those of some two seconds are held, until it is known where the shots change. A
frame in which one shot goes over into the next is kept only where there is no other. Of frames near together the
sharpest stands for all. A change counts when the picture has come to rest again (a title at full visibility), when it
is gone again at once (then the frame before it went), or when it goes on for long.
"""

from collections import deque
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from av.video.frame import VideoFrame

from retrieval.ingest.child.changes import Change
from retrieval.ingest.child.decoding import Sample
from retrieval.ingest.child.media import PLANAR, plane

Gray = npt.NDArray[np.uint8]

TICK = 0.1
"""Seconds from one frame that is judged to the next."""

STEP = 0.5
"""Seconds of which one frame, the sharpest, is considered."""

MARGIN = 0.08
"""Seconds on each side of a change in which frames may be a blend of two shots."""

LONGEST_GAP = 7.5
"""Seconds without any keyframe at most."""

STEADY = 0.006
"""Share of changed pixels up to which a picture rests."""

NEW = 0.012
"""Share of changed pixels from which a resting picture shows something new: a line of text is about this much."""

MOVED = 0.10
MOVED_SECONDS = 3.0
"""Share of changed pixels, and seconds since the last keyframe, from which a moving picture gets another; at the end of
a shot the share is enough."""

CHANGED_LEVEL = 25
"""Levels of grey by which a pixel must differ to count as changed."""

FLAT = 6.0
"""Standard deviation of grey below which a picture shows nothing."""

SHARPNESS_WIDTH = 320


@dataclass(frozen=True, slots=True)
class KeyframeCandidate:
    """A frame that may be kept: its time in seconds, its small grey picture, and how sharp it is."""

    time: float
    frame: VideoFrame
    gray: Gray
    sharpness: float

    @property
    def flat(self) -> bool:
        """Tell whether there is nothing to see, as in the black before a fade."""
        return float(self.gray.std()) < FLAT


def look(sample: Sample) -> KeyframeCandidate:
    """Return a sample with what is needed to judge it."""
    gray = np.asarray(cv2.cvtColor(sample.small, cv2.COLOR_BGR2GRAY), np.uint8)
    return KeyframeCandidate(sample.time, sample.frame, gray, sharpness(sample.frame, gray))


def sharpness(frame: VideoFrame, gray: Gray) -> float:
    """Return the variance of the Laplacian of a frame at 320 pixels' width (of `gray` where the planes are packed)."""
    if frame.format.name in PLANAR and frame.width > SHARPNESS_WIDTH:
        size = (SHARPNESS_WIDTH, max(1, round(SHARPNESS_WIDTH * frame.height / frame.width)))
        gray = np.asarray(cv2.resize(plane(frame, 0), size, interpolation=cv2.INTER_LINEAR), np.uint8)
    return float(cv2.meanStdDev(cv2.Laplacian(gray, cv2.CV_16S))[1][0, 0]) ** 2


def changed(one: Gray, other: Gray) -> float:
    """Return the share of pixels, 0 to 1, that differ between two small grey pictures."""
    return float(np.count_nonzero(cv2.absdiff(one, other) > CHANGED_LEVEL)) / one.size


class KeyframeChooser:
    """Takes frames and changes of shots in order of time and gives back the looks to keep."""

    def __init__(self) -> None:
        self._waiting: deque[KeyframeCandidate] = deque()
        self._changes: deque[Change] = deque()
        self._shot = _ShotChooser(-MARGIN)

    def add(self, sample: Sample) -> None:
        """Take the next frame; frames nearer than a tenth of a second to the one before are passed over."""
        if not self._waiting or sample.time - self._waiting[-1].time >= TICK - 0.01:
            self._waiting.append(look(sample))

    def change(self, change: Change) -> None:
        """Take note that a shot gives way to another."""
        self._changes.append(change)

    def choose(self, settled: float) -> list[KeyframeCandidate]:
        """Return looks to keep, as far as no more changes will come before `settled` seconds."""
        kept: list[KeyframeCandidate] = []
        while self._waiting and self._waiting[0].time < settled:
            seen = self._waiting.popleft()
            while self._changes and self._changes[0].time <= seen.time:
                kept += self._shot.finish()
                self._shot = _ShotChooser(self._changes.popleft().end)
            left = self._changes[0].start - seen.time if self._changes else MARGIN
            kept += self._shot.add(seen, inside=left >= MARGIN)
        return kept

    def finish(self) -> list[KeyframeCandidate]:
        """Return the last looks to keep."""
        return [*self.choose(float("inf")), *self._shot.finish()]


class _ShotChooser:
    """Chooses within one shot, of which nothing else is to be seen from `start` seconds on."""

    def __init__(self, start: float) -> None:
        self._start = start
        self._step: list[KeyframeCandidate] = []
        self._kept: KeyframeCandidate | None = None
        self._before: KeyframeCandidate | None = None
        self._spare: KeyframeCandidate | None = None

    def add(self, seen: KeyframeCandidate, inside: bool) -> list[KeyframeCandidate]:
        if not inside or seen.time - self._start < MARGIN:
            self._set_aside(seen)
            return []
        kept: list[KeyframeCandidate] = []
        if self._step and seen.time - self._step[0].time >= STEP:
            kept = self._consider_step()
        self._step.append(seen)
        return kept

    def finish(self) -> list[KeyframeCandidate]:
        kept = self._consider_step()
        last = self._before
        if self._kept is None:
            return [*kept, self._spare] if self._spare else kept
        if last is None or last is self._kept or last.flat or changed(last.gray, self._kept.gray) <= MOVED:
            return kept
        return kept + self._keep(last)

    def _set_aside(self, seen: KeyframeCandidate) -> None:
        if self._spare is None or seen.gray.std() > self._spare.gray.std():
            self._spare = seen

    def _consider_step(self) -> list[KeyframeCandidate]:
        if not self._step:
            return []
        best = max(self._step, key=lambda seen: seen.sharpness)
        self._step = []
        kept = self._consider(best)
        self._before = best
        return kept

    def _consider(self, seen: KeyframeCandidate) -> list[KeyframeCandidate]:
        if self._kept is None:
            if seen.flat:
                self._set_aside(seen)
                return []
            return self._keep(seen)
        before = self._before
        if before is None or before.time <= self._kept.time:
            before = None
        kept: list[KeyframeCandidate] = []
        if (
            before is not None
            and self._was_a_peak(before, seen)
            or before is not None
            and seen.time - self._kept.time > LONGEST_GAP
        ):
            kept = self._keep(before)
        return kept + (self._keep(seen) if self._is_new(before, seen) else [])

    def _was_a_peak(self, before: KeyframeCandidate, seen: KeyframeCandidate) -> bool:
        assert self._kept is not None
        away = changed(self._kept.gray, before.gray)
        return away > NEW and changed(self._kept.gray, seen.gray) < away / 2

    def _is_new(self, before: KeyframeCandidate | None, seen: KeyframeCandidate) -> bool:
        assert self._kept is not None
        away = changed(self._kept.gray, seen.gray)
        if away > MOVED and seen.time - self._kept.time >= MOVED_SECONDS:
            return True
        return away > NEW and before is not None and changed(before.gray, seen.gray) < STEADY

    def _keep(self, seen: KeyframeCandidate) -> list[KeyframeCandidate]:
        self._kept = seen
        return [seen]
