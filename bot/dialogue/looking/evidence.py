"""From the moments found to the few keyframes worth looking at, and how a model is shown them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from bot.tools.pieces import Piece
from retrieval.pictures import read_keyframe
from retrieval.types import Keyframe, timecode

FRAMES = 6
"""Keyframes that are looked at for one question."""

OF_THE_BEST = 3
"""Keyframes of the first moment among them; of the others one each."""

ALIKE = 2.0
"""Mean difference of two frames' brightness, of 255, below which they show the same."""

CELL = (336, 252)
"""Pixels of a frame on a contact sheet."""

_GRID = (16, 12)
_STRIP = 18


@dataclass(frozen=True, slots=True)
class EvidenceFrame:
    """A keyframe to look at, and the moment that it is of."""

    moment_id: str
    time: float
    path: Path
    picture: Image.Image

    @property
    def video_id(self) -> str:
        """The video that the moment is of."""
        return self.moment_id.rpartition(":")[0]


def choose(pieces: Sequence[Piece], most: int = FRAMES, of_the_best: int = OF_THE_BEST) -> list[EvidenceFrame]:
    """Return the keyframes worth looking at, distinct, moment by moment, each moment's in order of time.

    Of each moment the frame comes first that fits the query best, if frames were searched, else the one in its
    middle. What cannot be read as a picture is left out.
    """
    others = min(len(pieces) - 1, most - 1)
    shares = [min(of_the_best, most - others), *[1] * others]
    chosen = [_distinct(piece, share) for piece, share in zip(pieces, shares, strict=False)]
    return [frame for own in chosen for frame in sorted(own, key=lambda frame: frame.time)]


def best_first(piece: Piece) -> list[Keyframe]:
    """Return a moment's keyframes: the one that stands for it, then those farthest from all before."""
    frames = list(piece.moment.keyframes)
    first = next((frame for frame in frames if frame.path == piece.keyframe), None)
    if first is None:
        return frames
    chosen = [first]
    while left := [frame for frame in frames if frame not in chosen]:
        chosen.append(max(left, key=lambda frame: min(abs(frame.time - other.time) for other in chosen)))
    return chosen


def sheet(frames: Sequence[EvidenceFrame]) -> Image.Image:
    """Return frames on one picture, numbered from 1, each with its time."""
    columns = 1 if len(frames) == 1 else 2 if len(frames) <= 4 else 3
    rows = -(-len(frames) // columns)
    width, height = CELL[0], CELL[1] + _STRIP
    page = Image.new("RGB", (columns * width, rows * height), "white")
    draw = ImageDraw.Draw(page)
    for number, frame in enumerate(frames):
        left, top = number % columns * width, number // columns * height
        draw.text((left + 4, top + 3), f"{number + 1}   {timecode(frame.time)}", fill="black")
        shown = frame.picture.copy()
        shown.thumbnail(CELL)
        page.paste(shown, (left, top + _STRIP))
    return page


def _distinct(piece: Piece, most: int) -> list[EvidenceFrame]:
    """Return at most so many frames of a moment that do not show the same."""
    found: list[EvidenceFrame] = []
    grids: list[np.ndarray] = []
    for keyframe in best_first(piece):
        if len(found) == most:
            break
        picture = _read(keyframe.path)
        if picture is None:
            continue
        grid = np.asarray(picture.convert("L").resize(_GRID), dtype=np.float32)
        if all(float(np.abs(grid - other).mean()) >= ALIKE for other in grids):
            found.append(EvidenceFrame(piece.moment.moment_id, keyframe.time, keyframe.path, picture))
            grids.append(grid)
    return found


def _read(path: Path) -> Image.Image | None:
    try:
        return read_keyframe(path)
    except (OSError, ValueError):  # gone, or damaged
        return None
