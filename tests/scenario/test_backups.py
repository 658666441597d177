"""`vdialog backup` and `vdialog restore`, as a person gives them."""

import json
import os
from pathlib import Path

import pytest

from bot import bootstrap, settings
from tests.scenario.conftest import Vdialog


def test_a_library_is_copied_lost_and_brought_back(library: Vdialog, tmp_path: Path) -> None:
    assert library("ask", "where is the dog?").code == 0
    copied = library("backup", tmp_path / "copies" / "monday")
    assert copied.code == 0
    assert "Copied the library" in copied.out
    (tmp_path / "home" / "catalogue.db").unlink()
    (tmp_path / "home" / "conversations.db").unlink()
    gone = library("videos", "list", "--json")
    assert gone.code == 3
    assert "is gone" in gone.error["message"]
    assert "vdialog restore" in gone.error["hint"]
    restored = library("restore", tmp_path / "copies" / "monday")
    assert restored.code == 0
    assert "no longer listed" not in restored.out
    assert len(library("videos", "list", "--json").data["videos"]) == 3
    assert library("search", "dog", "--json").data["hits"]
    assert len(library("conversations", "list", "--json").data["conversations"]) == 1


def test_what_came_after_a_copy_lies_where_it_is_said_to_lie(library: Vdialog, tmp_path: Path) -> None:
    assert library("ask", "where is the dog?").code == 0
    assert library("backup", tmp_path / "later").code == 0
    assert library("ask", "where is the man?").code == 0
    told = library("restore", tmp_path / "later", "--yes")
    assert "no longer listed" in told.out
    assert str(tmp_path / "home" / "replaced-1") in told.out
    assert (tmp_path / "home" / "replaced-1" / "conversations.db").is_file()
    assert len(library("conversations", "list", "--json").data["conversations"]) == 1
    assert "no longer listed" not in library("restore", "--only", "catalogue", "--yes").out


def test_copies_are_listed_and_one_may_go_back_to_the_newest(library: Vdialog) -> None:
    (copy,) = library("backup", "--json").data["copies"]
    assert Path(copy["path"]).stat().st_size == copy["bytes"]
    checks = {check["name"]: check for check in library("doctor", "--json").data["checks"]}
    assert "the newest of" in checks["copies"]["detail"]
    assert library("restore", "--json").data["restored"] is False
    assert library("restore", "--only", "catalogue", "--json", "--yes").data["restored"] is True
    assert library("doctor").code == 0


def test_a_copy_that_is_not_there_or_a_folder_in_use_is_said(library: Vdialog, tmp_path: Path) -> None:
    assert "there is no copy" in library("restore", tmp_path).err
    assert "there is no sound copy" in library("restore", "--only", "conversations").err
    (tmp_path / "full").mkdir()
    assert library("backup", tmp_path / "full").code == 3
    assert library("backup", tmp_path / "full").err.count("new folder") == 1


