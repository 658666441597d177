"""`vdialog restore`: the library from a copy, keyframes from their films, or an empty library; it asks before."""

import shlex
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import AsJson, path
from bot.cli.output import complain, emit, plural, say, say_hint, say_whole
from bot.errors import INPUTS_REFUSED, UsageError
from bot.untrusted import inert_line, inert_name

if TYPE_CHECKING:
    from bot.bootstrap.mending import AnewPlan
    from bot.bootstrap.restoring import RestorePlan
    from retrieval.publishing.comparing import Difference
    from retrieval.publishing.restored_rights import OpenedTo
    from retrieval.publishing.restoring import Restored

NAMED = 20
"""Videos that the question names; of more it gives the number."""


class BackupPart(StrEnum):
    """What of a library can be restored alone."""

    catalogue = "catalogue"
    conversations = "conversations"


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
    anew: Annotated[
        bool, typer.Option("--anew", help="Put the library aside and begin with an empty one; conversations stay.")
    ] = False,
    frames: Annotated[
        bool,
        typer.Option("--frames", help="Make keyframes that are damaged or gone anew from the files of the videos."),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before.")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring a damaged library back from a copy. What was there is kept aside.

    It says which copy, and which videos go or come back, and asks. Elsewhere than on a terminal it wants --yes.
    """
    from bot import settings
    from bot.bootstrap import restoring

    if frames:
        _mend_frames(as_json)
        return
    if anew:
        _begin_anew(yes, as_json)
        return
    chosen = settings.load()
    plan = restoring.plan_restore(chosen, folder, None if only is None else f"{only}.db")
    if plan is None:
        nothing = "Nothing is damaged. `vdialog restore --only catalogue` goes back to the newest copy all the same."
        emit(_data(None, None)) if as_json else say_hint(nothing)
        return
    if plan.replaced and not _agreed(_told(plan), "Bring this back?", yes, as_json):
        say("Nothing was changed.")
        return
    restored = restoring.restore(chosen, plan)
    if as_json:
        emit(_data(restored.aside, plan, restored.incomplete, restored.taken_back))
    else:
        _say_restored(plan, restored)
    if restored.incomplete:
        raise typer.Exit(INPUTS_REFUSED)


def _say_restored(plan: "RestorePlan", restored: "Restored") -> None:
    from bot import bootstrap

    say("Restored.", *([] if plan.replaced else _told(plan)))
    if plan.replaced:
        say(f"What was there before is in {inert_name(str(restored.aside))}.")
    if bootstrap.CATALOGUE in plan.copies:
        say("What came in after the copy was made is not in it: ingest your folders again.")
    if (restored.aside / bootstrap.CONVERSATIONS).is_file():
        say("Conversations kept after that are no longer listed; they are in the folder above.")
    say(*(f"{inert_name(video)}: keyframes are gone; ingest its file again." for video in restored.incomplete))
    _say_rights(restored.taken_back)


def _data(
    aside: Path | None,
    plan: "RestorePlan | None",
    incomplete: Sequence[str] = (),
    taken_back: "Sequence[OpenedTo]" = (),
) -> dict[str, object]:
    copies = {} if plan is None else plan.copies
    return {
        "restored": plan is not None,
        "kept_aside": None if aside is None or not aside.exists() else str(aside),
        "incomplete": list(incomplete),
        "copies": [] if plan is None else [_copy_data(plan, name) for name in copies],
        "grants_taken_back": [
            {"collection": one.collection, "to": one.grantee, "external": one.external} for one in taken_back
        ],
    }


def _copy_data(plan: "RestorePlan", name: str) -> dict[str, object]:
    change = plan.changes[name]
    return {
        "path": str(plan.copies[name].absolute()),
        "made": plan.made[name].isoformat(),
        "gone": None if change is None else list(change.goes),
        "back": None if change is None else list(change.comes_back),
    }


def _told(plan: "RestorePlan") -> list[str]:
    """Return in lines which copies are brought back, and what goes and comes back with them."""
    lines = []
    for name, copy in plan.copies.items():
        lines.append(f"Copy of {plan.made[name]:%Y-%m-%d %H:%M} UTC: {inert_name(str(copy))}")
        noun = "video" if name == "catalogue.db" else "conversation"
        lines += [f"  {line}" for line in _changes(plan.changes[name], noun)] if name in plan.replaced else []
    return lines


def _changes(change: "Difference | None", noun: str) -> list[str]:
    from retrieval.types import in_a_row

    if change is None:
        return [f"What is there now cannot be read: which {noun}s go is not known."]
    goes, back = change.goes, change.comes_back
    lines = [
        f"{what}: {plural(len(names), noun)}: {in_a_row([*map(inert_name, names)], NAMED)}"
        for names, what in ((goes, "Goes"), (back, "Comes back"))
        if names
    ]
    return lines or [f"No {noun} goes or comes back; those that were changed after it are as they were then."]


def _agreed(lines: Sequence[str], question: str, yes: bool, as_json: bool) -> bool:
    """Say what is to be done, and ask whether to do it.

    Raises:
        UsageError: nobody can be asked, and --yes was not given.
    """
    if not as_json:
        (say if yes else complain)(*lines)
    if yes:
        return True
    if as_json or not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError("the library would be replaced, and nobody can be asked here", "Give --yes to do it.")
    return typer.confirm(question, err=True)


def _say_rights(taken_back: "Sequence[OpenedTo]") -> None:
    if not taken_back:
        return
    say("The grants of the library could not be read. Those of the copy do not count, as you may have taken them back:")
    for one in taken_back:
        external = ["--external"] if one.external else []
        say_whole(f"  {shlex.join(['vdialog', 'grants', 'add', *external, '--', one.collection, one.grantee])}")


def _mend_frames(as_json: bool) -> None:
    from bot import settings
    from bot.bootstrap import mending

    whole, left = mending.mend_frames(settings.load())
    if as_json:
        emit({**_data(None, None, list(left)), "restored": bool(whole)})
    elif not (whole or left):
        say("All keyframes are there.")
    else:
        say(f"Made the keyframes of {plural(whole, 'video')} anew.")
        say(*(f"{inert_name(video)}: keyframes are still gone; {inert_line(why)}" for video, why in left.items()))
        if left:
            say_hint("Nothing else of these was changed: give the same command again when their files are there.")
    if left:
        raise typer.Exit(INPUTS_REFUSED)


def _begin_anew(yes: bool, as_json: bool) -> None:
    from bot import settings
    from bot.bootstrap import mending

    chosen = settings.load()
    plan = mending.plan_anew(chosen)
    if not _agreed(_taken_along(plan), "Put this aside and begin with an empty library?", yes, as_json):
        say("Nothing was changed.")
        return
    aside = mending.begin_anew(chosen, plan)
    if as_json:
        emit({**_data(aside, None), "restored": True})
        return
    say(f"The library is empty. What was there before is in {inert_name(str(aside))}.")
    say_hint("`vdialog ingest FOLDER` takes your videos in again; captions and grants have to be given again.")


def _taken_along(plan: "AnewPlan") -> list[str]:
    """Return in lines what beginning anew puts aside, and what stays."""
    videos = "all videos (how many cannot be read)" if plan.videos is None else plural(plan.videos, "video")
    grants = "all grants" if plan.grants is None else plural(plan.grants, "grant")
    made = "1 copy made by itself" if plan.copies == 1 else f"{plan.copies} copies made by themselves"
    lines = [f"Put aside: {videos} with captions and keyframes, {grants}, and {made}."]
    if plan.has_conversations:
        lines += ["Conversations stay." if plan.kept else "Conversations are damaged, and are put aside too."]
    return lines
