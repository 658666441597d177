"""A folder that changes: files are renamed, deleted and come back, and the library follows."""

import io
import math
import os
import re
import shutil
import time
from pathlib import Path

import pytest

from retrieval.ingest.stable_files import StableFiles
from tests.scenario.conftest import Vdialog
from tests.scenario.test_taking_in import write_film

SRT = "1\n00:00:00,500 --> 00:00:02,000\nThe ferry leaves at nine.\n"


@pytest.fixture
def films(tmp_path: Path) -> Path:
    folder = tmp_path / "films"
    folder.mkdir()
    write_film(folder / "colours.mp4", "red", "blue")
    (folder / "colours.srt").write_text(SRT)
    return folder


@pytest.fixture
def taken(vdialog: Vdialog, films: Path) -> Vdialog:
    assert vdialog("ingest", films).code == 0
    return vdialog


def test_a_gone_file_is_marked_found_and_not_cut_until_it_is_met_again(
    taken: Vdialog, films: Path, tmp_path: Path
) -> None:
    attic = tmp_path / "attic"
    attic.mkdir()
    shutil.move(films / "colours.mp4", attic / "old colours.mp4")
    assert "file gone" in taken("videos", "list").out
    assert taken("videos", "list", "--json").data["videos"][0]["gone"] is True
    assert "(gone; ingest it from where it is now)" in taken("videos", "show", "colours").out
    assert taken("search", "ferry", "--json").data["hits"][0]["moment_id"] == "colours:1"
    ran = taken("clip", "colours:1", "-o", tmp_path / "clip.mp4", "--json")
    assert (ran.code, ran.error["code"]) == (2, "usage")
    assert "is gone" in ran.error["message"]
    assert "vdialog ingest FOLDER" in ran.error["hint"]
    assert taken("ingest", attic, "--json").data["files"][0]["verdict"] == "moved"
    assert "gone" not in taken("videos", "list").out
    assert taken("clip", "colours:1", "-o", tmp_path / "clip.mp4").code == 0
    shown = taken("videos", "show", "colours", "--json").data
    assert (shown["title"], shown["gone"]) == ("old colours", False)


def test_a_renamed_video_keeps_its_file_and_a_renamed_file_its_video(taken: Vdialog, films: Path) -> None:
    assert taken("videos", "rename", "colours.mp4", "walls").code == 0
    assert taken("ingest", films, "--json").data["files"][0]["verdict"] == "unchanged"
    (films / "colours.mp4").rename(films / "paint.mp4")
    (films / "colours.srt").rename(films / "paint.srt")
    report = taken("ingest", films, "--json").data["files"][0]
    assert (report["verdict"], report["video_id"]) == ("moved", "walls")
    assert taken("videos", "show", "paint.mp4", "--json").data["video_id"] == "walls"


def test_a_film_replaced_by_another_keeps_its_id_and_the_texts_that_were_given(taken: Vdialog, films: Path) -> None:
    (films / "colours.srt").unlink()
    write_film(films / "colours.mp4", "green")
    report = taken("ingest", films, "--json").data["files"][0]
    assert (report["verdict"], report["video_id"], report["texts"]) == ("updated", "colours", {"subtitles": "kept"})
    assert "another one than before; its subtitles were kept" in report["notes"][-1]
    assert len(taken("videos", "list", "--json").data["videos"]) == 1


def test_a_film_that_was_moved_and_whose_place_another_took_is_said_to_be_gone(
    taken: Vdialog, films: Path, tmp_path: Path
) -> None:
    (films / "colours.mp4").rename(films / "old.mp4")
    write_film(films / "colours.mp4", "green")
    taken("ingest", films)
    (films / "old.mp4").unlink()
    ran = taken("clip", "colours:1", "-o", tmp_path / "clip.mp4", "--json")
    assert (ran.code, "is gone" in ran.error["message"]) == (2, True)


def test_a_file_that_another_one_replaced_is_neither_cut_nor_played(
    taken: Vdialog, films: Path, tmp_path: Path
) -> None:
    path, other = films / "colours.mp4", tmp_path / "other.mp4"
    write_film(other, "green")
    whole, status = path.read_bytes(), path.stat()
    path.touch()  # another stamp, and the same bytes
    assert taken("clip", "colours:1", "-o", tmp_path / "clip.mp4").code == 0
    (tmp_path / "clip.mp4").unlink()
    for is_link in (False, True):
        path.unlink()
        path.symlink_to(other) if is_link else shutil.copyfile(other, path)
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
        ran = taken("clip", "colours:1", "-o", tmp_path / "clip.mp4", "--json")
        assert (ran.code, "'colours' was replaced" in ran.error["message"]) == (2, True)
        assert not (tmp_path / "clip.mp4").exists()
    path.unlink()
    path.write_bytes(whole)
    assert taken("clip", "colours:1", "-o", tmp_path / "clip.mp4").code == 0


