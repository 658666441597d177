"""`vdialog setup`: which models suit this machine, one question for each, and everything until they work."""

import shlex
import sys
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.fetching import ProgressLine
from bot.cli.options import AsJson
from bot.cli.output import complain, emit, say, say_whole, size
from bot.cli.program import pasted
from bot.untrusted import inert_name

if TYPE_CHECKING:
    from bot.errors import Problem
    from bot.settings import Settings
    from bot.setup.choosing import Offer
    from bot.setup.hub import Hub
    from bot.setup.machine import Machine
    from bot.setup.models import Model

GOES_ON = "What has come is kept. The same command goes on."


class Which(StrEnum):
    """The parts that `--only` names."""

    CLIP = "clip"
    SPEECH = "speech"
    VISION = "vision"


@dataclass(frozen=True, slots=True)
class Done:
    """What became of an offer: whether its model was set up, and what went wrong."""

    offer: "Offer"
    is_set_up: bool = False
    problem: "Problem | None" = None


def setup(
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing: set up what is recommended.")] = False,
    only: Annotated[Which | None, typer.Option("--only", help="Only this part.")] = None,
    as_json: AsJson = False,
) -> None:
    """Set up real models: what this machine can run, what each brings, its size; then fetch and use what you choose.

    Each model is fetched, verified and tried before it is set in your own file of settings. You can interrupt it at any
    time; the same command goes on. Without a terminal and without --yes nothing is fetched.
    """
    from bot import settings
    from bot.errors import know_addresses
    from bot.setup.hub import Hub
    from bot.setup.machine import look
    from bot.setup.now import offers

    chosen, hub, machine = settings.load(), Hub.usual(), look()
    offered = [one for one in offers(chosen, machine, hub) if only in (None, one.part)]
    know_addresses((hub.shown,))
    asks = sys.stdin.isatty() and sys.stdout.isatty() and not (yes or as_json)
    if not as_json:
        _say_offers(offered, machine, hub)
    try:
        wanted = [one.part for one in offered if _is_wanted(one, yes, only is not None, asks)]  # before anything begins
        outcomes = [_done(one, chosen, hub, as_json) if one.part in wanted else Done(one) for one in offered]
    except (KeyboardInterrupt, typer.Abort):
        print(f"\n{GOES_ON}", file=sys.stderr)
        raise
    following = _next(outcomes, chosen, asks or yes, only)
    if as_json:
        _emit(outcomes, machine, hub, following)
    else:
        _say_end(outcomes, following, may_fetch=asks or yes)
    _end(outcomes, named=only is not None and yes)


def _is_wanted(offer: "Offer", yes: bool, is_named: bool, asks: bool) -> bool:
    if offer.model is None:
        return False
    if asks:
        return typer.confirm(_question(offer.model, offer.state == "here"), default=False)
    return yes and (offer.is_recommended or is_named)


def _done(offer: "Offer", settings: "Settings", hub: "Hub", quiet: bool) -> Done:
    """Do all that an offer means; what goes wrong does not keep others from being done."""
    from bot.errors import AssistantError, problem_of
    from bot.setup import steps
    from retrieval.errors import LibraryError

    model = offer.model
    assert model is not None
    try:
        steps.fetch(model, settings, hub, ProgressLine(quiet))
        steps.attempt(model, settings)
        steps.encode(model, settings, ProgressLine(quiet, in_bytes=False))
        steps.keep(model)
    except (AssistantError, LibraryError, OSError) as error:
        return Done(offer, problem=problem_of(error))
    return Done(offer, is_set_up=True)


def _say_offers(offered: "list[Offer]", machine: "Machine", hub: "Hub") -> None:
    from bot.setup.models import DOES

    say(f"This machine: {machine}.", f"Models of the hub are kept in {hub.cache}.", "")
    for offer in offered:
        say(f"{offer.part}: {DOES[offer.part]}")
        say(f"    now: {'on: ' if offer.now.is_on else ''}{offer.now.said}")
        if offer.model is None:
            say(*_lines("none can be set up: ", offer.why), "")
            continue
        advice = "recommended" if offer.is_recommended else "not recommended"
        say(f"    {advice}: {offer.model.name}", f"    {_amount(offer.model, offer.state, hub)}")
        say(*_lines("", offer.why), "")


def _lines(before: str, reasons: str) -> list[str]:
    return [f"    {before}{line}" for line in reasons.splitlines()]


