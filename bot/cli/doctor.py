"""`vdialog doctor`: every check, its state, and what mends it."""

from typing import Annotated

import typer

from bot.cli.mended import conversations_data, mended_data, say_conversations, say_mended
from bot.cli.options import AsJson
from bot.cli.output import emit, say
from bot.errors import INPUTS_REFUSED
from bot.settings import Settings


def doctor(
    mend: Annotated[
        bool,
        typer.Option(
            "--mend", help="Save what can be read of a damaged library or its conversations; they are kept aside."
        ),
    ] = False,
    get: Annotated[
        bool, typer.Option("--get", help="Let Ollama get the models that are set and that it does not have.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check the settings, the library, the models and the index."""
    from bot import bootstrap, settings
    from bot.health.checks import examine

    chosen = settings.load()
    if get:
        _get(chosen, quiet=as_json)
    talks = bootstrap.mend_conversations(chosen) if mend else None
    if talks is not None and not as_json:
        say_conversations(talks)
    mended = bootstrap.mend(chosen) if mend else None
    if mend and not as_json:
        say_mended(mended)
    checks = []
    for check in examine(chosen):
        checks.append(check)
        if not as_json:
            say(f"{check.state:<8} {check.name}: {check.detail}")
            say(*(f"         {line}" for line in check.fix.splitlines()))
    if as_json:
        shown = [{"name": c.name, "state": c.state, "detail": c.detail, "fix": c.fix} for c in checks]
        emit(
            {"checks": shown}
            | ({"mended": mended_data(mended), "mended_conversations": conversations_data(talks)} if mend else {})
        )
    failed = [check.exit_code for check in checks if check.state == "failed"]
    if failed:
        raise typer.Exit(min(failed))
    if (mended is not None and not mended.is_all) or (talks is not None and talks.torn):
        raise typer.Exit(INPUTS_REFUSED)


def _get(settings: Settings, quiet: bool) -> None:
    """Let Ollama get what it lacks; a line for every tenth of each file."""
    from bot import bootstrap

    last = ("", 0)
    for name, share in bootstrap.get_models(settings):
        if (name, int(10 * share)) != last and not quiet:
            say(f"getting {name}: {share:.0%}")
        last = (name, int(10 * share))
