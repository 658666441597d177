"""Where a known video's file is now: moved, renamed, copied or gone. Decided by bytes, never by names.

A video whose file is gone stays as it is, and can be found; its path is renewed when its bytes are met again.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from retrieval.errors import UnreadableMedia
from retrieval.ingest.sources import content_hash
from retrieval.types import Membership, Video


@dataclass(frozen=True, slots=True)
class Placement:
    """What it means that a known video's bytes lie at a path.

    Attributes:
        writes: the memberships to be written; none where all is known.
        moved_from: the path that the collection knew before, where nothing of the video lies any more.
        original: another path where the same bytes lie, if this one is new: then this one is a copy.
    """

    writes: tuple[Membership, ...]
    moved_from: Path | None
    original: Path | None


def placed(known: Video, found: Membership, holds: Callable[[Path], bool]) -> Placement:
    """Return what follows from finding a known video's bytes at `found.path`.

    The collection that takes the file in gets its path and title, unless its own file is still there. Other
    collections that lost theirs get the path, and keep the title that they show.

    Args:
        known: the video with those bytes, with all its memberships.
        found: where they were found, and in which collection they are taken in.
        holds: tells whether another path still holds these bytes.
    """
    paths = {m.path for m in known.memberships if m.path is not None and m.path != found.path}
    whole = {path for path in paths if holds(path)}
    lost = [m for m in known.memberships if m.path != found.path and m.path not in whole]
    writes = [replace(m, path=found.path) for m in lost if m.collection != found.collection]
    own = next((m for m in known.memberships if m.collection == found.collection), None)
    if own is None or own in lost:
        writes.append(found)
    is_new = all(m.path != found.path for m in known.memberships)
    moved_from = own.path if own is not None and own in lost else None
    return Placement(tuple(writes), moved_from, min(whole) if is_new and whole else None)


def holds(path: Path, content: str) -> bool:
    """Tell whether a file is there and has these bytes."""
    try:
        return path.is_file() and content_hash(path) == content
    except UnreadableMedia:
        return False


def media(video: Video) -> Path | None:
    """Return a path where the video's file is, None where it is gone or never was."""
    return next((m.path for m in video.memberships if m.path is not None and m.path.is_file()), None)


def is_gone(video: Video) -> bool:
    """Tell whether the video was made of a file that is no longer where it was."""
    return video.state != "imported" and media(video) is None
