"""The same film in two collections: what lies in it is found once, what a person gave stays where it was given."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from PIL import Image

from retrieval.catalogue import vectors
from retrieval.encoders.hashing import HashingImageEncoder, HashingTextEncoder
from retrieval.encoders.lazy import Encoders
from retrieval.index.base import VideoRows
from retrieval.index.memory import MemoryIndex
from retrieval.ingest.captions import GeneratedCaption
from retrieval.ingest.options import IngestOptions
from retrieval.ingest.progress import Progress
from retrieval.library import Library
from retrieval.searching.query import Query
from retrieval.spaces import IndexSpaces, Vectors
from retrieval.types import films
from tests.films import film, shots
from tests.integration.films.test_findings import Counted

SECRET, PUBLIC = frozenset({"secret"}), frozenset({"public"})
SRT = "1\n00:00:00,500 --> 00:00:02,000\nThe merger closes on Friday.\n"


class Texts(HashingTextEncoder):
    """Notes what it encodes."""

    def __init__(self, seen: list[str]) -> None:
        super().__init__()
        self._seen = seen

    def encode(self, texts: Sequence[str]) -> Vectors:
        self._seen += texts
        return super().encode(texts)


class Pictures(HashingImageEncoder):
    """Counts the pictures that it encodes; those of the canary are larger than frames of the films here."""

    def __init__(self, seen: list[Image.Image]) -> None:
        super().__init__()
        self._seen = seen

    def encode_images(self, images: Sequence[Image.Image]) -> Vectors:
        self._seen += [image for image in images if image.size != (96, 96)]
        return super().encode_images(images)


class Told(Library):
    """A library that tells what was opened and encoded for it."""

    def __init__(self, home: Path) -> None:
        self.counted, self.texts, self.pictures = Counted(), list[str](), list[Image.Image]()
        encoders = Encoders(lambda: Texts(self.texts), lambda: Pictures(self.pictures))
        super().__init__(
            home, encoders, make_index=lambda _, spaces: MemoryIndex(spaces), decoding=self.counted.decoding()
        )


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Told]:
    with Told(tmp_path / "home") as opened:
        yield opened


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "vault"
    folder.mkdir()
    return film(folder / "merger plan.mp4", shots((1, 3), (2, 3)))


def captions(path: Path, said: str) -> Path:
    target = path.parent / "captions.json"
    target.write_text(json.dumps({path.stem: {"duration": 6, "timestamps": [[0, 2.5]], "sentences": [said]}}))
    return target


def copy_of(path: Path, name: str) -> Path:
    """Return the same film at another place, without what lies beside it."""
    other = path.parent.parent / f"{name}.mp4"
    other.write_bytes(path.read_bytes())
    return other


def test_a_copy_in_another_collection_is_decoded_and_encoded_no_second_time(library: Told, path: Path) -> None:
    library.ingest([path], "secret")
    kept = vectors.stored_video(library.catalogue, "secret/merger plan")
    for done in (library.counted.opened, library.texts, library.pictures):
        done.clear()
    told: list[Progress] = []
    report = library.ingest([copy_of(path, "party")], "public", on_progress=told.append)[0]
    assert (report.verdict, report.video_id) == ("new", "party")
    assert (library.counted.opened, library.texts, library.pictures) == ([], [], [])
    assert {progress.stage for progress in told} == {"checking", "loading models", "saving", "finishing"}
    copy = vectors.stored_video(library.catalogue, "public/party")
    assert kept is not None
    assert copy is not None
    assert (copy.moments, copy.keyframes) == (kept.moments, kept.keyframes)
    assert {n: {at: v.tobytes() for at, v in found.items()} for n, found in copy.vectors.items()} == {
        n: {at: v.tobytes() for at, v in found.items()} for n, found in kept.vectors.items()
    }
    frames = [frame.path for moment in library.catalogue.moments("party", PUBLIC) for frame in moment.keyframes]
    library.remove("merger plan", SECRET)
    assert frames
    assert all(frame.is_file() for frame in frames)


def test_nothing_that_was_given_in_one_collection_is_told_in_another(library: Told, path: Path) -> None:
    path.with_suffix(".srt").write_text(SRT)
    library.ingest([path], "secret", captions(path, "Two directors shake hands."))
    library.ingest([copy_of(path, "party")], "public")
    video = library.catalogue.video("party", PUBLIC)
    assert (video.title, video.given, video.copies) == ("party", (), ())
    assert [moment.text for moment in library.catalogue.moments("party", PUBLIC)] == ["", ""]
    assert library.catalogue.moments("party", PUBLIC)[0].span.end == pytest.approx(3, abs=0.1)  # not a caption's span
    for asked in ("merger", "directors shake hands", "Friday"):
        assert library.searcher.search(Query(asked, arm="keywords"), PUBLIC).hits == ()
    assert "Two directors shake hands." in library.catalogue.moments("merger plan", SECRET)[0].text


def test_what_is_removed_from_one_collection_stays_in_the_other(library: Told, path: Path) -> None:
    library.ingest([path], "secret", captions(path, "Two directors shake hands."))
    other = copy_of(path, "party")
    library.ingest([other], "public", captions(other, "Two guests shake hands."))
    both = SECRET | PUBLIC
    library.remove("merger plan", both)
    assert [video.key for video in library.catalogue.videos(both)] == ["public/party"]
    assert library.catalogue.moments("party", both)[0].text == "Two guests shake hands."
    with pytest.raises(LookupError):
        library.catalogue.moments("merger plan", both)


def test_copies_that_are_seen_together_are_one_film_and_one_hit_of_each_stretch(library: Told, path: Path) -> None:
    other = copy_of(path, "party")
    library.ingest([path], "secret")
    library.ingest([other], "public", captions(other, "Two guests shake hands."))
    both = SECRET | PUBLIC
    videos = library.catalogue.videos(both)
    assert [video.video_id for video in videos] == ["merger plan", "party"]
    assert [(one.video_id, [e.collection for e in one.entries]) for one in films(videos)] == [
        ("party", ["public", "secret"])
    ]
    found = library.searcher.search(Query("two guests shake hands"), both).hits
    assert len(found) == 2
    assert found[0].span.overlap(found[1].span) < 1
    assert {frozenset(hit.collections) for hit in found} == {both}
    told = library.searcher.search(Query("two guests shake hands", arm="keywords"), both).hits
    assert [(hit.moment_id, hit.collections) for hit in told] == [("party:1", ("public", "secret"))]
    alike = library.searcher.search(Query(like="party:1"), both).hits
    assert not any(hit.span.overlap(told[0].span) > 1 for hit in alike)


def test_a_file_of_one_name_keeps_it_in_each_collection(library: Told, path: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    second = film(tmp_path / "other" / "merger plan.mp4", shots((3, 3)))
    library.ingest([path], "secret")
    assert library.ingest([second], "public")[0].video_id == "merger plan"
    assert [video.video_id for video in library.catalogue.videos(PUBLIC)] == ["merger plan"]


def test_a_moved_video_keeps_all_its_texts_and_its_file(library: Told, path: Path) -> None:
    path.with_suffix(".srt").write_text(SRT)
    library.ingest([path], "secret", captions(path, "Two directors shake hands."))
    before = [moment.text for moment in library.catalogue.moments("merger plan", SECRET)]
    library.counted.opened.clear()
    assert library.move("merger plan", "public", SECRET) == "public/merger plan"
    assert [moment.text for moment in library.catalogue.moments("merger plan", PUBLIC)] == before
    assert library.searcher.search(Query("merger", arm="keywords"), PUBLIC).hits[0].moment_id == "merger plan:1"
    assert all(f.path.is_file() for m in library.catalogue.moments("merger plan", PUBLIC) for f in m.keyframes)
    assert library.ingest([path], "public")[0].verdict == "unchanged"
    assert library.counted.opened == []
    assert sorted(folder.name for folder in (library.catalogue.home / "frames").iterdir()) == ["2"]


class Breaking(MemoryIndex):
    """An index that breaks off once, before it writes or before it deletes."""

    at = ""

    def upsert(self, videos: Sequence[VideoRows]) -> None:
        self._break("upsert")
        super().upsert(videos)

    def delete(self, video_ids: Sequence[str], generations: Sequence[int] | None = None) -> None:
        self._break("delete")
        super().delete(video_ids, generations)

    def _break(self, what: str) -> None:
        if self.at == what:
            self.at = ""
            raise KeyboardInterrupt


@pytest.mark.parametrize(("at", "ends_in"), [("upsert", "secret"), ("delete", "public")])
def test_a_broken_move_leaves_a_video_where_it_was_or_where_it_is_to_be(
    tmp_path: Path, path: Path, at: str, ends_in: str
) -> None:
    held: list[Breaking] = []

    def make(_: Path, spaces: IndexSpaces) -> Breaking:
        held[:] = held or [Breaking(spaces)]
        return held[0]

    path.with_suffix(".srt").write_text(SRT)
    with Library(tmp_path / "home", Encoders(HashingTextEncoder), make_index=make) as library:
        library.ingest([path], "secret")
        held[0].at = at
        with pytest.raises(KeyboardInterrupt):
            library.move("merger plan", "public", SECRET)
    with Library(tmp_path / "home", Encoders(HashingTextEncoder), make_index=make) as library:
        library.ingester("public")
        visible = frozenset({ends_in})
        assert [video.key for video in library.catalogue.videos(SECRET | PUBLIC)] == [f"{ends_in}/merger plan"]
        assert library.searcher.search(Query("merger"), visible).hits[0].moment_id == "merger plan:1"
        assert library.searcher.search(Query("merger"), (SECRET | PUBLIC) - visible).hits == ()
        assert library.indexed() == library.catalogue.moment_count()
        assert library.catalogue.hidden() == frozenset()
        assert len(list((tmp_path / "home" / "frames").iterdir())) == 1
        assert not library.catalogue.failing()


def test_what_a_model_made_of_the_film_is_copied_too(tmp_path: Path, path: Path) -> None:
    class Describer:
        name = "describer"

        def unfit(self, film: Path) -> str | None:
            return None

        def describe(self, images: Sequence[Image.Image]) -> list[GeneratedCaption]:
            return [GeneratedCaption("A wall.", 0.9) for _ in images]

    def opened(describer: Describer | None) -> Library:
        options, encoders = IngestOptions(captioner=describer), Encoders(HashingTextEncoder)
        return Library(tmp_path / "home", encoders, options, lambda _, spaces: MemoryIndex(spaces))

    with opened(Describer()) as library:
        library.ingest([path], "secret", captions(path, "Two directors shake hands."))
    with opened(None) as library:
        report = library.ingest([copy_of(path, "party")], "public")[0]
        assert report.texts == {"descriptions": "added"}
        said = {moment.text for moment in library.catalogue.moments("party", PUBLIC)}
        assert "A wall." in said <= {"A wall.", ""}
