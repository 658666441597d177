"""Finds where a shot gives way to the next: at once, through a fade, or in one place where the actors change.

Hard cuts that show in one step of the whole picture come from `shots`. The others show as a lasting change: what was
steady before differs from what is steady after, in many cells of a coarse grid by far more than they moved. Between the
two the picture goes over within half a second, and every picture on the way is a mixture of both: that tells a fade
from things that move.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from retrieval.ingest.child.shots import CutFinder, FrameArray

Cells = npt.NDArray[np.float32]
"""A picture as the colours of a coarse grid (rows, columns, 3), 0 to 255."""

GRID = (32, 18)

HALF = 0.35
"""Seconds on each side of a change in which the picture may be going over."""

STEADY = 0.7
"""Seconds before and after that which are compared."""

FEWEST = 3
"""Pictures needed on each side."""

LEVEL = 8.0
BEYOND_MOTION = 1.2
"""A cell has changed by at least so many levels, and so many times as much as it varied on either side."""

SHARE = 0.16
"""Share of the grid that changes at least: one figure of a drawn scene covers about this much."""

STRENGTH = 28.0
"""Levels by which the changed cells differ in the mean."""

QUICK, MIXED = 0.45, 0.3
SLOW, MIXED_WELL, MOST = 0.75, 0.045, 0.5
"""Seconds from a fifth to four fifths of a change, and the part of it that may be no mixture. A slower change must be a
better mixture, and of most of the grid: so do exposure and shadows go over too."""

FLAT = 6.0
"""Standard deviation of a picture that shows nothing; going to black and back is found elsewhere."""

DIM, DIMMED = 0.7, 0.8
"""Share of the other's contrast that a dimmed picture has at most, and how alike they are at least (correlation)."""

APART = 0.5
"""Seconds within which only the strongest change counts."""

GAP, FILL = 0.3, 0.15
"""Seconds without a picture from which the scan has found nothing new there, and from one filled in to the next."""

STILL = 5.0
"""Mean difference of two grids up to which nothing happened between them."""

NOISE = 5.0
"""Levels by which any cell may be off."""

SHARP = 0.2
"""Seconds: a change quicker than this is a hard cut."""

NEAR = 0.15
"""Seconds up to which a hard cut and a change are the same."""

REMEMBERED = 16
"""Hard cuts to look back on."""

ROUNDING = 1e-6
_REACH = HALF + STEADY
_EXTENT = HALF + 0.2


@dataclass(frozen=True, slots=True)
class Change:
    """Where a shot gives way to the next, in seconds; from `start` to `end` both may be seen, or nearly."""

    time: float
    start: float
    end: float

    @property
    def sharp(self) -> bool:
        """Whether it is a hard cut, as far as can be told."""
        return self.end - self.start < SHARP


@dataclass(frozen=True, slots=True)
class _State:
    time: float
    cells: Cells


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A time at which much changes for good: how much, and the change if it is one of shots."""

    time: float
    score: float
    change: Change | None


class ChangeFinder:
    """Takes small pictures in order of time, and tells the changes of shots some two seconds later."""

    def __init__(self) -> None:
        self._finder = CutFinder()
        self._states: deque[_State] = deque()
        self._judged = -1.0
        self._best: _Candidate | None = None
        self._last = -HALF
        self._untold: list[float] = []
        self._cuts: deque[float] = deque(maxlen=REMEMBERED)

    @property
    def settled(self) -> float:
        """Seconds before which no more changes will be told, but for those through black."""
        waiting = next((state.time for state in self._states if state.time > self._judged), self._judged)
        best = self._best.time if self._best else waiting
        return min(waiting, best, self._finder.settled) - _EXTENT

    def add(self, time: float, picture: FrameArray, begins: float | None = None) -> list[Change]:
        """Take the next picture and return the changes that are now sure.

        Args:
            time: seconds.
            picture: BGR.
            begins: seconds, up to `time`, at which the shot that it shows begins for certain; it stands for all of it.
        """
        cells = _cells(picture)
        if begins is not None:
            self._note(self._finder.begin(begins, picture))
            self._extend(_State(begins, cells), begins=True)
        if begins is None or begins < time:
            self._note(self._finder.add(time, picture))
            self._extend(_State(time, cells), begins=False)
        found = self._judge_until(time - _REACH)
        return self._with_cuts(found, self.settled)

    def finish(self) -> list[Change]:
        """Return the changes that were still open at the last picture."""
        self._note(self._finder.finish())
        found = [*self._judge_until(float("inf")), *self._tell_best()]
        return self._with_cuts(found, float("inf"))

    def _note(self, cuts: list[float]) -> None:
        fresh = [cut for cut in cuts if cut not in self._cuts]
        self._untold += fresh
        self._cuts += fresh

    def _extend(self, state: _State, begins: bool) -> None:
        """Append a state. In a gap where nothing happened the pictures at its ends stand."""
        last = self._states[-1] if self._states else None
        if last and state.time - last.time > GAP:
            if begins or np.abs(last.cells - state.cells).mean() <= STILL:
                self._fill(last, last.time + FILL, min(last.time + _REACH, state.time))
            if not begins:
                self._fill(state, max(self._states[-1].time + FILL, state.time - _REACH), state.time)
        self._states.append(state)

    def _fill(self, state: _State, start: float, end: float) -> None:
        self._states += [_State(float(time), state.cells) for time in np.arange(start, end - FILL / 2, FILL)]

    def _judge_until(self, end: float) -> list[Change]:
        """Judge every state up to `end` seconds; return the changes among them that none stronger is near to."""
        found: list[Change] = []
        for time in [state.time for state in self._states if self._judged < state.time <= end]:
            self._judged = time
            if self._best and time > self._best.time + APART:
                found += self._tell_best()
            candidate = self._candidate(time)
            if candidate and (self._best is None or candidate.score > self._best.score):
                self._best = candidate
        while self._states and self._states[0].time < self._judged - _REACH:
            self._states.popleft()
        return found

    def _tell_best(self) -> list[Change]:
        """Return the best candidate's change, unless it is the one told last or a cut that is known."""
        change = self._best.change if self._best else None
        self._best = None
        if change is None or change.time - self._last < HALF:
            return []
        if change.sharp and any(abs(cut - change.time) <= NEAR for cut in self._cuts):
            return []
        self._last = change.time
        self._untold = [cut for cut in self._untold if not change.start - NEAR < cut < change.end + NEAR]
        return [change]

    def _with_cuts(self, found: list[Change], settled: float) -> list[Change]:
        """Return the changes found and the cuts that are sure, in order."""
        sure = [Change(cut, cut, cut) for cut in self._untold if cut < settled]
        self._untold = [cut for cut in self._untold if cut >= settled]
        return sorted([*found, *sure], key=lambda change: change.time)

    def _candidate(self, time: float) -> _Candidate | None:
        """Compare the pictures before and after a time."""
        if not self._may_change(time):
            return None
        first = max([time - _REACH, *(cut for cut in self._cuts if cut <= time - HALF)])
        last = min([time + _REACH, *(cut - ROUNDING for cut in self._cuts if cut > time + HALF)])
        before = [s.cells for s in self._states if first - ROUNDING <= s.time <= time - HALF]
        after = [s.cells for s in self._states if time + HALF <= s.time <= last + ROUNDING]
        if len(before) < FEWEST or len(after) < FEWEST:
            return None
        sides = _Sides(np.stack(before), np.stack(after))
        share = float(sides.changed.mean())
        if share < SHARE:
            return None
        near = [s for s in self._states if abs(s.time - time) <= _EXTENT]
        return _Candidate(time, share * sides.distance, sides.change(near) if sides.distinct else None)

    def _may_change(self, time: float) -> bool:
        """Tell quickly whether the pictures at both ends differ at all."""
        before = next((s.cells for s in reversed(self._states) if s.time <= time - HALF), None)
        after = next((s.cells for s in self._states if s.time >= time + HALF), None)
        if before is None or after is None:
            return False
        return bool((np.abs(before - after).max(axis=-1) > LEVEL / 2).mean() >= SHARE)


