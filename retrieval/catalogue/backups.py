"""Copies of a SQLite file, made by SQLite's own backup: whole and consistent, also while others write.

The file of a home folder is copied by itself into `backups/` beside it, at most once a day, and the newest three
copies are kept: a copy is as large as the file. Keyframes are not copied by themselves; they stay where they are, and
their files are never written into.
"""

import os
import re
import secrets
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from retrieval.catalogue import presence, soundness
from retrieval.errors import LibraryUnusable

FOLDER = "backups"
KEPT = 3
"""Copies that are kept; the older ones go."""

EVERY_SECONDS = 24 * 3600.0
_STAMP = "%Y%m%dT%H%M%S"


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy of a SQLite file: where it is, and when it was made."""

    path: Path
    made: datetime

    @property
    def size(self) -> int:
        """Bytes."""
        return self.path.stat().st_size


class Backups:
    """The copies of one SQLite file that are made by themselves.

    Args:
        path: the file.
        now: tells the time, in seconds since 1970.
    """

    def __init__(self, path: Path, now: Callable[[], float] = time.time) -> None:
        self._path = path
        self._folder = path.parent / FOLDER
        self._now = now

    def all(self) -> list[Backup]:
        """Return the copies, the newest first."""
        pattern = re.compile(re.escape(self._path.stem) + r"-(\d{8}T\d{6})\.db")
        named = [(found, path) for path in self._folder.glob("*.db") if (found := pattern.fullmatch(path.name))]
        copies = [Backup(path, datetime.strptime(found[1], _STAMP).replace(tzinfo=UTC)) for found, path in named]
        return sorted(copies, key=lambda copy: copy.made, reverse=True)

    def make(self) -> None:
        """Make a copy.

        Raises:
            LibraryUnusable: the file is damaged, or the copy cannot be written.
        """
        made = datetime.fromtimestamp(self._now(), UTC)
        try:
            self._folder.mkdir(exist_ok=True)
        except OSError as error:
            raise LibraryUnusable(
                f"{str(self._folder)!r} cannot be made: {error.strerror}", "Check that its folder can be written."
            ) from error
        copy_database(self._path, self._folder / f"{self._path.stem}-{made.strftime(_STAMP)}.db")
        for old in self.all()[KEPT:]:
            old.path.unlink(missing_ok=True)

    def keep(self, is_due: bool = False) -> None:
        """Make a copy where the newest one is older than a day, or where one is due anyway.

        A copy must never stop the work that it is made for: what cannot be copied is left, and `vdialog doctor` tells
        how old the newest copy is. A damaged file is not copied, so that it does not push sound copies out.
        """
        newest = next(iter(self.all()), None)
        is_due |= newest is None or self._now() - newest.made.timestamp() >= EVERY_SECONDS
        if not (is_due and self._path.is_file()):
            return
        with suppress(LibraryUnusable, OSError):
            self.make()

    def drop(self) -> None:
        """Delete all copies, unfinished ones too: what was removed from the file must not stay in them."""
        for path in self._folder.glob(f"{self._path.stem}-*"):
            path.unlink(missing_ok=True)


def copy_database(source: Path, target: Path) -> None:
    """Copy a SQLite file to a new place, whole or not at all.

    Raises:
        LibraryUnusable: the file cannot be read or is damaged, or the copy cannot be written.
    """
    unfinished = target.with_name(f"{target.name}.{secrets.token_hex(4)}.part")
    try:
        with closing(sqlite3.connect(source)) as held, closing(sqlite3.connect(unfinished)) as copied:
            held.backup(copied)
            copied.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
        if found := damage(unfinished):
            raise _damaged(source, found)
        os.replace(unfinished, target)
    except (sqlite3.Error, OSError) as error:
        if _is_damage(error) and (found := damage(source)):
            raise _damaged(source, found) from error
        raise LibraryUnusable(
            f"{str(source)!r} cannot be copied to {str(target)!r}: {error}",
            "Check that the folder can be written and has room.",
        ) from error
    finally:
        with suppress(OSError):  # on a disk that is read-only, also where there is no such file
            unfinished.unlink(missing_ok=True)


def _is_damage(error: Exception) -> bool:
    """Tell what lies in the bytes of a file from a file that is locked or cannot be opened."""
    return isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError)


def _damaged(path: Path, found: str) -> LibraryUnusable:
    return LibraryUnusable(f"the library is damaged: {str(path)!r}: {found}", presence.mend_of(path))


def damage(path: Path) -> str:
    """Return what is damaged in a file that nobody writes, "" when all is well."""
    return soundness.of_file(path).said()
