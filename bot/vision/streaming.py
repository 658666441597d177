"""What servers of models send piece by piece, made into answers: how sure each was, and whether it is one at all."""

import math
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass

from PIL import Image

from bot.errors import VisionBadReply, VisionFailed, VisionTruncated
from bot.vision.base import Output

ANSWER_TOKENS = 256
"""Longest answer."""

SHORT_TOKENS = 48
"""Longest answer where many are asked for."""

LONGEST = 20_000
"""Letters after which an answer is taken for one without end, whatever the server was told."""

BYTES_PER_TOKEN = 2.5
"""Bytes of a text that make a token, at least, in the languages and models that are asked: for counting beforehand."""

PICTURE_TOKENS = 768
"""Tokens that a picture is counted as; LLaVA-1.5 uses 577 of them."""


@dataclass(frozen=True, slots=True)
class ReplyDelta:
    """A piece of an answer, and the logarithms of its tokens' probabilities; none where they are not told."""

    text: str
    logprobs: tuple[float, ...] = ()


def texts(model: str, pieces: Iterable[ReplyDelta]) -> Generator[str, None, None]:
    """Yield the texts of pieces, none of them empty, the first without the space before it.

    Raises:
        VisionBadReply: there was nothing in them.
        VisionTruncated: they went on for ever.
    """
    letters = 0
    for piece in pieces:
        shown = piece.text if letters else piece.text.lstrip()
        if not shown:
            continue
        letters += len(shown)
        if letters > LONGEST:
            raise VisionTruncated(model, "it did not come to an end")
        yield shown
    if not letters:
        raise VisionBadReply(model, "an empty one came")


def collected(model: str, pieces: Iterable[ReplyDelta]) -> Output:
    """Return a whole answer, and how sure the model was of it; raises as `texts`."""
    logprobs: list[float] = []

    def heard() -> Iterator[ReplyDelta]:
        for piece in pieces:
            logprobs.extend(piece.logprobs)
            yield piece

    text = "".join(texts(model, heard())).strip()
    if not logprobs:
        return Output(text, None)
    return Output(text, min(1.0, math.exp(sum(logprobs) / len(logprobs))))


def collected_each(
    model: str,
    asked: Iterable[tuple[str, Image.Image]],
    ask: Callable[[str, Image.Image], Generator[ReplyDelta, None, None]],
    unwanted: Callable[[], bool],
) -> list[Output]:
    """Return the answer to each prompt about its picture, asked one after the other, as long as they are wanted."""
    answers: list[Output] = []

    def wanted(pieces: Iterable[ReplyDelta]) -> Iterator[ReplyDelta]:
        for piece in pieces:
            if unwanted():
                raise VisionTruncated(model, "it is not wanted any more")
            yield piece

    for prompt, image in asked:
        if unwanted():
            break
        try:
            with closing(ask(prompt, image)) as pieces:
                answers.append(collected(model, wanted(pieces)))
        except VisionFailed:
            if not unwanted():
                raise
    return answers


def logprobs_of(told: object) -> tuple[float, ...]:
    """Return the logarithms in a list of `{"token", "logprob"}`, as far as it is one."""
    if not isinstance(told, list):
        return ()
    found = [one.get("logprob") for one in told if isinstance(one, dict)]
    return tuple(float(logprob) for logprob in found if isinstance(logprob, int | float) and logprob <= 0)


def least_tokens(text: str, pictures: int) -> int:
    """Return about how many tokens a prompt has; for servers that count exactly, no more than a first look."""
    return math.ceil(len(text.encode("utf-8", "replace")) / BYTES_PER_TOKEN) + PICTURE_TOKENS * pictures
