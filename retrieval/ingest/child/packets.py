"""What the sizes and places of packets tell of the pictures in them, before any of them is decoded. For the child only.

A picture that follows from the one before costs few bytes, a new one many. So a stretch of small and even packets shows
what its ends show. Where the sizes say nothing (noise, a codec of whole pictures) every stretch is suspicious.
Why: docs/decisions/decoding.md.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

PICTURE_SHARE = 0.35
"""A packet of this share of its codec keyframe's size may hold a new picture."""

SPIKE = 8.0
SPIKE_SHARE = 0.05
"""So may one of this many times the usual size, if it is this share of its codec keyframe's."""

USUAL_SECONDS = 2.0
"""Seconds around a packet whose sizes are the usual ones."""

SWELL = 2.5
SWELL_SHARE = 0.1
SWELL_SECONDS = 0.4
"""So may packets that together, for so many seconds, are so many times as large as usual and this share of it."""

NEAR = 0.2
"""Seconds around a packet that stands out in which every frame is decoded, to tell a cut to the frame."""

OUTSTANDING = 0.5
"""A packet does not stand out from others if another one that does is so much larger that this is its share of it."""

WHOLE_SHARE = 0.5
ALONE = 2.0
"""A packet of this share of both codec keyframes around it, so many times as large as all between them, is a whole
picture that followed from nothing."""

REMEMBERED = 24
"""Codec keyframes to look back on."""


@dataclass(frozen=True, slots=True)
class PacketCandidates:
    """Which packets of a stretch may hold a new picture.

    Attributes:
        last: place of the last of them in the order of decoding; 0, the codec keyframe's own, where there is none.
        times: seconds at which those are shown that stand out from the others, in order.
        new: seconds at which a wholly new picture comes, where it is the only event of the stretch, otherwise quiet.
    """

    last: int
    times: list[float]
    new: float | None = None


def packet_candidates(sizes: list[int], times: list[float], scale: int) -> PacketCandidates:
    """Return what a stretch may hold that its ends do not show.

    Args:
        sizes: bytes of each packet in the order of decoding, that of the codec keyframe first.
        times: seconds at which each is shown.
        scale: bytes of a whole picture of these, as of the codec keyframe.
    """
    others = np.asarray(sizes[1:], np.float64)
    if not len(others):
        return PacketCandidates(0, [])
    forward = _forward(times)
    usual = _usual(others, forward, times)
    spikes = others > SPIKE * usual
    suspicious = _swells(others, times, scale)
    stands_out = np.zeros(len(others), np.bool_)
    whole = scale
    for place, size in enumerate(others):
        if size > PICTURE_SHARE * scale:
            suspicious[place] = True
            stands_out[place] = size > SPIKE / 2 * usual[place]
            scale = max(scale, size) if stands_out[place] else scale
        elif spikes[place] and size > SPIKE_SHARE * scale:
            suspicious[place] = stands_out[place] = True
    stands_out &= others >= OUTSTANDING * others[stands_out].max(initial=0.0)
    places = np.flatnonzero(suspicious)
    last = int(places[-1]) + 1 if len(places) else 0
    outstanding = sorted(times[place + 1] for place in np.flatnonzero(stands_out))
    return PacketCandidates(last, outstanding, _new(others, forward, times, places, whole))


def _forward(times: list[float]) -> npt.NDArray[np.bool_]:
    """Mark the packets after the first that are shown later than all before them; the others follow from both sides."""
    shown = np.asarray(times)
    return shown[1:] > np.maximum.accumulate(shown)[:-1]


def _new(
    others: npt.NDArray[np.float64],
    forward: npt.NDArray[np.bool_],
    times: list[float],
    suspicious: npt.NDArray[np.intp],
    whole: int,
) -> float | None:
    """Return the seconds at which a wholly new picture comes, if nothing else in the stretch is suspicious."""
    place = int(others.argmax())
    time = times[place + 1]
    near = all(abs(times[other + 1] - time) <= SWELL_SECONDS for other in suspicious)
    second = np.delete(others, place).max(initial=0.0)
    if not (near and forward[place] and others[place] >= max(WHOLE_SHARE * whole, ALONE * second)):
        return None
    # Frames that are shown just before may follow from it: the new picture comes somewhere between two forward ones.
    before = max(shown for shown in times[: place + 1] if shown < time)
    first = min(shown for shown in times if shown > before)
    return (first + time) / 2


def _usual(
    others: npt.NDArray[np.float64], forward: npt.NDArray[np.bool_], times: list[float]
) -> npt.NDArray[np.float64]:
    """Return the median of the sizes around each packet, among those of its own kind."""
    length = max(times) - min(times)
    usual = np.ones(len(others))
    for kind in (forward, ~forward):
        sizes = others[kind]
        if len(sizes):
            width = round(USUAL_SECONDS * len(sizes) / length) if length > 0 else 0
            width = min(width | 1, len(sizes) - (len(sizes) + 1) % 2)
            medians = np.median(np.lib.stride_tricks.sliding_window_view(sizes, width), axis=1)
            sides = width // 2, len(sizes) - len(medians) - width // 2
            usual[kind] = np.maximum(1.0, np.pad(medians, sides, "edge"))
    return usual


def _swells(others: npt.NDArray[np.float64], times: list[float], scale: int) -> npt.NDArray[np.bool_]:
    """Mark the packets in a rise of the sizes, as where a title fades in over a picture that rests."""
    length = max(times) - min(times)
    width = round(SWELL_SECONDS * len(others) / length) if length > 0 else 0
    if width < 2 or len(others) < 2 * width:
        return np.zeros(len(others), np.bool_)
    together = np.convolve(others, np.ones(width), "same")
    return np.asarray((together > SWELL * np.median(together)) & (together > SWELL_SHARE * scale))


class Rhythm:
    """Tells codec keyframes that come by the clock from those that the encoder put where it could not go on.

    An encoder puts a codec keyframe after a set time at the latest, or at set times; and where a picture does not
    follow from the one before.

    Args:
        step: seconds from one frame to the next.
        known: seconds at which codec keyframes are known to come, in order; may be none.
    """

    def __init__(self, step: float, known: Sequence[float] = ()) -> None:
        self._slack = 1.5 * step
        self._longest = max((after - before for before, after in pairwise(known)), default=0.0)
        self._times: deque[float] = deque(maxlen=REMEMBERED)

    def is_free(self, time: float) -> bool:
        """Take the next codec keyframe, in seconds, and tell whether it came out of step with all shortly before."""
        gaps = [time - earlier for earlier in self._times]
        self._longest, longest = max([self._longest, *gaps[-1:]]), self._longest
        self._times.append(time)
        if not gaps or gaps[-1] > longest - self._slack:
            return False
        return not any(abs(gap - steps * longest) <= self._slack for gap in gaps for steps in (1, 2))
