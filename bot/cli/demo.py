"""`vdialog demo`: the sample library, and one question answered from it."""

from typing import Annotated

import typer

from bot.cli.ask import say_citations, say_reply
from bot.cli.ingest import report_data, take
from bot.cli.options import AsJson
from bot.cli.output import emit, plural, say
from bot.errors import INPUTS_REFUSED

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

    models = bootstrap.sample_models()
    chosen = settings.load(**models)
    own = chosen.model_copy(update={"home": chosen.home / "demo", "stable_seconds": 0.0})
    if not as_json:
        say(f"The sample library is in {own.home}.", "Drawing the films ...")
    paths, question = bootstrap.sample_films(own.home / "films", None if everything else SHORT)
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
        given = "".join(f" {settings.variable(name)}={value}" for name, value in models.items())
        say("", f'Ask more: VDIALOG_HOME="{own.home}"{given} vdialog ask "Which videos are there?"')
    if any(report.verdict in ("refused", "partial") for report in reports):
        raise typer.Exit(INPUTS_REFUSED)
