"""The `vdialog` command: its sub-commands, and its entry point."""

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from bot.cli import (
    ask,
    backup,
    chat,
    compact,
    completion,
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
    restore,
    search,
    setup,
    slack,
    videos,
)
from bot.cli.examples import Exemplified
from bot.cli.failures import run, unfit
from bot.cli.output import complain, say
from bot.errors import CONFIGURATION

app = typer.Typer(
    name="vdialog",
    help="Ask questions about your videos; get the exact moment, its frame, and the reason.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="`vdialog COMMAND -h` shows what a command takes, with examples. `vdialog demo` shows what it does.",
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        say(f"vdialog {version('video-dialog')}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print it.")] = False,
    verbose: Annotated[
        int,
        typer.Option(
            "-v",
            count=True,
            show_default=False,
            help="Say on stderr what is done; -vv says more. Any command takes it.",
        ),
    ] = 0,
) -> None:
    """Ask questions about your videos; get the exact moment, its frame, and the reason."""


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
app.add_typer(slack.app, name="slack")
app.command("clip")(cut.clip)
app.command("reindex")(reindex.reindex)
app.command("compact")(compact.compact)
app.command("backup")(backup.backup)
app.command("restore")(restore.restore)
app.command("doctor")(doctor.doctor)
app.command("log")(log.log)
app.add_typer(evaluate.app, name="evaluate")
app.add_typer(config.app, name="config")
app.command("completion")(completion.completion)

for _group in (app, *(group.typer_instance for group in app.registered_groups)):
    for _command in _group.registered_commands if _group else ():
        _command.cls = Exemplified


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `vdialog` and return its exit code.

    Args:
        arguments: without the program's name; those of the process where None.
    """
    if said := unfit(sys.platform):
        complain(said)
        return CONFIGURATION
    return run(app, sys.argv[1:] if arguments is None else arguments)
