"""Reading the text on the keyframes of a video, one after the other: only what is new on each is looked at.

A slide with one more line is compared with those seen before it. What lies where nothing changed keeps its lines; text
is looked for in the rest, first in half the size; a line that was recognised before in the same place is not
recognised again. What is found depends on the frames before alone, in order of time: so a reading that broke off is
gone on with by `recall`, and finds the same.
Why: docs/decisions/screen-text.md.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from retrieval.ingest.areas import (
    CELL,
    DIFFERENT,
    TILE,
    ScaledFrame,
    areas,
    changed,
    difference,
    scaled,
    tiles_of,
    wider,
)
from retrieval.ingest.ocr import RapidEngine, TextEngine
from retrieval.ingest.strokes import may_show_text, strokes
from retrieval.ingest.text_lines import TextLine, blocks

if TYPE_CHECKING:
    from numpy.typing import NDArray

CONFIDENCE = 0.8
"""Lines below are left out. Of 519 lines drawn on real frames one came below it; most inventions do."""

REMEMBERED = 32
"""Frames of a video that others are compared with: half a megabyte each."""

COMPARED = 2
"""Of them, the most alike by a glance are compared in full."""

GLANCE = 10
"""Levels of grey by which pixels differ at a glance."""

LARGE = 0.25
"""Share of a frame from which it pays to look first in a small size whether there is any text."""

SLIGHT = 0.15
"""Share of a frame up to which a change that brought no text is not worth remembering the frame."""

COVERED = 0.5
"""Share of a box from which it is a part of a line that is known to be there."""


@dataclass(frozen=True, slots=True)
class ReadFrame:
    """What a frame shows: its texts in reading order; and the lines of it that were not known from frames before."""

    texts: tuple[str, ...]
    fresh: tuple[TextLine, ...] = ()

    def data(self) -> dict[str, object]:
        """Return it as it is kept."""
        return {"texts": self.texts, "fresh": [astuple(line) for line in self.fresh]}

    @classmethod
    def of(cls, data: Any) -> "ReadFrame":
        """Return it from what was kept; earlier versions of the program kept the texts alone."""
        if isinstance(data, dict):
            return cls(tuple(data["texts"]), tuple(TextLine(*line) for line in data["fresh"]))
        return cls(tuple(data))


@dataclass(frozen=True, slots=True)
class _Seen:
    """A frame that others are compared with, and its lines in pixels of its grey picture."""

    gray: "NDArray[np.uint8]"
    glance: "NDArray[np.uint8]"
    lines: tuple[TextLine, ...]


class ScreenReader:
    """Reads the text on frames.

    Args:
        threads: processor threads to use.
        engine: finds and recognises lines; rapidocr unless given.

    Raises:
        MissingModel: rapidocr is not installed.
    """

    def __init__(self, threads: int = 2, engine: TextEngine | None = None) -> None:
        self._engine = engine or RapidEngine(threads)

    def read(self, image: "NDArray[np.uint8]") -> list[str]:
        """Return the texts on a single frame in reading order, lines of one block joined by spaces.

        A single character is left out: it is as often a table's leg as a letter.

        Args:
            image: RGB, 0 to 255.  # (height, width, 3)
        """
        return list(self.video().read(image).texts)

    def video(self) -> "VideoScreen":
        """Return what reads the frames of one video."""
        return VideoScreen(self._engine)


Look = Callable[["NDArray[np.bool_]", Sequence[TextLine]], list[TextLine]]


class VideoScreen:
    """Reads the frames of one video in order of time."""

    def __init__(self, engine: TextEngine) -> None:
        self._engine = engine
        self._before: deque[_Seen] = deque(maxlen=REMEMBERED)

    def read(self, image: "NDArray[np.uint8]") -> ReadFrame:
        """Read the next frame: RGB, 0 to 255; (height, width, 3)."""
        if not may_show_text(image):
            return ReadFrame(())
        frame = scaled(image)
        return self._taken(frame, lambda cells, kept: self._look(image, frame, cells, kept))

    def recall(self, image: "NDArray[np.uint8]", fresh: Sequence[TextLine]) -> None:
        """Take the next frame, which was read before: `fresh` is what was new on it."""
        if may_show_text(image):
            self._taken(scaled(image), lambda cells, kept: list(fresh))

    def _taken(self, frame: ScaledFrame, look: Look) -> ReadFrame:
        small = cv2.resize(frame.gray, None, fx=1 / CELL, fy=1 / CELL, interpolation=cv2.INTER_AREA)
        glance = np.asarray(small, np.uint8)
        cells, before = self._changes(frame, glance)
        kept = [line for line in before if not _under(cells, line).any()]
        for line in before:
            if line not in kept:
                _under(cells, line)[...] = True
        fresh = look(cells, kept) if cells.any() else []
        lines = (*kept, *fresh)
        if fresh or len(kept) < len(before) or cells.mean() > SLIGHT:
            self._before.append(_Seen(frame.gray, glance, lines))
        sure = [line for line in lines if line.confidence >= CONFIDENCE and sum(map(str.isalnum, line.text)) > 1]
        return ReadFrame(tuple(blocks(sure)), tuple(fresh))

    def _changes(
        self, frame: ScaledFrame, glance: "NDArray[np.uint8]"
    ) -> "tuple[NDArray[np.bool_], tuple[TextLine, ...]]":
        """Return the cells that differ from the frame before that is the most alike, and the lines of that one."""
        alike = [seen for seen in self._before if seen.gray.shape == frame.gray.shape]
        alike.sort(key=lambda seen: int(np.count_nonzero(cv2.absdiff(seen.glance, glance) > GLANCE)))
        compared = [(changed(seen.gray, frame.gray), seen.lines) for seen in alike[:COMPARED]]
        if not compared:
            return np.ones((frame.gray.shape[0] // CELL, frame.gray.shape[1] // CELL), np.bool_), ()
        return min(compared, key=lambda found: int(found[0].sum()))

    def _look(
        self, image: "NDArray[np.uint8]", frame: ScaledFrame, cells: "NDArray[np.bool_]", kept: Sequence[TextLine]
    ) -> list[TextLine]:
        """Return the lines where something changed."""
        tiles = tiles_of(cells) & wider(_in_tiles(strokes(frame.gray), cells), 2)
        looked = areas(wider(tiles))
        if sum(area.pixels for area in looked) > LARGE * frame.gray.size:
            looked = areas(wider(tiles & wider(self._engine.hints(frame.pixels), 2)))
        found = [box for area in looked for box in self._engine.boxes(frame.pixels, area)]
        found = [box for box in found if not any(_covered(box, line) > COVERED for line in kept)]
        known = [self._known(box, frame.gray) for box in found]
        new = [box for box, line in zip(found, known, strict=True) if line is None]
        scale = np.array(frame.scale, np.float32)
        read = iter(self._engine.recognise(image, [np.asarray(box / scale, np.float32) for box in new]))
        lines = [line or _line(box, *next(read)) for box, line in zip(found, known, strict=True)]
        return [line for line in lines if line.text]

    def _known(self, box: "NDArray[np.float32]", gray: "NDArray[np.uint8]") -> TextLine | None:
        """Return the line that was in this place before and looked the same."""
        for seen in reversed(self._before):
            if seen.gray.shape == gray.shape:
                for line in seen.lines:
                    if _same_place(box, line) and not _differs(seen.gray, gray, line):
                        return line
        return None


def _line(box: "NDArray[np.float32]", text: str, confidence: float) -> TextLine:
    left, top, right, bottom = (round(float(edge), 1) for edge in (*box.min(axis=0), *box.max(axis=0)))
    return TextLine(text, round(confidence, 4), left, top, right, bottom)


def _in_tiles(there: "NDArray[np.bool_]", cells: "NDArray[np.bool_]") -> "NDArray[np.bool_]":
    """Return in which tiles of the picture with these cells anything is there."""
    size = (cells.shape[1] * CELL // TILE, cells.shape[0] * CELL // TILE)
    return np.asarray(cv2.resize(there.astype(np.float32), size, interpolation=cv2.INTER_AREA) > 0)


def _under(cells: "NDArray[np.bool_]", line: TextLine) -> "NDArray[np.bool_]":
    """Return the cells that a line covers, as a view."""
    top, bottom = int(line.top // CELL), int(-(-line.bottom // CELL))
    left, right = int(line.left // CELL), int(-(-line.right // CELL))
    return cells[top : max(bottom, top + 1), left : max(right, left + 1)]


def _covered(box: "NDArray[np.float32]", line: TextLine) -> float:
    """Return the share of a box that a line covers, 0 to 1."""
    (left, top), (right, bottom) = box.min(axis=0), box.max(axis=0)
    across = min(right, line.right) - max(left, line.left)
    down = min(bottom, line.bottom) - max(top, line.top)
    return float(max(0.0, across) * max(0.0, down) / max(1.0, (right - left) * (bottom - top)))


def _same_place(box: "NDArray[np.float32]", line: TextLine) -> bool:
    edges = (*box.min(axis=0), *box.max(axis=0))
    own = (line.left, line.top, line.right, line.bottom)
    return all(abs(float(one) - other) <= CELL / 2 for one, other in zip(edges, own, strict=True))


def _differs(one: "NDArray[np.uint8]", other: "NDArray[np.uint8]", line: TextLine) -> bool:
    top, left = max(0, int(line.top) - CELL // 2), max(0, int(line.left) - CELL // 2)
    part = (slice(top, int(line.bottom) + CELL // 2), slice(left, int(line.right) + CELL // 2))
    return bool(difference(one[part], other[part]).max() >= DIFFERENT)
