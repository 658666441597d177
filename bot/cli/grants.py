"""`vdialog grants`: who beside the owner of the home may see which collection."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import AsJson, named
from bot.cli.output import emit, say, say_hint, table, typed_again
from bot.untrusted import inert_name

if TYPE_CHECKING:
    from bot.rights import Grant

app = typer.Typer(
    help="Who beside you may see which collection, in Slack.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

CollectionName = Annotated[str, typer.Argument(metavar="COLLECTION", parser=named, help="The collection.")]
Grantee = Annotated[
    str,
    typer.Argument(
        metavar="TO",
        help="channel:WORKSPACE/ID, thread:WORKSPACE/ID/THREAD, direct:WORKSPACE/ID, member:WORKSPACE/USER, or"
        " program:NAME.",
    ),
]


@app.command("list")
def list_(
    history: Annotated[bool, typer.Option("--history", help="Also those that were taken back.")] = False,
    as_json: AsJson = False,
) -> None:
    """List who may see what. You see everything at your terminal; nobody else sees what is not listed."""
    from bot import bootstrap, settings
    from bot.rights import Rights, owner_sees

    with bootstrap.catalogue(settings.load()) as catalogue:
        found, empty, there = Rights(catalogue).grants(history), Rights(catalogue).of_empty(), owner_sees(catalogue)
    if as_json:
        emit({"grants": [{**_data(one), "is_empty": one.collection not in there} for one in found]})
    elif found:
        header = ("collection", "videos", "to", "other workspaces", "from", "since (UTC)", "until (UTC)")
        table(header, [_row(one, one.collection in there) for one in found])
        say_of_empty(empty)
    else:
        say("Nothing is granted: you alone see your collections, at your terminal.")


@app.command("add")
def add(
    collection: CollectionName,
    to: Grantee,
    external: Annotated[
        bool, typer.Option("--external", help="Also for people of other workspaces who read there.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Let a place, a person or a program see a collection. A new program gets a token, which is printed once."""
    from bot import bootstrap, settings
    from bot.rights import Principal, Rights, grantee_of

    grantee = grantee_of(to)
    with bootstrap.catalogue(settings.load()) as catalogue:
        rights = Rights(catalogue)
        given = rights.add(collection, grantee, external)
        is_program = isinstance(grantee, Principal) and grantee.kind == "program"
        token = rights.new_token(grantee) if isinstance(grantee, Principal) and is_program else None
    if as_json:
        emit({**_data(given), "is_empty": False, "token": token})
        return
    say(f"{given.grantee} sees {inert_name(collection)} now{', also with other workspaces' if external else ''}.")
    if token:
        say(f"Its token, which is shown this once: {token}")


@app.command("remove")
def remove(collection: CollectionName, to: Grantee, as_json: AsJson = False) -> None:
    """Take a grant back. It counts from the next question on, also for what was answered before."""
    from bot import bootstrap, settings
    from bot.rights import Rights, grantee_of

    grantee = grantee_of(to)
    with bootstrap.catalogue(settings.load()) as catalogue:
        Rights(catalogue).remove(collection, grantee)
    if as_json:
        emit({"removed": {"collection": collection, "to": str(grantee)}})
    else:
        say(f"{grantee} does not see {inert_name(collection)} any more.")


def _data(one: "Grant") -> dict[str, object]:
    return {
        "collection": one.collection,
        "to": one.grantee,
        "external": one.external,
        "from": one.given_by,
        "since": one.given_at.isoformat(),
        "until": None if one.taken_at is None else one.taken_at.isoformat(),
        "taken_by": one.taken_by,
    }


def say_of_empty(grants: "Sequence[Grant]") -> None:
    """Say which grants name collections that have no videos, and how each is taken back."""
    for one in grants:
        say_hint(
            f"{inert_name(one.collection)} has no videos; {one.grantee} sees what comes into it. To take that back:"
            f" `vdialog grants remove {typed_again(one.collection)} {one.grantee}`"
        )


def _row(one: "Grant", has_videos: bool) -> tuple[str, ...]:
    until = "" if one.taken_at is None else f"{one.taken_at:%Y-%m-%d %H:%M}"
    others = "yes" if one.external else "no"
    videos = "" if has_videos else "none"
    return (
        inert_name(one.collection),
        videos,
        one.grantee,
        others,
        one.given_by,
        f"{one.given_at:%Y-%m-%d %H:%M}",
        until,
    )
