"""What is shown is verified first: rows by their sums, keyframes by their files.

A row that is not what was written ends the command, for nothing else may be shown in its place. A keyframe that is
damaged or gone is left out, which the log says.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from retrieval.catalogue import frame_sums
from retrieval.catalogue.database import CHUNK, LOOK, Database
from retrieval.catalogue.ids import split_moment_id
from retrieval.errors import InvalidSpan, LibraryDamaged
from retrieval.types import Keyframe, Moment, TimeSpan

log = logging.getLogger(__name__)

_OF_MOMENTS = "WITH wanted (generation, number, since, until) AS (VALUES {}) "
_NUMBERED = "wanted AS w CROSS JOIN {} AS t ON t.generation = w.generation AND t.number = w.number"
_WITHIN = "wanted AS w CROSS JOIN keyframes AS t ON t.generation = w.generation AND t.time >= since AND t.time < until"
_FILES = "SELECT generation, file, size, sum FROM frame_files WHERE generation IN ({})"


def sound(database: Database, generations: Mapping[str, int], moments: Sequence[Moment]) -> list[Moment]:
    """Return moments without the keyframes that are damaged or gone; the log says which these are.

    Args:
        database: the catalogue's.
        generations: of their videos, by key.
        moments: as they were read, called by keys.

    Raises:
        LibraryDamaged: a moment, a text of it, or its video is not what was written.
    """
    found: list[Moment] = []
    for start in range(0, len(moments), CHUNK):
        part = moments[start : start + CHUNK]
        wanted = [
            (generations.get(m.video_id), split_moment_id(m.moment_id)[1], m.span.start, m.span.end) for m in part
        ]
        head = _OF_MOMENTS.format(", ".join(["(?, ?, ?, ?)"] * len(part)))
        tables = {table: _NUMBERED.format(table) for table in ("moments", "texts")} | {"keyframes": _WITHIN}
        database.verify(tables, head, [value for row in wanted for value in row])
        found += part
    held = sorted(set(generations.values()))
    database.verify({"videos": f"videos AS t WHERE t.generation IN ({', '.join('?' * len(held))})"}, "", held)
    return _framed(database, found, held) if any(moment.keyframes for moment in found) else found


def span(start: float, end: float) -> TimeSpan:
    """Return a span that was read; raises LibraryDamaged where it is none."""
    try:
        return TimeSpan(start, end)
    except (InvalidSpan, TypeError) as error:
        raise LibraryDamaged("the library is damaged: a time is none", LOOK) from error


def verify_videos(database: Database) -> None:
    """See that all videos are what was written; raises LibraryDamaged."""
    database.verify({"videos": "videos AS t WHERE 1"}, "", ())


def verify_video(database: Database, key: str) -> None:
    """See that a video is what was written; raises LibraryDamaged."""
    database.verify({"videos": "videos AS t WHERE t.video_id = ?"}, "", [key])


def _framed(database: Database, moments: Sequence[Moment], generations: Sequence[int]) -> list[Moment]:
    rows = database.rows(_FILES.format(", ".join("?" * len(generations))), generations)
    known = {(str(row["generation"]), row["file"]): (row["size"], row["sum"]) for row in rows}
    found = []
    for moment in moments:
        kept = tuple(frame for frame in moment.keyframes if _is_sound(frame.path, known))
        for frame in moment.keyframes:
            if frame not in kept:
                _tell(moment, frame)
        found.append(moment if len(kept) == len(moment.keyframes) else replace(moment, keyframes=kept))
    return found


def _is_sound(path: Path, known: Mapping[tuple[str, str], tuple[int, int]]) -> bool:
    noted = known.get((path.parent.name, path.name))
    return noted is None or frame_sums.sum_of(path) == noted


def _tell(moment: Moment, frame: Keyframe) -> None:
    log.warning(
        "a keyframe of %r at %.1f s is damaged or gone: `vdialog doctor --full` says what mends it",
        moment.moment_id,
        frame.time,
    )
