"""One film under several names in a collection: one video, which gets what was given to any of them."""

import json
import shutil
from pathlib import Path

import pytest

from retrieval.catalogue import other_names
from retrieval.ingest.reports import FileReport
from retrieval.library import Library
from retrieval.types import joined
from tests.films import film, shots

HERE = frozenset({"here"})
EVERYWHERE = frozenset({"here", "kitchen"})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A film of three seconds under two names, each with a subtitle of its own."""
    made = tmp_path / "films"
    made.mkdir()
    film(made / "boat.mp4", shots((1, 3)))
    shutil.copyfile(made / "boat.mp4", made / "ferry.mp4")
    for name, said in (("boat", "Cast off."), ("ferry", "Mind the gap.")):
        says(made / f"{name}.srt", said)
    return made


def alone(folder: Path) -> None:
    """Leave the film one name."""
    for file in ("ferry.mp4", "ferry.srt"):
        (folder / file).unlink()


def says(path: Path, words: str, at: int = 1) -> Path:
    path.write_text(f"1\n00:00:0{at},000 --> 00:00:0{at},900\n{words}\n")
    return path


def captions(folder: Path, **said: str) -> Path:
    path = folder / "captions.json"
    entry = {name: {"duration": 3, "timestamps": [[0, 3]], "sentences": [words]} for name, words in said.items()}
    path.write_text(json.dumps(entry))
    return path


def verdicts(reports: list[FileReport]) -> list[tuple[str, str, str | None]]:
    return [(report.path.name, report.verdict, report.video_id) for report in reports]


def words(library: Library, video: str = "boat", visible: frozenset[str] = HERE) -> str:
    return " ".join(joined(moment.texts) for moment in library.catalogue.moments(video, visible))


def names(library: Library, key: str = "here/boat") -> list[str]:
    return [path.name for path in other_names.of_video(library.catalogue.database, key)]


def test_subtitles_beside_any_name_reach_the_video_and_the_report_says_so(library: Library, folder: Path) -> None:
    first = library.ingest([folder], "here")
    assert verdicts(first) == [("boat.mp4", "new", "boat"), ("ferry.mp4", "duplicate", "boat")]
    assert str(folder / "boat.mp4") in first[1].notes[-1]
    assert first[1].texts["subtitles"] == "added"
    assert {"Cast off.", "Mind the gap."} <= {
        text.text for m in library.catalogue.moments("boat", HERE) for text in m.texts
    }
    assert names(library) == ["ferry.mp4"]
    again = library.ingest([folder], "here")
    assert verdicts(again) == [("boat.mp4", "unchanged", "boat"), ("ferry.mp4", "duplicate", "boat")]
    assert set(again[1].texts.values()) == {"kept"}


def test_captions_of_each_name_reach_the_video_and_a_later_file_replaces_those_of_its_name(
    library: Library, folder: Path
) -> None:
    library.ingest([folder], "here", captions(folder, boat="A boat leaves.", ferry="A ferry leaves."))
    assert "A boat leaves." in words(library)
    assert "A ferry leaves." in words(library)
    library.ingest([folder], "here", captions(folder, ferry="A ferry comes."))
    assert "A boat leaves." in words(library)
    assert "A ferry comes." in words(library)
    assert "A ferry leaves." not in words(library)
    library.ingest([folder], "here", drop=["captions"])
    assert "ferry" not in words(library)


def test_what_of_a_further_name_cannot_be_read_is_told(library: Library, folder: Path) -> None:
    (folder / "ferry.srt").write_text("no subtitles at all")
    report = library.ingest([folder], "here")[1]
    assert any("'ferry.srt'" in note and "left out" in note for note in report.notes)


def test_when_the_first_name_goes_the_other_takes_its_place_and_nothing_given_is_lost(
    library: Library, folder: Path
) -> None:
    given = captions(folder, boat="A boat leaves.", ferry="A ferry leaves.")
    library.ingest([folder], "here", given)
    (folder / "boat.mp4").unlink()
    report, *left = library.ingest([folder], "here")
    assert {(one.path.name, one.verdict) for one in left} == {("boat.srt", "unused"), ("captions.json", "unused")}
    assert (report.video_id, set(report.texts.values())) == ("boat", {"kept"})
    assert str(folder / "boat.mp4") in report.notes[0]
    says(folder / "ferry.srt", "Mind the step.")
    library.ingest([folder], "here")
    said = words(library)
    assert [part in said for part in ("Cast off.", "Mind the step.", "Mind the gap.")] == [True, True, False]
    assert "A boat leaves." in said
    assert "A ferry leaves." in said
    assert names(library) == []


def test_another_film_at_a_further_name_is_a_video_of_its_own(library: Library, folder: Path) -> None:
    library.ingest([folder], "here")
    film(folder / "ferry.mp4", shots((2, 3)))
    assert verdicts(library.ingest([folder], "here"))[1] == ("ferry.mp4", "new", "ferry")
    assert names(library) == []


def test_a_dry_run_says_what_the_run_says(library: Library, folder: Path) -> None:
    film(folder / "old.mp4", shots((3, 3)))
    given = captions(folder, boat="A boat leaves.", nobody="Nothing.")

    def foreseen() -> list[tuple[str, str, set[tuple[str, str]]]]:
        told = [one.report for one in library.foresee([folder], "here", given)]
        return [(report.path.name, report.verdict, given_of(report)) for report in told]

    def given_of(report: FileReport) -> set[tuple[str, str]]:
        kinds = {kind: change for kind, change in report.texts.items() if kind in ("captions", "subtitles")}
        return set(kinds.items())

    for _ in range(2):
        before = foreseen()
        told = library.ingest([folder], "here", given)
        changed = [(report.path.name, report.verdict, given_of(report)) for report in told]
        assert [row[:2] for row in before] == [row[:2] for row in changed]
        assert before[0] == changed[0]
        (folder / "old.mp4").rename(folder / "older.mp4") if (folder / "old.mp4").exists() else None
        says(folder / "boat.srt", "Cast off now.")


def test_a_dry_run_reads_no_file_whose_size_tells_it_apart(library: Library, folder: Path, tmp_path: Path) -> None:
    alone = tmp_path / "alone.mp4"
    with alone.open("wb") as file:
        file.truncate(2**42)  # to read it would take an hour
    assert [one.report.verdict for one in library.foresee([alone], "here")] == ["new"]


def test_a_captions_key_that_fits_several_films_is_given_to_none_and_told(library: Library, folder: Path) -> None:
    alone(folder)
    (folder / "other").mkdir()
    film(folder / "other" / "boat.mp4", shots((2, 3)))
    *_, left = library.ingest([folder], "here", captions(folder, boat="A boat leaves.", nobody="Nothing."))
    assert (left.verdict, "'boat.mp4'" in left.reason, "'other/boat.mp4'" in left.reason) == ("unused", True, True)
    assert "nobody" in left.reason
    assert all("A boat leaves." not in words(library, v.video_id) for v in library.catalogue.videos(HERE))
    named = captions(folder, **{"boat.mp4": "A boat leaves.", "other/boat.mp4": "Another one."})
    reports = library.ingest([folder], "here", named)
    said = {report.path: words(library, report.video_id or "") for report in reports if report.video_id}
    assert "Another one." in said[folder / "other" / "boat.mp4"]


def test_an_entry_of_a_path_goes_before_one_of_a_name(library: Library, folder: Path) -> None:
    alone(folder)
    (folder / "other").mkdir()
    film(folder / "other" / "boat.mp4", shots((2, 3)))
    given = captions(folder, **{"boat": "A boat leaves.", "other/boat.mp4": "Another one."})
    reports = library.ingest([folder], "here", given)
    assert [words(library, report.video_id or "")[:14] for report in reports] == ["A boat leaves.", "Another one."]


def test_a_key_may_fit_several_names_of_one_film(library: Library, folder: Path) -> None:
    (folder / "other").mkdir()
    for ending in ("mp4", "srt"):
        (folder / f"ferry.{ending}").rename(folder / "other" / f"boat.{ending}")
    reports = library.ingest([folder], "here", captions(folder, boat="A boat leaves."))
    assert [report.verdict for report in reports] == ["new", "duplicate"]
    assert words(library).count("A boat leaves.") == 1


def test_joined_captions_of_a_further_name_stand_beside_those_of_the_first(library: Library, folder: Path) -> None:
    library.ingest([folder], "here")
    given = captions(folder, boat="A boat leaves.", ferry="A ferry leaves.", nobody="Nothing.")
    done = library.import_annotations(given, "here", of_films="join", are_others_new=False)
    assert (done.joined, done.videos) == (("boat",), 0)
    assert "nobody" in done.dropped[0]
    assert "A boat leaves." in words(library)
    assert "A ferry leaves." in words(library)
    assert len(library.catalogue.videos(HERE)) == 1


def test_a_moved_video_stays_where_its_owner_moved_it(library: Library, folder: Path) -> None:
    alone(folder)
    library.ingest([folder], "here")
    library.move("boat", "kitchen", HERE)
    for _ in range(2):
        (report,) = library.ingest([folder], "here", visible=EVERYWHERE, is_default=True)
        assert (report.verdict, report.video_id) == ("unchanged", "boat")
        assert "'kitchen'" in report.notes[0]
    says(folder / "boat.srt", "All aboard.")
    (folder / "boat.mp4").rename(folder / "ship.mp4")
    (folder / "boat.srt").rename(folder / "ship.srt")
    library.ingest([folder], "here", visible=EVERYWHERE, is_default=True)
    assert [video.key for video in library.catalogue.videos(EVERYWHERE)] == ["kitchen/boat"]
    assert words(library, visible=EVERYWHERE) == "All aboard."
    assert library.ingest([folder], "here", visible=EVERYWHERE)[0].verdict == "new"


def test_a_film_of_a_collection_that_is_not_seen_is_not_told(library: Library, folder: Path) -> None:
    alone(folder)
    library.ingest([folder], "secret")
    (report,) = library.ingest([folder], "here", visible=HERE, is_default=True)
    assert (report.verdict, report.notes) == ("new", report.notes)
    assert "secret" not in " ".join(report.notes)


def test_the_further_names_of_a_moved_video_move_with_it(library: Library, folder: Path) -> None:
    library.ingest([folder], "here")
    library.move("boat", "kitchen", HERE)
    told = library.ingest([folder], "here", visible=EVERYWHERE, is_default=True)
    assert verdicts(told) == [("boat.mp4", "unchanged", "boat"), ("ferry.mp4", "duplicate", "boat")]
    assert [video.key for video in library.catalogue.videos(EVERYWHERE)] == ["kitchen/boat"]
    assert names(library, "kitchen/boat") == ["ferry.mp4"]
    library.remove("boat", EVERYWHERE)
    assert names(library, "kitchen/boat") == []
