"""What lies in a home is its owner's alone; what a person asked to be written elsewhere is as they write all else."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.films import film, shots
from tests.scenario.conftest import CAPTIONS, Vdialog

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True, params=[0o022, 0o000], ids=["umask 022", "umask 000"])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def open_to_others(folder: Path) -> list[str]:
    """Return what others may do something with, a folder itself included."""
    found = [folder, *folder.rglob("*")]
    return [f"{path} {stat.filemode(path.lstat().st_mode)}" for path in found if path.lstat().st_mode & 0o077]


@pytest.fixture
def filled(vdialog: Vdialog, tmp_path: Path) -> Vdialog:
    """A library with a film and captions, and a conversation about it."""
    film(tmp_path / "film.mp4", shots((1, 2.0), (2, 2.0)))
    (tmp_path / "captions.json").write_text(json.dumps(CAPTIONS))
    assert vdialog("ingest", "film.mp4").code == 0
    assert vdialog("import", "captions.json").code == 0
    assert vdialog("ask", "Where is the dog?").code == 0
    return vdialog


def test_everything_in_a_home_is_private(filled: Vdialog, tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert len(list(home.rglob("*"))) > 20
    assert open_to_others(home) == []
    for command in (("reindex",), ("doctor",), ("videos", "list"), ("search", "dog")):
        assert filled(*command).code == 0
    assert open_to_others(home) == []
    assert filled("backup", "copy").code == 0
    assert open_to_others(tmp_path / "copy") == []


def test_a_home_that_was_open_is_closed_and_that_is_said_once(
    filled: Vdialog, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    home = tmp_path / "home"
    (home / "notes.txt").write_text("not ours")
    for path in (home, *home.rglob("*")):
        path.chmod(0o777 if path.is_dir() else 0o666)
    for command in (("conversations", "list"), ("videos", "list"), ("search", "dog")):
        assert filled(*command).code == 0
        assert [path for path in open_to_others(home) if "notes.txt" not in path] == []
    assert [str(home) in said for said in caplog.messages] == [True]


def test_a_folder_of_everybody_is_left_as_it_is_and_doctor_says_so(
    vdialog: Vdialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    (shared / "index").mkdir(mode=0o755)
    monkeypatch.setenv("VDIALOG_HOME", str(shared))
    told = vdialog("doctor").out
    assert "others of this machine can read" in told and "a folder of your own" in told
    assert stat.S_IMODE(shared.stat().st_mode) == 0o1777


def test_what_is_written_for_a_person_is_as_readable_as_their_other_files(
    filled: Vdialog, tmp_path: Path, umask: int
) -> None:
    said = filled("ask", "Where is the dog?", "--json").data["conversation"]
    assert filled("conversations", "export", said, "-o", "talk.json").code == 0
    assert filled("clip", "film@0-2", "-o", "clip.mp4").code == 0
    for name in ("talk.json", "clip.mp4"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o666 & ~umask, name
    assert os.umask(umask) == umask, "the command leaves the process as it was"


def test_from_python_the_home_is_closed_as_well(tmp_path: Path) -> None:
    program = f"import video_dialog\nwith video_dialog.open({str(tmp_path / 'home')!r}, text_model='hashing'): pass"
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, timeout=60)
    assert stat.S_IMODE((tmp_path / "home").stat().st_mode) == 0o700
