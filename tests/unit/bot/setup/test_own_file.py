"""The user's own file of settings: what is set, and all that stays."""

from pathlib import Path

import pytest

from bot.setup import own_file

MINE = """# mine

export VDIALOG_PLAYER='vlc {path}'
VDIALOG_CLIP_WEIGHTS=/old.bin  # of before
VDIALOG_VISION_TOKEN="two
VDIALOG_CLIP_WEIGHTS=lines"
"""


def test_a_new_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = own_file.write({"VDIALOG_VISION": "ollama"}, tmp_path / "new" / "settings.env")
    assert path.read_text() == "VDIALOG_VISION=ollama\n"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_other_lines_stay_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "settings.env"
    path.write_text(MINE)
    own_file.write({"VDIALOG_CLIP_WEIGHTS": "laion2b_s34b_b79k", "VDIALOG_SPEECH_MODEL": "base"}, path)
    changed = MINE.replace("/old.bin  # of before", "laion2b_s34b_b79k")
    assert path.read_text() == f"{changed}VDIALOG_SPEECH_MODEL=base\n"
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_last_line_without_an_end_stays_a_line(tmp_path: Path) -> None:
    path = tmp_path / "settings.env"
    path.write_text("VDIALOG_PLAYER=vlc {path}")
    own_file.write({"VDIALOG_VISION": "none"}, path)
    assert path.read_text() == "VDIALOG_PLAYER=vlc {path}\nVDIALOG_VISION=none\n"


def test_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "real.env").write_text("# kept elsewhere\n")
    link = tmp_path / "settings.env"
    link.symlink_to("real.env")
    own_file.write({"VDIALOG_VISION": "none"}, link)
    assert link.is_symlink()
    assert (tmp_path / "real.env").read_text() == "# kept elsewhere\nVDIALOG_VISION=none\n"


def test_a_failure_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "settings.env"
    path.write_text(MINE)
    with pytest.raises(UnicodeEncodeError):
        own_file.write({"VDIALOG_VISION": "none", "VDIALOG_CLIP_WEIGHTS": "\ud800"}, path)
    assert path.read_text() == MINE
    assert list(tmp_path.iterdir()) == [path]
