"""A vision model behind any server that speaks as OpenAI's does: vLLM, llama-server, Ollama under `/v1`.

Whether such a server really shows its model the pictures is not written anywhere, so it is tried: a question with a
picture must have more tokens than the same question without.
"""

from collections.abc import Callable, Generator, Sequence
from typing import Any

import httpx
from PIL import Image

from bot.errors import AssistantError, PromptTooLong, VisionBadReply, VisionFailed, VisionTruncated, VisionUnreachable
from bot.servers.http import Server, parsed, short
from bot.servers.queue import never
from bot.untrusted import unmarked
from bot.vision.base import Output, Profile, check_count
from bot.vision.pictures import base64_jpeg
from bot.vision.streaming import (
    ANSWER_TOKENS,
    SHORT_TOKENS,
    ReplyDelta,
    collected_each,
    least_tokens,
    logprobs_of,
    texts,
)
from retrieval.errors import LibraryError, MissingModel

ENDED = "[DONE]"
TOO_LONG = ("context length", "context size", "context window", "too long", "exceed")
"""What servers say of a prompt that does not fit."""

LEAST_PICTURE = 16
"""Tokens that a picture has at least; a server that leaves it out may leave a mark of a few in its place."""

NO_PICTURES = "Start the server with a model that does, or set VDIALOG_VISION_MODEL to another that it has."


