"""A home in which one film was in several collections becomes one in which each has a video of its own."""

import multiprocessing
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from retrieval.catalogue import row_sums
from retrieval.catalogue.backups import Backups, copy_database
from retrieval.catalogue.catalogue import Catalogue
from retrieval.catalogue.given import ASIDE
from retrieval.errors import LibraryUnusable
from retrieval.publishing.restoring import restore
from retrieval.searching.query import Query
from tests.films import film, shots
from tests.integration.films.test_copies import PUBLIC, SECRET, SRT, Told, captions
from tests.unit.retrieval.catalogue.test_upgrading import SEVERAL_COLLECTIONS

BOTH = SECRET | PUBLIC
ALL = ["public/lake", "secret/merger plan", "public/party"]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home of the version before, with a captioned film in two collections and another in one of them."""
    folder = tmp_path / "vault"
    folder.mkdir()
    plan, lake = (
        film(folder / f"{name}.mp4", shots((n, 3), (n + 1, 3))) for n, name in ((1, "merger plan"), (5, "lake"))
    )
    plan.with_suffix(".srt").write_text(SRT)
    with Told(tmp_path / "home") as library:
        library.ingest([plan], "secret", captions(plan, "Two directors shake hands."))
        library.ingest([lake], "public", captions(lake, "A lake."))
    with closing(sqlite3.connect(tmp_path / "home" / "catalogue.db")) as db:
        db.row_factory = sqlite3.Row
        row_sums.drop(db)
        db.executescript(SEVERAL_COLLECTIONS)
        db.execute("INSERT INTO memberships VALUES ('public', 'merger plan', 'party', '/films/party.mp4')")
        db.execute("UPDATE generations SET video_id = 'merger plan' WHERE generation = 1")
        db.execute("DELETE FROM findings WHERE stage = 'made by'")
        db.commit()
    for path in (tmp_path / "home").glob("index/*/form"):
        path.write_text("4")
    return tmp_path / "home"


def texts(library: Told, video: str) -> list[str]:
    return [moment.text for moment in library.catalogue.moments(video, BOTH)]


def test_a_film_of_two_collections_becomes_a_video_of_each_without_what_was_given(home: Path) -> None:
    with Told(home) as library:
        assert Backups(home / "catalogue.db").all()
        videos = {video.key: video for video in library.catalogue.videos(BOTH)}
        assert list(videos) == ALL
        assert [videos[key].state for key in videos] == ["complete", "partial", "partial"]
        assert {videos[key].note for key in ("secret/merger plan", "public/party")} == {ASIDE}
        assert (videos["public/party"].title, videos["public/party"].entry.path) == ("party", Path("/films/party.mp4"))
        assert (texts(library, "merger plan"), texts(library, "party")) == (["", ""], ["", ""])
        assert texts(library, "lake") == ["A lake.", ""]
        aside = library.catalogue.aside(videos["public/party"].content_hash)
        assert [text.text for text in (*aside.captions, *aside.cues)] == [
            "Two directors shake hands.",
            "The merger closes on Friday.",
        ]
        assert not library.catalogue.failing()


def test_after_a_reindex_moments_are_made_anew_and_nothing_is_decoded(home: Path) -> None:
    with Told(home) as library:
        library.reindex()
        assert library.counted.opened == []
        for key in ("merger plan", "party"):
            spans = [moment.span.end for moment in library.catalogue.moments(key, BOTH)]
            assert spans == pytest.approx([3, 6], abs=0.1)  # those of shots, no more of a caption
            assert all(f.path.is_file() for m in library.catalogue.moments(key, BOTH) for f in m.keyframes)
        for visible in (SECRET, PUBLIC, BOTH):
            assert library.searcher.search(Query("merger", arm="keywords"), visible).hits == ()
        assert library.searcher.search(Query("a lake", arm="keywords"), PUBLIC).hits[0].moment_id == "lake:1"
        assert library.indexed() == library.catalogue.moment_count() == 6
        assert [video.note for video in library.catalogue.videos(BOTH)] == ["", ASIDE, ASIDE]


@pytest.mark.parametrize(("chosen", "other"), [("merger plan", "party"), ("party", "merger plan")])
def test_the_owner_chooses_which_video_keeps_what_was_given(home: Path, chosen: str, other: str) -> None:
    with Told(home) as library:
        library.reindex()
        assert library.keep_texts(chosen, BOTH)
        assert texts(library, chosen)[0] == "Two directors shake hands. The merger closes on Friday."
        assert texts(library, other) == ["", ""]
        assert [(video.state, video.note) for video in library.catalogue.videos(BOTH)] == [("complete", "")] * 3
        assert not library.catalogue.aside(library.catalogue.video(chosen, BOTH).content_hash).kinds
        visible = frozenset({library.catalogue.video(chosen, BOTH).entry.collection})
        assert library.searcher.search(Query("merger", arm="keywords"), visible).hits[0].moment_id == f"{chosen}:1"
        assert library.searcher.search(Query("merger", arm="keywords"), BOTH - visible).hits == ()
        assert not library.keep_texts(other, BOTH)
        assert library.counted.opened == []


def test_a_film_of_one_collection_is_known_as_before(home: Path) -> None:
    with Told(home) as library:
        library.reindex()
        path = library.catalogue.video("lake", PUBLIC).entry.path
        assert path is not None
        report = library.ingest([path], "public")[0]
        assert (report.verdict, report.texts) == ("unchanged", {"captions": "kept"})


def dump(home: Path) -> list[str]:
    with closing(sqlite3.connect(home / "catalogue.db")) as db:
        return list(db.iterdump())


def killed_at(home: Path, step: int) -> None:
    """Open the home, and die at a step of SQLite; with no step left, live."""
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        if steps == step:
            os._exit(9)
        return 0

    connect = sqlite3.connect

    def counted(*given: object, **named: object) -> sqlite3.Connection:
        made: sqlite3.Connection = connect(*given, **named)  # type: ignore[call-overload]
        made.set_progress_handler(count, 20)
        return made

    sqlite3.connect = counted  # type: ignore[assignment]
    Catalogue(home).close()


def test_a_kill_at_any_point_leaves_a_home_that_goes_on(home: Path, tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    shutil.copytree(home, whole)
    Catalogue(whole).close()
    wanted, forked = dump(whole), multiprocessing.get_context("fork")
    killed = 0
    for step in range(1, 2000, 13):
        process = forked.Process(target=killed_at, args=(home, step))
        process.start()
        process.join()
        killed += process.exitcode == 9
        if process.exitcode == 0:
            break
    Catalogue(home).close()
    assert killed >= 20
    assert dump(home) == wanted
    frames = [sorted(path.relative_to(one).as_posix() for path in (one / "frames").rglob("*")) for one in (home, whole)]
    assert frames[0] == frames[1]


def test_nothing_is_changed_where_no_copy_can_be_made_first(home: Path) -> None:
    before = dump(home)
    shutil.rmtree(home / "backups", ignore_errors=True)
    (home / "backups").write_text("in the way")
    with pytest.raises(LibraryUnusable, match="cannot be made"):
        Catalogue(home)
    assert dump(home) == before


def test_what_lies_in_the_file_stays_in_each_collection(home: Path) -> None:
    with closing(sqlite3.connect(home / "catalogue.db")) as db:
        cues = '[[0.5, 2.0, "The merger closes on Friday."]]'
        query = "INSERT INTO findings (generation, stage, part, depends, result) VALUES (1, 'text', '', '3', ?)"
        db.execute(query, [cues])
        db.commit()
    with Told(home) as library:
        for video in ("merger plan", "party"):
            assert texts(library, video)[0] == "The merger closes on Friday."
        aside = library.catalogue.aside(library.catalogue.video("party", BOTH).content_hash)
        assert [text.text for text in (*aside.captions, *aside.cues)] == ["Two directors shake hands."]


def test_a_copy_of_the_version_before_can_be_restored(home: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy_database(home / "catalogue.db", copy)
    Catalogue(home).close()
    assert restore(home, {"catalogue.db": copy}).incomplete == ()
    with Told(home) as library:
        assert [video.key for video in library.catalogue.videos(BOTH)] == ALL
        assert not library.catalogue.failing()


def test_a_damaged_video_is_still_found_to_be_damaged_afterwards(home: Path) -> None:
    with closing(sqlite3.connect(home / "catalogue.db")) as db:
        db.execute("UPDATE texts SET text = 'A lion.' WHERE text = 'A lake.'")
        db.execute("UPDATE texts SET text = 'Two lions.' WHERE text = 'Two directors shake hands.'")
        db.commit()
    with Told(home) as library:
        assert library.catalogue.failing() == ["public/lake", "public/party"] + ALL[1:2]
