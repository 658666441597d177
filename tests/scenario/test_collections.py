"""Videos of several collections, as a person names, moves and removes them."""

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from retrieval.catalogue import row_sums
from tests.scenario.conftest import CAPTIONS, Vdialog
from tests.scenario.test_taking_in import write_film
from tests.unit.retrieval.catalogue.test_upgrading import SEVERAL_COLLECTIONS
from video_dialog import open as open_home

DOGS = {"dogs": {"duration": 9, "timestamps": [[0, 5], [5, 9]], "sentences": ["A dog barks.", "The dog sleeps."]}}
CATS = {"dogs": {"duration": 7, "timestamps": [[0, 7]], "sentences": ["Cats that are called dogs purr."]}}


@pytest.fixture
def shared(vdialog: Vdialog, tmp_path: Path) -> Vdialog:
    """The command line over two collections with a video `dogs` each."""
    for collection, captions in (("pets", DOGS), ("jokes", CATS)):
        (tmp_path / "captions.json").write_text(json.dumps(captions))
        assert vdialog("import", "captions.json", "--collection", collection).code == 0
    return vdialog


def test_an_id_of_two_collections_is_shown_and_taken_with_its_collection(shared: Vdialog) -> None:
    listed = shared("videos", "list", "--json").data["videos"]
    assert [video["video_id"] for video in listed] == ["jokes/dogs", "pets/dogs"]
    ran = shared("videos", "show", "dogs", "--json")
    assert (ran.code, ran.error["code"]) == (2, "ambiguous_video")
    assert ran.error["hint"] == "Say which: jokes/dogs, pets/dogs."
    shown = shared("videos", "show", "pets/dogs", "--json").data
    assert [moment["moment_id"] for moment in shown["moments"]] == ["pets/dogs:1", "pets/dogs:2"]
    found = shared("search", "cats purr", "--arm", "keywords", "--json").data["hits"][0]
    assert (found["moment_id"], found["video_id"], found["collections"]) == ("jokes/dogs:1", "jokes/dogs", ["jokes"])
    assert shared("search", "--like", found["moment_id"], "--video", "pets/dogs").code == 0
    narrowed = shared("search", "dog", "--video", "pets/dogs", "--json").data["hits"]
    assert {hit["video_id"] for hit in narrowed} == {"pets/dogs"}


def test_what_is_hidden_reads_like_what_is_not_there(shared: Vdialog, tmp_path: Path) -> None:
    with open_home(tmp_path / "home", collections="pets", text_model="hashing") as opened:
        assert [video.video_id for video in opened.videos()] == ["dogs"]
        said = []
        for name in ("jokes/dogs", "nowhere/dogs", "jokes/cows", "cows"):
            with pytest.raises(LookupError) as error:
                opened.moments(name)
            said.append((type(error.value).__name__, str(error.value).replace(repr(name), "?")))
        assert len(set(said)) == 1
        assert {hit.video_id for hit in opened.search("dog", arm="keywords")} == {"dogs"}


def test_a_conversation_stays_with_its_video_when_another_gets_the_same_id(library: Vdialog, tmp_path: Path) -> None:
    before = library("ask", "a brown dog catches the ball", "--json").data
    assert before["citations"][0]["moment_id"] == "park:2"
    captions = {"park": {**CAPTIONS["park"], "sentences": ["A tree.", "A lawn.", "A bench."]}}
    (tmp_path / "other.json").write_text(json.dumps(captions))
    library("import", "other.json", "--collection", "other")
    kept = library("conversations", "show", before["conversation"], "--json").data["turns"][0]
    assert kept["citations"][0]["moment_id"] == "library/park:2"
    after = library("ask", "-c", f"what happens right after [{before['citations'][0]['handle']}]?", "--json").data
    assert [citation["moment_id"] for citation in after["citations"]] == ["library/park:3"]
    library("videos", "remove", "other/park")
    kept = library("conversations", "show", before["conversation"], "--json").data["turns"]
    assert [turn["citations"][0]["moment_id"] for turn in kept] == ["park:2", "park:3"]


def test_a_video_is_moved_with_its_texts(shared: Vdialog) -> None:
    ran = shared("videos", "move", "pets/dogs", "--collection", "public", "--json")
    assert ran.data == {"version": 2, "moved": "pets/dogs", "video_id": "public/dogs", "collection": "public"}
    assert shared("search", "barks", "--collection", "public", "--json").data["hits"][0]["moment_id"] == "public/dogs:1"
    assert shared("videos", "show", "pets/dogs").code == 2
    assert (
        shared("videos", "move", "public/dogs", "--collection", "public").out == "public/dogs is in public already.\n"
    )
    assert shared("videos", "move", "pets/dogs", "--collection", "public").code == 2
    assert "Moved jokes/dogs: it is dogs-" in shared("videos", "move", "jokes/dogs", "--collection", "public").out
    assert "No texts of dogs are set aside." in shared("videos", "keep-texts", "dogs").out


