"""`vdialog config`: the settings, and where each came from."""

import typer

from bot.cli.options import AsJson
from bot.cli.output import emit, say, table

app = typer.Typer(help="Show the settings.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def config() -> None:
    """Show the settings."""


@app.command("show")
def show(as_json: AsJson = False) -> None:
    """Show every setting, its value, and where that came from."""
    from bot import settings

    found = settings.origins(settings.load())
    if as_json:
        emit(
            {
                "settings": [
                    {"variable": s.variable, "value": s.value, "origin": s.origin, "help": s.help} for s in found
                ],
                "unknown": settings.unknown(),
            }
        )
        return
    table(("variable", "value", "from"), [(s.variable, s.value, s.origin) for s in found])
    say(*(f"{name} is not a setting: misspelt?" for name in settings.unknown()))
