"""A vision model that Ollama serves, on this machine or another.

Answers are read from `/api/chat` itself: the `ollama` package does not pass `truncate`, without which a server cuts
what is too long, the pictures first, and says nothing. That package lists, shows and gets models.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Sequence
from typing import Any

import httpx
import ollama
from PIL import Image

from bot.errors import AssistantError, PromptTooLong, VisionBadReply, VisionTruncated
from bot.servers.http import Server, parsed, short
from bot.servers.ollama import client_of, model_not_pulled, show
from bot.servers.queue import never
from bot.untrusted import unmarked
from bot.vision.base import Output, Profile, check_count
from bot.vision.pictures import base64_jpeg
from bot.vision.streaming import ANSWER_TOKENS, SHORT_TOKENS, ReplyDelta, collected_each, logprobs_of, texts
from retrieval.errors import LibraryError, MissingModel

LEAST_CONTEXT = 2048
"""Tokens of context below which a server does not run vision models."""

KEEP_ALIVE = "10m"
"""How long a server keeps the model in memory after an answer: a conversation has pauses."""


class Ollama:
    """A model of an Ollama server as VisionModel.

    Args:
        server: that has it.
        model: its name there.
        instruct: whether it follows instructions in free words.
        max_images: pictures that it was trained to see together.
        context: tokens that it may read and write at most; always the same, as another number loads the model again.

    Raises:
        MissingModel: the server is not there, does not have the model, or the model does not see pictures.
    """

    def __init__(
        self, server: Server, model: str, instruct: bool = True, max_images: int = 1, context: int = 4096
    ) -> None:
        self._server, self._model = server, model
        shown = show(server, model)
        if "vision" not in (shown.capabilities or []):
            raise MissingModel(
                f"the model {model!r} of Ollama does not see pictures",
                "Run: vdialog setup --only vision\nOr: ollama pull llava, and set VDIALOG_VISION_MODEL=llava.",
            )
        self._context = max(LEAST_CONTEXT, min(context, _context_of(shown)))
        self._profile = Profile(self._named(), max_images=max_images, instruct=instruct)

    @property
    def profile(self) -> Profile:
        """The model's name, with the hash of its weights."""
        return self._profile

    def answer(self, prompt: str, images: Sequence[Image.Image]) -> Generator[str, None, None]:
        """Yield an answer piece by piece, always the most likely words. See `VisionModel`."""
        check_count(self._profile, images)
        return texts(self._profile.name, self._pieces(prompt, images, ANSWER_TOKENS))

    def ask_each(self, asked: Sequence[tuple[str, Image.Image]], unwanted: Callable[[], bool] = never) -> list[Output]:
        """Return a short answer to each prompt about its picture. See `VisionModel`."""

        def ask(prompt: str, image: Image.Image) -> Generator[ReplyDelta, None, None]:
            return self._pieces(prompt, [image], SHORT_TOKENS, unwanted)

        return collected_each(self._profile.name, asked, ask, unwanted)

    def _pieces(
        self, prompt: str, images: Sequence[Image.Image], most: int, unwanted: Callable[[], bool] = never
    ) -> Generator[ReplyDelta, None, None]:
        name = self._profile.name
        body = request(self._model, prompt, images, most, self._context)
        for line in self._server.lines(name, "api/chat", body, self._meaning, unwanted):
            part = parsed(name, line)
            if "error" in part:
                raise VisionBadReply(name, f"its server failed: {short(part['error'])}")
            yield _piece(name, part)
            if part.get("done"):
                return
        raise VisionTruncated(name, "no end came")

    def _meaning(self, status: int, what: str) -> AssistantError | LibraryError | None:
        if status == httpx.codes.NOT_FOUND:
            return model_not_pulled(self._model)
        if status == httpx.codes.BAD_REQUEST and "context length" in what:
            return PromptTooLong(self._profile.name, None, self._context)
        return None

    def _named(self) -> str:
        """Return the model's name with the beginning of its digest, so that other weights have another name."""
        with client_of(self._server, self._model) as client:
            known = {one.model: one.digest for one in client.list().models}
        digest = known.get(self._model) or known.get(f"{self._model}:latest")
        known_by = digest[:8] if digest and re.fullmatch("[0-9a-f]{8,}", digest) else ""
        return f"{self._model}-{known_by}" if known_by else self._model


def request(model: str, prompt: str, images: Sequence[Image.Image], most: int, context: int) -> dict[str, Any]:
    """Return what is posted to `/api/chat`: nothing may be cut, and the most likely words are wanted.

    The server puts pictures before the text, so what it has read of them serves the next question too.
    """
    shown = [base64_jpeg(image) for image in images]
    greedy = {"temperature": 0, "repeat_penalty": 1.0, "seed": 0}
    return {
        "model": model,
        "messages": [{"role": "user", "content": unmarked(prompt), "images": shown}],
        "stream": True,
        "truncate": False,
        "shift": False,
        "logprobs": True,
        "keep_alive": KEEP_ALIVE,
        "options": {"num_ctx": context, "num_predict": most, **greedy},
    }


def _piece(model: str, part: dict[str, Any]) -> ReplyDelta:
    try:
        text = part["message"]["content"]
    except (KeyError, TypeError):
        text = None
    if not isinstance(text, str):
        raise VisionBadReply(model, f"its server sent what is no answer: {short(part)!r}")
    return ReplyDelta(text, logprobs_of(part.get("logprobs")))


def _context_of(shown: ollama.ShowResponse) -> int:
    """Return how many tokens a model was made for."""
    told = [value for key, value in (shown.modelinfo or {}).items() if key.endswith(".context_length")]
    return min((value for value in told if isinstance(value, int)), default=LEAST_CONTEXT)
