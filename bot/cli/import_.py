"""`vdialog import`: captions from a file, for videos without a file, or for films that are in the library."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import AsJson, Collection, file_or_dash
from bot.cli.output import emit, plural, say
from bot.cli.standard_input import file_or_input
from bot.errors import INPUTS_REFUSED, UsageError
from bot.untrusted import inert_error, inert_line, inert_name

if TYPE_CHECKING:
    from retrieval.ingest.importing import OfFilms


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
    join: Annotated[bool, typer.Option("--join", help="Give captions to films of these names, unasked.")] = False,
    as_new: Annotated[
        bool, typer.Option("--as-new", help="Make videos of their own, also where a film is called alike.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Import captions: of videos whose files you do not have, or of films that are in the library.

    The file is JSON: {"NAME": {"duration": 24, "timestamps": [[0, 5], [5, 12.5]], "sentences": ["...", "..."]}}.
    NAME is the id of a video, or the name of its file without its ending. docs/captions.md tells more.
    """
    from bot import bootstrap, settings
    from bot.actions.typed import MOST_CAPTIONS
    from retrieval.types import in_a_row

    if join and as_new:
        raise UsageError("--join and --as-new do not go together", "Give one of them.")
    chosen = settings.load()
    with file_or_input(file, "the captions, as JSON", MOST_CAPTIONS) as path, bootstrap.library(chosen) as library:
        into = collection or chosen.collection
        of_films: OfFilms = "join" if join else "as new" if as_new else "leave out"
        if not join and not as_new and not as_json and sys.stdin.isatty() and sys.stderr.isatty():
            of_films = _asked(library.films_in(path, into))
        done = library.import_annotations(path, into, _progress(quiet=as_json), of_films)
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
    if done.dropped:
        raise typer.Exit(INPUTS_REFUSED)


def _asked(films: Sequence[str]) -> "OfFilms":
    """Ask whether captions are for the films that are called alike."""
    from retrieval.types import in_a_row

    if not films:
        return "leave out"
    question = f"In the library with their films: {in_a_row([*map(inert_name, films)])}. Give them these captions?"
    return "join" if typer.confirm(question, default=True, err=True) else "leave out"


def _progress(quiet: bool) -> Callable[[float], None] | None:
    """Return what shows progress: a percentage that counts up on a terminal, else nothing."""
    if quiet or not sys.stderr.isatty():
        return None

    def on_progress(done: float) -> None:
        print(f"\r{done:4.0%}", end="\n" if done >= 1 else "", file=sys.stderr, flush=True)

    return on_progress
