"""Versions of an index that end with the process: the store's fake."""

from collections.abc import Callable

from retrieval.index.base import MomentIndex
from retrieval.index.memory import MemoryIndex
from retrieval.index.spaces import refuse_others
from retrieval.spaces import IndexSpaces


class MemoryStore:
    """Keeps the version that counts, and the one that was begun last.

    Args:
        make: makes an empty index.
    """

    kind = "in memory"

    def __init__(self, make: Callable[[IndexSpaces], MomentIndex] = MemoryIndex) -> None:
        self._make = make
        self._kept: dict[int, tuple[IndexSpaces, MomentIndex]] = {}

    def open(self, version: int, spaces: IndexSpaces) -> MomentIndex:
        """Open a version, made where it is not there yet."""
        if version not in self._kept:
            self._kept[version] = (spaces, self._make(spaces))
        held, index = self._kept[version]
        refuse_others(held, spaces)
        return index

    def spaces(self, version: int) -> IndexSpaces | None:
        """Return the spaces of a version, None where it is not there yet."""
        return self._kept[version][0] if version in self._kept else None

    def begin(self, version: int, spaces: IndexSpaces) -> tuple[int, MomentIndex]:
        """Make the version after this one; others are dropped."""
        index = self._make(spaces)
        counts = {version: self._kept[version]} if version in self._kept else {}
        self._kept = {**counts, version + 1: (spaces, index)}
        return version + 1, index

    def adopt(self, version: int) -> None:
        """Drop all others."""
        self._kept = {version: self._kept[version]}

    def drop_others(self, version: int) -> None:
        """Drop all other versions."""
        self._kept = {one: held for one, held in self._kept.items() if one == version}
