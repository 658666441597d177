"""What `vdialog ingest --dry-run` prints: the verdicts that an ingest would give, its time, its disk."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import typer

from bot.cli.names import told_apart
from bot.cli.output import emit, plural, say, size, table, typed_again
from bot.cli.reports import say_sum
from bot.errors import INPUTS_REFUSED
from bot.untrusted import inert_error, inert_line, inert_name

if TYPE_CHECKING:
    from pathlib import Path

    from retrieval.ingest.estimate import Estimate
    from retrieval.ingest.foresight import Foreseen
    from retrieval.ingest.reports import FileReport


def say_foreseen(foreseen: "Sequence[Foreseen]", expected: "Estimate", as_json: bool) -> None:
    """Print what an ingest would do and take.

    Raises:
        typer.Exit: some files would be refused.
    """
    looked_at = {file.path: file for file in expected.files}
    reports = [
        replace(one.report, verdict="refused", reason=file.reason, texts={})
        if (file := looked_at.get(one.report.path)) is not None and file.duration is None
        else one.report
        for one in foreseen
    ]
    lengths = {path: file.duration for path, file in looked_at.items()}
    if as_json:
        emit(
            {
                "files": [_data(report, lengths.get(report.path)) for report in reports],
                "hours": round(expected.duration / 3600, 4),
                "expected_seconds": round(expected.work, 1),
                "expected_bytes": expected.disk,
                "most_keyframes": expected.keyframes,
            }
        )
    elif not reports:
        say("No video files found there.")
    else:
        _say(reports, lengths, expected)
    if any(report.verdict == "refused" for report in reports):
        raise typer.Exit(INPUTS_REFUSED)


def _data(report: "FileReport", duration: float | None) -> dict[str, object]:
    return {
        "path": str(report.path.absolute()),
        "duration": duration,
        "known": duration is None and report.verdict not in ("refused", "unused"),
        "reason": inert_error(report.reason),
        "video_id": report.video_id,
        "verdict": report.verdict,
        "notes": [inert_error(note) for note in report.notes],
        "texts": dict(report.texts),
    }


def _say(reports: "Sequence[FileReport]", lengths: "dict[Path, float | None]", expected: "Estimate") -> None:
    from retrieval.types import timecode

    called = told_apart(report.path for report in reports)
    rows = [
        (
            inert_name(called[report.path]),
            report.verdict,
            typed_again(report.video_id) if report.video_id else "-",
            "-" if (seconds := lengths.get(report.path)) is None else timecode(seconds, is_end=True),
            inert_line(report.reason),
        )
        for report in reports
    ]
    table(("file", "verdict", "video", "length", "reason"), rows, whole=("video",), marked="verdict")
    say_sum(reports)
    say(
        f"New video: {expected.duration / 3600:.2f} hours. Expected: about {timecode(expected.work)} (hours:minutes:"
        f"seconds) of work, {size(expected.disk)} of disk, and {plural(expected.keyframes, 'keyframe')} at most "
        "(VDIALOG_FRAMES_PER_HOUR; but each moment keeps one). Nothing was written."
    )
