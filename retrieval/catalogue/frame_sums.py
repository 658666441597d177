"""A checksum of each keyframe's file, kept in the catalogue: a frame that is not what was written is not shown."""

import zlib
from collections.abc import Iterable
from pathlib import Path
from sqlite3 import Connection

AT_ONCE = 1 << 20
"""Bytes of a file that are read at once."""


def sum_of(path: Path) -> tuple[int, int] | None:
    """Return the size and the CRC-32 of a file, None where it cannot be read."""
    total = size = 0
    try:
        with path.open("rb") as file:
            while part := file.read(AT_ONCE):
                total, size = zlib.crc32(part, total), size + len(part)
    except OSError:
        return None
    return size, total


def note(db: Connection, generation: int, frames: Iterable[Path]) -> None:
    """Keep the sums of the keyframes of a generation as they are now; of a file that is gone none is kept."""
    found = [(generation, path.name, *told) for path in frames if (told := sum_of(path)) is not None]
    db.executemany("INSERT OR REPLACE INTO frame_files VALUES (?, ?, ?, ?)", found)
