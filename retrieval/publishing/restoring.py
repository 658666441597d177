"""A home folder brought back from copies: its databases, and the keyframes that they speak of.

What was there is kept aside. The index must be made anew afterwards. A video whose keyframes are gone (it was taken in
again after the copy was made) is marked, so that its file, ingested again, takes its place.
"""

import os
import secrets
import shutil
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from retrieval.catalogue import presence, row_sums
from retrieval.catalogue.backups import FOLDER, copy_database, damage
from retrieval.catalogue.catalogue import Catalogue
from retrieval.catalogue.one_collection import linked
from retrieval.errors import LibraryUnusable
from retrieval.publishing import lost_frames
from retrieval.publishing.generations import NOBODY
from retrieval.publishing.restored_rights import OpenedTo, settle_rights
from retrieval.publishing.versions import CURRENT_INDEX

CATALOGUE = "catalogue.db"
FRAMES = "frames"


@dataclass(frozen=True, slots=True)
class Restored:
    """What became of a home folder.

    Attributes:
        aside: the folder that what was there before was put into.
        incomplete: keys of the videos whose keyframes are gone: their files are to be ingested again.
        taken_back: grants of the copy that do not count, since those that the home had cannot be read.
    """

    aside: Path
    incomplete: tuple[str, ...]
    taken_back: tuple[OpenedTo, ...] = ()


def back_up(home: Path, names: Mapping[str, Path], target: Path) -> None:
    """Copy databases of a home folder, and the keyframes, into a new folder: all of it, or no folder.

    Args:
        home: the folder; others may work with it meanwhile.
        names: the databases, by the names that they get in the copy.
        target: the folder to be made.

    Raises:
        LibraryUnusable: something cannot be read or is damaged, or the copy cannot be written.
    """
    if os.path.lexists(target):
        raise LibraryUnusable(f"{str(target)!r} is there already", "Each copy wants a new folder: name another one.")
    check_room(home, names.values(), target)
    unfinished = target.with_name(f"{target.name}.{secrets.token_hex(4)}.part")
    try:
        unfinished.mkdir(parents=True)
        _copy(home, names, unfinished)
        os.rename(unfinished, target)
    except OSError as error:
        raise _unwritable(target, error) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def check_room(home: Path, files: Iterable[Path], target: Path) -> None:
    """Refuse a copy for which the disk has not enough room.

    Raises:
        LibraryUnusable: says how much is wanted, and how much is free.
    """
    frames = (path for path in (home / FRAMES).rglob("*") if path.is_file())
    wanted = sum(path.stat().st_size for path in (*files, *frames) if path.is_file())
    above = next(folder for folder in target.absolute().parents if folder.is_dir())
    if wanted > (free := shutil.disk_usage(above).free):
        said = f"a copy takes {wanted / 1e6:,.1f} MB, and {free / 1e6:,.1f} MB are free in {str(above)!r}"
        raise LibraryUnusable(said, "Make room there, or name a folder on another disk.")


def _copy(home: Path, names: Mapping[str, Path], target: Path) -> None:
    for name, path in names.items():
        copy_database(path, target / name)
    for generation in _generations(target / CATALOGUE):
        if (home / FRAMES / str(generation)).is_dir():
            shutil.copytree(home / FRAMES / str(generation), target / FRAMES / str(generation))


def _unwritable(target: Path, error: OSError) -> LibraryUnusable:
    said = f"{str(target)!r} cannot be written: {error.strerror or error}"
    return LibraryUnusable(said, "Name a folder that you can write to.")


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
            raise _damaged_copy(path, found)
    if frames is not None and CATALOGUE in copies:
        check_frames(home, copies[CATALOGUE], frames)
    aside = _folder_aside(home)
    for name, path in copies.items():
        copy_database(path, aside / f"{name}.new")  # before anything is moved: there may be no room
    gone: tuple[str, ...] = ()
    taken_back: tuple[OpenedTo, ...] = ()
    if CATALOGUE in copies:
        _bring_frames(home, aside / f"{CATALOGUE}.new", frames)
        gone, taken_back = _settle(home, aside / f"{CATALOGUE}.new")
    for name in copies:
        _replace(home, name, aside)
    if CATALOGUE in copies:
        _put_frames_aside(home, aside)
        Catalogue(home).close()  # a copy of an older version becomes one of this
    with suppress(OSError):
        aside.rmdir()  # nothing was there
    return Restored(aside, gone, taken_back)


def check_alone(home: Path) -> None:
    """Raise LibraryUnusable where another process works with the library of a home folder."""
    for path in (home / "locks").glob("*"):
        lock = FileLock(path)
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            number = path.name.partition("-")[0]  # earlier versions did not write it
            who = f"process {number}" if number.isdecimal() and number != path.name else "another process"
            raise LibraryUnusable(f"{who} works with this library", "End it, and restore then.") from error
        lock.release()


def _replace(home: Path, name: str, aside: Path) -> None:
    """Put a copy into the place of a file, at one point: whoever ends before it leaves what was there, whole."""
    path = home / name
    if path.exists():
        with suppress(sqlite3.Error), closing(sqlite3.connect(path)) as db:  # it may be damaged
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for ending in ("-wal", "-shm"):
        if (home / f"{name}{ending}").exists():
            os.replace(home / f"{name}{ending}", aside / f"{name}{ending}")
    if path.exists():
        linked(str(path), str(aside / name))
    os.replace(aside / f"{name}.new", path)


