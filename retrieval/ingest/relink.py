"""Where a known video's file is now: moved, renamed, copied or gone. Decided by bytes, never by names.

A video whose file is gone stays as it is, and can be found; its path is renewed when its bytes are met again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from retrieval.errors import UnreadableMedia
from retrieval.ingest.sources import content_hash, stamp_of
from retrieval.types import Entry, Video


@dataclass(frozen=True, slots=True)
class Placement:
    """What it means that a known video's bytes lie at a path.

    Attributes:
        write: the entry to be written; None where all is known.
        moved_from: the path that was known before, where nothing of the video lies any more.
        original: the known path, if the same bytes lie there too: then this one is a copy.
    """

    write: Entry | None = None
    moved_from: Path | None = None
    original: Path | None = None


def placed(known: Entry, found: Entry, holds: Callable[[Path], bool]) -> Placement:
    """Return what follows from finding a known video's bytes at `found.path`.

    The video gets this path and title, unless its own file is still there.

    Args:
        known: the entry of the video with those bytes.
        found: where they were found, in the same collection.
        holds: tells whether another path still holds these bytes.
    """
    if known.path == found.path:
        return Placement()
    if known.path is not None and holds(known.path):
        return Placement(original=known.path)
    return Placement(found, known.path)


def media(video: Video) -> Path | None:
    """Return the path where the video's file is, None where it is gone or never was."""
    path = video.entry.path
    return path if path is not None and path.is_file() else None


def is_its_file(video: Video, path: Path) -> bool:
    """Tell whether a file is the one that a video was made of: by its stamp, or where that is another, by its bytes."""
    try:
        return stamp_of(path) == video.stamp or content_hash(path) == video.content_hash
    except (OSError, UnreadableMedia):
        return False


def is_gone(video: Video) -> bool:
    """Tell whether the video was made of a file that is no longer where it was."""
    return video.state != "imported" and media(video) is None
