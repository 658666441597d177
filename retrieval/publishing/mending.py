"""Mending a damaged catalogue: what can be read is put into a new one, and the damaged file is kept aside.

What cannot be shown to be whole is said by name, and is made so that the same file, ingested or imported again, takes
its place. What decoding found is not saved, so new subtitles open a file once more. Vectors are made again.
"""

import math
import os
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from retrieval.catalogue import checksums as sums
from retrieval.catalogue.database import Database
from retrieval.catalogue.schema import MIGRATIONS
from retrieval.errors import LibraryUnusable
from retrieval.publishing.generations import NOBODY, count_words
from retrieval.publishing.salvage import CONTENT, Found, Row, damage, salvaged
from retrieval.types import TEXT_SOURCES

NAME = "catalogue.db"
NOTE = "some of it was lost when the catalogue was damaged; take it in again"
NO_SPACES = "{}"
"""What stands for the spaces of the vectors: all are made again."""


@dataclass(frozen=True, slots=True)
class Loss:
    """A video that must be taken in again: its id, where its file was, and whether it came from a captions file."""

    video_id: str
    path: str
    is_import: bool


@dataclass(frozen=True, slots=True)
class Mended:
    """What became of a damaged catalogue.

    Attributes:
        aside: the folder that the damaged file was put into, with keyframes that belong to no saved video.
        whole: ids of videos of which nothing is missing.
        torn: videos of which something is missing; the rest can be found.
        lost: videos of which only the name is left.
        nameless: folders of keyframes set aside; each belongs to a video lost, replaced, or never finished.
    """

    aside: Path
    whole: tuple[str, ...]
    torn: tuple[Loss, ...]
    lost: tuple[Loss, ...]
    nameless: int

    @property
    def is_all(self) -> bool:
        """Tell whether all that is known to have been there is whole."""
        return bool(self.whole) and not (self.torn or self.lost or self.nameless)


def mend(home: Path) -> Mended | None:
    """Mend the catalogue of a home folder; None where it is undamaged. The index must be made anew afterwards.

    Raises:
        LibraryUnusable: there is no catalogue, or another process works with it.
    """
    path = home / NAME
    if not path.is_file():
        raise LibraryUnusable(f"there is no catalogue in {str(home)!r}", "`vdialog ingest FOLDER` makes one.")
    check_alone(home)
    work = home / "mending"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    try:
        for name in (NAME, f"{NAME}-wal"):
            if (home / name).exists():
                shutil.copyfile(home / name, work / name)
        if not damage(work / NAME):
            return None
        found = salvaged(work / NAME)
        named = {name: Loss(name, _text(place), False) for name, place in found.named.items()}
        with closing(Database(work / "new.db", MIGRATIONS)) as new:
            written = _Written(home)
            written.write(new, found.videos, found.settings)
        named.update((loss.video_id, loss) for loss in written.lost)
        aside = _set_aside(home, work / "new.db", written.generations)
        nameless = len(list((aside / "frames").iterdir())) if (aside / "frames").is_dir() else 0
        return Mended(aside, tuple(written.whole), tuple(written.torn), tuple(named.values()), nameless)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def check_alone(home: Path) -> None:
    """Raise LibraryUnusable where another process works with the library of a home folder."""
    for path in (home / "locks").glob("*"):
        lock = FileLock(path)
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise LibraryUnusable("another process works with this library", "End it, and mend then.") from error
        lock.release()


def _set_aside(home: Path, new: Path, saved: set[int]) -> Path:
    """Put the new catalogue in the place of the damaged one, which is kept beside it under another name."""
    aside = folder_aside(home)
    for folder in (home / "frames").glob("*"):
        if folder.name not in map(str, saved):
            (aside / "frames").mkdir(exist_ok=True)
            os.replace(folder, aside / "frames" / folder.name)
    put_in_place(new, home / NAME, aside)
    return aside


def folder_aside(home: Path) -> Path:
    """Make a folder for what is damaged, under a name that nothing has yet."""
    number = 1
    while (home / f"damaged-{number}").exists():
        number += 1
    aside = home / f"damaged-{number}"
    aside.mkdir()
    return aside


def put_in_place(new: Path, damaged: Path, aside: Path) -> None:
    """Put a new file in the place of a damaged one, which goes into the folder `aside` with its log."""
    shutil.copyfile(damaged, aside / damaged.name)
    for ending in ("-wal", "-shm"):
        log = damaged.with_name(f"{damaged.name}{ending}")
        if log.exists():
            os.replace(log, aside / log.name)
    os.replace(new, damaged)


