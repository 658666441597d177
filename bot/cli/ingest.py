"""`vdialog ingest`: files and folders of video into the library, with progress and a verdict for each file.

Once, or again and again (`--watch`); or only what it would take (`--dry-run`).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.coverage import say_coverage
from bot.cli.options import AsJson, Collection, existing
from bot.cli.output import emit
from bot.cli.progress import shown, watched
from bot.cli.reports import report_data, say_reports
from bot.errors import INPUTS_REFUSED, UsageError

if TYPE_CHECKING:
    from bot.settings import Settings
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
    from bot.bootstrap.foreseeing import ingest_estimate
    from bot.cli.foreseen import say_foreseen
    from bot.rights import owner_sees

    away, alone = text_kinds(drop or ()), {"--dry-run": dry_run, "--drop": drop, "--retry": retry}
    if watch and (other := next((name for name, given in alone.items() if given), "")):
        raise UsageError(f"{other} and --watch do not go together", "Give one of them.")
    chosen = settings.load()
    if dry_run:
        say_foreseen(*ingest_estimate(chosen, paths, collection, captions, away), as_json)
        return
    into = collection or chosen.collection
    with bootstrap.library(chosen) as library:
        if watch:
            with watched(paths, report_data if as_json else None) as told:
                asked = (poll, owner_sees(library.catalogue), told.on_rest, collection is None)
                library.ingester(into).watch(paths, into, captions, told.on_progress, told.on_report, *asked)
        reports = take(library, paths, into, captions, as_json, away, collection is None, retry)
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
    is_default: bool = False,
    retry: bool = False,
) -> "list[FileReport]":
    """Take files in and return a report of each; progress goes to stderr unless quiet.

    `is_default` says that nobody chose the collection.
    """
    from bot.rights import owner_sees

    with shown(quiet) as told:
        seen = owner_sees(library.catalogue)
        how = (told.on_progress, told.on_report, drop, seen, is_default, retry)
        return library.ingest(paths, collection, captions, *how)
