"""`vdialog demo`: the sample library, and one question answered from it."""

import shlex
from collections.abc import Mapping
from typing import Annotated

import typer

from bot.cli.ask import say_citations, say_reply
from bot.cli.ingest import take
from bot.cli.options import AsJson
from bot.cli.output import emit, plural, say, say_whole
from bot.cli.program import command_name
from bot.cli.reports import report_data
from bot.errors import INPUTS_REFUSED
from bot.untrusted import inert_name

SHORT = 3
"""The first films are short: enough to try everything out."""


def demo(
    everything: Annotated[bool, typer.Option("--all", help="Make all twelve films instead of three.")] = False,
    as_json: AsJson = False,
) -> None:
    """Try it out: sample films, and one question answered."""
    from bot import bootstrap, settings
    from bot.actions.data import answer_data
    from bot.actions.resuming import conversation_to_go_on

    models = bootstrap.sample_models_here()
    chosen = settings.load(**models)
    own = chosen.model_copy(update={"home": chosen.home / "demo", "stable_seconds": 0.0})
    if not as_json:
        say(f"The sample library is in {inert_name(str(own.home))}.", "Drawing the films ...")
        if not models:
            say("PyTorch is not installed: the films are found by their words alone, and nobody looks at pictures.")
    films = own.home / "films"
    paths, question = bootstrap.sample_films(films, None if everything else SHORT)
    with bootstrap.assistant(own) as assistant:
        if not as_json:
            say(f"Taking in {plural(len(paths), 'film')} ...")
        reports = take(assistant.library, paths, own.collection, None, quiet=as_json)
        if not as_json:
            say("", f"> {question}")
        told = assistant.access.said(question, conversation_to_go_on(assistant.conversations))
        answer = say_reply(assistant.manager.respond(told), as_json)
    if as_json:
        emit({"films": [report_data(report) for report in reports], "question": question, **answer_data(answer)})
    else:
        say_citations(answer)
        say_whole("", f"The films are in {inert_name(str(films))}", "")
        say_next({"home": own.home, **models})
    if any(report.verdict in ("refused", "partial") for report in reports):
        raise typer.Exit(INPUTS_REFUSED)


def say_next(sample: Mapping[str, object]) -> None:
    """Print what can be typed next: commands that work when they are pasted into the same shell, each on one line.

    Args:
        sample: the settings of the sample library.
    """
    from bot import settings

    name = command_name()
    within = " ".join(f"{settings.variable(setting)}={shlex.quote(str(value))}" for setting, value in sample.items())
    say("Ask more of the sample films; each line is one command:")
    say_whole(f'  {within} {name} ask "Which videos are there?"', f"  {within} {name} chat --plain", "")
    say("Your own videos are taken into a library of their own:")
    say_whole(f"  {name} ingest FOLDER", f'  {name} ask "Where is a red car?"')
