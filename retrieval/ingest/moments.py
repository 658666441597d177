"""From captions or shots to moments, and which texts and keyframes belong to each: pure arithmetic on spans.

A captioned video keeps its captions as its moments; any other video is tiled by moments made of its shots.
All times are seconds from the start of the media.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise

from retrieval.types import DESCRIBING, Keyframe, Shot, TimedText, TimeSpan

SHORTEST = 2.0
"""Seconds; shorter shots are joined to a neighbour."""

SHORTEST_PIECE = 4.0
LONGEST = 12.0
"""Seconds; longer shots are cut into pieces of `SHORTEST_PIECE` to this."""

GAP = 2.0
"""Seconds; a longer stretch without captions becomes a moment of its own."""

ROUNDING = 1e-6
"""Seconds that a piece may be longer for the arithmetic's sake."""

PAUSE = 0.3
"""Seconds of silence between two spoken texts that count as a pause."""

Captioned = tuple[TimeSpan, tuple[TimedText, ...]]


def from_captions(
    captions: Sequence[TimedText],
    duration: float,
    shots: Sequence[Shot] = (),
    spoken: Sequence[TimedText] = (),
    change_points: Sequence[float] = (),
) -> list[Captioned]:
    """Return one moment for each caption, exactly as given, and moments without caption in the gaps, by start.

    A gap before, between or after captions of more than `GAP` seconds becomes a moment, and a gap of more than
    `LONGEST` is divided as `from_shots` divides a video. A gap of at most `GAP` seconds belongs to no moment:
    the captions' spans are a person's and are not stretched, so every time of the video lies in a moment or
    within `GAP` seconds of one.
    """
    moments: list[Captioned] = [(caption.span, (caption,)) for caption in captions]
    for gap in _gaps([caption.span for caption in captions], duration):
        moments += [(span, ()) for span in _divide_gap(gap, shots, spoken, change_points)]
    return sorted(moments, key=lambda moment: (moment[0].start, moment[0].end))


def _gaps(spans: Iterable[TimeSpan], duration: float) -> list[TimeSpan]:
    gaps, reached = [], 0.0
    for span in sorted(spans):
        if span.start - reached > GAP:
            gaps.append(TimeSpan(reached, span.start))
        reached = max(reached, span.end)
    if duration - reached > GAP:
        gaps.append(TimeSpan(reached, duration))
    return gaps


def _divide_gap(
    gap: TimeSpan, shots: Sequence[Shot], spoken: Sequence[TimedText], change_points: Sequence[float]
) -> list[TimeSpan]:
    if gap.duration <= LONGEST:
        return [gap]
    inside = [(max(s.span.start, gap.start), min(s.span.end, gap.end)) for s in shots]
    spans = _tile([TimeSpan(start, end) for start, end in inside if start < end], gap)
    return _divide(spans, spoken, change_points)


def from_shots(
    shots: Sequence[Shot], spoken: Sequence[TimedText], change_points: Sequence[float], duration: float
) -> list[TimeSpan]:
    """Return spans in order that tile `[0, duration)`.

    Shots shorter than `SHORTEST` are joined to a neighbour, where there is one; shots longer than `LONGEST` are
    cut at pauses of speech, else where the picture changes, else evenly, into pieces of `SHORTEST_PIECE` to
    `LONGEST`.

    Args:
        shots: in any order; what they leave out goes to the shot before.
        spoken: speech or subtitles, for their pauses.
        change_points: seconds where the picture changes inside a shot.
        duration: seconds of the video, above 0.
    """
    whole = TimeSpan(0.0, duration)
    return _divide(_tile([shot.span for shot in shots], whole), spoken, change_points)


def _divide(spans: Sequence[TimeSpan], spoken: Sequence[TimedText], change_points: Sequence[float]) -> list[TimeSpan]:
    pauses = _pauses(spoken)
    return [piece for span in _join_short(spans) for piece in _cut(span, pauses, change_points)]


def _tile(spans: Iterable[TimeSpan], whole: TimeSpan) -> list[TimeSpan]:
    """Return spans between the starts of the given ones, from end to end of the whole."""
    starts = {span.start for span in spans if whole.start < span.start < whole.end}
    return _between([whole.start, *sorted(starts), whole.end])


