"""Whatever changes in a database otherwise than by writing to it is damage, and is not shown."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from retrieval.catalogue import row_sums
from retrieval.catalogue.backups import Backups
from retrieval.catalogue.database import Database
from retrieval.errors import LibraryDamaged

MIGRATIONS = ("CREATE TABLE words (place INTEGER, word TEXT, vector BLOB, PRIMARY KEY (place)) WITHOUT ROWID",)
ALL = {"words": "words AS t WHERE 1"}


def opened(path: Path) -> Database:
    return Database(path, MIGRATIONS)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    with closing(opened(tmp_path / "words.db")) as database, database.writing() as db:
        db.executemany("INSERT INTO words VALUES (?, ?, ?)", [(n, f"word{n}", bytes(40)) for n in range(100)])
        db.execute("UPDATE words SET word = 'ferry', place = 200 WHERE place = 7")
        db.execute("DELETE FROM words WHERE place = 8")
        db.execute("INSERT OR REPLACE INTO words VALUES (9, 'lamp', NULL)")
    return tmp_path / "words.db"


def flip(file: Path, known: bytes, by: int = 1) -> None:
    data = bytearray(file.read_bytes())
    data[data.index(known)] ^= by
    file.write_bytes(data)


def test_what_is_written_is_sound(file: Path) -> None:
    with closing(opened(file)) as database:
        assert database.check() == ""
        database.verify(ALL, "", ())


@pytest.mark.parametrize("by", [1, 128])
def test_a_flipped_bit_is_found_and_its_row_is_not_read(file: Path, by: int) -> None:
    flip(file, b"word42", by)
    with closing(opened(file)) as database:
        database.verify({"words": "words AS t WHERE t.place < ?"}, "", [42])
        with pytest.raises(LibraryDamaged, match="the library is damaged"):
            database.verify({"words": "words AS t WHERE t.place = ?"}, "", [42])
        assert database.check()


def test_a_row_that_went_without_a_word_is_missed(file: Path) -> None:
    with closing(sqlite3.connect(file)) as db:
        db.execute("DROP TRIGGER sum_of_words_delete")
        db.execute("DELETE FROM words WHERE place = 50")
        db.row_factory = sqlite3.Row
        row_sums.register(db)
        assert [row.key for row in row_sums.damaged(db, "words")] == [(50,)]
        db.commit()
    with pytest.raises(LibraryDamaged, match="tables are not as they were made"):
        opened(file)


def test_nobody_writes_past_the_sums(file: Path) -> None:
    with closing(sqlite3.connect(file)) as db, pytest.raises(sqlite3.OperationalError, match="row_sum"):
        db.execute("UPDATE words SET word = 'x'")


@pytest.mark.parametrize("left", [None, b""])
def test_a_database_that_is_gone_is_not_made_anew(file: Path, left: bytes | None) -> None:
    file.unlink() if left is None else file.write_bytes(left)
    with pytest.raises(LibraryDamaged, match="is gone" if left is None else "is empty") as refused:
        opened(file)
    assert "--anew" in refused.value.hint


def test_the_copy_of_one_that_is_gone_brings_it_back(file: Path) -> None:
    Backups(file).make()
    (file.parent / "databases.txt").unlink()
    file.unlink()
    with pytest.raises(LibraryDamaged) as refused:
        opened(file)
    assert refused.value.hint.endswith("vdialog restore")


def test_a_check_that_has_no_time_says_that_it_is_not_whole(file: Path) -> None:
    with closing(opened(file)) as database:
        with database.writing() as db:
            db.executemany("INSERT INTO words VALUES (?, 'x', NULL)", [(n,) for n in range(1000, 9000)])
        assert not database.soundness(0.0).is_whole
        assert database.soundness(60.0).is_whole


def test_an_older_file_gets_its_sums_and_a_damaged_one_is_not_made_newer(file: Path) -> None:
    more = (*MIGRATIONS, "ALTER TABLE words ADD COLUMN length INTEGER")
    Database(file, more).close()
    with closing(Database(file, more)) as database, database.writing() as db:
        db.execute("UPDATE words SET length = 5 WHERE place = 1")
    flip(file, b"word42")
    with pytest.raises(LibraryDamaged):
        Database(file, (*more, "ALTER TABLE words ADD COLUMN height INTEGER"))
