"""Texts on the screen followed from one keyframe to the next: which readings are one text, and when it is seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from retrieval.types import Shot, TimedText, TimeSpan

ALIKE = 0.8
"""Ratio of `difflib` above which two readings are the same text with a slip of the recogniser."""

FRAGMENT = 6
"""Characters from which a reading can be told to be the beginning of another."""

REACH = 0.25
"""Seconds that a text is taken to be visible before its first and after its last reading."""


@dataclass(slots=True)
class _Run:
    """A text on consecutive keyframes, by their indices, and all its readings."""

    first: int
    last: int
    readings: list[str]

    def whole(self) -> list[str]:
        """Return the readings that are not the beginning of another."""
        longest = max(self.readings, key=len)
        return [reading for reading in self.readings if not begins(reading, longest)]


def screen_texts(readings: Sequence[tuple[float, Sequence[str]]], shots: Sequence[Shot] = ()) -> list[TimedText]:
    """Return the texts seen on keyframes with the spans in which they stand, source `screen`.

    A text on consecutive keyframes of a shot is one text, small differences of the readings aside, and also while
    it fades in or out; the whole reading most often seen is kept. Its span reaches `REACH` seconds beyond the
    keyframes that show it, but not past halfway to the next keyframe without it, nor past a cut; where the first shows
    only a part of it, it begins as much later.

    Args:
        readings: time in seconds and texts of each keyframe, those without text too, in order of time.
        shots: the shots of the video; without any it counts as one.
    """
    ordered = sorted(readings, key=lambda reading: reading[0])
    times = [time for time, _ in ordered]
    homes = [_shot_at(time, shots) for time in times]
    texts = []
    for run in _runs([texts for _, texts in ordered], homes):
        span = _visible(times, run, homes[run.first])
        text = max(run.whole(), key=run.readings.count)
        texts.append(TimedText(span, text, "screen"))
    return sorted(texts, key=lambda text: (text.span.start, text.span.end))


def _shot_at(time: float, shots: Sequence[Shot]) -> TimeSpan | None:
    return next((shot.span for shot in shots if shot.span.contains(time)), None)


def _runs(seen: Sequence[Sequence[str]], homes: Sequence[TimeSpan | None]) -> list[_Run]:
    done: list[_Run] = []
    standing: list[_Run] = []
    for index, texts in enumerate(seen):
        if index and homes[index] != homes[index - 1]:
            standing = []
        now: list[_Run] = []
        for text in texts:
            run = next((r for r in standing if r not in now and _goes_on(r.readings[-1], text)), None)
            if run is None:
                run = _Run(index, index, [])
                done.append(run)
            run.last = index
            run.readings.append(text)
            now.append(run)
        standing = now
    return done


def same_text(one: str, other: str) -> bool:
    """Tell whether two readings are one text, with the recogniser's slips; numbers must agree."""
    one, other = one.casefold(), other.casefold()
    if [c for c in one if c.isdigit()] != [c for c in other if c.isdigit()]:
        return False
    match = SequenceMatcher(None, one.replace(" ", ""), other.replace(" ", ""), autojunk=False)
    return match.quick_ratio() >= ALIKE and match.ratio() >= ALIKE


def begins(one: str, other: str) -> bool:
    """Tell whether a reading is the beginning of a longer one, as of a text that is fading in."""
    return FRAGMENT <= len(one) < len(other) * ALIKE and same_text(one, other[: len(one)])


def _goes_on(one: str, other: str) -> bool:
    return same_text(one, other) or begins(one, other) or begins(other, one)


def _visible(times: Sequence[float], run: _Run, shot: TimeSpan | None) -> TimeSpan:
    first, last = times[run.first], times[run.last]
    has_just_come = run.readings[0] not in run.whole()
    start, end = first + REACH if has_just_come else max(0.0, first - REACH), last + REACH
    if run.first > 0:
        start = max(start, (times[run.first - 1] + first) / 2)
    if run.last + 1 < len(times):
        end = min(end, (last + times[run.last + 1]) / 2)
    if shot is not None:
        start, end = max(start, shot.start), min(end, shot.end)
    return TimeSpan(start, end)
