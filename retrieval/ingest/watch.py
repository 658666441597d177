"""A folder looked at again and again: which videos are new or changed, and which are gone."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from retrieval.errors import UnreadableMedia
from retrieval.ingest import subtitles
from retrieval.ingest.sources import files
from retrieval.ingest.stable_files import StableFiles

Stamp = tuple[tuple[str, int, int], ...]
"""Name, size and time of change of a video and of the files with its texts."""


@dataclass(frozen=True, slots=True)
class FolderChange:
    """What is different since the look before: files new or changed and at rest, and files no longer there.

    `there` are all videos that were found.
    """

    fresh: tuple[Path, ...] = ()
    gone: tuple[Path, ...] = ()
    there: tuple[Path, ...] = field(default=(), compare=False)


class Watch:
    """Remembers how files and folders looked.

    Args:
        paths: files and folders.
        captions: a file whose change concerns every video.
        steady: tells which files still grow; these wait for a later look.
    """

    def __init__(self, paths: Sequence[Path], captions: Path | None, steady: StableFiles) -> None:
        self._paths = paths
        self._captions = captions
        self._steady = steady
        self._stamps: dict[Path, Stamp] = {}

    def look(self) -> FolderChange:
        """Return what changed. While a file is waited for none is said to be gone: it may be the same, renamed."""
        try:
            found = self._found()
        except (OSError, UnreadableMedia):  # a folder went while it was read: it is looked at again
            return FolderChange()
        changed = [path for path in found if self._stamps.get(path) != found[path][0]]
        fresh = [path for path in changed if all(self._steady.rests(file) for file in (path, *found[path][1]))]
        self._stamps.update((path, found[path][0]) for path in fresh)
        gone = [] if len(fresh) < len(changed) else [path for path in self._stamps if path not in found]
        for path in gone:
            del self._stamps[path]
        return FolderChange(tuple(fresh), tuple(gone), tuple(found))

    def _found(self) -> dict[Path, tuple[Stamp, list[Path]]]:
        """Return each video with its stamp, and the files with texts that it has."""
        videos = list(files(path for path in self._paths if os.path.lexists(path)))
        beside = {folder: _texts(folder) for folder in {video.parent for video in videos}}
        shared = [] if self._captions is None else [self._captions]
        found = {}
        for video in videos:
            texts = [*beside[video.parent].get(video.stem, ()), *shared]
            found[video] = (tuple(map(_stamp, (video, *texts))), texts)
        return found


def _texts(folder: Path) -> dict[str, list[Path]]:
    """Return the subtitle files of a folder by every stem that they may belong to."""
    found: dict[str, list[Path]] = {}
    for path in sorted(path for path in folder.iterdir() if path.suffix.lower() in subtitles.ENDINGS):
        stem = path.stem
        while stem:
            found.setdefault(stem, []).append(path)
            stem = stem.rpartition(".")[0]
    return found


def _stamp(path: Path) -> tuple[str, int, int]:
    try:
        status = path.stat()
    except OSError:
        return path.name, -1, -1
    return path.name, status.st_size, status.st_mtime_ns
