"""Contextual vectors: a moment's sentence, its neighbourhood and its whole video in one vector. Pure.

    context(m) = v(sentence of m) + 0.7 v(texts of m and its two neighbours) + 0.5 v(text of the video)

each `v` a unit vector, the sum *not* scaled again. The text of a video is the mean of consecutive pieces of 200
tokens, taken by chapters of ten minutes in long videos. The weights were tuned on one half of 3,000 ActivityNet
Captions sentences of the second annotator and reported on the other: `benchmarks/fusion.py`.
Why: docs/decisions/words-and-vectors.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.encoders.base import TextEncoder
from retrieval.spaces import Vectors
from retrieval.types import TimeSpan

WINDOW_WEIGHT = 0.7
VIDEO_WEIGHT = 0.5
LONGEST_SUM = 1 + WINDOW_WEIGHT + VIDEO_WEIGHT
CHAPTER_SECONDS = 600.0
PIECE_TOKENS = 200


@dataclass(frozen=True, slots=True)
class VideoTexts:
    """One video's moments as the encoder needs them: spans in order of time, and each one's joined text."""

    spans: tuple[TimeSpan, ...]
    texts: tuple[str, ...]


def encode(encoder: TextEncoder, videos: Sequence[VideoTexts]) -> list[list[tuple[Vectors, Vectors] | None]]:
    """Return for each video and moment (caption vector, context sum), or None where it has no text.

    All texts of all videos are encoded together, so many short videos cost as much as one long one.
    """
    jobs = [_Job(encoder, said) for said in videos]
    wanted = dict.fromkeys(text for job in jobs for text in job.wanted())
    vectors = encoder.encode(list(wanted))
    lookup = dict(zip(wanted, vectors, strict=True))
    return [job.joined(lookup) for job in jobs]


class _Job:
    def __init__(self, encoder: TextEncoder, said: VideoTexts) -> None:
        self._said = said
        spoken = [i for i, text in enumerate(said.texts) if text]
        self._windows = {
            i: " ".join(said.texts[j] for j in spoken[max(0, at - 1) : at + 2]) for at, i in enumerate(spoken)
        }
        self._chapter = {i: int(said.spans[i].start // CHAPTER_SECONDS) for i in spoken}
        chapters: dict[int, list[str]] = {}
        for i in spoken:
            chapters.setdefault(self._chapter[i], []).append(said.texts[i])
        self._pieces = {c: encoder.pieces(" ".join(texts), PIECE_TOKENS) for c, texts in chapters.items()}

    def wanted(self) -> list[str]:
        texts = [text for text in self._said.texts if text]
        return [*texts, *self._windows.values(), *(p for pieces in self._pieces.values() for p in pieces)]

    def joined(self, lookup: dict[str, Vectors]) -> list[tuple[Vectors, Vectors] | None]:
        video = {
            chapter: np.mean([lookup[piece] for piece in pieces], axis=0) for chapter, pieces in self._pieces.items()
        }
        result: list[tuple[Vectors, Vectors] | None] = []
        for i, text in enumerate(self._said.texts):
            if not text:
                result.append(None)
                continue
            caption = lookup[text]
            window = lookup[self._windows[i]]
            context = caption + WINDOW_WEIGHT * window + VIDEO_WEIGHT * video[self._chapter[i]]
            result.append((caption, context.astype(np.float32)))
        return result
