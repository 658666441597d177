"""A folder that changes: files are renamed, deleted and come back, and the library follows."""

import shutil
from pathlib import Path

import pytest

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
    assert taken("ingest", attic, "--json").data["files"][0]["verdict"] == "known"
    assert "gone" not in taken("videos", "list").out
    assert taken("clip", "colours:1", "-o", tmp_path / "clip.mp4").code == 0
    shown = taken("videos", "show", "colours", "--json").data
    assert (shown["title"], shown["gone"]) == ("old colours", False)


def test_a_film_replaced_by_another_is_said_to_be_gone(taken: Vdialog, films: Path, tmp_path: Path) -> None:
    write_film(films / "colours.mp4", "green")
    taken("ingest", films)
    ran = taken("clip", "colours:1", "-o", tmp_path / "clip.mp4", "--json")
    assert (ran.code, "another film is where it was" in ran.error["message"]) == (2, True)
    assert "another film is where its file was" in taken("videos", "show", "colours").out


def test_showing_a_video_says_how_many_bytes_it_takes(taken: Vdialog, tmp_path: Path) -> None:
    frames = sum(file.stat().st_size for file in (tmp_path / "home" / "frames").rglob("*.jpg"))
    used = taken("videos", "show", "colours", "--json").data["bytes"]
    assert used > frames > 0
    assert "kB: keyframes, vectors and texts" in taken("videos", "show", "colours").out