class _Sides:
    """What is steady before and after a time, and in which cells the two differ."""

    def __init__(self, before: Cells, after: Cells) -> None:
        self._start = before.mean(axis=0)
        self._step = after.mean(axis=0) - self._start
        varied = np.maximum(np.ptp(before, axis=0), np.ptp(after, axis=0)).max(axis=-1)
        by = np.abs(self._step).max(axis=-1)  # (rows, columns)
        self.changed = by > np.maximum(LEVEL, BEYOND_MOTION * varied)
        self.distance = float(by.mean())
        self._strength = float(by[self.changed].mean()) if self.changed.any() else 0.0
        self._weights = (self.changed / (varied**2 + NOISE**2))[..., None]
        self._norm = float((self._weights * self._step**2).sum())

    @property
    def distinct(self) -> bool:
        """Whether they differ enough, and by more than their light."""
        return self._strength >= STRENGTH and not self._by_light()

    def _by_light(self) -> bool:
        """Tell whether one side shows nothing, or the other one dimmed."""
        one, other = (side - side.mean() for side in (self._start, self._start + self._step))
        contrasts = float(one.std()), float(other.std())
        if min(contrasts) < FLAT:
            return True
        alike = float((one * other).mean()) / (contrasts[0] * contrasts[1])
        return alike > DIMMED and min(contrasts) < DIM * max(contrasts)

    def change(self, states: list[_State]) -> Change | None:
        """Return the change if the states go over from one side to the other, quickly and by mixing."""
        shares, rests = zip(*(self._mixture(state.cells) for state in states), strict=True)
        times = [state.time for state in states]
        start, low, middle, high, end = (_crossing(times, shares, share) for share in (0.1, 0.2, 0.5, 0.8, 0.9))
        mixed = [rest for share, rest in zip(shares, rests, strict=True) if 0.15 < share < 0.85]
        if not mixed:
            first = next(time for time, share in zip(times, shares, strict=True) if share >= 0.5)
            return Change(first, first, first)
        well = max(mixed) <= MIXED_WELL and high - low <= SLOW and self.changed.mean() >= MOST
        if well or (max(mixed) <= MIXED and high - low <= QUICK):
            return Change(middle, start, end)
        return None

    def _mixture(self, cells: Cells) -> tuple[float, float]:
        """Return the share of the second side in a picture, and how much of the picture is no mixture of both."""
        away = cells - self._start
        share = float((self._weights * away * self._step).sum()) / self._norm
        rest = float((self._weights * (away - share * self._step) ** 2).sum()) / self._norm
        return share, rest**0.5


def _crossing(times: Sequence[float], shares: Sequence[float], level: float) -> float:
    """Return the seconds at which the shares first reach a level, between two pictures."""
    place = next((n for n, share in enumerate(shares) if share >= level), len(shares) - 1)
    if place == 0:
        return times[0]
    rise = max(ROUNDING, shares[place] - shares[place - 1])
    return times[place - 1] + (times[place] - times[place - 1]) * min(1.0, (level - shares[place - 1]) / rise)


def _cells(picture: FrameArray) -> Cells:
    small = cv2.resize(picture, GRID, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.GaussianBlur(small, (0, 0), 0.6), np.float32)
