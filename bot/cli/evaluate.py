"""`vdialog evaluate`: how good it is, measured on this machine."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.evaluate_planner import planner
from bot.cli.options import AsJson
from bot.cli.output import emit, plural, say, table
from bot.errors import UsageError

if TYPE_CHECKING:
    from bot.trial.end_to_end import EndToEndReport
    from bot.trial.metrics import RankingScore, Share
    from bot.trial.world import Report

app = typer.Typer(help="Measure how good it is.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def evaluate() -> None:
    """Measure how good it is."""


app.command("planner")(planner)


@app.command("world")
def world(
    seed: Annotated[int, typer.Option(metavar="N", help="What the films and questions are drawn from.")] = 1,
    films: Annotated[int, typer.Option(metavar="N", min=2, max=200, help="Films.")] = 24,
    questions: Annotated[
        int,
        typer.Option(metavar="N", min=2, max=5000, help="Questions about what is there; half as many more are not."),
    ] = 200,
    no_vision: Annotated[bool, typer.Option("--no-vision", help="Without the vision model.")] = False,
    keep: Annotated[
        Path | None,
        typer.Option(metavar="DIR", file_okay=False, help="Keep films and library there, and use them again."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Draw films that no model has seen, take them in without captions, and ask about them.

    The models are those of the set demo.
    """
    from bot import bootstrap, settings
    from bot.trial.world import Size, evaluate

    given = {**bootstrap.sample_models(), **({"vision": "none"} if no_vision else {})}
    with _folder(keep) as folder:
        try:
            report = evaluate(Size(seed, films, questions), settings.load(**given), folder, _told)
        except ValueError as error:
            raise UsageError(str(error), "Give more --films.") from error
    if as_json:
        emit(_data(report))
    else:
        _say(report)


def _told(what: str) -> None:
    print(f"{what} ...", file=sys.stderr, flush=True)


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
        return
    made = Path(tempfile.mkdtemp(prefix="vdialog-world-"))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _data(report: "Report") -> dict[str, object]:
    answers = report.answers
    return {
        "seed": report.size.seed,
        "films": report.size.films,
        "questions": report.size.questions,
        "moments": report.moments,
        "own_moments": _share(report.own_moments),
        "rows": {name: _row(row) for name, row in report.rows.items()},
        "answers": None if answers is None else {kind: _share(marks) for kind, marks in answers.items()},
        "refused": {name: _share(marks) for name, marks in report.refused.items()},
        "refused_wrongly": _share(report.refused_wrongly),
        "assistant": None if report.whole is None else _whole_data(report.whole),
        "seconds": {stage: round(seconds, 3) for stage, seconds in report.seconds.items()},
        "notes": report.notes,
    }


def _whole_data(whole: "EndToEndReport") -> dict[str, object]:
    return {
        "asked": whole.asked,
        "right": _share(whole.right),
        "right_by_kind": {kind: _share(marks) for kind, marks in whole.kinds.items()},
        "right_citation": _share(whole.cited),
        "wrong_and_confident": _share(whole.wrong_and_confident),
        "refused": _share(whole.refused),
        "refused_wrongly": _share(whole.refused_wrongly),
        "looked": _share(whole.looked),
        "calibration_error": round(whole.calibration_error, 4),
    }


def _row(row: "RankingScore") -> dict[str, object]:
    recall = {f"r@{k}": round(value, 4) for k, value in row.recall.items()}
    return {"asked": row.asked, **recall, "mrr": round(row.mrr, 4)}


def _share(marks: "Share") -> dict[str, object]:
    return {"right": marks.right, "of": marks.of, "share": None if marks.share is None else round(marks.share, 4)}


def _say(report: "Report") -> None:
    size = report.size
    say(f"Seed {size.seed}: {plural(size.films, 'film')}, {plural(report.moments, 'moment')}.")
    say(f"Scenes with a moment of their own: {_percent(report.own_moments)}.", "")
    cutoffs = next(iter(report.rows.values())).recall
    table(
        ("asked of", "questions", *(f"R@{k}" for k in cutoffs), "MRR"),
        [
            (name, str(row.asked), *(f"{100 * value:.1f} %" for value in row.recall.values()), f"{row.mrr:.3f}")
            for name, row in report.rows.items()
        ],
    )
    say("")
    rows = [(f"refused, not there ({name})", _percent(marks)) for name, marks in report.refused.items()]
    rows.append(("refused, but there", _percent(report.refused_wrongly)))
    rows += [
        (f"answered on the right frame: {kind}", _percent(marks)) for kind, marks in (report.answers or {}).items()
    ]
    table(("what", "share"), rows)
    say("")
    if report.whole is not None:
        _say_whole(report.whole)
    table(("stage", "seconds"), [(stage, f"{seconds:.1f}") for stage, seconds in report.seconds.items()])
    say(*(f"Note: {note}." for note in report.notes))


def _say_whole(whole: "EndToEndReport") -> None:
    rows = [
        ("right answer and right citation", _percent(whole.right)),
        *((f"  asked for: {kind}", _percent(marks)) for kind, marks in whole.kinds.items()),
        ("right citation", _percent(whole.cited)),
        ("wrong and confident, of all questions", _percent(whole.wrong_and_confident)),
        ("refused, not there", _percent(whole.refused)),
        ("refused, but there", _percent(whole.refused_wrongly)),
        ("somebody looked", _percent(whole.looked)),
        ("calibration error of the confidence", f"{whole.calibration_error:.3f}"),
    ]
    table(("whole questions to the whole assistant", "share"), rows)
    say("")


def _percent(marks: "Share") -> str:
    return "-" if marks.share is None else f"{100 * marks.share:.1f} % ({marks.right} of {marks.of})"
