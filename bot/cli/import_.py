"""`vdialog import`: captions from a file, for videos without a file, or for films that are in the library."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import AsJson, Collection, file_or_dash
from bot.cli.output import complain, emit, plural, say
from bot.cli.standard_input import file_or_input
from bot.errors import INPUTS_REFUSED
from bot.untrusted import inert_error, inert_line, inert_name

if TYPE_CHECKING:
    from retrieval.ingest.importing import ImportReport, NamedFilms, OfFilms
    from retrieval.library import Library


def import_(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            parser=file_or_dash,
            help="JSON in ActivityNet Captions form; - reads it from standard input.",
        ),
    ],
    collection: Collection = None,
    join: Annotated[
        bool,
        typer.Option("--join", help="Give captions to the films that they name; the rest is left out."),
    ] = False,
    as_new: Annotated[
        bool,
        typer.Option(
            "--as-new",
            help="Make videos of their own, also beside films; with --join, of the rest.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Import captions: of videos whose files you do not have, or of films that are in the library.

    The file is JSON: {"NAME": {"duration": 24, "timestamps": [[0, 5], [5, 12.5]], "sentences": ["...", "..."]}}.
    NAME is the id of a video, or the name of its file without its ending. docs/captions.md tells more.
    """
    from bot import bootstrap, settings
    from bot.actions.typed import MOST_CAPTIONS

    chosen = settings.load()
    with file_or_input(file, "the captions, as JSON", MOST_CAPTIONS) as path, bootstrap.library(chosen) as library:
        into = collection or chosen.collection
        of_films, are_others_new = _asked(library, path, into, join, as_new, quiet=as_json)
        done = library.import_annotations(path, into, _progress(quiet=as_json), of_films, are_others_new)
    _say_done(done, as_json)
    if done.dropped:
        raise typer.Exit(INPUTS_REFUSED)


def _say_done(done: "ImportReport", as_json: bool) -> None:
    from retrieval.types import in_a_row

    if as_json:
        emit(
            {
                "videos": done.videos,
                "moments": done.moments,
                "replaced": done.replaced,
                "unchanged": done.unchanged,
                "joined": list(done.joined),
                "dropped": [inert_error(reason) for reason in done.dropped],
            }
        )
    else:
        say(
            f"Imported {plural(done.videos, 'video')} with {plural(done.moments, 'moment')};"
            f" {done.replaced} replaced, {done.unchanged} unchanged."
        )
        if done.joined:
            say(f"Captions given to {plural(len(done.joined), 'film')}: {in_a_row([*map(inert_name, done.joined)])}")
        say(*(f"Left out: {inert_line(reason)}" for reason in done.dropped))


def _asked(library: "Library", path: Path, into: str, join: bool, as_new: bool, quiet: bool) -> "tuple[OfFilms, bool]":
    """Say which entry is for which film; return what becomes of these, and whether the others become videos."""
    of_films: OfFilms = "join" if join else "as new" if as_new else "leave out"
    if quiet or of_films == "as new":
        return of_films, as_new or not join
    named = library.named_in(path, into)
    can_ask = sys.stdin.isatty() and sys.stderr.isatty()
    if join:
        say(*_joined(named))
        return "join", as_new or bool(can_ask and named.others and _wanted(named))
    return "join" if can_ask and named.films and _agreed(named) else "leave out", True


def _joined(named: "NamedFilms") -> list[str]:
    """Return in lines which entry is for which film."""
    return [f"{inert_name(key)}: captions of {inert_name(film.video.video_id)}" for key, film in named.films.items()]


def _agreed(named: "NamedFilms") -> bool:
    """Ask whether captions are for the films that are called alike."""
    complain(*_joined(named))
    return typer.confirm("These films are in the library. Give them these captions?", default=True, err=True)


def _wanted(named: "NamedFilms") -> bool:
    """Ask whether entries that name no film become videos of their own."""
    from retrieval.types import in_a_row

    complain(f"No film is called like these: {in_a_row([*map(inert_name, named.others)])}")
    return typer.confirm("Make videos without a film of them?", default=False, err=True)


def _progress(quiet: bool) -> Callable[[float], None] | None:
    """Return what shows progress: a percentage that counts up on a terminal, else nothing."""
    if quiet or not sys.stderr.isatty():
        return None

    def on_progress(done: float) -> None:
        print(f"\r{done:4.0%}", end="\n" if done >= 1 else "", file=sys.stderr, flush=True)

    return on_progress
