"""`vdialog slack`: the app with which a team asks about the videos where it talks."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from bot.cli.output import say, say_whole

if TYPE_CHECKING:
    from bot.slack.app import SlackApp

app = typer.Typer(help="Answer in Slack.", no_args_is_help=True, rich_markup_mode=None)


@app.command("run")
def run() -> None:
    """Answer in Slack until you press Ctrl+C. docs/slack.md tells how the app is set up there."""
    from bot import settings
    from bot.bootstrap.slack import slack_app
    from bot.health.logbook import Logbook

    chosen = settings.load()
    logbook = Logbook(chosen.home)
    with slack_app(chosen, lambda code, error: logbook.failed("slack run", code, error)) as opened:
        with _until_told(opened):
            opened.start()
            say("Connected to Slack. Ctrl+C ends it.")
            opened.wait()
        if opened.went_out is not None:
            raise opened.went_out
    say("Disconnected from Slack.")


@app.command("manifest")
def manifest() -> None:
    """Print what Slack is told when the app is made there: its scopes, its events, its commands, as JSON."""
    import json

    from bot.slack.manifest import manifest as made

    say_whole(json.dumps(made(), indent=2, ensure_ascii=False))


@contextmanager
def _until_told(opened: "SlackApp") -> Iterator[None]:
    """Let Ctrl+C, and the signal that ends a service, stop the app; given twice, at once."""

    def told(number: int, _: object) -> None:
        signal.signal(number, before[signal.Signals(number)])
        opened.end()

    before = {number: signal.signal(number, told) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