def _amount(model: "Model", state: str, hub: "Hub") -> str:
    """Say how much is to be fetched, and from where."""
    from bot.setup.models import HubFiles

    if state == "here":
        return "on this machine already, not used yet: nothing is to be fetched"
    if not isinstance(model.source, HubFiles):
        return f"to fetch: {size(model.download)}, by Ollama from its own registry ({model.source.name})"
    begun = hub.begun(model.source)
    there = f" ({size(begun)} of it are here)" if begun else ""
    return f"to fetch: {size(model.download)}{there}, from {hub.shown}/{model.source.repository}"


def _question(model: "Model", is_here: bool) -> str:
    return f"Use {model.name}?" if is_here else f"Fetch {model.name} ({size(model.download)}) and use it?"


def _next(outcomes: list[Done], settings: "Settings", may_fetch: bool, only: Which | None) -> list[str]:
    """Return the commands that go on from here."""
    from bot.setup import steps

    failed = any(outcome.problem for outcome in outcomes)
    possible = any(outcome.offer.model for outcome in outcomes)
    if failed or (possible and not may_fetch):
        return [f"vdialog setup{f' --only {only}' if only else ''} --yes"]
    if only and not possible:
        return [f"vdialog setup --only {only}"]
    films = steps.folders(settings)
    if not films:
        return ["vdialog ingest FOLDER"]
    heard = any(outcome.is_set_up and outcome.offer.part == "speech" for outcome in outcomes)
    return [f"vdialog ingest {shlex.quote(str(film))}" for film in films] if heard else ['vdialog ask "QUESTION"']


def _say_end(outcomes: list[Done], following: list[str], may_fetch: bool) -> None:
    from bot.setting_sources import user_file
    from bot.setup.models import WORKS
    from bot.setup.now import outweighed

    for outcome in outcomes:
        part, model = outcome.offer.part, outcome.offer.model
        if outcome.problem:
            complain(f"vdialog: {part} is not set up: {outcome.problem.message}", pasted(outcome.problem.hint))
        elif outcome.is_set_up and model is not None:
            say(f"{part}: {model.name} is on: {WORKS[part]}.")
            say(*(f"    {_variable(field)} of the environment counts more: remove it." for field in outweighed(model)))
        elif outcome.offer.now.is_on:
            say(f"{part}: {outcome.offer.now.said}: {WORKS[part]}.")
        else:
            say(f"{part}: off.")
    if any(outcome.is_set_up for outcome in outcomes):
        say(f"It is set in {user_file()}.")
    if not may_fetch:
        say("Nothing was fetched: there is no terminal to ask at.")
    first, *more = (inert_name(command) for command in following)
    said = "To go on" if any(outcome.problem for outcome in outcomes) else "Next"
    say_whole(*map(pasted, (f"{said}: {first}", *(f"{' ' * len(said)}  {command}" for command in more))))


def _emit(outcomes: list[Done], machine: "Machine", hub: "Hub", following: list[str]) -> None:
    from bot.setting_sources import user_file

    emit(
        {
            "machine": {
                "cores": machine.cores,
                "memory": machine.memory,
                "graphics": machine.graphics,
                "graphics_memory": machine.graphics_memory,
            },
            "hub": hub.shown,
            "cache": str(hub.cache),
            "parts": [_outcome_data(outcome) for outcome in outcomes],
            "file": str(user_file()),
            "next": following,
        }
    )


def _outcome_data(outcome: Done) -> dict[str, object]:
    from bot.setup.models import HubFiles

    offer, model, problem = outcome.offer, outcome.offer.model, outcome.problem
    of_model = model and {
        "name": model.name,
        "source": model.source.repository if isinstance(model.source, HubFiles) else model.source.name,
        "download": model.download,
        "memory": model.memory,
        "settings": {_variable(field): value for field, value in model.settings},
    }
    return {
        "part": offer.part,
        "state": "on" if outcome.is_set_up else offer.state,
        "now": offer.now.said,
        "model": of_model,
        "recommended": offer.is_recommended,
        "why": offer.why,
        "set_up": outcome.is_set_up,
        "error": problem and {"code": problem.code, "message": problem.message, "hint": problem.hint},
    }


def _variable(field: str) -> str:
    from bot.settings import variable

    return variable(field)


def _end(outcomes: list[Done], named: bool) -> None:
    """End with the code of what went wrong, or that a model that was asked for by name cannot be there."""
    from bot.errors import SERVICE_MISSING

    codes = [outcome.problem.exit_code for outcome in outcomes if outcome.problem]
    if named and not codes and any(outcome.offer.state == "none" for outcome in outcomes):
        codes = [SERVICE_MISSING]
    if codes:
        raise typer.Exit(min(codes))
