"""How reports of an ingest are printed: a table of the files, what became of their texts, and a sum."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.names import told_apart
from bot.cli.output import plural, say, say_hint, table, typed_again
from bot.untrusted import inert_error, inert_line, inert_name

if TYPE_CHECKING:
    from retrieval.ingest.reports import FileReport

NAMED = 20
"""Files that a line names; of more it gives the number."""


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
        "known": report.is_known,
    }


def say_reports(reports: "Sequence[FileReport]") -> None:
    """Print a table of the files, what was left out of them, and a sum."""
    from bot.actions.taking import TAKEN

    films = [report for report in reports if report.verdict in (*TAKEN, "refused")]
    called = told_apart(report.path for report in reports)
    if not films:
        say("No video files found there.")
    rows = [
        (
            inert_name(called[r.path]),
            r.verdict,
            typed_again(r.video_id) if r.video_id else "-",
            str(r.moments),
            f"{r.seconds:.1f} s",
            inert_line(r.reason),
        )
        for r in films
        if r.verdict != "refused" or not r.is_known
    ]
    if rows:
        table(("file", "verdict", "video", "moments", "time", "reason"), rows, whole=("video",), marked="verdict")
    say_sum(reports)


def say_sum(reports: "Sequence[FileReport]") -> None:
    """Print what became of kinds of text, what was left out or noticed, and how many files had which verdict."""
    from bot.actions.taking import TAKEN

    for change, names in _changes(reports).items():
        say(f"{change}: {', '.join(map(inert_name, names))}")
    for note, names in _notes(reports).items():
        say(f"{inert_line(note)}: {', '.join(map(inert_name, names))}")
    _say_left(reports, told_apart(report.path for report in reports))
    films = [report for report in reports if report.verdict in (*TAKEN, "refused")]
    said = [f"{r.verdict} before" if r.verdict == "refused" and r.is_known else r.verdict for r in films]
    counted = [f"{said.count(word)} {word}" for word in (*TAKEN, "refused", "refused before") if word in said]
    if films:
        say(f"{plural(len(films), 'file')}: {', '.join(counted)}.")


def _say_left(reports: "Sequence[FileReport]", called: Mapping[Path, str]) -> None:
    """Print what was refused before, whose file is gone, and what nobody read, a line for each kind."""
    from retrieval.types import in_a_row

    def named(some: "Iterable[FileReport]") -> str:
        return in_a_row([inert_name(called[report.path]) for report in some], NAMED)

    if before := [r for r in reports if r.verdict == "refused" and r.is_known]:
        again = "`vdialog ingest FOLDER --retry` tries such files again."
        say_hint(f"refused before and unchanged since: {named(before)}. {again}")
    if gone := [r for r in reports if r.verdict == "gone"]:
        ids = " ".join(typed_again(r.video_id or "") for r in gone[:NAMED])
        say_hint(f"file gone, but still found: {named(gone)}. To take them out: `vdialog videos remove {ids}`")
    unread = [r for r in reports if r.verdict == "unused"]
    for reason in dict.fromkeys(r.reason for r in unread):
        say(f"not read: {named(r for r in unread if r.reason == reason)}: {inert_line(reason)}")


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
