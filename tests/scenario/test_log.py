"""The log: an error's reference is found in it, and nothing that anybody wrote or typed."""

import stat
from pathlib import Path

import pytest

from bot.health.logbook import FILES, LONGEST, Logbook
from tests.scenario.conftest import Vdialog


def broken(library: Vdialog, home: Path) -> str:
    (home / "catalogue.db").write_bytes(b"no database" * 500)
    failed = library("search", "a secret ball in the park")
    assert failed.code == 3
    line = failed.err.splitlines()[-1]
    assert line.startswith("Reference ")
    return line.split()[1].rstrip(":")


def test_an_error_shows_a_reference_that_one_command_explains(library: Vdialog, tmp_path: Path) -> None:
    reference = broken(library, tmp_path / "home")
    told = library("log", reference)
    assert told.code == 0
    assert "library_damaged" in told.out
    assert "retrieval/catalogue/database.py:" in told.out
    assert library("log", "0" * 8).code == 2
    assert library("log", "x").code == 2
    (entry,) = library("log", reference, "--json").data["entries"]
    assert entry["reference"] == reference
    assert library("search", "dog", "--json").error["reference"] != reference


def test_nothing_that_was_written_or_typed_is_in_the_log(library: Vdialog, tmp_path: Path) -> None:
    (tmp_path / "private-wedding.mp4").write_bytes(b"no film")
    library("ingest", tmp_path / "private-wedding.mp4")
    library("videos", "remove", "harbour_2026")
    broken(library, tmp_path / "home")
    noted = (tmp_path / "home" / "log.txt").read_text()
    assert [word for word in ("secret", "park", "dog", "wedding", "harbour", str(tmp_path)) if word in noted] == []
    assert {"import", "ingest", "search"} <= {str(entry["command"]) for entry in Logbook(tmp_path / "home").entries()}


def test_what_changes_who_sees_a_library_and_what_is_in_it_is_noted(library: Vdialog, tmp_path: Path) -> None:
    library("grants", "add", "library", "channel:TEAM/ROOM")
    library("grants", "remove", "library", "channel:TEAM/ROOM")
    library("compact")
    noted = [str(entry["command"]) for entry in Logbook(tmp_path / "home").entries()]
    assert noted[-3:] == ["grants add", "grants remove", "compact"]
    assert "ROOM" not in (tmp_path / "home" / "log.txt").read_text()


def test_what_a_person_did_wrong_has_no_reference(library: Vdialog) -> None:
    assert "Reference" not in library("videos", "show", "nothing").err


def test_the_log_is_its_owners_alone_and_stays_small(library: Vdialog, tmp_path: Path) -> None:
    book = Logbook(tmp_path / "home")
    for _ in range(FILES + 1):
        book.ended("ingest", 0, 1.0)
        path = tmp_path / "home" / "log.txt"
        path.write_text(path.read_text().ljust(LONGEST - 10) + "\n")
    logs = list((tmp_path / "home").glob("log.txt*"))
    assert len(logs) == FILES
    assert {stat.S_IMODE(path.stat().st_mode) for path in logs} == {0o600}
    assert sum(path.stat().st_size for path in logs) < (FILES + 1) * LONGEST


@pytest.mark.parametrize("home", [None, Path("/proc/nowhere")])
def test_where_no_log_can_be_there_is_no_reference(home: Path | None) -> None:
    assert Logbook(home).failed("search", "unexpected", ValueError("x")) == ""
