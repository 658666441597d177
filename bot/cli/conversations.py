"""`vdialog conversations`: what was asked and answered."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import AsJson
from bot.cli.output import emit, say, table

if TYPE_CHECKING:
    from bot.dialogue.conversation import Conversation
    from bot.dialogue.store import Summary

app = typer.Typer(help="What was asked and answered.", no_args_is_help=True, rich_markup_mode=None)

ConversationId = Annotated[str, typer.Argument(metavar="ID", help="As `vdialog conversations list` prints it.")]


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the conversations, the latest first."""
    from bot import bootstrap, settings

    with bootstrap.conversations(settings.load()) as store:
        _say_summaries(store.list(), as_json)


@app.command("search")
def search(
    text: Annotated[str, typer.Argument(help="Words that a title, a question or an answer holds.")],
    as_json: AsJson = False,
) -> None:
    """Find conversations, the latest first."""
    from bot import bootstrap, settings

    with bootstrap.conversations(settings.load()) as store:
        _say_summaries(store.search(text), as_json)


@app.command("show")
def show(conversation_id: ConversationId, as_json: AsJson = False) -> None:
    """Show all turns of a conversation."""
    from bot import bootstrap, settings

    with bootstrap.conversations(settings.load()) as store:
        kept = store.load(conversation_id)
    if as_json:
        emit(_conversation_data(kept))
        return
    say(f"{kept.conversation_id}: {kept.title}")
    for turn in kept.turns:
        say(f"\n> {turn.asked}", turn.answer)
        say(*(f"  [{c.handle}] {c.title}  {c.timecode}  [{c.moment_id}]" for c in turn.citations))


@app.command("rename")
def rename(
    conversation_id: ConversationId,
    title: Annotated[str, typer.Argument(help="The new title.")],
    as_json: AsJson = False,
) -> None:
    """Give a conversation another title."""
    from bot import bootstrap, settings

    with bootstrap.conversations(settings.load()) as store:
        store.rename(conversation_id, title)
    if as_json:
        emit({"conversation": conversation_id, "title": title})
    else:
        say(f"Renamed {conversation_id}.")


@app.command("export")
def export(
    conversation_id: ConversationId,
    target: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", dir_okay=False, help="Write to a file instead.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Export a conversation as JSON."""
    from bot import bootstrap, settings

    with bootstrap.conversations(settings.load()) as store:
        data = _conversation_data(store.load(conversation_id))
    if target is None:
        print(json.dumps(data, indent=None if as_json else 2))
        return
    target.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")
    if as_json:
        emit({"conversation": conversation_id, "path": str(target.absolute())})
    else:
        say(f"Wrote {target}.")


@app.command("delete")
def delete(conversation_id: ConversationId, as_json: AsJson = False) -> None:
    """Delete a conversation with all its turns."""
    from bot import bootstrap, settings

    with bootstrap.conversations(settings.load()) as store:
        store.delete(conversation_id)
    if as_json:
        emit({"deleted": conversation_id})
    else:
        say(f"Deleted {conversation_id}.")


def _say_summaries(summaries: "Sequence[Summary]", as_json: bool) -> None:
    if as_json:
        emit({"conversations": [_summary_data(summary) for summary in summaries]})
    elif summaries:
        rows = [(s.conversation_id, f"{s.updated:%Y-%m-%d %H:%M}", str(s.turns), s.title) for s in summaries]
        table(("conversation", "last turn (UTC)", "turns", "title"), rows)
    else:
        say("There are no such conversations.")


def _summary_data(summary: "Summary") -> dict[str, object]:
    return {
        "conversation": summary.conversation_id,
        "title": summary.title,
        "turns": summary.turns,
        "updated": summary.updated.isoformat(),
    }


def _conversation_data(kept: "Conversation") -> dict[str, object]:
    from bot.dialogue.records import turn_as_data

    return {
        "conversation": kept.conversation_id,
        "title": kept.title,
        "turns": [turn_as_data(turn) for turn in kept.turns],
    }