def _bring_frames(home: Path, catalogue: Path, frames: Path | None) -> None:
    """Copy the keyframes that a catalogue knows and the home lacks."""
    if frames is None:
        return
    for generation, file in _lacking(catalogue, home / FRAMES):
        kept, here = frames / generation / file, home / FRAMES / generation / file
        if kept.is_file():
            here.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(kept, unfinished := here.with_name(f"{file}.part"))
            os.replace(unfinished, here)


def _put_frames_aside(home: Path, aside: Path) -> None:
    """Put aside the keyframes that the catalogue does not know."""
    current = set(map(str, _generations(home / CATALOGUE)))
    for folder in sorted((home / FRAMES).glob("*")):
        if folder.name not in current:
            (aside / FRAMES).mkdir(exist_ok=True)
            os.replace(folder, aside / FRAMES / folder.name)


def _lacking(catalogue: Path, frames: Path) -> list[tuple[str, str]]:
    """Return the generation and the name of each keyframe that a folder has not, or not as the catalogue knows it."""
    with closing(sqlite3.connect(catalogue)) as db:
        has_sums = "frame_files" in {row[0] for row in db.execute("SELECT name FROM sqlite_master")}
        held = "LEFT JOIN frame_files f USING (generation, file)" if has_sums else "JOIN (SELECT NULL size, NULL sum) f"
        rows = db.execute(
            f"SELECT generation, file, f.size, f.sum FROM videos JOIN keyframes USING (generation) {held}"
        ).fetchall()
    return [
        (str(generation), file)
        for generation, file, size, told in rows
        if not lost_frames.is_there(frames / str(generation) / file, size, told, is_read=True)
    ]


def check_frames(home: Path, catalogue: Path, frames: Path) -> None:
    """Refuse a copy whose keyframes are damaged where the home has not those that it needs.

    Raises:
        LibraryUnusable: names one that is damaged.
    """
    for generation, file in _lacking(catalogue, home / FRAMES):
        if (frames / generation / file).is_file() and (generation, file) in _lacking(catalogue, frames):
            raise _damaged_copy(frames / generation / file, "it is not what was copied")


def _damaged_copy(path: Path, found: str) -> LibraryUnusable:
    return LibraryUnusable(f"the copy {str(path)!r} is damaged: {found}", "Name an older one.")


def _generations(catalogue: Path) -> list[int]:
    with closing(sqlite3.connect(catalogue)) as db:
        return [row[0] for row in db.execute("SELECT generation FROM videos ORDER BY generation")]


def _settle(home: Path, catalogue: Path) -> tuple[tuple[str, ...], tuple[OpenedTo, ...]]:
    """Make a copy of a catalogue fit for a home, before it counts there.

    Returns the videos whose keyframes are gone, and the grants of the copy that do not count.

    They are marked. No number of a generation is given twice, and no index that was made of another catalogue is taken
    for the copy's. Rights stay as they are in the home, where its catalogue can be read: what was taken back since the
    copy was made is not given again. Where it cannot be read, no grant of the copy counts; a home that had none before
    gets those of the copy.
    """
    frames, index = home / FRAMES, home / "index"
    lacking: dict[int, list[str]] = {}
    for generation, file in _lacking(catalogue, frames):
        lacking.setdefault(int(generation), []).append(file)
    with closing(sqlite3.connect(catalogue)) as db:
        db.row_factory = sqlite3.Row
        row_sums.register(db)
        current = db.execute("SELECT video_id, generation FROM videos").fetchall()
        gone = {row["generation"]: row["video_id"] for row in current if row["generation"] in lacking}
        for generation, video_id in gone.items():
            lost_frames.forget(db, video_id, generation, lacking[generation])
        taken_back = settle_rights(home / CATALOGUE, db)
        known = {row["generation"] for row in current}
        if last := max((number for number in _numbers(frames) if number not in known), default=0):
            query = "INSERT OR IGNORE INTO generations (generation, video_id, content_hash, owner, state)"
            db.execute(f"{query} VALUES (?, '', '', ?, 'dead')", (last, NOBODY))
        if version := max(_numbers(index), default=0):
            db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (CURRENT_INDEX, str(version + 1)))
        db.commit()
    return tuple(sorted(gone.values())), taken_back


def begin_anew(home: Path, kept: Collection[str] = ()) -> Path:
    """Put all of a library aside; what is opened next in its place is empty. Return where it is.

    Args:
        home: the folder.
        kept: names of databases that stay where they are, with their copies.

    Raises:
        LibraryUnusable: another process works with the library.
    """
    check_alone(home)
    aside = _folder_aside(home)
    stay = {home / f"{name}{ending}" for name in kept for ending in ("", "-wal", "-shm")}
    for pattern in ("*.db", "*.db-*", FRAMES, "index", presence.LIST):
        for path in sorted(set(home.glob(pattern)) - stay):
            os.replace(path, aside / path.name)
    for path in sorted((home / FOLDER).glob("*")):
        if not any(path.name.startswith(f"{Path(name).stem}-") for name in kept):
            (aside / FOLDER).mkdir(exist_ok=True)
            os.replace(path, aside / FOLDER / path.name)
    for name in kept:
        presence.note_there(home / name)
    return aside


def _numbers(folder: Path) -> list[int]:
    return [int(path.name) for path in folder.glob("*") if path.name.isdecimal()]


def _folder_aside(home: Path) -> Path:
    """Make a folder for what is replaced, under a name that nothing has yet."""
    number = 1
    while (home / f"replaced-{number}").exists():
        number += 1
    aside = home / f"replaced-{number}"
    aside.mkdir()
    return aside
