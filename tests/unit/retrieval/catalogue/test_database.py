import os
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Barrier, Thread

import pytest

from retrieval.catalogue.database import CONNECTIONS, KEPT, Database

NUMBERS = ("CREATE TABLE numbers (number INTEGER PRIMARY KEY)",)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "numbers.db", NUMBERS)
    yield opened
    opened.close()


def add(database: Database, number: int) -> None:
    with database.writing() as db:
        db.execute("INSERT INTO numbers VALUES (?)", (number,))


class Reader:
    """Counts how often the rows are really read."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.reads = 0

    def load(self) -> list[int]:
        self.reads += 1
        return [row[0] for row in self.database.rows("SELECT number FROM numbers ORDER BY number")]

    def numbers(self, name: str = "all") -> list[int]:
        return self.database.unchanged(name, self.load)


def test_what_did_not_change_is_read_once(database: Database) -> None:
    reader = Reader(database)
    add(database, 1)
    assert [reader.numbers() for _ in range(3)] == [[1]] * 3
    assert reader.reads == 1


def test_what_this_connection_wrote_is_read_again(database: Database) -> None:
    reader = Reader(database)
    for number in (1, 2):
        add(database, number)
        assert reader.numbers()[-1] == number


def test_what_another_thread_or_process_wrote_is_read_again(database: Database, tmp_path: Path) -> None:
    reader = Reader(database)
    assert reader.numbers() == []
    thread = Thread(target=add, args=(database, 1))
    thread.start()
    thread.join()
    assert reader.numbers() == [1]
    other = Database(tmp_path / "numbers.db", NUMBERS)
    add(other, 2)
    other.close()
    assert reader.numbers() == [1, 2]


def test_what_one_thread_read_no_other_reads_again(database: Database) -> None:
    reader = Reader(database)
    add(database, 1)
    found: list[list[int]] = []
    threads = [Thread(target=lambda: found.append(reader.numbers())) for _ in range(3)]
    for thread in threads:
        thread.start()
        thread.join()
    assert found == [[1]] * 3
    assert reader.reads == 1


def test_what_is_rolled_back_is_not_kept(database: Database) -> None:
    reader = Reader(database)
    with pytest.raises(RuntimeError), database.writing() as db:
        db.execute("INSERT INTO numbers VALUES (1)")
        assert reader.numbers() == [1]
        raise RuntimeError
    assert reader.numbers() == []


def test_a_file_that_is_opened_again_is_read_again(database: Database) -> None:
    reader = Reader(database)
    assert reader.numbers() == []
    database.close()
    add(database, 1)
    assert reader.numbers() == [1]


def test_few_names_are_kept(database: Database) -> None:
    reader = Reader(database)
    for name in map(str, range(KEPT + 1)):
        reader.numbers(name)
    assert reader.numbers("0") == []
    assert reader.reads == KEPT + 2
    assert reader.numbers("0") == []
    assert reader.reads == KEPT + 2


def test_many_threads_take_a_few_connections_in_turn(database: Database) -> None:
    add(database, 1)
    begun, read = Barrier(4 * CONNECTIONS), list[int]()

    def work() -> None:
        begun.wait(30)
        for _ in range(5):
            with database.reading() as connection:
                read.extend(row[0] for row in connection.execute("SELECT number FROM numbers"))
                time.sleep(0.002)

    threads = [Thread(target=work) for _ in range(4 * CONNECTIONS)]
    before = len(os.listdir("/proc/self/fd"))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(read) == 4 * CONNECTIONS * 5
    assert len(os.listdir("/proc/self/fd")) - before <= 2 * CONNECTIONS


def test_what_a_thread_is_writing_it_reads_itself_and_others_do_not(database: Database) -> None:
    seen: list[int] = []
    with database.writing() as db:
        db.execute("INSERT INTO numbers VALUES (1)")
        assert len(database.rows("SELECT number FROM numbers")) == 1
        other = Thread(target=lambda: seen.append(len(database.rows("SELECT number FROM numbers"))))
        other.start()
        other.join(30)
    assert seen == [0]