class OpenAI:
    """A model of an OpenAI-compatible server as VisionModel.

    Args:
        server: that has it; its address ends where `/chat/completions` is added.
        model: its name there.
        instruct: whether it follows instructions in free words.
        max_images: pictures that it was trained to see together.
        context: tokens that the server was started with; more are not sent, as some servers cut them silently.

    Raises:
        MissingModel: the server is not there, does not have the model, or the model does not see pictures.
    """

    def __init__(
        self, server: Server, model: str, instruct: bool = True, max_images: int = 1, context: int = 4096
    ) -> None:
        self._server, self._model, self._context = server, model, context
        self._profile = Profile(model, max_images=max_images, instruct=instruct)
        self._check_listed()
        self._check_sees()

    @property
    def profile(self) -> Profile:
        """The model's name, as the server knows it."""
        return self._profile

    def answer(self, prompt: str, images: Sequence[Image.Image]) -> Generator[str, None, None]:
        """Yield an answer piece by piece, always the most likely words. See `VisionModel`."""
        check_count(self._profile, images)
        return texts(self._model, self._pieces(prompt, images, ANSWER_TOKENS))

    def ask_each(self, asked: Sequence[tuple[str, Image.Image]], unwanted: Callable[[], bool] = never) -> list[Output]:
        """Return a short answer to each prompt about its picture. See `VisionModel`."""

        def ask(prompt: str, image: Image.Image) -> Generator[ReplyDelta, None, None]:
            return self._pieces(prompt, [image], SHORT_TOKENS, unwanted)

        return collected_each(self._model, asked, ask, unwanted)

    def _pieces(
        self, prompt: str, images: Sequence[Image.Image], most: int, unwanted: Callable[[], bool] = never
    ) -> Generator[ReplyDelta, None, None]:
        length = least_tokens(prompt, len(images))
        if length + most > self._context:
            raise PromptTooLong(self._model, length, self._context - most)
        ended = False
        body = self._body(prompt, images, most) | {"stream": True, "logprobs": True}
        for line in self._server.lines(self._model, "chat/completions", body, self._meaning, unwanted):
            event = line.strip()
            if not event.startswith("data:"):  # an empty line, a comment, the name of an event
                if event.startswith("{"):
                    raise VisionBadReply(self._model, f"its server sent what is no answer: {short(event)!r}")
                continue
            told = event.removeprefix("data:").strip()
            if told == ENDED:
                break
            piece, last = _piece(self._model, parsed(self._model, told))
            ended = ended or last
            yield piece
        if not ended:
            raise VisionTruncated(self._model, "no end came")

    def _body(self, prompt: str, images: Sequence[Image.Image], most: int) -> dict[str, Any]:
        """Return a request. Pictures come first: what was read of them then serves the next question as well."""
        shown = [
            {"type": "image_url", "image_url": {"url": f"data:image/jpeg;base64,{base64_jpeg(image)}"}}
            for image in images
        ]
        return {
            "model": self._model,
            "messages": [{"role": "user", "content": [*shown, {"type": "text", "text": unmarked(prompt)}]}],
            "max_tokens": most,
            "temperature": 0,
            "seed": 0,
        }

    def _meaning(self, status: int, what: str) -> AssistantError | LibraryError | None:
        if status == httpx.codes.NOT_FOUND:
            return MissingModel(f"the server does not have the model {self._model!r}: {what}", WRONG_PLACE)
        if status in (400, 413) and any(words in what.lower() for words in TOO_LONG):
            return PromptTooLong(self._model, None, self._context)
        return None

    def _check_listed(self) -> None:
        try:
            listed = self._server.json(self._model, "GET", "models", meaning=lambda status, _: _no_list(status))
        except VisionUnreachable as error:
            hint = "Start it, or set VDIALOG_VISION_URL to where it is."
            raise MissingModel(f"no server answers at {self._server.url}", hint) from error
        except _NoList:
            return
        except VisionFailed as error:
            raise MissingModel(
                f"the server at {self._server.url} is of no use: {error.message}", WRONG_PLACE
            ) from error
        data = listed.get("data")
        names = [str(one.get("id")) for one in data if isinstance(one, dict)] if isinstance(data, list) else []
        if names and self._model not in names and f"{self._model}:latest" not in names:
            raise MissingModel(
                f"the server at {self._server.url} does not have the model {self._model!r}",
                f"Set VDIALOG_VISION_MODEL to one that it has: {short(', '.join(names[:5]))}",
            )

    def _check_sees(self) -> None:
        """Try whether a picture reaches the model."""
        try:
            plain, shown = (self._counted(images) for images in ([], [Image.new("RGB", (64, 64), "red")]))
        except VisionBadReply as error:
            raise MissingModel(f"{self._model!r} does not take pictures: {error.message}", NO_PICTURES) from error
        if plain is not None and shown is not None and shown < plain + LEAST_PICTURE:
            raise MissingModel(f"the model {self._model!r} does not see pictures", NO_PICTURES)

    def _counted(self, images: Sequence[Image.Image]) -> int | None:
        """Return how many tokens a short question about pictures has, None where the server does not count."""
        body = self._body("What is there?", images, most=1)
        usage = self._server.json(self._model, "POST", "chat/completions", body, self._meaning).get("usage")
        count = usage.get("prompt_tokens") if isinstance(usage, dict) else None
        return count if isinstance(count, int) else None


class _NoList(LibraryError):
    """A server that does not list its models, which it need not."""


WRONG_PLACE = "VDIALOG_VISION_URL ends where /chat/completions is added: http://127.0.0.1:8000/v1."


def _no_list(status: int) -> LibraryError | None:
    return _NoList("no list of models") if status in (404, 405) else None


def _piece(model: str, part: dict[str, Any]) -> tuple[ReplyDelta, bool]:
    """Return what came, and whether it was the last of the answer."""
    if part.get("error"):
        told = part["error"]
        raise VisionBadReply(
            model, f"its server failed: {short(told.get('message') if isinstance(told, dict) else told)}"
        )
    try:
        choices = part["choices"]
        if not choices:  # counts of tokens come without any
            return ReplyDelta(""), False
        text, logprobs, ended = (
            choices[0]["delta"].get("content"),
            choices[0].get("logprobs"),
            choices[0].get("finish_reason"),
        )
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        raise VisionBadReply(model, f"its server sent what is no answer: {short(part)!r}") from error
    if text is not None and not isinstance(text, str):
        raise VisionBadReply(model, f"its server sent what is no answer: {short(part)!r}")
    told = logprobs.get("content") if isinstance(logprobs, dict) else None
    return ReplyDelta(text or "", logprobs_of(told)), ended is not None
