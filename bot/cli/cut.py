"""`vdialog clip`: cut a moment, or any span, out of its video."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import AsJson, Overwrite
from bot.cli.output import emit, say
from bot.untrusted import inert_name

if TYPE_CHECKING:
    from bot.actions.cutting import FileSpan
    from retrieval.ingest.cutting import Clip


def clip(
    what: Annotated[
        str, typer.Argument(metavar="MOMENT_ID_OR_SPAN", help="squirrel:1, squirrel@2.5-6 or squirrel@00:02-00:06")
    ],
    target: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", dir_okay=False, help="The file to write.")],
    overwrite: Overwrite = False,
    as_json: AsJson = False,
) -> None:
    """Cut a moment or a span out of its video."""
    from bot import bootstrap, settings
    from bot.actions.cutting import cut, file_span
    from bot.actions.data import clip_data
    from bot.actions.targets import check_target
    from bot.rights import owner_sees

    chosen = settings.load()
    check_target(target, overwrite)
    with bootstrap.catalogue(chosen) as catalogue:
        source = file_span(what, catalogue, owner_sees(catalogue))
    made = cut(source, target, bootstrap.decode_limits(chosen), overwrite)
    if as_json:
        emit(clip_data(source, made))
    else:
        say(said_of_clip(source, made))


def said_of_clip(source: "FileSpan", made: "Clip") -> str:
    """Return what to say of a clip that was made."""
    how = "copied as it is" if made.copied else "encoded again"
    return f"Wrote {made.path}: {made.start:.2f} to {made.end:.2f} s of {inert_name(source.video_id)}, {how}."
