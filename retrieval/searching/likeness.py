"""How like the words of a moment are to those asked for: each word asked for finds the one that is most like it. Pure.

    likeness(m) = mean over the words asked for of the best cosine with a word of m

A vector of a whole sentence tells what it is about; it drowns the one word that matters. So the best moments are told
apart by their words, each as it is meant beside the others (late interaction: Khattab and Zaharia 2020). Words of
closed classes count in what is told, not in what is asked. Why, and what it brings: docs/decisions/fusion.md.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from retrieval.analysis import STOP_WORDS
from retrieval.encoders.base import TextInWords
from retrieval.spaces import WORD_NUMBERS, Vectors, WordVectors, unit

COMPARED = 50
"""Best moments of a ranking that are told apart by their words."""

WEIGHT = 1.2
"""How much likeness counts beside the nearness in meaning; flat from .8 to 1.6 on every set that was tried."""


def kept(vectors: Vectors) -> WordVectors:
    """Return vectors of words, `(words, dimension)`, as they are kept: every so manieth number says as much."""
    return np.round(127 * _fewer(vectors)).astype(np.int8)


def likeness(asked: Sequence[TextInWords], told: Mapping[str, WordVectors]) -> dict[str, float]:
    """Return how like each moment's words are to what is asked, -1 to 1; nothing where no word is asked for.

    Args:
        asked: what is asked, perhaps in several wordings, which count alike.
        told: the words of each moment, by its id; those without any are left out.
    """
    wordings = [vectors for one in asked if len(vectors := _content(one))]
    found = {}
    for name, words in told.items() if wordings else ():
        if len(words):
            best = [float((vectors @ words.T.astype(np.float32)).max(axis=1).mean()) for vectors in wordings]
            found[name] = sum(best) / len(best) / 127
    return found


def told_apart(ranked: Sequence[tuple[str, float]], likeness: Mapping[str, float]) -> list[tuple[str, float]]:
    """Return a ranking with its best moments told apart by their words; scores rise by how much more like they are.

    A moment whose words are not known is taken to be like the mean of the others.
    """
    if not likeness:
        return list(ranked)
    mean, least = sum(likeness.values()) / len(likeness), min(likeness.values())
    more = {name: WEIGHT * (likeness.get(name, mean) - least) for name, _ in ranked[:COMPARED]}
    scored = [(name, score + more.get(name, 0.0)) for name, score in ranked]
    return sorted(scored, key=lambda one: (-one[1], one[0]))


def _content(text: TextInWords) -> Vectors:
    """Return the vectors of the words that name something, of all where none does."""
    named = [place for place, word in enumerate(text.words) if word not in STOP_WORDS]
    return _fewer(text.vectors[named] if named else text.vectors)


def _fewer(vectors: Vectors) -> Vectors:
    return unit(vectors[:, :: max(1, vectors.shape[1] // WORD_NUMBERS)])
