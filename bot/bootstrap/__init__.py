"""The one place that chooses implementations: from settings to a library, a store and a manager.

Whatever is heavy is imported inside these functions, so that a command pays only for what it uses.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.bootstrap.forgetting import forget
from bot.bootstrap.indexes import cluster, index_store
from bot.bootstrap.ingesting import decode_limits, ingest_options
from bot.bootstrap.models import (
    HASHING,
    PACKAGED,
    ModelPaths,
    OnLoading,
    captioner,
    check_device,
    encoders,
    get_models,
    get_vision_model,
    image_encoder,
    is_in_ollama,
    model_paths,
    text_encoder,
    untold,
    vision_model,
    vision_url,
    with_untrained_clip,
)
from bot.bootstrap.opened import Assistant
from bot.bootstrap.samples import sample_films, sample_models, sample_models_here
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.dialogue.looking.visual_answerer import LoadVisionModel
    from bot.dialogue.storing.naming import NamedOpinions
    from bot.dialogue.storing.sqlite import SqliteConversations
    from retrieval.catalogue.backups import Backup
    from retrieval.catalogue.catalogue import Catalogue
    from retrieval.library import Library

__all__ = [
    "Assistant",
    "HASHING",
    "PACKAGED",
    "ModelPaths",
    "assistant",
    "back_up",
    "backups",
    "captioner",
    "catalogue",
    "check_device",
    "cluster",
    "conversations",
    "decode_limits",
    "encoders",
    "get_models",
    "get_vision_model",
    "image_encoder",
    "is_in_ollama",
    "index_store",
    "ingest_options",
    "library",
    "model_paths",
    "sample_films",
    "sample_models",
    "sample_models_here",
    "stored_conversations",
    "text_encoder",
    "with_untrained_clip",
    "vision_model",
    "vision_url",
]

log = logging.getLogger(__name__)

CATALOGUE = "catalogue.db"
CONVERSATIONS = "conversations.db"


@contextmanager
def catalogue(settings: Settings) -> Iterator[Catalogue]:
    """Open the catalogue alone, for what needs neither search nor models."""
    from retrieval.catalogue.catalogue import Catalogue

    opened = Catalogue(settings.home)
    try:
        yield opened
    finally:
        opened.close()


@contextmanager
def library(
    settings: Settings, load_model: LoadVisionModel | None = None, tell: OnLoading = untold
) -> Iterator[Library]:
    """Open the library; its models are loaded when first used.

    Args:
        settings: say where it is, and with which models it works.
        load_model: the vision model, where somebody else in this process uses it too; by default one of its own.
        tell: is told of each model that is loaded.

    Raises:
        ConfigurationError: the device that is set is not there.
    """
    from retrieval.library import Library

    check_device(settings)
    log.info("the library is opened: index %s, models %s, vision %s", settings.index, settings.models, settings.vision)
    log.debug("settings that are not defaults: %s", ", ".join(sorted(settings.model_fields_set)) or "none")
    options = ingest_options(settings, load_model or vision_model(settings, tell))
    erase = partial(forget, settings.home / CONVERSATIONS)
    with (
        index_store(settings) as make_store,
        Library(settings.home, encoders(settings, tell), options, make_store=make_store, forget=erase) as opened,
    ):
        yield opened


def backups(settings: Settings) -> dict[str, list[Backup]]:
    """Return the copies that were made by themselves, the newest first, by the name of the file."""
    from retrieval.catalogue.backups import Backups

    return {name: Backups(settings.home / name).all() for name in (CATALOGUE, CONVERSATIONS)}


def back_up(settings: Settings, folder: Path) -> None:
    """Copy the catalogue, the conversations and the keyframes into a new folder.

    Raises:
        LibraryUnusable: there is no library, it is damaged, or the folder cannot be written.
    """
    from retrieval.errors import LibraryUnusable
    from retrieval.publishing.restoring import back_up

    if not (settings.home / CATALOGUE).is_file():
        raise LibraryUnusable(f"there is no library in {str(settings.home)!r}", "`vdialog ingest FOLDER` makes one.")
    there = [name for name in (CATALOGUE, CONVERSATIONS) if (settings.home / name).is_file()]
    back_up(settings.home, {name: settings.home / name for name in there}, folder)


@contextmanager
def stored_conversations(settings: Settings) -> Iterator[SqliteConversations]:
    """Open the store of conversations, which names videos by their keys."""
    from bot.dialogue.storing.sqlite import SqliteConversations

    store = SqliteConversations(settings.home / CONVERSATIONS)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def conversations(settings: Settings) -> Iterator[NamedOpinions]:
    """Open the store of conversations, as the owner of the home reads it.

    Where there is no library, or it is damaged, videos are called by their keys.
    """
    from bot.dialogue.storing.naming import NamedOpinions
    from bot.rights import owner_sees
    from bot.tools.memory import SameNames
    from retrieval.catalogue.presence import missing
    from retrieval.errors import LibraryUnusable
    from retrieval.types import Everything

    with ExitStack() as opened:
        store = opened.enter_context(stored_conversations(settings))
        read = NamedOpinions(store, SameNames(), Everything)
        if (settings.home / CATALOGUE).is_file() or missing(settings.home / CATALOGUE):
            try:
                shelf = opened.enter_context(catalogue(settings))
                read = NamedOpinions(store, shelf.naming, lambda: owner_sees(shelf))
            except LibraryUnusable as error:
                log.warning("%s; videos are called by their keys. `vdialog doctor` says what mends it", error.message)
        yield read


@contextmanager
def assistant(settings: Settings, tell: OnLoading = untold) -> Iterator[Assistant]:
    """Open everything that answering needs; `tell` is told of each model that is being loaded."""
    from bot.actions.access import Access
    from bot.bootstrap.language import agent
    from bot.bootstrap.planning import planner
    from bot.dialogue.looking.visual_answerer import VisualAnswerer
    from bot.dialogue.manager import DialogueManager
    from bot.rights import AT_TERMINAL, Rights

    load_model = vision_model(settings, tell)
    answerer = VisualAnswerer(load_model, verified=settings.verified_hits) if load_model else None
    with ExitStack() as opened:
        shelf = opened.enter_context(library(settings, load_model, tell))
        store = opened.enter_context(stored_conversations(settings))
        searching, works = (shelf.catalogue, shelf.searcher, planner(settings)), agent(settings, answerer)
        rights, naming = Rights(shelf.catalogue), shelf.catalogue.naming
        manager = DialogueManager(*searching, store, answerer, works, settings.vision_writes, may_see=rights.visible)
        yield Assistant(shelf, Access(AT_TERMINAL, rights, store, naming), manager, decode_limits(settings))
