"""What plans, and why: the rules alone, or a language model beside them. Imported when used.

Why: docs/decisions/language-models.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.bootstrap.language import chat_server, served
from bot.bootstrap.models import PACKAGED, vision_url
from bot.bootstrap.planner_results import results
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.dialogue.model_planner import Form, ModelPlanner
    from bot.dialogue.planner import Planner
    from bot.servers.http import Server


@dataclass(frozen=True, slots=True)
class Language:
    """A language model that plans: its name, what runs it, and how many tokens it reads and writes at once."""

    name: str
    server: Server
    context: int


@dataclass(frozen=True, slots=True)
class Choice:
    """What plans, and why: the model, None for the rules alone, and how it replies."""

    model: Language | None
    why: str
    reply: Form = "auto"


def planner(settings: Settings) -> Planner:
    """Return what plans.

    Raises:
        ConfigurationError: a model is to plan, and its settings cannot be used.
    """
    from bot.dialogue.planner import RulePlanner

    chosen = choice(settings)
    if chosen.model is None:
        return RulePlanner()
    return planner_of(chosen.model, settings, chosen.reply)


def planner_of(model: Language, settings: Settings, reply: Form = "auto", alone: bool = False) -> ModelPlanner:
    """Return what plans by a model and the rules, or with `alone` by its readings where it gives any."""
    from bot.dialogue.model_planner import LONGEST_REPLY, ModelPlanner, Patience
    from bot.dialogue.planner import RulePlanner

    load = served(model.name, model.server, settings.chat_timeout, num_ctx=model.context, num_predict=LONGEST_REPLY)
    return ModelPlanner(RulePlanner(), load, Patience(settings.chat_timeout), form=reply, alone=alone)


def choice(settings: Settings) -> Choice:
    """Return what plans, and why. No server is asked.

    Raises:
        ConfigurationError: a model is to plan, and its settings cannot be used.
    """
    if settings.planner == "rules":
        return Choice(None, "VDIALOG_PLANNER=rules")
    if settings.planner == "ollama":
        return Choice(language(settings, settings.chat_model), "VDIALOG_PLANNER=ollama", settings.chat_reply)
    named, kept = candidates(settings), results(settings.home)
    if not named:
        return Choice(None, "no language model is set: VDIALOG_CHAT_MODEL names one")
    measured = [kept[name] for name in named if name in kept]
    if not measured:
        return Choice(None, f"{named[0]} was not measured: `vdialog evaluate planner --model {named[0]}` does it")
    best = max(measured, key=lambda one: (one.better, one.rows["both"].right / max(1, one.rows["both"].turns)))
    both, rules = best.rows["both"], best.rows["rules"]
    told = f"{best.model} got {both.right} of {both.turns} turns right, the rules {rules.right} ({best.measured})"
    if not best.better:
        return Choice(None, f"{told}: not enough, or more often confident and wrong")
    reply = best.reply if settings.chat_reply == "auto" else settings.chat_reply
    return Choice(language(settings, best.model), told, reply)


def candidates(settings: Settings) -> list[str]:
    """Return the names of the models that may plan: the chat model, and the LLaVA that looks, if Ollama runs it."""
    looks = [settings.vision_model] if _looks(settings) else []
    return list(dict.fromkeys(filter(None, (settings.chat_model, *looks))))


def language(settings: Settings, name: str) -> Language:
    """Return a model by its name: the one that looks where it is that, else one of the server of the chat model.

    Raises:
        ConfigurationError: no model is named, or an address cannot be used.
    """
    from bot.dialogue.model_planner import CONTEXT
    from bot.servers.http import Server

    if _looks(settings) and name == settings.vision_model and name != settings.chat_model:
        url, token, open_to_all = vision_url(settings), settings.vision_token, settings.vision_without_token
        server = Server(url, token, settings.chat_timeout, open_to_all)
        return Language(name, server, settings.vision_context)  # another context would load it anew
    return Language(name, chat_server(settings.model_copy(update={"chat_model": name})), CONTEXT)


def _looks(settings: Settings) -> bool:
    """Tell whether Ollama runs a vision model that follows instructions."""
    return settings.vision == "ollama" and settings.vision_model != PACKAGED
