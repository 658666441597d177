"""Which model of each part suits a machine, and why: decided from what is known, nothing is looked up here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.setup.machine import GIB, Machine
from bot.setup.models import MODELS, Model, ModelPart, OfOllama

ROOM = 3 * GIB
"""Memory that the system and the program itself take beside a model."""

MODEST = 5 * GIB
"""Memory that a machine is taken to have where that cannot be found out."""

OfferState = Literal["on", "here", "missing", "none"]
"""A part is on; its model is on this machine and not used yet; it has to be fetched; or there is none to set up."""


@dataclass(frozen=True, slots=True)
class Now:
    """What a part has now.

    Attributes:
        is_on: a model is set and there, and nothing is to be done.
        said: which, or what is missing, in words.
    """

    is_on: bool
    said: str


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be done for a part.

    Attributes:
        part: which.
        now: what it has.
        model: that can be set up, None where nothing is to be done or none suits.
        state: see `OfferState`.
        is_recommended: `--yes` takes it.
        why: of the recommendation, or why there is none; a line for each reason.
    """

    part: ModelPart
    now: Now
    model: Model | None
    state: OfferState
    is_recommended: bool
    why: str


def offer(
    part: ModelPart,
    now: Now,
    machine: Machine,
    here: Sequence[Model] = (),
    hindered: Mapping[str, str] | None = None,
    models: Sequence[Model] = MODELS,
) -> Offer:
    """Return what can be done for a part.

    Args:
        part: which.
        now: what it has.
        machine: that it runs on.
        here: models whose files are on this machine already.
        hindered: why models of a kind cannot be run, by what would run them: `ollama`, `clip`.
        models: to choose from, the better ones first.
    """
    if now.is_on:
        return Offer(part, now, None, "on", False, "")
    hindered = hindered or {}
    wanted = [model for model in models if model.part == part]
    possible = [model for model in wanted if _runner(model) not in hindered]
    fit = [model for model in possible if fits(model, machine)]
    if not fit:
        return Offer(part, now, None, "none", False, _why_none(wanted, possible, machine, hindered))
    chosen = _chosen(fit, machine, here)
    fast = is_fast_enough(chosen, machine)
    there = _memory(chosen, machine)
    needs = f"it takes {chosen.memory / GIB:g} GiB of {f'the {there / GIB:.0f} GiB of ' if there else ''}memory"
    slow = [] if fast else [f"it is slow without a graphics card or {chosen.cores} cores: minutes for a question"]
    others = [] if fast else [hindered[runner] for runner in _runners(wanted) if runner in hindered]
    return Offer(part, now, chosen, "here" if chosen in here else "missing", fast, "\n".join([needs, *slow, *others]))


def fits(model: Model, machine: Machine) -> bool:
    """Tell whether a machine has the memory that a model takes."""
    return model.memory <= machine.graphics_memory or model.memory + ROOM <= (machine.memory or MODEST)


def is_fast_enough(model: Model, machine: Machine) -> bool:
    """Tell whether a model answers in a time that a person waits."""
    return model.memory <= machine.graphics_memory or machine.cores >= model.cores


def _chosen(fit: Sequence[Model], machine: Machine, here: Sequence[Model]) -> Model:
    """Return the best one that is fast enough, of those that are here first; else the smallest."""
    fast = [model for model in fit if is_fast_enough(model, machine)]
    return next((model for model in fast if model in here), fast[0] if fast else min(fit, key=lambda one: one.memory))


def _why_none(wanted: Sequence[Model], possible: Sequence[Model], machine: Machine, hindered: Mapping[str, str]) -> str:
    reasons = [hindered[runner] for runner in _runners(wanted) if runner in hindered]
    if possible:
        least = min(possible, key=lambda model: model.memory)
        had = f"this machine has {machine.memory / GIB:.0f}" if machine.memory else "how much there is is not known"
        needs = f"{least.name} takes {least.memory / GIB:g} GiB of memory, beside {ROOM // GIB} for the rest; {had}"
        reasons.insert(0, needs)
    return "\n".join(reasons)


def _memory(model: Model, machine: Machine) -> int:
    return machine.graphics_memory if model.memory <= machine.graphics_memory else machine.memory


def _runners(models: Sequence[Model]) -> list[str]:
    return list(dict.fromkeys(map(_runner, models)))


def _runner(model: Model) -> str:
    return "ollama" if isinstance(model.source, OfOllama) else model.part
