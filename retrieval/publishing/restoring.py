"""A home folder brought back from copies: its databases, and the keyframes that they speak of.

What was there is kept aside. The index must be made anew afterwards. A video whose keyframes are gone (it was taken in
again after the copy was made) is marked, so that its file, ingested again, takes its place.
"""

import os
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from retrieval.catalogue import checksums, row_sums
from retrieval.catalogue.backups import copy_database, damage
from retrieval.catalogue.catalogue import Catalogue
from retrieval.errors import LibraryUnusable
from retrieval.publishing.generations import NOBODY

CATALOGUE = "catalogue.db"
FRAMES = "frames"
NOTE = "its keyframes were not in the copy; ingest its file again"


@dataclass(frozen=True, slots=True)
class Restored:
    """What became of a home folder.

    Attributes:
        aside: the folder that what was there before was put into.
        incomplete: keys of the videos whose keyframes are gone: their files are to be ingested again.
    """

    aside: Path
    incomplete: tuple[str, ...]


def back_up(home: Path, names: Mapping[str, Path], target: Path) -> None:
    """Copy databases of a home folder, and the keyframes, into a new folder: all of it, or no folder.

    Args:
        home: the folder; others may work with it meanwhile.
        names: the databases, by the names that they get in the copy.
        target: the folder to be made.

    Raises:
        LibraryUnusable: something cannot be read or is damaged, or the copy cannot be written.
    """
    try:
        target.mkdir(parents=True)
    except OSError as error:
        raise _unwritable(target, error) from error
    try:
        _copy(home, names, target)
    except BaseException as error:
        shutil.rmtree(target, ignore_errors=True)
        if isinstance(error, OSError):
            raise _unwritable(target, error) from error
        raise


def _copy(home: Path, names: Mapping[str, Path], target: Path) -> None:
    for name, path in names.items():
        copy_database(path, target / name)
    for generation in _generations(target / CATALOGUE):
        if (home / FRAMES / str(generation)).is_dir():
            shutil.copytree(home / FRAMES / str(generation), target / FRAMES / str(generation))


def _unwritable(target: Path, error: OSError) -> LibraryUnusable:
    said = f"{str(target)!r} cannot be written: {error.strerror or error}"
    return LibraryUnusable(said, "Name a new folder that has room.")


def restore(home: Path, copies: Mapping[str, Path], frames: Path | None = None) -> Restored:
    """Bring databases of a home folder back from copies.

    Args:
        home: the folder; no other process may work with it.
        copies: by the names of the files that they replace.
        frames: where keyframes were copied to; those that are still in the home folder need no copy.

    Raises:
        LibraryUnusable: another process works with the library, or a copy is damaged; all stays as it was.
    """
    home.mkdir(parents=True, exist_ok=True)
    check_alone(home)
    for path in copies.values():
        if found := damage(path):
            raise LibraryUnusable(f"the copy {str(path)!r} is damaged: {found}", "Name an older one.")
    aside = _folder_aside(home)
    for name, path in copies.items():
        copy_database(path, aside / f"{name}.new")  # before anything is moved: there may be no room
    for name in copies:
        _replace(home, name, aside)
    if CATALOGUE not in copies:
        return Restored(aside, ())
    _bring_frames(home, aside, frames)
    Catalogue(home).close()  # a copy of an older version becomes one of this
    return Restored(aside, _settle(home, aside))


def check_alone(home: Path) -> None:
    """Raise LibraryUnusable where another process works with the library of a home folder."""
    for path in (home / "locks").glob("*"):
        lock = FileLock(path)
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise LibraryUnusable("another process works with this library", "End it, and restore then.") from error
        lock.release()


def _replace(home: Path, name: str, aside: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        if (home / f"{name}{ending}").exists():
            os.replace(home / f"{name}{ending}", aside / f"{name}{ending}")
    os.replace(aside / f"{name}.new", home / name)


def _bring_frames(home: Path, aside: Path, frames: Path | None) -> None:
    """Put aside the keyframes that the catalogue does not know, and copy those that it knows and the home lacks."""
    current = _generations(home / CATALOGUE)
    for folder in sorted((home / FRAMES).glob("*")):
        if folder.name not in map(str, current):
            (aside / FRAMES).mkdir(exist_ok=True)
            os.replace(folder, aside / FRAMES / folder.name)
    for generation in current:
        kept = frames and frames / str(generation)
        if kept and kept.is_dir() and not (home / FRAMES / str(generation)).exists():
            shutil.copytree(kept, home / FRAMES / str(generation))


def _generations(catalogue: Path) -> list[int]:
    with closing(sqlite3.connect(catalogue)) as db:
        return [row[0] for row in db.execute("SELECT generation FROM videos ORDER BY generation")]


def _settle(home: Path, aside: Path) -> tuple[str, ...]:
    """Mark the videos whose keyframes are gone, and see that no number of a generation is given twice."""
    gone = []
    with closing(sqlite3.connect(home / CATALOGUE)) as db:
        row_sums.register(db)
        for video_id, generation in db.execute("SELECT video_id, generation FROM videos").fetchall():
            files = db.execute("SELECT file FROM keyframes WHERE generation = ?", (generation,)).fetchall()
            if not all((home / FRAMES / str(generation) / file).is_file() for (file,) in files):
                gone.append(video_id)
                db.execute(
                    "UPDATE videos SET inputs = '', note = ?, "
                    "state = CASE state WHEN 'complete' THEN 'partial' ELSE state END WHERE video_id = ?",
                    (NOTE, video_id),
                )
                db.execute("DELETE FROM findings WHERE generation = ?", (generation,))
                checksums.note(db, generation)
        used = [int(folder.name) for folder in (aside / FRAMES).glob("*") if folder.name.isdecimal()]
        last = max(used, default=0)
        if last:
            row = (last, NOBODY)
            db.execute("INSERT OR IGNORE INTO generations VALUES (?, '', '', ?, 'dead', NULL)", row)
        db.commit()
    return tuple(gone)


def _folder_aside(home: Path) -> Path:
    """Make a folder for what is replaced, under a name that nothing has yet."""
    number = 1
    while (home / f"replaced-{number}").exists():
        number += 1
    aside = home / f"replaced-{number}"
    aside.mkdir()
    return aside
