"""Captions that are imported join the films that they name, or stand beside them as videos of their own."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.types import films
from tests.films import film, shots
from tests.integration.films.test_copies import PUBLIC, SRT, Told

COLLECTION = "public"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Told]:
    with Told(tmp_path / "home") as opened:
        yield opened


@pytest.fixture
def path(tmp_path: Path, library: Told) -> Path:
    """A film of six seconds that is in the library, with a subtitle."""
    path = film(tmp_path / "merger plan.mp4", shots((1, 3), (2, 3)))
    path.with_suffix(".srt").write_text(SRT)
    library.ingest([path], COLLECTION)
    library.counted.opened.clear()
    return path


def captions(folder: Path, *sentences: str, name: str = "merger plan", each: float = 2.5) -> Path:
    spans = [[each * n, each * (n + 1)] for n in range(len(sentences))]
    entry = {"duration": each * len(sentences), "timestamps": spans, "sentences": sentences}
    (folder / "captions.json").write_text(json.dumps({name: entry}))
    return folder / "captions.json"


def texts(library: Told, video: str = "merger plan") -> list[str]:
    return [moment.text for moment in library.catalogue.moments(video, PUBLIC)]


def test_without_a_word_captions_of_a_film_are_left_out_and_named(library: Told, path: Path) -> None:
    before = texts(library)
    done = library.import_annotations(captions(path.parent, "Two directors shake hands."), COLLECTION)
    assert (done.videos, done.joined, texts(library)) == (0, (), before)
    assert "--join" in done.dropped[0]
    assert "--as-new" in done.dropped[0]


def test_joined_they_are_the_captions_of_the_film_which_is_not_read_again(library: Told, path: Path) -> None:
    file = captions(path.parent, "Two directors shake hands.")
    assert list(library.named_in(file, COLLECTION).films) == ["merger plan"]
    done = library.import_annotations(file, COLLECTION, of_films="join")
    assert (done.joined, done.dropped, done.videos) == (("merger plan",), (), 0)
    assert texts(library) == ["Two directors shake hands. The merger closes on Friday.", ""]
    assert all(moment.keyframes for moment in library.catalogue.moments("merger plan", PUBLIC))
    assert library.counted.opened == []
    again = library.import_annotations(file, COLLECTION, of_films="join")
    assert (again.joined, again.unchanged) == ((), 1)
    assert library.ingest([path], COLLECTION)[0].verdict == "unchanged"
    assert not library.catalogue.failing()


def test_joined_again_they_replace_the_captions_of_before_alone(library: Told, path: Path) -> None:
    for said in ("Two directors shake hands.", "A handshake."):
        library.import_annotations(captions(path.parent, said), COLLECTION, of_films="join")
    assert texts(library) == ["A handshake. The merger closes on Friday.", ""]


def test_as_new_they_make_another_video_and_the_film_stays_as_it_was(library: Told, path: Path) -> None:
    before, file = texts(library), captions(path.parent, "Two directors shake hands.")
    assert library.import_annotations(file, COLLECTION, of_films="as new").videos == 1
    assert library.import_annotations(file, COLLECTION, of_films="as new").unchanged == 1
    assert texts(library) == before
    (other,) = (video for video in films(library.catalogue.videos(PUBLIC)) if video.state == "imported")
    assert texts(library, other.video_id) == ["Two directors shake hands."]
    changed = captions(path.parent, "A handshake.")
    assert library.import_annotations(changed, COLLECTION, of_films="as new").replaced == 1


def test_a_film_is_known_by_the_name_of_its_file_where_its_id_is_another(library: Told, path: Path) -> None:
    (path.parent / "b").mkdir()
    second = film(path.parent / "b" / "other.mp4", shots((5, 2)))
    video = library.ingest([second], COLLECTION)[0].video_id
    second.rename(second.with_name("board.mp4"))
    library.ingest([second.with_name("board.mp4")], COLLECTION)
    done = library.import_annotations(captions(path.parent, "A board.", name="board"), COLLECTION, of_films="join")
    assert done.joined == (video,) == ("other",)


def test_captions_after_the_end_of_the_film_are_named(library: Told, path: Path) -> None:
    said = captions(path.parent, "One.", "Two.", "Three.", "Four.")
    done = library.import_annotations(said, COLLECTION, of_films="join")
    assert done.dropped == ("1 caption of 'merger plan' begins after the end of its film, at 6.0 s",)
    assert [text.split(".")[0] for text in texts(library)] == ["One", "Two", "Three"]
