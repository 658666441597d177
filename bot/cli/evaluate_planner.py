"""`vdialog evaluate planner`: whether a language model reads turns better than the rules."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import AsJson
from bot.cli.output import emit, say, table
from bot.errors import UsageError

if TYPE_CHECKING:
    from bot.bootstrap.planner_results import PlannerResult

ROWS = {"rules": "rules", "model": "model, rules where it says nothing", "both": "both"}


def planner(
    model: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="A model that Ollama has. Default: VDIALOG_CHAT_MODEL, else the LLaVA."),
    ] = None,
    dialogues: Annotated[
        Path | None,
        typer.Option(metavar="FILE", dir_okay=False, help="Dialogues over your library. Default: over sample films."),
    ] = None,
    every: Annotated[
        int, typer.Option(metavar="N", min=1, help="Only each Nth dialogue, where the model is slow.")
    ] = 1,
    as_json: AsJson = False,
) -> None:
    """Talk dialogues with the rules, with a language model, and with both, and count what is right.

    What comes out is kept for VDIALOG_PLANNER=auto.
    """
    from bot import settings
    from bot.bootstrap import planner_results
    from bot.bootstrap.planning import candidates, language
    from bot.trial import dialogues as files
    from bot.trial.planners import compare_planners

    chosen = settings.load()
    name = model or next(iter(candidates(chosen)), None)
    if name is None:
        raise UsageError("no language model is named", "Give --model NAME, or set VDIALOG_CHAT_MODEL.")
    paths = [dialogues] if dialogues else files.packaged()
    result = compare_planners(chosen, language(chosen, name), paths, every, _told)
    kept = planner_results.keep(chosen.home, result)
    if as_json:
        emit({**_data(result), "kept": str(kept)})
    else:
        _say(result)


def _told(what: str) -> None:
    print(f"{what} ...", file=sys.stderr, flush=True)


def _data(result: "PlannerResult") -> dict[str, object]:
    return {
        "model": result.model,
        "reply": result.reply,
        "turns": result.rows["rules"].turns,
        "rows": {
            name: {
                "right": row.right,
                "near": row.near,
                "wrong": row.wrong,
                "refused": row.refused,
                "confident_and_wrong": row.confident_and_wrong,
                "unread": row.unread,
                "seconds_per_turn": row.seconds,
            }
            for name, row in result.rows.items()
        },
        "gained": result.gained,
        "lost": result.lost,
        "by_chance": round(result.by_chance, 4),
        "better": result.better,
    }


def _say(result: "PlannerResult") -> None:
    rules = result.rows["rules"]
    how = "in JSON" if result.reply == "json" else "by the question alone"
    say(f"{result.model}, which replied {how}; {rules.turns} turns.", "")
    table(
        ("read by", "right", "near", "wrong", "refused", "confident and wrong", "model not heard", "seconds per turn"),
        [
            (
                ROWS[name],
                *(f"{100 * count / row.turns:.1f} %" for count in (row.right, row.near, row.wrong, row.refused)),
                f"{100 * row.confident_and_wrong / row.turns:.1f} %",
                str(row.unread),
                f"{row.seconds:.2f}",
            )
            for name, row in result.rows.items()
        ],
    )
    say(
        "",
        f"Both together got {result.gained} turns right that the rules did not, and lost {result.lost};"
        f" by chance alone, {result.by_chance:.1%}.",
        f"VDIALOG_PLANNER=auto uses {result.model if result.better else 'the rules'}.",
    )
