"""`vdialog backup` and `vdialog restore`: copies of the library, and the library from its copies."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import AsJson, path
from bot.cli.output import emit, plural, say, say_hint, size
from bot.errors import INPUTS_REFUSED
from bot.untrusted import inert_line, inert_name

if TYPE_CHECKING:
    from retrieval.catalogue.backups import Backup


class BackupPart(StrEnum):
    """What of a library can be restored alone."""

    catalogue = "catalogue"
    conversations = "conversations"


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


def restore(
    folder: Annotated[
        Path | None,
        typer.Argument(
            parser=path, help="A folder that `vdialog backup` made; without it, the newest copies made by themselves."
        ),
    ] = None,
    only: Annotated[
        BackupPart | None,
        typer.Option("--only", help="Restore this alone, of the newest copy also if it is undamaged."),
    ] = None,
    anew: Annotated[bool, typer.Option("--anew", help="Put all aside and begin with an empty library.")] = False,
    frames: Annotated[
        bool,
        typer.Option("--frames", help="Make keyframes that are damaged or gone anew from the files of the videos."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Bring a damaged library back from a copy. What was there is kept aside.

    What came in after the copy was made, and conversations kept after it, are then only in the folder that it prints.
    """
    from bot import bootstrap, settings

    if frames:
        _mend_frames(as_json)
        return
    if anew:
        _begin_anew(as_json)
        return
    restored = bootstrap.restore(settings.load(), folder, None if only is None else f"{only}.db")
    if as_json:
        emit(
            {
                "restored": restored is not None,
                "kept_aside": None if restored is None else str(restored.aside),
                "incomplete": [] if restored is None else list(restored.incomplete),
            }
        )
    elif restored is None:
        say_hint("Nothing is damaged. `vdialog restore --only catalogue` goes back to the newest copy all the same.")
    else:
        say(f"Restored. What was there before is in {inert_name(str(restored.aside))}.")
        say("What came in after the copy was made is not in it: ingest your folders again.")
        if (restored.aside / bootstrap.CONVERSATIONS).is_file():
            say("Conversations kept after that are no longer listed; they are in the folder above.")
        for video in restored.incomplete:
            say(f"{inert_name(video)}: its keyframes are gone; ingest its file again.")
    if restored is not None and restored.incomplete:
        raise typer.Exit(INPUTS_REFUSED)


def _mend_frames(as_json: bool) -> None:
    from bot import settings
    from bot.bootstrap import mending

    whole, left = mending.mend_frames(settings.load())
    if as_json:
        emit({"restored": bool(whole), "kept_aside": None, "incomplete": list(left)})
    elif not (whole or left):
        say("All keyframes are there.")
    else:
        say(f"Made the keyframes of {plural(whole, 'video')} anew.")
        say(*(f"{inert_name(video)}: keyframes are still gone; {inert_line(why)}" for video, why in left.items()))
        if left:
            say_hint("Nothing else of these was changed: give the same command again when their files are there.")
    if left:
        raise typer.Exit(INPUTS_REFUSED)


def _begin_anew(as_json: bool) -> None:
    from bot import settings
    from bot.bootstrap import mending

    aside = mending.begin_anew(settings.load())
    if as_json:
        emit({"restored": True, "kept_aside": str(aside), "incomplete": []})
    else:
        say(f"The library is empty. What was there before is in {inert_name(str(aside))}.")
