"""What each part has now: which model is set, and whether it is there. Nothing is loaded, and no hub is asked."""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from bot import bootstrap
from bot.errors import AssistantError
from bot.settings import Settings, load
from bot.setup.choosing import Now, Offer, offer
from bot.setup.hub import Hub
from bot.setup.machine import Machine
from bot.setup.models import CLIP, LLAVA, MODELS, PARTS, HubFiles, Model, ModelPart
from retrieval.errors import LibraryError, MissingModel

NO_OLLAMA = "Ollama runs smaller ones: install it from ollama.com, start it, and give this command again"

RUN_BY: dict[ModelPart, tuple[str, ...]] = {"clip": ("torch", "open_clip"), "vision": ("torch", "transformers")}
"""The packages that run models of the hub in this process, which a light installation leaves out."""


def offers(settings: Settings, machine: Machine, hub: Hub) -> list[Offer]:
    """Return what can be done for each part."""
    hindered = {**_not_installed(), **_no_ollama(settings)}
    here = [model for model in MODELS if is_here(model, settings, hub, hindered)]
    return [offer(part, now(part, settings, hub), machine, here, hindered) for part in PARTS]


def now(part: ModelPart, settings: Settings, hub: Hub) -> Now:
    """Return what a part has now."""
    return _NOW[part](settings, hub)


def is_here(model: Model, settings: Settings, hub: Hub, hindered: dict[str, str]) -> bool:
    """Tell whether a model's files are on this machine, as far as their names say."""
    if isinstance(model.source, HubFiles):
        return hub.has(model.source)
    return "ollama" not in hindered and bootstrap.is_in_ollama(of(model, settings))


def of(model: Model, settings: Settings) -> Settings:
    """Return the settings with a model set."""
    return settings.model_copy(update=dict(model.settings))


def outweighed(model: Model) -> list[str]:
    """Return the fields of a model's settings that are set otherwise where that counts more than the user's file."""
    read = load()
    return [field for field, value in model.settings if str(getattr(read, field)) != value]


def _clip(settings: Settings, hub: Hub) -> Now:
    if settings.clip_model == bootstrap.PACKAGED:
        return Now(False, "the small model of the sample films, which knows nothing else")
    if settings.clip_model == bootstrap.HASHING:
        return Now(True, "hashing, for tests")
    if not settings.clip_weights:
        return Now(False, "none is set")
    return _there(settings.clip_weights, CLIP, hub)


def _speech(settings: Settings, hub: Hub) -> Now:
    from retrieval.ingest import speech

    if not settings.speech_model:
        return Now(False, "none is set")
    try:
        speech.model_folder(settings.speech_model)
    except MissingModel as missing:
        return Now(False, missing.message)
    return Now(True, f"{settings.speech_model} is set")


def _vision(settings: Settings, hub: Hub) -> Now:
    if settings.vision == "none":
        return Now(False, "none is set")
    if settings.vision_model == bootstrap.PACKAGED:
        return Now(False, "the small model of the sample films, which knows nothing else")
    if settings.vision == "transformers":
        return _there(settings.vision_model, LLAVA, hub)
    if settings.vision == "openai":
        return Now(True, f"{settings.vision_model}, behind {bootstrap.vision_url(settings)}")
    try:
        is_there = bootstrap.is_in_ollama(settings)
    except (LibraryError, AssistantError) as error:
        return Now(False, f"{settings.vision_model} is set, and cannot be asked: {error.message}")
    return Now(is_there, f"{settings.vision_model} is set{'' if is_there else ', and Ollama does not have it'}")


_NOW: dict[ModelPart, Callable[[Settings, Hub], Now]] = {"clip": _clip, "speech": _speech, "vision": _vision}


def _there(given: str, ours: Model, hub: Hub) -> Now:
    """Return whether a model that is set is there: ours in the cache, another where its path leads.

    A name of another one is taken as it is: only its loader knows what it stands for.
    """
    assert isinstance(ours.source, HubFiles)
    if given in dict(ours.settings).values():
        is_there = hub.has(ours.source)
    else:
        is_there = not Path(given).is_absolute() or Path(given).exists()
    return Now(is_there, f"{given} is set{'' if is_there else ', and its files are not there'}")


def _not_installed() -> dict[str, str]:
    return {
        part: "PyTorch, which runs it, is not installed: see docs/installation.md"
        for part, packages in RUN_BY.items()
        if any(find_spec(package) is None for package in packages)
    }


def _no_ollama(settings: Settings) -> dict[str, str]:
    try:
        bootstrap.is_in_ollama(settings.model_copy(update={"vision": "ollama", "vision_model": "any"}))
    except (LibraryError, AssistantError) as error:
        return {"ollama": f"{error.message}; {NO_OLLAMA}"}
    return {}
