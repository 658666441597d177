"""Lets a model that follows instructions write the answer from numbered evidence, sentence by sentence.

What it writes is no more than a proposal: every sentence is checked before anybody sees it. A mark that names nothing
shown is dropped and its sentence flagged; so is a sentence that cites nothing, and one that writes a time.
"""

import re
from collections.abc import Generator, Iterable, Iterator, Sequence

import prompts
from bot.dialogue.composing.citations import quotable
from bot.dialogue.composing.templates import KINDS, Sentence, Shown
from bot.tools.telling import telling
from bot.untrusted import fenced
from bot.vision.base import VisionModel
from retrieval.types import TextSource

MOST_SENTENCES = 5
"""Sentences of one answer that are read; a model that goes on is stopped."""

LONGEST = 600
"""Characters of one sentence."""

_END = re.compile(r"[.!?…]+[\"')\]]*(?:\s*\[\s*\d+\s*\])*(?=\s+[^\s\[])|\n")
"""The end of a sentence: its stop, and the marks after it; known once the next sentence has begun."""


def prompt_for(question: str, shown: Sequence[Shown]) -> str:
    """Return what the model is asked: the question and the evidence, fenced, one line for each moment shown."""
    lines = [f"[{one.citation.handle}] {'; '.join(_evidence(one, question))}" for one in shown]
    return prompts.render(
        "write_answer",
        asked=fenced("the question of the user", [question]),
        evidence=fenced("evidence, each line with its number", lines),
    )


def sources_of(shown: Sequence[Shown], question: str) -> tuple[TextSource, ...]:
    """Return the sources of the texts that the evidence holds."""
    return tuple(text.source for one in shown for text in telling(one.moment, question))


def written(model: VisionModel, prompt: str) -> Generator[str | None, None, None]:
    """Yield the sentences that a model writes, each as it ends, and None in between so that it can be stopped."""
    left, count = "", 0
    pieces = model.answer(prompt, [])
    try:
        for piece in pieces:
            left += piece
            yield None
            while found := _END.search(left):
                sentence, left = left[: found.end()].strip(), left[found.end() :]
                if sentence:
                    count += 1
                    yield sentence[:LONGEST]
            if count >= MOST_SENTENCES or len(left) > LONGEST:
                return
    finally:
        pieces.close()
    if left.strip():
        yield left.strip()[:LONGEST]


def places(shown: Sequence[Shown], cited: Iterable[int]) -> Iterator[Sentence]:
    """Yield where the moments are that were cited: times come from the catalogue, never from a model."""
    wanted = set(cited)
    for one in shown:
        if one.citation.handle in wanted:
            yield Sentence(
                prompts.render(
                    "moment_at",
                    title=quotable(one.citation.title, 100),
                    timecode=one.citation.timecode,
                    handle=one.citation.handle,
                )
            )


def _evidence(shown: Shown, question: str) -> Iterator[str]:
    if shown.citation.observation:
        yield f"a look at the frame says: {quotable(shown.citation.observation)}"
    for text in telling(shown.moment, question):
        yield f"{KINDS[text.source]}: {quotable(text.text)}"
