"""`vdialog config`: the settings, where each came from, and what comes of them."""

import typer

from bot.cli.options import AsJson
from bot.cli.output import emit, say, table
from bot.settings import Settings

app = typer.Typer(help="Show the settings.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def config() -> None:
    """Show the settings."""


@app.command("show")
def show(as_json: AsJson = False) -> None:
    """Show every setting, its value, and where that came from."""
    from bot import settings
    from bot.setting_sources import ignored, user_file

    loaded = settings.load()
    found, (uses, why) = settings.origins(loaded), _planner(loaded)
    if as_json:
        emit(
            {
                "settings": [
                    {
                        "variable": s.variable,
                        "value": s.value,
                        "origin": s.origin,
                        "file": s.file or None,
                        "help": s.help,
                    }
                    for s in found
                ],
                "file": str(user_file()),
                "ignored": ignored(settings.Settings),
                "unknown": settings.unknown(),
                "planner": {"uses": uses, "why": why},
            }
        )
        return
    table(
        ("variable", "value", "from"), [(s.variable, s.value, s.file or s.origin) for s in found], ("variable", "value")
    )
    understood = {None: "nothing", "rules": "the rules alone"}.get(uses, f"the rules and {uses}")
    say(f"Your own file of settings: {user_file()}")
    say(f"Your words are understood by {understood}: {why}.")
    say(*(f"{name} is not a setting: misspelt?" for name in settings.unknown()))


def _planner(settings: Settings) -> tuple[str | None, str]:
    """Return what understands words, and why: None where what is set cannot be used."""
    from bot.bootstrap.planning import choice
    from bot.errors import ConfigurationError

    try:
        chosen = choice(settings)
    except ConfigurationError as error:
        return None, error.message
    return chosen.model.name if chosen.model else "rules", chosen.why
