"""Which language model: from settings to what talks with its server, or works with tools. Imported when used."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from bot.errors import ConfigurationError
from bot.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from bot.dialogue.agent.agent import Agent
    from bot.dialogue.looking.visual_answerer import VisualAnswerer
    from bot.servers.http import Server


def agent(settings: Settings, answerer: VisualAnswerer | None) -> Agent | None:
    """Return what lets the chat model work with the tools, None where that is off.

    Raises:
        ConfigurationError: it is on, and the settings of the chat model cannot be used.
    """
    if not settings.agent:
        return None
    from bot.dialogue.agent.agent import Agent
    from bot.dialogue.agent.loop import CONTEXT, LONGEST_REPLY

    patience = 6 * settings.chat_timeout
    load = chat_model(settings, patience, num_ctx=CONTEXT, num_predict=LONGEST_REPLY)

    @cache
    def with_tools() -> BaseChatModel:
        if not knows_tools(settings):
            raise ConfigurationError(
                f"the chat model {settings.chat_model!r} does not know tools", "Set VDIALOG_AGENT=false, or another."
            )
        return load()

    return Agent(with_tools, answerer, patience)


def chat_model(settings: Settings, seconds: float, **options: Any) -> Callable[[], BaseChatModel]:
    """Return what loads the chat model, once for all who ask; nothing is asked of its server before.

    Args:
        settings: name the model and its server.
        seconds: that a reply may take.
        options: of `ChatOllama`, e.g. `num_ctx`.

    Raises:
        ConfigurationError: no model is named, or the address cannot be used.
    """
    return served(settings.chat_model, chat_server(settings), seconds, **options)


def served(name: str, server: Server, seconds: float, **options: Any) -> Callable[[], BaseChatModel]:
    """Return what loads a model of a server, once for all who ask; nothing is asked before.

    Args:
        name: of the model there.
        server: that has it.
        seconds: that a reply may take.
        options: of `ChatOllama`, e.g. `num_ctx`.
    """

    @cache
    def load() -> BaseChatModel:
        from langchain_ollama import ChatOllama

        from bot.servers.bounded import Bounds

        transport = server.transport(Bounds(seconds))
        model = ChatOllama(
            model=name,
            base_url=str(server.url),
            # no proxy and no redirect, so that words go nowhere else
            client_kwargs={"timeout": seconds, "trust_env": False, "follow_redirects": False},
            sync_client_kwargs={"transport": transport},
            **{"temperature": 0.0, "seed": 0, **options},
        )
        weakref.finalize(model, transport.close)  # nobody closes the client of a ChatOllama
        return model

    return load


def chat_server(settings: Settings) -> Server:
    """Return the server of the chat model.

    Raises:
        ConfigurationError: no model is named, or the address cannot be used.
    """
    from bot.servers.http import Server

    if not settings.chat_model:
        raise ConfigurationError(
            "a language model is to be used, and none is named", "Set VDIALOG_CHAT_MODEL to one that Ollama has."
        )
    return Server(settings.chat_url, settings.chat_token, settings.chat_timeout, None, "VDIALOG_CHAT")


def knows_tools(settings: Settings) -> bool:
    """Tell whether the chat model reports that it can work with tools; asks its server.

    Raises:
        MissingModel: the server is not there, or does not have the model.
    """
    from bot.servers.ollama import show

    return "tools" in (show(chat_server(settings), settings.chat_model).capabilities or [])
