"""How reports of an ingest are printed: a table of the files, what became of their texts, and a sum."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.cli.names import told_apart
from bot.cli.output import plural, say, table, typed_again
from bot.untrusted import inert_error, inert_line, inert_name

if TYPE_CHECKING:
    from retrieval.ingest.reports import FileReport


def report_data(report: "FileReport") -> dict[str, object]:
    """Return a report as `ingest --json` prints it."""
    return {
        "path": str(report.path.absolute()),
        "video_id": report.video_id,
        "verdict": report.verdict,
        "reason": inert_error(report.reason),
        "notes": [inert_error(note) for note in report.notes],
        "moments": report.moments,
        "seconds": round(report.seconds, 3),
        "texts": dict(report.texts),
    }


def say_reports(reports: "Sequence[FileReport]") -> None:
    """Print a table of the files, what was left out of them, and a sum."""
    if not reports:
        say("No video files found there.")
        return
    called = told_apart(report.path for report in reports)
    rows = [
        (
            inert_name(called[r.path]),
            r.verdict,
            typed_again(r.video_id) if r.video_id else "-",
            str(r.moments),
            f"{r.seconds:.1f} s",
            inert_line(r.reason),
        )
        for r in reports
    ]
    table(("file", "verdict", "video", "moments", "time", "reason"), rows, whole=("video",), marked="verdict")
    say_sum(reports)


def say_sum(reports: "Sequence[FileReport]") -> None:
    """Print what became of kinds of text, what was left out or noticed, and how many files had which verdict."""
    from bot.actions.taking import TAKEN

    for change, names in _changes(reports).items():
        say(f"{change}: {', '.join(map(inert_name, names))}")
    for note, names in _notes(reports).items():
        say(f"{inert_line(note)}: {', '.join(map(inert_name, names))}")
    counts = {verdict: sum(r.verdict == verdict for r in reports) for verdict in (*TAKEN, "refused")}
    counted = ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count)
    say(f"{plural(sum(counts.values()), 'file')}{': ' if counted else ''}{counted}.")


def _changes(reports: "Sequence[FileReport]") -> dict[str, list[str]]:
    """Return what became of kinds of text, but for those kept of known videos, with the names of the files."""
    told: dict[str, list[str]] = {}
    called = told_apart(report.path for report in reports)
    known = ("unchanged", "moved", "duplicate")
    for report in reports:
        for kind, change in report.texts.items():
            if change == "kept" and report.verdict in known:
                continue
            told.setdefault(f"{kind} {change}", []).append(called[report.path])
    return told


def _notes(reports: "Sequence[FileReport]") -> dict[str, list[str]]:
    """Return every note with the names of the files that have it."""
    noted: dict[str, list[str]] = {}
    called = told_apart(report.path for report in reports)
    for report in reports:
        for note in report.notes:
            noted.setdefault(note, []).append(called[report.path])
    return noted
