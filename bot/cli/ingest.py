"""`vdialog ingest`: files and folders of video into the library, with progress and a verdict for each file.

Once, or again and again (`--watch`); or only what it would take (`--dry-run`).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.coverage import say_coverage
from bot.cli.names import told_apart
from bot.cli.options import AsJson, Collection, existing
from bot.cli.output import emit, plural, say, size, table
from bot.cli.progress import shown, watched
from bot.cli.reporting import say_reports
from bot.errors import INPUTS_REFUSED, UsageError
from bot.untrusted import inert_error, inert_line, inert_name

if TYPE_CHECKING:
    from bot.settings import Settings
    from retrieval.ingest.estimate import Estimate
    from retrieval.ingest.reports import FileReport
    from retrieval.library import Library
    from retrieval.types import TextKind


def ingest(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", parser=existing, help="Files or folders of video.")],
    collection: Collection = None,
    captions: Annotated[
        Path | None,
        typer.Option(metavar="FILE", exists=True, dir_okay=False, help="Captions in the form of ActivityNet Captions."),
    ] = None,
    drop: Annotated[
        list[str] | None,
        typer.Option(metavar="KIND", help="Take texts away: captions, subtitles, speech or descriptions; repeatable."),
    ] = None,
    retry: Annotated[
        bool, typer.Option("--retry", help="Try again what was refused before and is unchanged since.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say how long it would take and how much disk; nothing is written.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on taking in what is new or changed there, until Ctrl-C.")
    ] = False,
    poll: Annotated[
        float, typer.Option(metavar="SECONDS", min=0.1, max=3600, help="With --watch: from one look to the next.")
    ] = 3.0,
    as_json: AsJson = False,
) -> None:
    """Take videos in: understand, cut into moments, index. What is in already is not done again.

    Files that were moved or renamed are known again. A file that is still being written waits until it rests. Texts of
    a video stay where they are not given again: only --drop takes them away. A file that was refused is tried again
    where it changed, where it is named itself, or with --retry.
    """
    from bot import bootstrap, settings
    from bot.actions.typed import text_kinds
    from bot.rights import owner_sees

    away, alone = text_kinds(drop or ()), {"--dry-run": dry_run, "--drop": drop, "--retry": retry}
    if watch and (other := next((name for name, given in alone.items() if given), "")):
        raise UsageError(f"{other} and --watch do not go together", "Give one of them.")
    chosen = settings.load()
    if dry_run:
        say_estimate(bootstrap.ingest_estimate(chosen, paths, collection), as_json)
        return
    with bootstrap.library(chosen) as library:
        if watch:
            with watched(paths, report_data if as_json else None) as told:
                chosen_collection, seen = collection or chosen.collection, owner_sees(library.catalogue)
                library.ingester(chosen_collection).watch(
                    paths, chosen_collection, captions, told.on_progress, told.on_report, poll, seen, told.on_rest
                )
        reports = take(library, paths, collection or chosen.collection, captions, as_json, away, retry)
        _say_end(chosen, library, reports, as_json)
    if any(report.verdict in ("refused", "partial") and not report.is_known for report in reports):
        raise typer.Exit(INPUTS_REFUSED)


def _say_end(chosen: "Settings", library: "Library", reports: "Sequence[FileReport]", as_json: bool) -> None:
    """Print what became of the files, and what can be found of their videos."""
    from bot.actions.covering import coverage_of
    from bot.actions.data import coverage_data
    from bot.actions.taking import taken

    videos = taken(library.catalogue, reports)
    if as_json:
        found = coverage_data(coverage_of(library.catalogue, videos))
        emit({"files": [report_data(report) for report in reports], "findable": found})
    else:
        say_reports(reports)
        say_coverage(chosen, library.catalogue, videos)


def take(
    library: "Library",
    paths: Sequence[Path],
    collection: str,
    captions: Path | None,
    quiet: bool,
    drop: "Sequence[TextKind]" = (),
    retry: bool = False,
) -> "list[FileReport]":
    """Take files in and return a report of each; progress goes to stderr unless quiet."""
    from bot.rights import owner_sees

    with shown(quiet) as told:
        seen = owner_sees(library.catalogue)
        return library.ingest(paths, collection, captions, told.on_progress, told.on_report, drop, seen, retry)


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


def say_estimate(expected: "Estimate", as_json: bool) -> None:
    """Print what an ingest would take.

    Raises:
        typer.Exit: some files would be refused.
    """
    refused = sum(file.duration is None and not file.is_known for file in expected.files)
    if as_json:
        emit(
            {
                "files": [
                    {
                        "path": str(file.path.absolute()),
                        "duration": file.duration,
                        "known": file.is_known,
                        "reason": inert_error(file.reason),
                    }
                    for file in expected.files
                ],
                "hours": round(expected.duration / 3600, 4),
                "expected_seconds": round(expected.work, 1),
                "expected_bytes": expected.disk,
                "most_keyframes": expected.keyframes,
            }
        )
    elif not expected.files:
        say("No video files found there.")
    else:
        _say_estimate(expected, refused)
    if refused:
        raise typer.Exit(INPUTS_REFUSED)


def _say_estimate(expected: "Estimate", refused: int) -> None:
    from retrieval.types import timecode

    called = told_apart(file.path for file in expected.files)
    rows = [
        (
            inert_name(called[f.path]),
            "-" if f.duration is None else timecode(f.duration, is_end=True),
            inert_line(f.reason),
        )
        for f in expected.files
    ]
    table(("file", "length", "reason"), rows)
    known = sum(file.is_known for file in expected.files)
    counts = {"to take in": len(rows) - known - refused, "in already": known, "would be refused": refused}
    counted = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
    say(f"{plural(len(rows), 'file')}: {counted}.")
    say(
        f"New video: {expected.duration / 3600:.2f} hours. Expected: about {timecode(expected.work)} (hours:minutes:"
        f"seconds) of work, {size(expected.disk)} of disk, and {plural(expected.keyframes, 'keyframe')} at most "
        "(VDIALOG_FRAMES_PER_HOUR; but each moment keeps one). Nothing was written."
    )
