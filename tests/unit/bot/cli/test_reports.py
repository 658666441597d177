from pathlib import Path

import pytest
import typer

from bot.cli.foreseen import say_foreseen
from bot.cli.reports import say_reports
from retrieval.ingest.estimate import Estimate, Expected
from retrieval.ingest.foresight import Foreseen
from retrieval.ingest.reports import FileReport

NAMES = ("holiday.final.mp4", "the.sea.mkv", "www.a.example\x1b[2J.mp4")
SHOWN = ("holiday.final.mp4", "the.sea.mkv", "www[.]a[.]example [2J.mp4")
REASON = "no video: see https://a.example\n\x9b31m"
SHOWN_REASON = "no video: see https[:]//a[.]example 31m"


def test_a_report_names_files_as_they_are_and_holds_no_link(capsys: pytest.CaptureFixture[str]) -> None:
    say_reports([FileReport(Path(f"/x/{name}"), None, "refused", REASON, (REASON,), 0, 0.0) for name in NAMES])
    _, *rows, note, total = capsys.readouterr().out.splitlines()
    assert [row.split("  ")[0] for row in rows] == list(SHOWN)
    assert all(row.endswith(SHOWN_REASON) for row in rows)
    assert note == f"{SHOWN_REASON}: {', '.join(SHOWN)}"
    assert total == "3 files: 3 refused."


def test_an_estimate_names_files_as_they_are_and_holds_no_link(capsys: pytest.CaptureFixture[str]) -> None:
    files = tuple(Expected(Path(f"/x/{name}"), None, REASON) for name in NAMES)
    told = [Foreseen(FileReport(file.path, None, "new", "", (), 0, 0.0), is_decoded=True) for file in files]
    with pytest.raises(typer.Exit):
        say_foreseen(told, Estimate(files, 0.0, 0.0, 0, 0), as_json=False)
    _, *rows, _, _ = capsys.readouterr().out.splitlines()
    assert [row.split("  ")[0] for row in rows] == list(SHOWN)
    assert all(row.endswith(SHOWN_REASON) for row in rows)
