"""`vdialog import`: moments without media, from a captions file."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import AsJson, Collection
from bot.cli.output import emit, plural, say
from bot.errors import INPUTS_REFUSED
from bot.untrusted import inert_error, inert_line


def import_(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="JSON in ActivityNet Captions form.")
    ],
    collection: Collection = None,
    as_json: AsJson = False,
) -> None:
    """Import moments without media from a captions file."""
    from bot import bootstrap, settings

    chosen = settings.load()
    with bootstrap.library(chosen) as library:
        done = library.import_annotations(file, collection or chosen.collection, _progress(quiet=as_json))
    if as_json:
        emit(
            {
                "videos": done.videos,
                "moments": done.moments,
                "replaced": done.replaced,
                "unchanged": done.unchanged,
                "dropped": [inert_error(reason) for reason in done.dropped],
            }
        )
    else:
        say(
            f"Imported {plural(done.videos, 'video')} with {plural(done.moments, 'moment')};"
            f" {done.replaced} replaced, {done.unchanged} unchanged."
        )
        say(*(f"Left out: {inert_line(reason)}" for reason in done.dropped))
    if done.dropped:
        raise typer.Exit(INPUTS_REFUSED)


def _progress(quiet: bool) -> Callable[[float], None] | None:
    """Return what shows progress: a percentage that counts up on a terminal, else nothing."""
    if quiet or not sys.stderr.isatty():
        return None

    def on_progress(done: float) -> None:
        print(f"\r{done:4.0%}", end="\n" if done >= 1 else "", file=sys.stderr, flush=True)

    return on_progress
