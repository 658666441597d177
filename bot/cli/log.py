"""`vdialog log`: what happened lately, or what an error's reference stands for."""

from typing import Annotated

import typer

from bot.cli.options import AsJson
from bot.cli.output import emit, say
from bot.errors import UsageError


def log(
    reference: Annotated[str | None, typer.Argument(help="The reference that an error showed.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show what changed or checked this library, and what failed; no text and no name of yours is in it."""
    from bot import settings
    from bot.health.logbook import FILES, LONGEST, Logbook, is_reference

    if reference is not None and not is_reference(reference):
        raise UsageError("a reference is eight digits and letters from a to f", "`vdialog log` shows the last ones.")
    found = Logbook(settings.load().home).entries(reference)
    if reference is not None and not found:
        kept = f"The log keeps its last {FILES * LONGEST // 1024} kB."
        raise UsageError(f"the log has no reference {reference}", kept)
    if as_json:
        emit({"entries": [dict(entry) for entry in found]})
        return
    for entry in found:
        rest = [f"{name}: {value}" for name, value in entry.items() if name not in ("when", "at")]
        say(f"{entry.get('when')}  {', '.join(rest)}")
        places = entry.get("at")
        say(*(f"    {place}" for place in (places if reference and isinstance(places, list) else ())))
    if not found:
        say("Nothing was noted yet.")
