"""`vdialog slack`: the app with which a team asks about the videos where it talks."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.output import complain, plural, say, say_hint, say_whole, table, typed_again
from bot.errors import SERVICE_MISSING, UsageError

if TYPE_CHECKING:
    from bot.slack.app import SlackApp
    from bot.slack.uploads import Upload

app = typer.Typer(help="Answer in Slack.", no_args_is_help=True, rich_markup_mode=None)


@app.command("run")
def run() -> None:
    """Answer in Slack until you press Ctrl+C. docs/slack.md tells how the app is set up there."""
    from bot import settings
    from bot.bootstrap.slack import slack_app
    from bot.health.logbook import Logbook
    from bot.health.team import AGAIN

    chosen = settings.load()
    logbook = Logbook(chosen.home)
    with slack_app(chosen, lambda code, error: logbook.failed("slack run", code, error)) as opened:
        if opened.missing_scopes:
            complain(f"The app may not {', '.join(opened.missing_scopes)}. {AGAIN}")
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


@app.command("uploads")
def uploads(
    delete: Annotated[bool, typer.Option("--delete", help="Delete them in Slack, after a question.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before.")] = False,
) -> None:
    """List the clips and frames in Slack of videos that are not in the library any more, or delete them there.

    Also those of videos that have another id or another collection now: the list names them as they were called then.
    """
    from bot import settings
    from bot.bootstrap.slack import delete_uploads, uploads_left

    chosen = settings.load()
    found = uploads_left(chosen)
    if not found:
        say("Nothing in Slack is of a video that is gone.")
    elif not delete:
        table(("video", "what", "uploaded (UTC)", "file"), [_row(one) for one in found])
        say_hint("To delete them in Slack: `vdialog slack uploads --delete`")
    elif not (yes or _agreed(len(found))):
        say("Nothing was deleted.")
    else:
        refused = [(one, why) for one, why in delete_uploads(chosen, found) if why]
        for one, why in refused:
            complain(f"Slack does not delete {one.file}: {why}")
        say(f"Deleted {plural(len(found) - len(refused), 'file')} in Slack.")
        if refused:
            raise typer.Exit(SERVICE_MISSING)


def _agreed(count: int) -> bool:
    """Ask whether files are to be deleted.

    Raises:
        UsageError: nobody can be asked here.
    """
    what = plural(count, "file")
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(f"{what} would be deleted, and nobody can be asked here", "Give --yes to delete them.")
    return typer.confirm(f"Delete {what} in Slack? Messages that show them stay.", err=True)


def _row(one: "Upload") -> tuple[str, ...]:
    at = datetime.fromtimestamp(one.at, UTC)
    return typed_again(one.video), "frame" if one.is_frame else "clip", f"{at:%Y-%m-%d %H:%M}", one.file


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
