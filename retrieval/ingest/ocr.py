"""Text on screen: reading it from keyframes, and following it from one keyframe to the next.

Reads type (titles, slides, signs, captions burnt in), not lettering. The recogniser's models come in its package, so
nothing is fetched.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from retrieval.errors import MissingModel
from retrieval.types import Shot, TimedText, TimeSpan

if TYPE_CHECKING:
    from numpy.typing import NDArray

CONFIDENCE = 0.8
"""Lines below are left out. Of 519 lines drawn on real frames one came below it; most inventions do."""

LONG_SIDE = 960
"""FrameArray to which a frame's longer side is reduced to look for text; lines of 3 % of the height are still found."""

SHORT_SIDE = 400
"""FrameArray of a frame's shorter side in the test for strokes."""

STROKE_CONTRAST = 36
STROKE_WINDOW = 32
STROKE_ROWS = 4
STROKES = 2
"""So many strokes of that contrast (of 255) side by side in a window this wide, on so many rows, may be text.

Of 1,417 texts drawn on real frames (3 to 12 % of the height) the test lost three. The recogniser could read one of
them: white on a white wall.
"""

ALIKE = 0.8
"""Ratio of `difflib` above which two readings are the same text with a slip of the recogniser."""

FRAGMENT = 6
"""Characters from which a reading can be told to be the beginning of another."""

REACH = 0.25
"""Seconds that a text is taken to be visible before its first and after its last reading."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text as recognised: its confidence (0 to 1) and its box in pixels of the frame."""

    text: str
    confidence: float
    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        """FrameArray from top to bottom."""
        return self.bottom - self.top


Recogniser = Callable[["NDArray[np.uint8]"], list[TextLine]]


def unavailable() -> str | None:
    """Return why text on screen cannot be read, or None where it can."""
    try:
        _rapidocr()
    except MissingModel as missing:
        return f"{missing.message}. {missing.hint}"
    return None


class ScreenReader:
    """Reads the text on frames.

    Args:
        threads: processor threads to use.
        recognise: finds the lines on a frame; rapidocr unless given.

    Raises:
        MissingModel: rapidocr is not installed.
    """

    def __init__(self, threads: int = 2, recognise: Recogniser | None = None) -> None:
        self._recognise = recognise or _rapid_recogniser(threads)

    def read(self, image: "NDArray[np.uint8]") -> list[str]:
        """Return the texts on a frame in reading order, lines of one block joined by spaces.

        A single character is left out: it is as often a table's leg as a letter.

        Args:
            image: RGB, 0 to 255.  # (height, width, 3)
        """
        if not may_show_text(image):
            return []
        lines = [line for line in self._recognise(image) if line.confidence >= CONFIDENCE]
        return blocks([line for line in lines if sum(map(str.isalnum, line.text)) > 1])


def _rapidocr() -> Any:
    try:
        import rapidocr
    except ImportError as error:
        raise MissingModel(
            "text on screen is not read: rapidocr cannot be loaded", "Run: pip install rapidocr onnxruntime"
        ) from error
    return rapidocr


def _rapid_recogniser(threads: int) -> Recogniser:
    engine = _rapidocr().RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,  # tells only whether a line stands on its head
            "Det.limit_type": "max",
            "Det.limit_side_len": LONG_SIDE,
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )

    def recognise(image: "NDArray[np.uint8]") -> list[TextLine]:
        found = engine(np.ascontiguousarray(image[:, :, ::-1]))  # it expects BGR
        if found.boxes is None or found.txts is None:
            return []
        rows = zip(found.txts, found.scores, found.boxes, strict=True)  # box: (4, 2), corners x and y
        return [
            TextLine(" ".join(text.split()), float(score), *map(float, (*box.min(axis=0), *box.max(axis=0))))
            for text, score, box in rows
        ]

    return recognise


def may_show_text(image: "NDArray[np.uint8]") -> bool:
    """Tell whether a frame has strokes side by side, as any line of text has.

    Costs a millisecond or two, against some 300 for the recogniser.

    Args:
        image: RGB, 0 to 255.  # (height, width, 3)
    """
    gray = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    if min(gray.shape) < STROKE_ROWS:
        return False
    scale = SHORT_SIDE / min(gray.shape)
    if scale < 1:
        gray = cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    slope = gray[:, 2:].astype(np.int16) - gray[:, :-2]
    beside = np.minimum(_starts_beside(slope > STROKE_CONTRAST), _starts_beside(slope < -STROKE_CONTRAST))
    lasting = cv2.erode(beside, np.ones((STROKE_ROWS, 1), np.uint8))
    return bool(lasting.max() >= STROKES)


def _starts_beside(edge: "NDArray[np.bool_]") -> "NDArray[np.uint8]":
    """Count, for each pixel, the edges that begin in the window around it on its row."""
    begins = (edge[:, 1:] & ~edge[:, :-1]).astype(np.uint8)
    counts = cv2.boxFilter(begins, -1, (STROKE_WINDOW, 1), normalize=False, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(counts, np.uint8)


def blocks(lines: Sequence[TextLine]) -> list[str]:
    """Return the texts of lines in reading order, lines that belong together joined by spaces."""
    groups: list[list[TextLine]] = []
    for line in _in_rows(lines):
        joined = [group for group in groups if any(_together(line, other) for other in group)]
        groups = [group for group in groups if group not in joined]
        groups.append([*(member for group in joined for member in group), line])
    ordered = [_in_rows(group) for group in groups]
    ordered.sort(key=lambda group: (group[0].top, group[0].left))
    return [" ".join(line.text for line in group) for group in ordered]


def _in_rows(lines: Sequence[TextLine]) -> list[TextLine]:
    """Order lines from top to bottom, and those beside each other from left to right."""
    rows: list[list[TextLine]] = []
    for line in sorted(lines, key=lambda member: member.top):
        if rows and line.top < rows[-1][0].bottom - rows[-1][0].height / 2:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda member: member.left)]


def _together(one: TextLine, other: TextLine) -> bool:
    """Tell whether two lines are of like height and less than a line apart, below or beside each other."""
    low, high = sorted((one.height, other.height))
    across = max(one.left, other.left) - min(one.right, other.right)  # negative where they overlap
    down = max(one.top, other.top) - min(one.bottom, other.bottom)
    below, beside = across < 0 and down < low, down < -low / 2 and across < 1.5 * low
    return high <= 2 * low and (below or beside)


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
