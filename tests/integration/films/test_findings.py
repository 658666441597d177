"""New texts for a known film are taken in without opening it, and end as if they had been there at first."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from retrieval.catalogue import vectors
from retrieval.encoders.hashing import HashingImageEncoder, HashingTextEncoder
from retrieval.encoders.lazy import Encoders
from retrieval.index.memory import MemoryIndex
from retrieval.ingest.job import Decoding
from retrieval.library import Library
from retrieval.searching.query import Query
from retrieval.spaces import Vectors
from tests.films import film, shots

HERE = frozenset({"here"})
SRT = "1\n00:00:00,500 --> 00:00:02,000\nThe ferry leaves at nine.\n"
Captions = list[tuple[float, float, str]]


@dataclass
class Counted:
    """Decoding that counts how often a file is opened, and for what."""

    opened: list[str] = field(default_factory=list)

    def decoding(self) -> Decoding:
        real = Decoding()
        names = ("survey", "subtitles", "audio", "grab")
        return Decoding(**{name: self._counting(name, getattr(real, name)) for name in names})

    def _counting(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: object) -> Any:
            self.opened.append(name)
            return real(*arguments)

        return counted


@pytest.fixture
def counted() -> Counted:
    return Counted()


@pytest.fixture
def library(tmp_path: Path, counted: Counted) -> Iterator[Library]:
    with opened(tmp_path / "home", counted) as library:
        yield library


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "films").mkdir()
    return film(tmp_path / "films" / "ferry.mp4", shots((1, 3), (2, 15), (3, 2)))


def opened(home: Path, counted: Counted) -> Library:
    encoders = Encoders(HashingTextEncoder)
    return Library(home, encoders, make_index=lambda _, spaces: MemoryIndex(spaces), decoding=counted.decoding())


def captions(path: Path, given: Captions) -> Path:
    target = path.parent / "captions.json"
    entry = {"duration": 20, "timestamps": [[a, b] for a, b, _ in given], "sentences": [text for _, _, text in given]}
    target.write_text(json.dumps({path.stem: entry}))
    return target


def content(library: Library) -> dict[str, object]:
    """All that is kept of the film, but for its generation's number."""
    kept = vectors.stored_video(library.catalogue, "here/ferry")
    video = library.catalogue.video("ferry", HERE)
    assert kept is not None
    folder = library.catalogue.frames_folder(video.generation)
    query = "SELECT stage, part, depends, result FROM findings WHERE generation = ? ORDER BY stage, part"
    found = [tuple(row) for row in library.catalogue.database.rows(query, [video.generation])]
    return {
        "video": (video.inputs, video.duration, video.state, video.note, video.entry),
        "moments": kept.moments,
        "vectors": {name: {at: vec.tobytes() for at, vec in found.items()} for name, found in kept.vectors.items()},
        "keyframes": kept.keyframes,
        "files": {file.name: file.read_bytes() for file in folder.iterdir()},
        "shots": [
            tuple(row)
            for row in library.catalogue.database.rows(
                "SELECT start, end FROM shots WHERE generation = ?", [video.generation]
            )
        ],
        "findings": found,
        "hits": [hit.moment.moment_id for hit in library.searcher.search(Query("ferry dog"), HERE).hits],
    }


def fresh(path: Path, home: Path, given: Path | None) -> dict[str, object]:
    with opened(home, Counted()) as library:
        library.ingest([path], "here", given)
        return content(library)


def test_new_captions_are_taken_in_without_opening_the_film(
    library: Library, counted: Counted, path: Path, tmp_path: Path
) -> None:
    library.ingest([path], "here")
    counted.opened.clear()
    given = captions(path, [(0, 2.5, "A dog runs."), (3.0, 19.0, "The ferry leaves.")])
    report = library.ingest([path], "here", given)[0]
    assert (report.verdict, counted.opened) == ("updated", [])
    assert content(library) == fresh(path, tmp_path / "fresh", given)
    assert len(list((tmp_path / "home" / "frames").iterdir())) == 1


def test_new_subtitles_are_taken_in_without_opening_the_film(
    library: Library, counted: Counted, path: Path, tmp_path: Path
) -> None:
    library.ingest([path], "here")
    counted.opened.clear()
    path.with_suffix(".srt").write_text(SRT)
    library.ingest([path], "here")
    assert counted.opened == []
    assert library.catalogue.moments("ferry", HERE)[0].text == "The ferry leaves at nine."
    assert content(library) == fresh(path, tmp_path / "fresh", None)


