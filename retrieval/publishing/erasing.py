"""Erasing: what left the library leaves its bytes too, in the index, the catalogue, its log and its copies.

A removal notes what is to be erased within its own transaction, so that a kill at any point leaves it to the next
process that writes. The order: the rows go, the index is written anew without them, who else keeps something of them
is told, and last the catalogue's file is written anew, with the notes no longer in it.
Why: docs/decisions/publishing.md.
"""

import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from retrieval.catalogue import banks, erasures
from retrieval.catalogue.backups import Backups
from retrieval.catalogue.catalogue import Catalogue
from retrieval.catalogue.erasures import Erasure
from retrieval.errors import LibraryUnusable
from retrieval.publishing.generations import Generations
from retrieval.publishing.versions import IndexVersions
from retrieval.spaces import IndexSpaces

Forget = Callable[[Sequence[Erasure]], bool]
"""Takes what left the library out of what else is kept of it; tells whether no byte of it stays there."""

AT_ONCE = 20_000
"""Moments up to which it is done at once; above, the next `compact` does it."""

ASIDE = "replaced-*"
"""Folders that a restore put aside."""


class Eraser:
    """Erases what left one library.

    Args:
        catalogue: of the library.
        generations: keeps what is noted of its index.
        index: its index.
        forget: told of all that left.
    """

    def __init__(
        self, catalogue: Catalogue, generations: Generations, index: IndexVersions, forget: Forget | None
    ) -> None:
        self._catalogue = catalogue
        self._generations = generations
        self._index = index
        self._tell = forget or (lambda _: True)
        self._backups = Backups(catalogue.database.path)

    def erase(self, spaces: IndexSpaces, however_large: bool = False) -> bool:
        """Erase what is waiting; tell whether nothing waits any more. Call it while `IndexVersions.writing()`.

        Args:
            spaces: those of the index as it is.
            however_large: whether it is done in a large library too.
        """
        database = self._catalogue.database
        if not erasures.are_waiting(database):
            return True
        left = erasures.noted(database)
        banks.leave_out(database, {one.key for one in left})
        is_told = self._tell(left)
        with database.writing() as db:
            erasures.forget(db)
        self._backups.drop()
        if not however_large and self._catalogue.moment_count() > AT_ONCE:
            return False
        self._index.purge(spaces, self._generations)
        with suppress(LibraryUnusable):  # another process writes: whoever comes next does it
            if database.compact():
                with database.writing() as db:
                    erasures.done(db)
                return is_told and (however_large or self._index.is_in_home)  # what a server keeps is its own
        return False

    def everything(self, spaces: IndexSpaces) -> bool:
        """Erase all that may be left of anything, also what a restore put aside; tell whether nothing waits any more.

        Call it while `IndexVersions.writing()`.
        """
        with self._catalogue.database.writing() as db:
            erasures.wait(db)
        for folder in put_aside(self._catalogue.home):
            shutil.rmtree(folder)
        return self.erase(spaces, however_large=True)


def put_aside(home: Path) -> list[Path]:
    """Return the folders in which a restore left what was there before."""
    return sorted(path for path in home.glob(ASIDE) if path.is_dir())