def test_a_damaged_library_is_not_copied_and_what_helps_is_said(library: Vdialog, tmp_path: Path) -> None:
    catalogue = tmp_path / "home" / "catalogue.db"
    sound = catalogue.read_bytes()
    for damaged in (b"not a database" * 500, sound[:100] + bytes(len(sound) - 100), sound[: len(sound) // 2]):
        catalogue.write_bytes(damaged)
        refused = library("backup", tmp_path / "copy", "--json")
        assert refused.code == 3
        assert "is damaged" in refused.error["message"]
        assert "vdialog restore" in refused.error["hint"]
        assert not (tmp_path / "copy").exists()
    assert library("restore", "--yes").code == 0
    assert library("backup", tmp_path / "copy").code == 0


def test_a_restore_says_which_copy_what_goes_and_what_comes_back_and_wants_a_word(
    library: Vdialog, tmp_path: Path
) -> None:
    assert library("backup", tmp_path / "copy").code == 0
    assert library("videos", "remove", "park").code == 0
    more = {"street": {"duration": 5, "timestamps": [[0, 5]], "sentences": ["A tram rings."]}}
    (tmp_path / "more.json").write_text(json.dumps(more))
    assert library("import", tmp_path / "more.json").code == 0
    for arguments in ((tmp_path / "copy",), ("--only", "catalogue"), ("--anew",)):
        refused = library("restore", *arguments)
        assert refused.code == 2
        assert "--yes" in refused.err
    asked = library("restore", tmp_path / "copy").err
    assert f"UTC: {tmp_path / 'copy' / 'catalogue.db'}" in asked
    assert "Goes: 1 video: library/street" in asked
    assert "Comes back: 1 video: library/park" in asked
    assert not (tmp_path / "home" / "replaced-1").exists()
    (catalogue,) = library("restore", tmp_path / "copy", "--yes", "--json").data["copies"]
    assert (catalogue["gone"], catalogue["back"]) == (["library/street"], ["library/park"])
    names = {video["video_id"] for video in library("videos", "list", "--json").data["videos"]}
    assert ("park" in names, "street" in names) == (True, False)


def test_to_begin_anew_says_what_goes_and_keeps_conversations(library: Vdialog, tmp_path: Path) -> None:
    assert library("ask", "where is the dog?").code == 0
    assert library("grants", "add", "library", "channel:T1/C1").code == 0
    said = library("restore", "--anew", "--yes")
    assert "3 videos" in said.out
    assert "1 grant" in said.out
    assert "Conversations stay." in said.out
    assert len(library("conversations", "list", "--json").data["conversations"]) == 1
    assert library("videos", "list", "--json").data["videos"] == []
    assert library("grants", "list", "--json").data["grants"] == []
    assert (tmp_path / "home" / "replaced-1" / "catalogue.db").is_file()
    assert list((tmp_path / "home" / "replaced-1" / "backups").glob("catalogue-*.db"))
    assert library("doctor").code == 0
    (tmp_path / "home" / "conversations.db").write_bytes(b"no database" * 500)
    assert "Conversations are damaged" in library("restore", "--anew", "--yes").out
    assert library("conversations", "list", "--json").data["conversations"] == []


def test_a_process_that_hinders_a_restore_is_named(library: Vdialog, tmp_path: Path) -> None:
    assert library("backup", tmp_path / "copy").code == 0
    with bootstrap.library(settings.load()):
        refused = library("restore", tmp_path / "copy", "--yes", "--json")
    assert refused.code == 3
    assert f"process {os.getpid()} works with this library" in refused.error["message"]


def test_a_backup_wants_a_new_folder_and_room_for_what_it_writes(library: Vdialog, tmp_path: Path) -> None:
    assert library("backup", tmp_path / "copy").code == 0
    again = library("backup", tmp_path / "copy", "--json")
    assert (again.code, "is there already" in again.error["message"]) == (3, True)
    assert "room" not in again.error["hint"]
    (tmp_path / "home" / "frames" / "7").mkdir(parents=True)
    with (tmp_path / "home" / "frames" / "7" / "0.jpg").open("wb") as frame:
        frame.truncate(2**42)  # a hole: it takes no room here, but would in a copy
    refused = library("backup", tmp_path / "second", "--json")
    assert (refused.code, "MB are free" in refused.error["message"]) == (3, True)
    assert not list(tmp_path.glob("second*"))


def test_a_copy_makes_a_library_where_none_was(
    library: Vdialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library("grants", "add", "library", "channel:TEAM/ROOM")
    assert library("backup", tmp_path / "copy").code == 0
    monkeypatch.setenv("VDIALOG_HOME", str(tmp_path / "elsewhere"))
    ran = library("restore", tmp_path / "copy")
    assert ran.code == 0 and "cannot be read" not in ran.out and "What was there" not in ran.out
    assert not list((tmp_path / "elsewhere").glob("replaced-*"))
    assert "channel:TEAM/ROOM" in library("grants", "list").out
    assert library("search", "dog", "--json").data["hits"]
