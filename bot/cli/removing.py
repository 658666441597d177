"""`vdialog videos remove`: takes videos out of the library, after a question where it is more than one."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import AsJson, named
from bot.cli.output import complain, emit, plural, say, typed_again
from bot.errors import UsageError
from bot.untrusted import inert_name

NAMED_IN_QUESTION = 20
"""Videos that the question names; of more it gives the number."""


def remove(
    videos: Annotated[
        list[str] | None, typer.Argument(metavar="[VIDEO_ID]...", help="As `vdialog videos list` prints them.")
    ] = None,
    collection: Annotated[
        str | None, typer.Option("--collection", metavar="C", parser=named, help="All videos of this collection.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before.")] = False,
    as_json: AsJson = False,
) -> None:
    """Remove videos from the library with all made of them; the files stay.

    What was said of them in conversations becomes [removed], also your own words where they quote texts, titles or ids
    of these videos. On a terminal it asks before. Elsewhere more than one video is removed only with --yes.
    """
    from bot import bootstrap, settings
    from bot.actions.removing import chosen_for_removal
    from bot.cli.compact import say_kept
    from bot.cli.grants import say_of_empty
    from bot.rights import Rights, owner_sees

    with bootstrap.library(settings.load()) as library:
        everything = owner_sees(library.catalogue)
        chosen = chosen_for_removal(library.catalogue, everything, videos or (), collection)
        if not (yes or _agreed(chosen, alone=collection is None and len(chosen) == 1, as_json=as_json)):
            say("Nothing was removed.")
            return
        files = {video.key: video.entry.path for video in library.catalogue.videos(everything)}
        told = (lambda key: None) if as_json else lambda key: say(_removed(chosen[key], files.get(key)))
        rights = Rights(library.catalogue)
        was_empty = rights.of_empty()
        is_erased, aside = library.remove_all(chosen, everything, told), library.put_aside()
        left = [grant for grant in rights.of_empty() if grant not in was_empty]
    if as_json:
        alone = {"removed": next(iter(chosen.values()))} if len(chosen) == 1 else {}
        emit({**alone, "videos": list(chosen.values()), "erased": is_erased})
    elif chosen:
        say_kept(is_erased, aside)
        if any((path := files.get(key)) is not None and path.exists() for key in chosen):
            say("The next ingest of a folder that holds such a file takes it in again.")
        say_of_empty(left)
    else:
        say("There are no videos in it.")


def _removed(video: str, path: Path | None) -> str:
    """Say that a video was removed, with its file where it is called otherwise."""
    other = path is not None and path.stem != video
    return f"Removed {typed_again(video)}{f' ({inert_name(path.name)})' if other and path else ''}."


def _agreed(chosen: dict[str, str], alone: bool, as_json: bool) -> bool:
    """Ask whether videos are to be removed, where somebody can answer.

    Raises:
        UsageError: nobody can, and it is more than one that was named.
    """
    from retrieval.types import in_a_row

    count = plural(len(chosen), "video")
    if as_json or not (sys.stdin.isatty() and sys.stderr.isatty()):
        if alone or not chosen:
            return True
        raise UsageError(f"{count} would be removed, and nobody can be asked here", "Give --yes to remove them.")
    if not chosen:
        return True
    complain(f"{count}: {in_a_row([*map(typed_again, chosen.values())], NAMED_IN_QUESTION)}")
    it = "it" if len(chosen) == 1 else "them"
    complain(f"What was said of {it} in conversations becomes [removed], also where you typed what {it} alone said.")
    return typer.confirm(f"Remove {it} with all that was made of {it}? The files stay.", err=True)
