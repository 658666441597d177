"""`vdialog doctor`: every check, its state, and what mends it."""

import sys
from collections.abc import Callable
from typing import Annotated

import typer

from bot.cli.options import AsJson
from bot.cli.output import emit, say, say_hint, say_marked
from bot.settings import Settings


def doctor(
    get: Annotated[
        bool, typer.Option("--get", help="Let Ollama get the models that are set and that it does not have.")
    ] = False,
    full: Annotated[
        bool, typer.Option("--full", help="Read every byte of the library; it says how far it is.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check the settings, the library, the models and the index. What is wrong comes with the command that mends it."""
    from bot import settings
    from bot.health.checks import QUICK, examine
    from bot.health.home import Closeness

    chosen, unusable = settings.usable()
    if get:
        _get(chosen, quiet=as_json)
    checks = []
    reading = Closeness(True, _progress(quiet=as_json)) if full else QUICK
    for check in examine(chosen, reading, unusable):
        checks.append(check)
        if not as_json:
            say_marked(check.state, 8, f"{check.name}: {check.detail}")
            say_hint(*(f"         {line}" for line in check.fix.splitlines()))
    if as_json:
        shown = [{"name": c.name, "state": c.state, "detail": c.detail, "fix": c.fix} for c in checks]
        emit({"checks": shown})
    failed = [check.exit_code for check in checks if check.state == "failed"]
    if failed:
        raise typer.Exit(min(failed))


def _get(settings: Settings, quiet: bool) -> None:
    """Let Ollama get what it lacks; a line for every tenth of each file."""
    from bot import bootstrap

    last = ("", 0)
    for name, share in bootstrap.get_models(settings):
        if (name, int(10 * share)) != last and not quiet:
            say(f"getting {name}: {share:.0%}")
        last = (name, int(10 * share))


def _progress(quiet: bool) -> Callable[[str, float], None]:
    """Return what says on stderr what is read, and each tenth of it."""
    last = ("", -1)

    def tell(name: str, share: float) -> None:
        nonlocal last
        if (name, int(10 * share)) != last and not quiet:
            print(f"reading {name}: {share:.0%}" if share else f"reading {name}", file=sys.stderr, flush=True)
        last = (name, int(10 * share))

    return tell
