"""The index of a library: which version counts, and how a new one takes its place.

A rebuilt index is written beside the old one and counts from the moment its store and the catalogue name it. Searches
that were running go on with the old one.
"""

import errno
import os
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Protocol

from filelock import FileLock

from retrieval.catalogue.catalogue import Catalogue
from retrieval.errors import LibraryDamaged, LibraryUnusable
from retrieval.index import file_sums
from retrieval.index.base import MomentIndex, VideoRows
from retrieval.index.spaces import recall, refuse_others
from retrieval.publishing.generations import Generations
from retrieval.spaces import IndexSpaces

MakeIndex = Callable[[Path, IndexSpaces], MomentIndex]
BATCH = 500
FULL = os.strerror(errno.ENOSPC)
EMBEDDED = "embedded"
CURRENT_INDEX = "index_version"
_KIND = "index_kind"
_SUMMED = "index_summed"


class IndexStore(Protocol):
    """Where the versions of one library's index lie."""

    kind: str
    """What it is, in a word: an index of another kind is another index."""

    def open(self, version: int, spaces: IndexSpaces) -> MomentIndex:
        """Open the version that counts, made where the library is still empty.

        Raises:
            SpaceMismatch: it was made with other encoders.
        """
        ...

    def spaces(self, version: int) -> IndexSpaces | None:
        """Return the spaces of the version that counts, None where there is none yet."""
        ...

    def begin(self, version: int, spaces: IndexSpaces) -> tuple[int, MomentIndex]:
        """Make an empty version beside the one that counts; what else there is, is dropped."""
        ...

    def adopt(self, version: int) -> None:
        """Let a version that was begun take the other's place."""
        ...

    def drop_others(self, version: int) -> None:
        """Delete all versions but this one."""
        ...

    def keeps(self, version: int, is_changing: bool) -> bool:
        """Keep checksums of the files of a version, none while they change; tell whether there are any."""
        ...

    def damaged(self, version: int, was_kept: bool, most: int | None = None) -> str:
        """Return what is damaged of a version, "" where nothing is; see `retrieval.index.file_sums.damaged`."""
        ...


class FolderStore:
    """Versions in folders of the home folder."""

    kind = EMBEDDED

    def __init__(self, home: Path, make: MakeIndex) -> None:
        self._folder = home / "index"
        self._make = make
        self._begun: tuple[int, IndexSpaces, MomentIndex] | None = None

    def open(self, version: int, spaces: IndexSpaces) -> MomentIndex:
        """Open a version, made where it is not there yet; the one begun last is open already."""
        if self._begun is not None and self._begun[:2] == (version, spaces):
            return self._begun[2]
        return self._make(self._folder / str(version), spaces)

    def spaces(self, version: int) -> IndexSpaces | None:
        """Return the spaces of a version, None where it is not there yet."""
        return recall(self._folder / str(version))

    def begin(self, version: int, spaces: IndexSpaces) -> tuple[int, MomentIndex]:
        """Make the version after this one; folders of others are deleted."""
        self.drop_others(version)
        file_sums.forget(self._folder / str(version + 1))
        self._begun = (version + 1, spaces, self._make(self._folder / str(version + 1), spaces))
        return version + 1, self._begun[2]

    def adopt(self, version: int) -> None:
        """Nothing to do: the catalogue names the version that counts."""

    def drop_others(self, version: int) -> None:
        """Delete the folders of other versions."""
        for stale in self._folder.iterdir():
            if stale.is_dir() and stale.name != str(version):
                shutil.rmtree(stale)
                file_sums.forget(stale)

    def keeps(self, version: int, is_changing: bool) -> bool:
        """Keep checksums of the files of a version, none while they change; tell whether there are any."""
        (file_sums.forget if is_changing else file_sums.note)(self._folder / str(version))
        return file_sums.is_noted(self._folder / str(version))

    def damaged(self, version: int, was_kept: bool, most: int | None = None) -> str:
        """Return which files are damaged or gone, "" where none is."""
        folder = self._folder / str(version)
        if was_kept and not folder.is_dir():
            return "its files are gone"
        found = file_sums.damaged(folder, most)
        return f"{len(found)} of its files are damaged or gone" if found else ""


