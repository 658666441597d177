"""The index of a home folder: which version counts, and how a new one takes its place.

A rebuilt index is written beside the old one and counts from the moment the catalogue names it. Searches that
were running go on with the old files, which the next rebuild deletes.
"""

import errno
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from filelock import FileLock

from retrieval.catalogue import Catalogue
from retrieval.errors import LibraryUnusable
from retrieval.generations import Generations
from retrieval.index.base import IndexSpaces, MomentIndex, VideoRows
from retrieval.index.spaces import recall

MakeIndex = Callable[[Path, IndexSpaces], MomentIndex]
BATCH = 500
FULL = os.strerror(errno.ENOSPC)
_CURRENT = "index_version"


class IndexVersions:
    """Opens the version that counts; writers hold `writing()` so that a rebuild misses nothing."""

    def __init__(self, catalogue: Catalogue, make: MakeIndex) -> None:
        self._catalogue = catalogue
        self._make = make
        self._folder = catalogue.home / "index"
        self._folder.mkdir(exist_ok=True)
        self._lock = FileLock(self._folder / "lock")
        self._opened: tuple[int, IndexSpaces, MomentIndex] | None = None

    def current(self, spaces: IndexSpaces) -> MomentIndex:
        """Return the index that counts.

        Raises:
            SpaceMismatch: it was made with other encoders.
        """
        version = self._version()
        if self._opened is None or self._opened[:2] != (version, spaces):
            self._opened = (version, spaces, self._make(self._folder / str(version), spaces))
        return self._opened[2]

    def spaces(self) -> IndexSpaces | None:
        """Return the spaces of the index that counts, None where there is none yet."""
        version = self._version()
        if self._opened is not None and self._opened[0] == version:
            return self._opened[1]
        return recall(self._folder / str(version))

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Keep other writers out, in this process and in others.

        Raises:
            LibraryUnusable: the disk is full; the next writer sweeps what was begun.
        """
        try:
            with self._lock:
                yield
        except (OSError, RuntimeError) as error:
            if FULL not in str(error):  # LanceDB raises a RuntimeError that quotes the system
                raise
            raise LibraryUnusable(
                f"there is no space left for the library in {str(self._catalogue.home)!r}",
                "Make room, and give the same command again: what is done is kept.",
            ) from error

    def rebuild(self, spaces: IndexSpaces, videos: Iterable[VideoRows], generations: Generations) -> MomentIndex:
        """Write a new version and make it the one that counts. Call it while `writing()`."""
        old = self._version()
        for stale in self._folder.iterdir():
            if stale.is_dir() and stale.name != str(old):
                shutil.rmtree(stale)
        index = self._make(self._folder / str(old + 1), spaces)
        rows = iter(videos)
        while batch := list(islice(rows, BATCH)):
            index.upsert(batch)
        index.optimize()
        generations.note(_CURRENT, str(old + 1))
        self._opened = (old + 1, spaces, index)
        return index

    def _version(self) -> int:
        return int(self._catalogue.meta(_CURRENT, "1"))