class _Written:
    """Writes what was found into a new catalogue, and tells what of it is whole."""

    def __init__(self, home: Path) -> None:
        self.whole: list[str] = []
        self.torn: list[Loss] = []
        self.lost: list[Loss] = []
        self.generations: set[int] = set()
        self._frames = home / "frames"

    def write(self, new: Database, videos: Sequence[Found], settings: dict[str, str]) -> None:
        with new.writing() as db:
            for found in videos:
                self._video(db, found)
            db.executemany("INSERT INTO meta VALUES (?, ?)", {**settings, "spaces": NO_SPACES}.items())
            numbers = [int(folder.name) for folder in self._frames.glob("*") if folder.name.isdecimal()]
            last = max([*numbers, *self.generations], default=0) + 1  # no number is given twice
            db.execute("INSERT INTO generations VALUES (?, '', '', ?, 'dead', NULL)", (last, NOBODY))
            db.execute("DELETE FROM generations WHERE generation = ?", (last,))

    def _video(self, db: sqlite3.Connection, found: Found) -> None:
        db.execute("SAVEPOINT video")
        try:
            is_whole = self._insert(db, found)
        except (sqlite3.Error, ValueError, TypeError, OverflowError):  # a value that cannot have been written
            db.execute("ROLLBACK TO video")
            self.lost.append(_loss(found))
        else:
            self.generations.add(int(str(found.video["generation"])))
            if is_whole:
                self.whole.append(str(found.video["video_id"]))
            else:
                self.torn.append(_loss(found))
        db.execute("RELEASE video")

    def _insert(self, db: sqlite3.Connection, found: Found) -> bool:
        """Insert one video and tell whether it is whole.

        Raises:
            ValueError: what it needs to be seen is missing.
        """
        video = found.video
        generation, video_id = video["generation"], video["video_id"]
        if (
            not isinstance(generation, int)
            or not isinstance(video_id, str)
            or not math.isfinite(float(str(video["duration"])))
        ):
            raise ValueError("no video")
        rows = self._sound(found)
        if not rows["moments"] or not found.memberships:
            raise ValueError("nothing to see")
        db.execute(
            "INSERT INTO generations VALUES (?, ?, ?, ?, 'current', NULL)",
            (generation, video_id, video["content_hash"], NOBODY),
        )
        db.execute("INSERT INTO videos VALUES (?, ?, ?, ?, ?, ?, ?)", tuple(video.values()))
        for place in found.memberships:
            db.execute("INSERT INTO memberships VALUES (?, ?, ?, ?)", tuple(place.values()))
        for table, columns in CONTENT.items():
            holes = ", ".join("?" * (len(columns) + 1))
            db.executemany(f"INSERT INTO {table} VALUES ({holes})", [(generation, *row) for row in rows[table]])
        count_words(db, generation, +1)
        files = all((self._frames / str(generation) / str(row[1])).is_file() for row in rows["keyframes"])
        proven = sums.checksum(db, generation) == found.checksum if found.checksum else not found.is_torn
        if not (files and proven or found.is_confirmed):
            raise ValueError("its file could not be known again")
        if not (files and proven):
            _mark_torn(db, generation)
        sums.note(db, generation)
        return files and proven

    def _sound(self, found: Found) -> dict[str, list[Row]]:
        """Return the rows that can have been written; moments are numbered anew, without gaps."""
        rows = found.content
        shots: list[Row] = [row for row in rows["shots"] if _is_span(*row)]
        keyframes: list[Row] = [
            (time, file)
            for time, file in rows["keyframes"]
            if _is_number(time) and isinstance(file, str) and Path(file).name == file
        ]
        moments: list[Row] = [
            (number, start, end)
            for number, start, end in rows["moments"]
            if isinstance(number, int) and _is_span(start, end)
        ]
        numbers = {row[0]: place for place, row in enumerate(moments, start=1)}
        texts: list[Row] = [
            (numbers[row[0]], *row[1:])
            for row in rows["texts"]
            if row[0] in numbers and _is_span(row[2], row[3]) and row[4] in TEXT_SOURCES and isinstance(row[5], str)
        ]
        return {
            "shots": shots,
            "keyframes": keyframes,
            "moments": [(numbers[row[0]], *row[1:]) for row in moments],
            "texts": texts,
        }


def _mark_torn(db: sqlite3.Connection, generation: int) -> None:
    """Let a torn video be taken in anew where its bytes or captions are met again."""
    db.execute(
        "UPDATE videos SET inputs = '', note = ?, state = CASE state WHEN 'complete' THEN 'partial' ELSE state END, "
        "content_hash = CASE state WHEN 'imported' THEN 'torn ' ELSE '' END || content_hash WHERE generation = ?",
        (NOTE, generation),
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)


def _is_span(start: object, end: object) -> bool:
    return isinstance(start, int | float) and isinstance(end, int | float) and 0 <= start < end < math.inf


def _loss(found: Found) -> Loss:
    path = next((place["path"] for place in found.memberships if place["path"] is not None), None)
    return Loss(str(found.video["video_id"]), _text(path), found.video["state"] == "imported")


def _text(path: object) -> str:
    return os.fsdecode(path) if isinstance(path, str | bytes) else ""
