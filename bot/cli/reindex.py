"""`vdialog reindex`: the index anew from the catalogue, with the same results."""

import time
from typing import Annotated

import typer

from bot.cli.options import AsJson
from bot.cli.output import emit, plural, say


def reindex(
    encode: Annotated[bool, typer.Option("--encode", help="Encode all texts and keyframes again first.")] = False,
    as_json: AsJson = False,
) -> None:
    """Rebuild the index from the catalogue."""
    from bot import bootstrap, settings

    started = time.perf_counter()
    with bootstrap.library(settings.load()) as library:
        moments = library.reindex(encode)
    seconds = round(time.perf_counter() - started, 3)
    if as_json:
        emit({"moments": moments, "seconds": seconds})
    else:
        say(f"Indexed {plural(moments, 'moment')} in {seconds:.1f} s.")
