"""What leaves the library leaves no byte of it: in the index, the catalogue, its log and its copies."""

import random
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from retrieval.catalogue import erasures
from retrieval.catalogue.backups import Backups
from retrieval.catalogue.erasures import Erasure
from retrieval.encoders.hashing import HashingTextEncoder
from retrieval.encoders.lazy import Encoders
from retrieval.library import Library
from retrieval.searching import hubness
from retrieval.searching.query import Query
from tests.planting import draft, planted
from tests.traces import index_files, traces

SEEN = frozenset({"c", "d"})


class Told:
    """Notes what it is to forget."""

    def __init__(self) -> None:
        self.left: list[Erasure] = []

    def __call__(self, left: Sequence[Erasure]) -> bool:
        self.left += left
        return True


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def library(tmp_path: Path, told: Told) -> Iterator[Library]:
    with Library(tmp_path / "home", Encoders(HashingTextEncoder), forget=told) as opened:
        yield opened


def filled(library: Library, words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Publish a video of these words among others: so few that the index leaves its rows where they are."""
    monkeypatch.setattr(hubness, "SMALLEST_BANK", 20)
    others = [draft(library, f"v{n}", f"film {n}", [[f"a dog runs {n} {m}"] for m in range(20)]) for n in range(3)]
    said = [[f"the {word} is here" for word in words[n::5]] for n in range(5)]
    library._publisher.publish([*others, draft(library, f"id{words[0]}", f"title {words[1]}", said)])
    library._publisher.settle()
    library._publisher.rebuild()  # leaves a version behind
    library._backups = Backups(library.catalogue.database.path)
    library._backups.make()


def test_no_file_holds_a_word_of_a_video_that_was_removed(
    library: Library, told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = planted(random.Random(6), 25)
    filled(library, words, monkeypatch)
    home = tmp_path / "home"
    assert {trace.split()[0] for trace in traces(home, words)} == set(words)
    before = index_files(home)
    assert library.remove(f"id{words[0]}", SEEN)
    assert traces(home, words) == []
    assert not before & index_files(home)  # what could hold them packed was written anew, from rows without them
    assert not erasures.are_waiting(library.catalogue.database)
    assert [hit.moment_id for hit in library.searcher.search(Query("dog 1 1", arm="keywords"), SEEN).hits]
    assert library.indexed() == library.catalogue.moment_count() == 60
    (left,) = told.left
    assert (left.key, left.is_gone, left.names) == (f"c/id{words[0]}", True, (f"title {words[1]}", f"id{words[0]}"))
    assert set(words) <= set(left.stems)
    assert not {"dog", "run"} & set(left.stems)


def test_texts_that_another_video_has_too_are_not_forgotten(library: Library, told: Told) -> None:
    twins = [draft(library, name, "Lake", [["the same words"], [name]], name) for name in "cd"]
    library._publisher.publish(twins)
    library.remove("c/c", SEEN)
    (left,) = told.left
    assert (left.texts, left.stems) == (("c",), ("c",))


def test_texts_that_are_replaced_are_erased_and_a_move_leaves_nothing_in_the_old_collection(
    library: Library, told: Told, tmp_path: Path
) -> None:
    old, new, stays = planted(random.Random(1), 3)
    library._publisher.publish([draft(library, "a", "Lake", [[old], [stays]]), draft(library, "b", "Sea", [["sea"]])])
    library._publisher.publish([draft(library, "a", "Lake", [[new], [stays]])])
    library._publisher.settle()
    assert traces(tmp_path / "home", [old]) == []
    assert [(left.is_gone, left.texts) for left in told.left] == [(False, (old,))]
    library.move("a", "d", SEEN)
    for table, column in (("vocabulary", "term"), ("spellings", "word")):
        held = library.catalogue.database.rows(f"SELECT {column} FROM {table} WHERE collection = 'c'")
        assert stays not in {row[0] for row in held}
    assert traces(tmp_path / "home", ["c/a"]) == []


def test_a_large_library_says_that_it_waits_and_is_erased_by_compact(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrieval.publishing.erasing.AT_ONCE", 2)
    words = planted(random.Random(2), 25)
    filled(library, words, monkeypatch)
    (tmp_path / "home" / "replaced-1").mkdir()
    (tmp_path / "home" / "replaced-1" / "old.txt").write_text(words[0])
    assert not library.remove(f"id{words[0]}", SEEN)
    assert traces(tmp_path / "home", words)
    assert library.compact()
    assert traces(tmp_path / "home", words) == []


def test_a_reader_that_stays_keeps_the_log_and_it_is_said(library: Library, tmp_path: Path) -> None:
    (word,) = planted(random.Random(3), 1)
    library._publisher.publish([draft(library, "a", "Lake", [[word]]), draft(library, "b", "Sea", [["sea"]])])
    monkey = pytest.MonkeyPatch()
    monkey.setattr("retrieval.catalogue.database.BUSY_SECONDS", 0.2)
    with closing(sqlite3.connect(library.catalogue.database.path, isolation_level=None)) as reading:
        reading.execute("BEGIN")
        reading.execute("SELECT * FROM videos").fetchall()
        with Library(tmp_path / "home", Encoders(HashingTextEncoder)) as other:
            assert not other.remove("a", SEEN)
    monkey.undo()
    assert library.compact()
    assert traces(tmp_path / "home", [word]) == []
