"""`vdialog backup`: copies of the library."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import AsJson, path
from bot.cli.output import emit, say, size
from bot.untrusted import inert_name

if TYPE_CHECKING:
    from retrieval.catalogue.backups import Backup


def backup(
    folder: Annotated[
        Path | None,
        typer.Argument(
            parser=path, help="A new folder for the copy; without it, the copies that there are are listed."
        ),
    ] = None,
    renew: Annotated[
        bool, typer.Option("--renew", help="Delete copies made by themselves that are damaged, and make new ones.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Copy the library with its keyframes and conversations into a folder. The videos themselves are not copied."""
    from bot import bootstrap, settings
    from bot.bootstrap import mending

    chosen = settings.load()
    if renew and not as_json:
        say(f"Damaged copies deleted: {mending.renew_copies(chosen)}.")
    elif renew:
        mending.renew_copies(chosen)
    if folder is None:
        _list([copy for copies in bootstrap.backups(chosen).values() for copy in copies], as_json)
        return
    bootstrap.back_up(chosen, folder)
    used = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    if as_json:
        emit({"path": str(folder.absolute()), "bytes": used})
        return
    say(f"Copied the library to {inert_name(str(folder))} ({size(used)}).")
    say("It is yours: what you remove from the library later stays in it.")


def _list(copies: "list[Backup]", as_json: bool) -> None:
    if as_json:
        listed = [
            {"path": str(copy.path.absolute()), "made": copy.made.isoformat(), "bytes": copy.size} for copy in copies
        ]
        emit({"copies": listed})
        return
    say(*(f"{copy.made:%Y-%m-%d %H:%M} UTC  {size(copy.size):>9}  {inert_name(str(copy.path))}" for copy in copies))
    if not copies:
        say("There are no copies yet. The first is made when something was ingested.")
