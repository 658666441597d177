"""The `vdialog` command: its sub-commands, and its entry point."""

import sys
from collections.abc import Sequence

import typer

from bot.cli import (
    ask,
    backup,
    chat,
    compact,
    config,
    conversations,
    cut,
    demo,
    doctor,
    evaluate,
    feedback,
    grants,
    import_,
    ingest,
    log,
    reindex,
    search,
    setup,
    videos,
)
from bot.cli.failures import run

app = typer.Typer(
    name="vdialog",
    help="Ask questions about your videos; get the exact moment, its frame, and the reason.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

app.command("demo")(demo.demo)
app.command("setup")(setup.setup)
app.command("ingest")(ingest.ingest)
app.command("import")(import_.import_)
app.command("search")(search.search)
app.command("ask")(ask.ask)
app.command("chat")(chat.chat)
app.add_typer(videos.app, name="videos")
app.add_typer(conversations.app, name="conversations")
app.add_typer(feedback.app, name="feedback")
app.add_typer(grants.app, name="grants")
app.command("clip")(cut.clip)
app.command("reindex")(reindex.reindex)
app.command("compact")(compact.compact)
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)
app.command("doctor")(doctor.doctor)
app.command("log")(log.log)
app.add_typer(evaluate.app, name="evaluate")
app.add_typer(config.app, name="config")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `vdialog` and return its exit code.

    Args:
        arguments: without the program's name; those of the process where None.
    """
    return run(app, sys.argv[1:] if arguments is None else arguments)
