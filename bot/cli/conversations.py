"""`vdialog conversations`: what was asked and answered."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import AsJson, Overwrite
from bot.cli.output import emit, headline, plural, say, say_hint, table
from bot.errors import UsageError
from bot.untrusted import inert, inert_line, inert_name

if TYPE_CHECKING:
    from bot.dialogue.storing.base import Summary

app = typer.Typer(help="What was asked and answered.", no_args_is_help=True, rich_markup_mode=None)

ConversationId = Annotated[str, typer.Argument(metavar="ID", help="As `vdialog conversations list` prints it.")]


@app.command("list")
def list_(
    everything: Annotated[bool, typer.Option("--all", help="Also those of a single question.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the conversations, the latest first.

    Those of a single question are left out, but for the latest; --all and --json list them too.
    """
    from bot import bootstrap, settings

    with bootstrap.conversations(settings.load()) as store:
        summaries = store.list()
    listed = [one for place, one in enumerate(summaries) if place == 0 or one.turns > 1 or everything or as_json]
    _say_summaries(listed, as_json)
    if single := len(summaries) - len(listed):
        them = "it" if single == 1 else "them"
        say_hint(
            f"{plural(single, 'single question')} not listed: `vdialog conversations list --all` lists {them} too."
        )


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
    from bot.actions.exporting import as_data

    with bootstrap.conversations(settings.load()) as store:
        kept = store.load(conversation_id)
    if as_json:
        emit(as_data(kept))
        return
    say(f"{inert_name(kept.conversation_id)}: {inert_line(kept.title)}")
    for turn in kept.turns:
        say(f"\n> {inert_line(turn.asked)}", inert(turn.answer))
        say(*(f"  {headline(citation)}" for citation in turn.citations))


@app.command("rename")
def rename(
    conversation_id: ConversationId,
    title: Annotated[str, typer.Argument(help="The new title.")],
    as_json: AsJson = False,
) -> None:
    """Give a conversation another title."""
    from bot import bootstrap, settings
    from bot.actions.renaming import rename as rename_to

    with bootstrap.conversations(settings.load()) as store:
        kept = rename_to(store, conversation_id, title)
    if as_json:
        emit({"conversation": conversation_id, "title": kept})
    else:
        say(f"Renamed {conversation_id}.")


@app.command("export")
def export(
    conversation_id: ConversationId,
    target: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", dir_okay=False, help="Write to a file instead.")
    ] = None,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Write Markdown; a FILE that ends in .md is Markdown in any case.")
    ] = False,
    overwrite: Overwrite = False,
    as_json: AsJson = False,
) -> None:
    """Export a conversation as JSON, or as Markdown."""
    from bot import bootstrap, settings
    from bot.actions.data import versioned
    from bot.actions.exporting import as_data, as_markdown, export_conversation

    if markdown and as_json:
        raise UsageError("--markdown and --json ask for two forms", "Give one of them.")
    with bootstrap.conversations(settings.load()) as store:
        kept = store.load(conversation_id)
    if target is not None:
        export_conversation(kept, target, markdown, overwrite)
        if as_json:
            emit({"conversation": conversation_id, "path": str(target.absolute())})
        else:
            say(f"Wrote {target}.")
    elif markdown:
        say(as_markdown(kept))
    else:
        print(json.dumps(versioned(as_data(kept)), indent=None if as_json else 2))


@app.command("delete")
def delete(conversation_id: ConversationId, as_json: AsJson = False) -> None:
    """Delete a conversation with all its turns and what was thought of them."""
    from bot import bootstrap, settings

    with bootstrap.conversations(settings.load()) as store:
        store.delete(conversation_id)
    if as_json:
        emit({"deleted": conversation_id})
    else:
        say(f"Deleted {conversation_id}.")


def _say_summaries(summaries: "Sequence[Summary]", as_json: bool) -> None:
    from bot.actions.data import summary_data

    if as_json:
        emit({"conversations": [summary_data(summary) for summary in summaries]})
    elif summaries:
        rows = [
            (s.conversation_id, f"{s.updated:%Y-%m-%d %H:%M}", str(s.turns), inert_line(s.title)) for s in summaries
        ]
        table(("conversation", "last turn (UTC)", "turns", "title"), rows, whole=("conversation",))
    else:
        say("There are no such conversations.")