def _between(bounds: Sequence[float]) -> list[TimeSpan]:
    return [TimeSpan(start, end) for start, end in pairwise(bounds)]


def _join_short(spans: Sequence[TimeSpan]) -> list[TimeSpan]:
    """Join the shortest span below `SHORTEST` to its better neighbour until there is none."""
    joined = list(spans)
    while len(joined) > 1:
        at = min(range(len(joined)), key=lambda n: joined[n].duration)
        if joined[at].duration >= SHORTEST:
            break
        left = _left_of_pair(joined, at)
        joined[left : left + 2] = [TimeSpan(joined[left].start, joined[left + 1].end)]
    return joined


def _left_of_pair(spans: Sequence[TimeSpan], at: int) -> int:
    """Return the left index of the pair to join: the shorter pair, which is the one to stay within `LONGEST`."""
    pairs = [left for left in (at - 1, at) if 0 <= left < len(spans) - 1]
    return min(pairs, key=lambda left: spans[left + 1].end - spans[left].start)


def _pauses(spoken: Sequence[TimedText]) -> list[float]:
    """Return the middles of the silences between texts, in seconds."""
    pauses, reached = [], None
    for span in sorted(text.span for text in spoken):
        if reached is not None and span.start - reached >= PAUSE:
            pauses.append((reached + span.start) / 2)
        reached = span.end if reached is None else max(reached, span.end)
    return pauses


def _cut(span: TimeSpan, pauses: Sequence[float], changes: Sequence[float]) -> list[TimeSpan]:
    bounds = [span.start]
    while span.end - bounds[-1] > LONGEST + ROUNDING:
        bounds.append(_next_cut(bounds[-1], span.end, pauses, changes))
    return _between([*bounds, span.end])


def _next_cut(start: float, end: float, pauses: Sequence[float], changes: Sequence[float]) -> float:
    """Return where the next piece ends: so that it, and what is left, can be a piece of the right length."""
    rest = end - start
    even = start + rest / -(-rest // LONGEST)
    first, last = start + SHORTEST_PIECE, min(start + LONGEST, end - SHORTEST_PIECE)
    for candidates in (pauses, changes):
        fitting = [time for time in candidates if first <= time <= last]
        if fitting:
            return min(fitting, key=lambda time: abs(time - even))
    return even


def attach_texts(spans: Sequence[TimeSpan], texts: Sequence[TimedText]) -> list[tuple[TimedText, ...]]:
    """Return the texts of each span, in order of time; a text may belong to several, and none is lost.

    A text goes to every span that it shares half of its own length or half of the span's with; without such a
    span to the one it shares most with, else to the nearest. A caption goes to one span only: its own, or where
    there is none the one it fits best by intersection over union.

    Args:
        spans: the moments', at least one if there are texts.
        texts: of any source and in any order.
    """
    homes: list[list[TimedText]] = [[] for _ in spans]
    order = sorted(range(len(spans)), key=lambda n: spans[n])
    starts = [spans[n].start for n in order]
    reached = list(accumulate((spans[n].end for n in order), max))
    for text in sorted(texts, key=lambda t: (t.span.start, t.span.end)):
        near = order[bisect_right(reached, text.span.start) : bisect_left(starts, text.span.end)]
        for index in _homes(spans, sorted(near) or order, text):
            homes[index].append(text)
    return [tuple(home) for home in homes]


def _homes(spans: Sequence[TimeSpan], near: Sequence[int], text: TimedText) -> list[int]:
    """Return the indices of the spans that a text belongs to, of those near it."""
    if text.source in DESCRIBING:
        return [max(near, key=lambda n: spans[n].iou(text.span))]
    shared = {n: spans[n].overlap(text.span) for n in near}
    enough = [n for n in near if 0 < shared[n] >= min(text.span.duration, spans[n].duration) / 2]
    return enough or [max(near, key=lambda n: (shared[n], -_distance(spans[n], text.span)))]


def _distance(one: TimeSpan, other: TimeSpan) -> float:
    return max(0.0, one.start - other.end, other.start - one.end)


def missing_keyframes(spans: Sequence[TimeSpan], keyframes: Sequence[Keyframe]) -> list[TimeSpan]:
    """Return the spans that no keyframe lies in."""
    times = sorted(keyframe.time for keyframe in keyframes)
    return [span for span in spans if bisect_left(times, span.start) == bisect_left(times, span.end)]