def test_the_same_film_in_two_collections_is_listed_once(vdialog: Vdialog, tmp_path: Path) -> None:
    film = tmp_path / "wall.mp4"
    write_film(film, "red", "blue")
    film.with_suffix(".srt").write_text("1\n00:00:00,500 --> 00:00:02,000\nThe ferry leaves.\n")
    vdialog("ingest", film, "--collection", "private")
    film.with_suffix(".srt").unlink()
    report = vdialog("ingest", film, "--collection", "public", "--json").data["files"][0]
    assert (report["verdict"], report["video_id"], report["texts"]) == ("new", "public/wall", {})
    (listed,) = vdialog("videos", "list", "--json").data["videos"]
    assert listed["given"] == ["subtitles"]
    assert [(one["collection"], one["video_id"]) for one in listed["collections"]] == [
        ("private", "private/wall"),
        ("public", "public/wall"),
    ]
    assert "private/wall, public/wall" in vdialog("videos", "list").out
    assert "1. wall (private/wall, public/wall), " in vdialog("ask", "Which videos are there?").out
    assert "1 video" in vdialog("ask", "how many videos are there?").out
    assert vdialog("search", "ferry", "--collection", "public", "--arm", "keywords", "--json").data["hits"] == []
    ran = vdialog("videos", "move", "private/wall", "--collection", "public", "--json")
    assert (ran.code, ran.error["code"]) == (2, "already_there")


def test_texts_are_taken_away_by_a_word_alone(vdialog: Vdialog, tmp_path: Path) -> None:
    film = tmp_path / "wall.mp4"
    write_film(film, "red", "blue")
    film.with_suffix(".srt").write_text("1\n00:00:00,500 --> 00:00:02,000\nThe ferry leaves.\n")
    assert "subtitles added: wall.mp4" in vdialog("ingest", film).out
    film.with_suffix(".srt").unlink()
    assert vdialog("ingest", film, "--json").data["files"][0]["texts"] == {"subtitles": "kept"}
    assert "subtitles removed: wall.mp4" in vdialog("ingest", film, "--drop", "subtitles").out
    for wrong in (("--drop", "pictures"), ("--drop", "speech", "--watch"), ("--drop", "screen text")):
        assert vdialog("ingest", film, *wrong).code == 2


def test_texts_of_a_film_that_was_in_two_collections_wait_for_their_owner(vdialog: Vdialog, tmp_path: Path) -> None:
    film = tmp_path / "wall.mp4"
    write_film(film, "red", "blue")
    film.with_suffix(".srt").write_text("1\n00:00:00,500 --> 00:00:02,000\nThe ferry leaves.\n")
    vdialog("ingest", film, "--collection", "private")
    with closing(sqlite3.connect(tmp_path / "home" / "catalogue.db")) as db:
        db.row_factory = sqlite3.Row
        row_sums.drop(db)
        db.executescript(SEVERAL_COLLECTIONS)
        db.execute("INSERT INTO memberships VALUES ('public', 'wall', 'wall', NULL)")
        db.commit()
    assert "vdialog videos keep-texts VIDEO_ID" in vdialog("videos", "list").out
    for video in ("private/wall", "public/wall"):
        shown = vdialog("videos", "show", video, "--json").data
        assert (shown["state"], [text["text"] for text in shown["set_aside"]]) == ("partial", ["The ferry leaves."])
        assert not any(moment["texts"] for moment in shown["moments"])
        assert re.search(r"set aside: .*The ferry leaves\.", vdialog("videos", "show", video).out)
    for form in tmp_path.glob("home/index/*/form"):
        form.write_text("4")
    assert vdialog("search", "ferry").code == 3
    assert vdialog("reindex").code == 0
    assert vdialog("search", "ferry", "--arm", "keywords", "--json").data["hits"] == []
    assert "keeps the texts that were given" in vdialog("videos", "keep-texts", "private/wall").out
    found = vdialog("search", "ferry", "--arm", "keywords", "--json").data["hits"]
    assert [hit["moment_id"] for hit in found] == ["private/wall:1"]
    assert "keep-texts" not in vdialog("videos", "list").out
    assert vdialog("doctor").code == 0


def test_a_video_gets_another_id_and_what_was_said_of_it_goes_with_it(library: Vdialog) -> None:
    before = library("ask", "Where does a dog catch a ball?", "--json").data
    assert before["citations"][0]["moment_id"] == "park:2"
    ran = library("videos", "rename", "Park", "the park: a day", "--json")
    assert ran.data == {"version": 2, "renamed": "park", "video_id": "the park: a day"}
    assert library("search", "dog", "--json").data["hits"][0]["video_id"] == "the park: a day"
    kept = library("conversations", "show", before["conversation"], "--json").data
    assert kept["turns"][0]["citations"][0]["moment_id"] == "the park: a day:2"
    assert library("videos", "show", "the park: a day", "--json").data["moments"]
    assert library("videos", "rename", "kitchen", "kitchen").out == "Renamed kitchen: it is kitchen now.\n"
    assert library("doctor").code == 0


@pytest.mark.parametrize(
    ("name", "said"), [("kitchen", "has a video 'kitchen' already"), ("a/b", "holds a `/`"), ("  ", "is empty")]
)
def test_an_id_that_cannot_be_is_refused(library: Vdialog, name: str, said: str) -> None:
    ran = library("videos", "rename", "park", name, "--json")
    assert (ran.code, said in ran.error["message"]) == (2, True)
    assert library("videos", "show", "park").code == 0
