from pathlib import Path

import pytest

from retrieval.ingest.relink import is_gone, media
from retrieval.library import Library
from retrieval.searching.query import Query
from retrieval.types import Entry
from tests.films import film, shots

HERE = frozenset({"here"})
SRT = "1\n00:00:00,500 --> 00:00:02,000\nThe ferry leaves at nine.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "films"
    made.mkdir()
    return made


def ferry(folder: Path, name: str = "ferry", number: int = 1) -> Path:
    """A film with a subtitle beside it."""
    path = film(folder / f"{name}.mp4", shots((number, 3)))
    path.with_suffix(".srt").write_text(SRT)
    return path


def test_a_renamed_film_keeps_its_id_its_moments_and_its_texts(library: Library, folder: Path) -> None:
    path = ferry(folder)
    library.ingest([folder], "here")
    generation = library.catalogue.video("ferry", HERE).generation
    path.rename(folder / "morning boat.mp4")
    for verdict in ("moved", "unchanged"):
        report = library.ingest([folder], "here")[0]
        assert (report.verdict, report.video_id) == (verdict, "ferry")
    video = library.catalogue.video("ferry", HERE)
    assert video.entry == Entry("here", "morning boat", folder / "morning boat.mp4")
    assert video.generation == generation
    assert library.catalogue.moments("ferry", HERE)[0].text == "The ferry leaves at nine."


def test_a_rename_is_told_with_the_old_path(library: Library, folder: Path) -> None:
    path = ferry(folder)
    library.ingest([folder], "here")
    path.rename(folder / "boat.mp4")
    assert str(path) in library.ingest([folder], "here")[0].notes[0]


def test_a_renamed_film_that_brings_new_texts_gets_them(library: Library, folder: Path) -> None:
    path = ferry(folder)
    library.ingest([folder], "here")
    path.rename(folder / "boat.mp4")
    path.with_suffix(".srt").unlink()
    (folder / "boat.srt").write_text(SRT.replace("nine", "ten"))
    assert library.ingest([folder], "here")[0].verdict == "updated"
    assert library.catalogue.moments("ferry", HERE)[0].text == "The ferry leaves at ten."


def test_a_copy_without_texts_does_not_take_them_from_the_original(library: Library, folder: Path) -> None:
    path = ferry(folder)
    (folder / "zcopy.mp4").write_bytes(path.read_bytes())
    for _ in range(2):
        assert [report.video_id for report in library.ingest([folder], "here")] == ["ferry", "ferry"]
        assert library.catalogue.moments("ferry", HERE)[0].text == "The ferry leaves at nine."
        assert library.catalogue.video("ferry", HERE).title == "ferry"


def test_a_film_whose_file_is_gone_is_still_found(library: Library, folder: Path) -> None:
    path = ferry(folder)
    library.ingest([folder], "here")
    path.unlink()
    assert [(r.path, r.verdict) for r in library.ingest([folder], "here")] == [
        (path, "gone"),
        (path.with_suffix(".srt"), "unused"),
    ]
    assert library.searcher.search(Query("ferry"), HERE).hits[0].moment.moment_id == "ferry:1"
    video = library.catalogue.video("ferry", HERE)
    assert (is_gone(video), media(video)) == (True, None)


def test_another_film_at_the_same_path_is_the_same_video_with_the_texts_that_were_given_to_it(
    library: Library, folder: Path
) -> None:
    path = ferry(folder, number=1)
    library.ingest([folder], "here")
    path.with_suffix(".srt").unlink()
    before = library.catalogue.video("ferry", HERE)
    film(path, shots((2, 3), (3, 2)))
    report = library.ingest([folder], "here")[0]
    assert (report.verdict, report.video_id, report.texts) == ("updated", "ferry", {"subtitles": "kept"})
    assert report.notes[-1] == "the film at this path is another one than before; its subtitles were kept"
    after = library.catalogue.video("ferry", HERE)
    assert after.content_hash != before.content_hash
    assert [m.text for m in library.catalogue.moments("ferry", HERE)] == ["The ferry leaves at nine.", ""]
    assert len(library.catalogue.videos(HERE)) == 1


def test_a_film_that_made_room_for_another_one_keeps_its_texts_for_itself(library: Library, folder: Path) -> None:
    path = ferry(folder, number=1)
    library.ingest([folder], "here")
    path.with_suffix(".srt").unlink()
    path.rename(folder / "zold.mp4")
    film(path, shots((2, 3)))
    reports = {report.path.name: report for report in library.ingest([folder], "here")}
    assert (reports["zold.mp4"].verdict, reports["zold.mp4"].video_id) == ("moved", "ferry")
    second = reports["ferry.mp4"].video_id or ""
    assert second.startswith("ferry-")
    assert library.catalogue.moments("ferry", HERE)[0].text == "The ferry leaves at nine."
    assert library.catalogue.moments(second, HERE)[0].text == ""
    assert media(library.catalogue.video("ferry", HERE)) == folder / "zold.mp4"
    assert media(library.catalogue.video(second, HERE)) == path


def test_the_bytes_used_are_those_of_frames_vectors_and_texts(library: Library, folder: Path) -> None:
    ferry(folder)
    library.ingest([folder], "here")
    video = library.catalogue.video("ferry", HERE)
    frames = sum(file.stat().st_size for file in library.catalogue.frames_folder(video.generation).iterdir())
    used = library.catalogue.bytes_used(video)
    assert frames > 0
    assert used - frames >= 2 * 4 * 64 + len("The ferry leaves at nine.")
    for file in library.catalogue.frames_folder(video.generation).iterdir():
        file.unlink()
    assert library.catalogue.bytes_used(video) == used - frames
