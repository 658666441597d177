"""`vdialog feedback`: what people think of answers, with the evidence that these had."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.cli.options import AsJson, Overwrite
from bot.cli.output import emit, plural, say
from bot.cli.program import pasted

if TYPE_CHECKING:
    from bot.dialogue.storing.feedback import Feedback

app = typer.Typer(help="What was thought of answers.", no_args_is_help=True, rich_markup_mode=None)


@app.command("add")
def add(
    conversation_id: Annotated[str, typer.Argument(metavar="ID", help="The conversation.")],
    opinion: Annotated[Literal["good", "bad"], typer.Argument(help="What you think of it.")],
    words: Annotated[str, typer.Argument(help="Why.")] = "",
    moment: Annotated[
        int | None, typer.Option(metavar="N", help="Of moment [N] instead of the whole last answer.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Keep what you think of the last answer of a conversation, or of a moment that it showed."""
    from bot import bootstrap, settings
    from bot.actions.judging import judge
    from bot.dialogue.storing.feedback import feedback_as_data

    with bootstrap.conversations(settings.load()) as store:
        kept = judge(store, conversation_id, opinion, moment, words)
    if as_json:
        emit(feedback_as_data(kept))
    else:
        say(said_of_opinion(kept))


@app.command("export")
def export(
    target: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", dir_okay=False, help="Write to a file instead.")
    ] = None,
    overwrite: Overwrite = False,
    as_json: AsJson = False,
) -> None:
    """Export all feedback, also that given in Slack, a JSON line for each."""
    from bot import bootstrap, settings
    from bot.actions.exporting import export_feedback
    from bot.dialogue.storing.feedback import feedback_as_data

    with bootstrap.conversations(settings.load()) as store:
        kept = [feedback_as_data(one) for one in store.feedback_of_all()]
    if target is None:
        for one in kept:
            emit(one)
        return
    export_feedback(kept, target, overwrite)
    if as_json:
        emit({"feedback": len(kept), "path": str(target.absolute())})
    else:
        say(f"Wrote {plural(len(kept), 'line')} to {target}.")


def said_of_opinion(kept: "Feedback") -> str:
    """Return what to say of an opinion that was kept."""
    what = "the last answer" if kept.handle is None else f"[{kept.handle}]"
    return pasted(f"Kept: {what} is {kept.opinion}. `vdialog feedback export` prints all that was kept.")
