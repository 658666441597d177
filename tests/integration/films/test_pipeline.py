import json
import os
from pathlib import Path

import pytest

from retrieval.errors import InvalidAnnotations, UnreadableMedia
from retrieval.ingest.progress import Progress
from retrieval.ingest.reports import FileReport
from retrieval.library import Library
from retrieval.searching.query import Query
from tests.films import film, shots

HERE = frozenset({"here"})
SRT = "1\n00:00:00,500 --> 00:00:02,000\nThe ferry leaves at nine.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "films"
    made.mkdir()
    return made


def take(library: Library, *paths: Path, captions: Path | None = None, collection: str = "here") -> list[FileReport]:
    return library.ingest(paths, collection, captions)


def captions(folder: Path, **videos: list[tuple[float, float, str]]) -> Path:
    path = folder / "captions.json"
    entries = {
        name: {"duration": 6, "timestamps": [[a, b] for a, b, _ in given], "sentences": [text for _, _, text in given]}
        for name, given in videos.items()
    }
    path.write_text(json.dumps(entries))
    return path


def test_a_film_becomes_moments_with_texts_and_keyframes(library: Library, folder: Path) -> None:
    path = film(folder / "ferry.mp4", shots((1, 3), (2, 3)))
    path.with_suffix(".srt").write_text(SRT)
    report = take(library, path)[0]
    assert (report.verdict, report.video_id, report.moments) == ("new", "ferry", 2)
    first, second = library.catalogue.moments("ferry", HERE)
    assert (first.text, second.text) == ("The ferry leaves at nine.", "")
    assert first.span.end == second.span.start == pytest.approx(3, abs=0.1)
    assert all(frame.path.is_file() for moment in (first, second) for frame in moment.keyframes)
    assert library.searcher.search(Query("ferry"), HERE).hits[0].moment.moment_id == "ferry:1"


def test_what_is_known_is_not_taken_in_again(library: Library, folder: Path) -> None:
    path = film(folder / "a.mp4", shots((1, 3)))
    take(library, path)
    generation = library.catalogue.video("a", HERE).generation
    assert take(library, path)[0].verdict == "unchanged"
    assert library.catalogue.video("a", HERE).generation == generation


def test_the_same_bytes_under_another_name_are_the_same_video(library: Library, folder: Path) -> None:
    path = film(folder / "a.mp4", shots((1, 3)))
    copy = folder / "b.mp4"
    copy.write_bytes(path.read_bytes())
    assert [report.video_id for report in take(library, folder)] == ["a", "a"]
    assert len(library.catalogue.videos(HERE)) == 1


def test_other_bytes_under_the_same_name_get_an_id_of_their_own(library: Library, folder: Path) -> None:
    (folder / "other").mkdir()
    film(folder / "a.mp4", shots((1, 3)))
    film(folder / "other" / "a.mp4", shots((2, 3)))
    ids = {report.video_id or "" for report in take(library, folder)}
    assert len(ids) == 2
    assert all(name == "a" or name.startswith("a-") for name in ids)


def test_new_captions_and_new_subtitles_are_taken_in(library: Library, folder: Path) -> None:
    path = film(folder / "a.mp4", shots((1, 6)))
    take(library, path)
    given = captions(folder, a=[(0, 2.5, "A dog runs.")])
    assert take(library, path, captions=given)[0].verdict == "updated"
    assert [m.text for m in library.catalogue.moments("a", HERE)] == ["A dog runs.", ""]
    path.with_suffix(".srt").write_text(SRT)
    assert take(library, path, captions=given)[0].verdict == "updated"
    assert library.catalogue.moments("a", HERE)[0].text == "A dog runs. The ferry leaves at nine."
    assert library.indexed() == library.catalogue.moment_count() == 2


def test_captions_are_cut_at_the_end_of_the_video(library: Library, folder: Path) -> None:
    path = film(folder / "a.mp4", shots((1, 3)))
    given = captions(folder, a=[(0, 5.5, "A dog runs."), (5.0, 6.0, "It is gone.")])
    take(library, path, captions=given)
    moments = library.catalogue.moments("a", HERE)
    assert [m.text for m in moments] == ["A dog runs."]
    assert moments[0].span.end == pytest.approx(3, abs=0.1)


def test_a_file_that_is_no_video_is_refused_and_leaves_nothing(library: Library, folder: Path) -> None:
    (folder / "a.mp4").write_text("I am a letter.")
    film(folder / "b.mp4", shots((1, 3)))
    reports = take(library, folder)
    assert [report.verdict for report in reports] == ["refused", "new"]
    assert "a.mp4" in reports[0].reason
    assert [video.video_id for video in library.catalogue.videos(HERE)] == ["b"]
    assert len(list((library.catalogue.home / "frames").iterdir())) == 1
    assert library.catalogue.hidden() == frozenset()


def test_a_film_that_breaks_off_is_taken_in_as_far_as_it_goes(library: Library, folder: Path) -> None:
    path = film(folder / "a.mkv", shots((1, 3), (2, 3)))
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    report = take(library, path)[0]
    assert report.verdict == "partial"
    assert report.reason
    video = library.catalogue.video("a", HERE)
    assert (video.state, video.note) == ("partial", report.reason)
    assert take(library, path)[0].verdict == "partial"


def test_the_stages_are_told_in_order(library: Library, folder: Path) -> None:
    path = film(folder / "a.mp4", shots((1, 3)))
    told: list[Progress] = []
    library.ingest([path], "here", on_progress=told.append)
    stages = list(dict.fromkeys(progress.stage for progress in told))
    assert stages == ["checking", "reading", "loading models", "screen text", "saving", "finishing"]
    assert all(0 <= progress.fraction <= 1 for progress in told)


def test_sound_without_a_speech_model_is_noted(library: Library, folder: Path) -> None:
    path = film(folder / "a.mp4", shots((1, 3)), sound=3)
    assert any("VDIALOG_SPEECH_MODEL" in note for note in take(library, path)[0].notes)


def test_hidden_files_and_links_out_of_the_folder_are_left_alone(
    library: Library, folder: Path, tmp_path: Path
) -> None:
    outside = film(tmp_path / "outside.mp4", shots((1, 3)))
    (folder / ".hidden.mp4").write_bytes(outside.read_bytes())
    os.symlink(outside, folder / "link.mp4")
    (folder / "notes.txt").write_text("no video")
    assert take(library, folder) == []


def test_a_path_that_is_not_there_is_said_so_before_anything_is_done(library: Library, folder: Path) -> None:
    path = film(folder / "a.mp4", shots((1, 3)))
    with pytest.raises(UnreadableMedia, match="does not exist"):
        take(library, path, folder / "nosuch.mp4")
    assert library.catalogue.videos(HERE) == []


def test_a_captions_file_that_makes_no_sense_stops_the_job_before_it_starts(library: Library, folder: Path) -> None:
    path = film(folder / "a.mp4", shots((1, 3)))
    (folder / "wrong.json").write_text("[]")
    with pytest.raises(InvalidAnnotations):
        take(library, path, captions=folder / "wrong.json")
    assert library.catalogue.videos(HERE) == []