def test_only_moments_without_a_keyframe_open_the_film_and_only_once(
    library: Library, counted: Counted, path: Path, tmp_path: Path
) -> None:
    library.ingest([path], "here")
    counted.opened.clear()
    given = captions(path, [(0.5, 0.7, "A dog blinks."), (4.1, 4.2, "The ferry blinks.")])
    library.ingest([path], "here", given)
    assert counted.opened == ["grab"]
    assert all(moment.keyframes for moment in library.catalogue.moments("ferry", HERE))
    path.with_suffix(".srt").write_text(SRT)
    library.ingest([path], "here", given)
    assert counted.opened == ["grab"]
    assert content(library) == fresh(path, tmp_path / "fresh", given)


def test_captions_that_are_taken_back_leave_nothing_behind(
    library: Library, counted: Counted, path: Path, tmp_path: Path
) -> None:
    library.ingest([path], "here")
    before = content(library)
    library.ingest([path], "here", captions(path, [(0.5, 0.7, "A dog blinks.")]))
    assert content(library) != before
    library.ingest([path], "here")
    assert content(library) != before
    assert library.ingest([path], "here", drop=["captions"])[0].texts == {"captions": "removed"}
    assert content(library) == before


@pytest.mark.parametrize("harm", ["older", "keyframe", "findings"])
def test_what_cannot_be_used_again_is_decoded_again(
    library: Library, counted: Counted, path: Path, tmp_path: Path, harm: str
) -> None:
    library.ingest([path], "here")
    counted.opened.clear()
    generation = library.catalogue.video("ferry", HERE).generation
    with library.catalogue.database.writing() as db:
        if harm == "older":  # what an older version of the program left
            db.execute("UPDATE findings SET depends = '0 ' || depends")
        elif harm == "findings":
            db.execute("DELETE FROM findings")
    if harm == "keyframe":
        sorted(library.catalogue.frames_folder(generation).iterdir())[-1].unlink()
    path.with_suffix(".srt").write_text(SRT)
    library.ingest([path], "here")
    assert counted.opened == ["survey"]
    assert content(library) == fresh(path, tmp_path / "fresh", None)


def test_a_grabbed_keyframe_that_was_deleted_is_taken_again(library: Library, counted: Counted, path: Path) -> None:
    library.ingest([path], "here")
    survey = {file.name for file in frames(library)}
    given = captions(path, [(0.5, 0.7, "A dog blinks.")])
    library.ingest([path], "here", given)
    counted.opened.clear()
    for file in frames(library):
        if file.name not in survey:
            file.unlink()
    path.with_suffix(".srt").write_text(SRT)
    library.ingest([path], "here", given)
    assert counted.opened == ["grab"]
    assert all(moment.keyframes for moment in library.catalogue.moments("ferry", HERE))


def frames(library: Library) -> list[Path]:
    return list(library.catalogue.frames_folder(library.catalogue.video("ferry", HERE).generation).iterdir())


def pictured(library: Library) -> int:
    kept = vectors.stored_video(library.catalogue, "here/ferry")
    assert kept is not None
    return len(kept.vectors["clip_vec"])


def test_picture_vectors_are_made_once(tmp_path: Path, counted: Counted, path: Path) -> None:
    """New texts leave the keyframes as they are, so nothing of them is encoded again but those that are new."""
    seen: list[int] = []

    class Counting(HashingImageEncoder):
        def encode_images(self, images: Sequence[Image.Image]) -> Vectors:
            seen.append(len(images))
            return super().encode_images(images)

    encoders = Encoders(HashingTextEncoder, Counting)
    with Library(tmp_path / "clip", encoders, make_index=lambda _, spaces: MemoryIndex(spaces)) as library:
        library.ingest([path], "here")
        frames = pictured(library)
        assert frames and seen[-1] == frames
        seen.clear()
        path.with_suffix(".srt").write_text(SRT)
        library.ingest([path], "here")
        assert seen == []
        library.ingest([path], "here", captions(path, [(0.5, 0.7, "A dog blinks.")]))
        assert seen == [pictured(library) - frames]