def test_a_link_that_is_put_in_the_place_of_a_file_while_it_rests_is_not_followed(
    vdialog: Vdialog, films: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "secret.mp4"
    write_film(secret, "green")
    monkeypatch.setenv("VDIALOG_STABLE_SECONDS", "1")
    (films / "colours.mp4").touch()

    def swapped(seconds: float) -> None:
        (films / "colours.mp4").unlink(missing_ok=True)
        (films / "colours.mp4").symlink_to(secret)
        time.sleep(seconds)

    in_order = StableFiles.in_order
    monkeypatch.setattr(StableFiles, "in_order", lambda own, paths, waiting: in_order(own, paths, waiting, swapped))
    report = vdialog("ingest", films, "--json").data["files"][0]
    assert (report["verdict"], "leads elsewhere" in report["reason"]) == ("refused", True)
    assert vdialog("videos", "list", "--json").data["videos"] == []


def test_showing_a_video_says_how_many_bytes_it_takes(taken: Vdialog, tmp_path: Path) -> None:
    frames = sum(file.stat().st_size for file in (tmp_path / "home" / "frames").rglob("*.jpg"))
    used = taken("videos", "show", "colours", "--json").data["bytes"]
    assert used > frames > 0
    assert "keyframes (" in taken("videos", "show", "colours").out


def snapshot(folder: Path) -> dict[str, bytes]:
    """All files but the log, which tells that there was a command."""
    there = (path for path in folder.rglob("*") if path.is_file() and path.name != "log.txt")
    return {str(path.relative_to(folder)): path.read_bytes() for path in there}


def test_a_dry_run_says_what_to_expect_and_makes_no_library(vdialog: Vdialog, films: Path, tmp_path: Path) -> None:
    (films / "broken.mp4").write_bytes(b"I am a letter.")
    ran = vdialog("ingest", films, "--dry-run", "--json")
    assert ran.code == 6
    assert [(Path(f["path"]).name, f["duration"], f["known"]) for f in ran.data["files"]] == [
        ("broken.mp4", None, False),
        ("colours.mp4", pytest.approx(8, abs=0.2), False),
    ]
    assert ran.data["hours"] == pytest.approx(8 / 3600, abs=1e-4)
    assert 1 < ran.data["expected_seconds"] < 10
    assert ran.data["expected_bytes"] > 1000
    most = math.ceil(ran.data["files"][1]["duration"])  # 3600 an hour
    assert ran.data["most_keyframes"] == most
    assert not (tmp_path / "home").exists()
    said = vdialog("ingest", films, "--dry-run").out
    assert "2 files: 1 new, 1 refused." in said
    assert f"{most} keyframes at most" in said


def test_a_dry_run_leaves_a_library_as_it_is(taken: Vdialog, films: Path, tmp_path: Path) -> None:
    write_film(films / "green.mp4", "green")
    before = snapshot(tmp_path / "home")
    ran = taken("ingest", films, "--dry-run", "--json")
    assert (ran.code, [file["known"] for file in ran.data["files"]]) == (0, [True, False])
    assert ran.data["hours"] == pytest.approx(4 / 3600, abs=1e-4)
    assert snapshot(tmp_path / "home") == before
    assert taken("ingest", films, "--dry-run", "--watch").code == 2


def test_a_file_that_was_just_written_is_waited_for_and_people_are_told(
    vdialog: Vdialog, films: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VDIALOG_STABLE_SECONDS", "1")
    began = time.time()
    (films / "colours.mp4").touch()
    ran = vdialog("ingest", films)
    assert time.time() - began > 1
    waited, taken = ran.err.splitlines()
    assert (ran.code, waited) == (0, "colours.mp4: waiting until nobody writes to it")
    assert taken.startswith("colours.mp4: new")


def test_videos_of_equal_titles_are_told_apart_by_their_folders(
    vdialog: Vdialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder, colour in (("spring", "red"), ("autumn", "green")):
        (tmp_path / "trips" / folder).mkdir(parents=True)
        write_film(tmp_path / "trips" / folder / "intro.mp4", colour)
        (tmp_path / "trips" / folder / "intro.srt").write_text(SRT.replace("nine", f"nine in {folder}"))
    write_film(tmp_path / "trips" / "end.mp4", "blue")
    assert vdialog("ingest", tmp_path / "trips").code == 0
    listed = vdialog("videos", "list").out
    assert "spring/intro" in listed and "autumn/intro" in listed and "trips/end" not in listed
    found = vdialog("search", "ferry in spring").out
    assert "spring/intro  [" in found and "autumn/intro  [" in found
    assert "spring/intro  " in vdialog("ask", "Where does the ferry leave in spring?").out
    monkeypatch.setattr("sys.stdin", io.StringIO("Where does the ferry leave in spring?\n/show\n"))
    talk = vdialog("chat", "--plain").out
    assert len(re.findall(r"^\[1\] spring/intro  ", talk, re.MULTILINE)) == 2
    shown = vdialog("search", "ferry", "--json").data["hits"]
    assert {hit["title"] for hit in shown} == {"intro"}, "what programs get stays as it is"