class IndexVersions:
    """Opens the version that counts; writers hold `writing()` so that a rebuild misses nothing."""

    def __init__(self, catalogue: Catalogue, store: IndexStore) -> None:
        self._catalogue = catalogue
        self._store = store
        folder = catalogue.home / "index"
        folder.mkdir(exist_ok=True)
        self._lock = FileLock(folder / "lock")
        self._opened: tuple[int, IndexSpaces, MomentIndex] | None = None

    def current(self, spaces: IndexSpaces) -> MomentIndex:
        """Return the index that counts.

        Raises:
            SpaceMismatch: it was made with other encoders.
            LibraryUnusable: another kind of index holds the library's moments.
        """
        self._refuse_another_kind()
        version = self._version()
        if self._opened is None or self._opened[:2] != (version, spaces):
            if found := self.damaged(file_sums.READ_ON_OPENING):
                raise LibraryDamaged(f"the index is damaged: {found}", "Run: vdialog reindex")
            self._opened = (version, spaces, self._store.open(version, spaces))
        return self._opened[2]

    def refuse_what_is_off(self, off: Collection[str]) -> None:
        """Refuse an index of another kind, or with vectors of spaces that are off, by their names.

        It is what `current` refuses too, but that needs the encoders that are on.

        Raises:
            SpaceMismatch, LibraryUnusable: as `current`.
        """
        self._refuse_another_kind()
        held = self.spaces()
        for kind, space in () if held is None else held.held:
            if kind.name in off:
                refuse_others(IndexSpaces(((kind, space),)), IndexSpaces(()))

    def spaces(self) -> IndexSpaces | None:
        """Return the spaces of the index that counts, None where there is none yet."""
        version = self._version()
        if self._opened is not None and self._opened[0] == version:
            return self._opened[1]
        return self._store.spaces(version)

    def damaged(self, most: int | None = None) -> str:
        """Return what is damaged of the files of the index that counts, "" where nothing is.

        `most` are the bytes up to which all are read; of a larger index sizes alone are compared.
        """
        version = self._version()
        return self._store.damaged(version, self._catalogue.meta(_SUMMED) == str(version), most)

    def optimize(self, spaces: IndexSpaces, generations: Generations) -> None:
        """Bring the index that counts to its best. Call it while `writing()`."""
        index, version = self.current(spaces), self._version()
        self._store.keeps(version, is_changing=True)
        index.optimize()
        self._keep_sums(version, generations)

    def _keep_sums(self, version: int, generations: Generations) -> None:
        if self._store.keeps(version, is_changing=False) and self._catalogue.meta(_SUMMED) != str(version):
            generations.note(_SUMMED, str(version))

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
        version, index = self._store.begin(self._version(), spaces)
        rows = iter(videos)
        while batch := list(islice(rows, BATCH)):
            index.upsert(batch)
        index.optimize()
        self._store.adopt(version)
        self.claim(generations)
        generations.note(CURRENT_INDEX, str(version))
        self._keep_sums(version, generations)
        self._opened = None
        return self.current(spaces)

    @property
    def is_in_home(self) -> bool:
        """Whether the index lies in the home folder."""
        return self._store.kind == EMBEDDED

    def purge(self, spaces: IndexSpaces, generations: Generations) -> None:
        """Leave no byte of deleted rows, in no version. Call it while `writing()`."""
        index, version = self.current(spaces), self._version()
        self._store.keeps(version, is_changing=True)
        index.purge()
        self._store.drop_others(version)
        self._keep_sums(version, generations)

    def claim(self, generations: Generations) -> None:
        """Note in the catalogue that this kind of index holds the library's moments. Call it while `writing()`."""
        if self._catalogue.meta(_KIND) != self._store.kind:
            generations.note(_KIND, self._store.kind)

    def _refuse_another_kind(self) -> None:
        held = self._catalogue.meta(_KIND, EMBEDDED)
        if held != self._store.kind and self._catalogue.moment_count():
            raise LibraryUnusable(
                f"the index of this library is {held}, and {self._store.kind} is set now (VDIALOG_INDEX)",
                "Run `vdialog reindex` to make the index anew where it is set now.",
            )

    def _version(self) -> int:
        return int(self._catalogue.meta(CURRENT_INDEX, "1"))
