"""`vdialog ingest`: files and folders of video into the library, with progress and a verdict for each file."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import AsJson, Collection
from bot.cli.output import emit, plural, say, table, visible
from bot.errors import INPUTS_REFUSED

if TYPE_CHECKING:
    from retrieval.ingest.job import Progress
    from retrieval.ingest.pipeline import FileReport
    from retrieval.library import Library


def ingest(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", exists=True, help="Files or folders of video.")],
    collection: Collection = None,
    captions: Annotated[
        Path | None,
        typer.Option(metavar="FILE", exists=True, dir_okay=False, help="Captions in the form of ActivityNet Captions."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Take videos in: understand, cut into moments, index. What is in already is not done again."""
    from bot import bootstrap, settings

    chosen = settings.load()
    with bootstrap.library(chosen) as library:
        reports = take(library, paths, collection or chosen.collection, captions, quiet=as_json)
    if as_json:
        emit({"files": [report_data(report) for report in reports]})
    else:
        say_reports(reports)
    if any(report.verdict in ("refused", "partial") for report in reports):
        raise typer.Exit(INPUTS_REFUSED)


def take(
    library: "Library", paths: Sequence[Path], collection: str, captions: Path | None, quiet: bool
) -> "list[FileReport]":
    """Take files in and return a report of each; progress goes to stderr unless quiet."""
    with _shown(quiet) as shown:
        return library.ingest(paths, collection, captions, shown.on_progress, shown.on_report)


def report_data(report: "FileReport") -> dict[str, object]:
    """Return a report as `ingest --json` prints it."""
    return {
        "path": str(report.path.absolute()),
        "video_id": report.video_id,
        "verdict": report.verdict,
        "reason": report.reason,
        "notes": list(report.notes),
        "moments": report.moments,
        "seconds": round(report.seconds, 3),
    }


def say_reports(reports: "Sequence[FileReport]") -> None:
    """Print a table of the files, what was left out of them, and a sum."""
    if not reports:
        say("No video files found there.")
        return
    rows = [
        (r.path.name, r.verdict, r.video_id or "-", str(r.moments), f"{r.seconds:.1f} s", r.reason) for r in reports
    ]
    table(("file", "verdict", "video", "moments", "time", "reason"), rows)
    for note, names in _notes(reports).items():
        say(f"{note}: {', '.join(names)}")
    counts = {verdict: sum(r.verdict == verdict for r in reports) for verdict in ("new", "known", "partial", "refused")}
    counted = ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count)
    say(f"{plural(len(reports), 'file')}: {counted}.")


def _notes(reports: "Sequence[FileReport]") -> dict[str, list[str]]:
    """Return every note with the names of the files that have it."""
    noted: dict[str, list[str]] = {}
    for report in reports:
        for note in report.notes:
            noted.setdefault(note, []).append(report.path.name)
    return noted


@dataclass(frozen=True, slots=True)
class _Shown:
    on_progress: "Callable[[Progress], None] | None"
    on_report: "Callable[[FileReport], None] | None"


@contextmanager
def _shown(quiet: bool) -> Iterator[_Shown]:
    """Show progress: a bar on a terminal, else a line for each file."""
    if quiet:
        yield _Shown(None, None)
    elif sys.stderr.isatty():
        with _bar() as on_progress:
            yield _Shown(on_progress, None)
    else:
        yield _Shown(None, _line)


def _line(report: "FileReport") -> None:
    reason = f": {report.reason}" if report.reason else ""
    said = f"{report.path.name}: {report.verdict}{reason} ({plural(report.moments, 'moment')}, {report.seconds:.1f} s)"
    print(visible(said), file=sys.stderr, flush=True)


@contextmanager
def _bar() -> "Iterator[Callable[[Progress], None]]":
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=1.0)

        def on_progress(progress: "Progress") -> None:
            described = escape(visible(f"{progress.path.name}: {progress.stage}"))
            bar.update(task, description=described, completed=progress.fraction)

        yield on_progress
