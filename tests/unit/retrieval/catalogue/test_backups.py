"""Copies that are made by themselves: when, how many, and never of a damaged file."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from retrieval.catalogue.backups import EVERY_SECONDS, KEPT, Backups, copy_database, damage
from retrieval.catalogue.database import Database
from retrieval.errors import LibraryUnusable

MIGRATIONS = ("CREATE TABLE words (word TEXT)",)


class Clock:
    def __init__(self) -> None:
        self.seconds = 1_790_000_000.0

    def __call__(self) -> float:
        return self.seconds


def written(path: Path, *words: str) -> None:
    with closing(Database(path, MIGRATIONS)) as database, database.writing() as db:
        db.executemany("INSERT INTO words VALUES (?)", [(word,) for word in words])


def words(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as db:
        return [row[0] for row in db.execute("SELECT word FROM words")]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    written(tmp_path / "words.db", "ferry")
    return tmp_path / "words.db"


def test_a_copy_is_made_at_most_once_a_day_and_three_are_kept(file: Path) -> None:
    clock = Clock()
    backups = Backups(file, clock)
    for day in range(KEPT + 2):
        for _ in range(2):
            backups.keep()
            clock.seconds += EVERY_SECONDS / 4
        written(file, f"day {day}")
        clock.seconds += EVERY_SECONDS / 2
    copies = backups.all()
    assert len(copies) == KEPT
    assert [len(words(copy.path)) for copy in copies] == [5, 4, 3]
    assert all(copy.size for copy in copies)


def test_a_copy_holds_what_another_connection_has_committed_and_not_yet_checkpointed(file: Path) -> None:
    with closing(Database(file, MIGRATIONS)) as database:
        with database.writing() as db:
            db.execute("INSERT INTO words VALUES ('lamp')")
        Backups(file).keep()
    assert words(Backups(file).all()[0].path) == ["ferry", "lamp"]
    assert [path.suffix for path in Backups(file).all()[0].path.parent.iterdir()] == [".db"]


def test_a_damaged_file_is_not_copied_and_pushes_no_sound_copy_out(file: Path) -> None:
    clock = Clock()
    backups = Backups(file, clock)
    backups.keep()
    data = bytearray(file.read_bytes())
    data[4096:] = bytes(len(data) - 4096)
    file.write_bytes(data)
    clock.seconds += 2 * EVERY_SECONDS
    backups.keep()
    assert damage(file)
    assert [words(copy.path) for copy in backups.all()] == [["ferry"]]
    with pytest.raises(LibraryUnusable):
        copy_database(file, file.with_name("other.db"))
    assert sorted(path.name for path in file.parent.iterdir()) == ["backups", "databases.txt", "words.db"]


def test_what_cannot_be_copied_stops_nothing(file: Path) -> None:
    (file.parent / "backups").write_text("in the way")
    Backups(file).keep()
    assert Backups(file).all() == []


def test_a_file_is_copied_before_it_is_migrated(file: Path) -> None:
    Backups(file).keep()
    Backups(file).drop()
    more = (*MIGRATIONS, "ALTER TABLE words ADD COLUMN length INTEGER")
    Database(file, more).close()
    (copy,) = Backups(file).all()
    with closing(sqlite3.connect(copy.path)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (1,)
        assert len(db.execute("SELECT * FROM words").fetchone()) == 1
