"""How widely an arm's scores spread over a library, so that scores of different arms can be added.

A cosine of .6 and a BM25 score of 9 say nothing to each other. Each divided by the standard deviation that such
scores have over all moments for the same query, they do (a sum of z-scores: what all moments share changes no ranking).
No row is scored for it: for vectors a sample of the visible moments stands for all, for words their frequencies.
Why: docs/decisions/fusion.md.
"""

import math
from collections.abc import Mapping

import numpy as np

from retrieval.catalogue import vectors
from retrieval.catalogue.catalogue import Catalogue
from retrieval.catalogue.vocabulary import EVERY_MOMENT, EVERY_STEM
from retrieval.index.base import idf
from retrieval.spaces import Vectors

SAMPLE = 2_000
"""Moments that stand for all."""

NARROWEST = 1e-3
"""The least spread: that of one moment, or of moments that are all alike, is none."""


def of_meaning(catalogue: Catalogue, asked: Vectors, visible: frozenset[str]) -> float:
    """Return the standard deviation of `asked . context(m)` over the moments with text in visible collections.

    Args:
        catalogue: holds the context sums.
        asked: the vector of what is asked, `(dimension,)`.
        visible: the collections that may be seen.
    """
    sample = catalogue.database.unchanged(
        ("contexts", visible), lambda: vectors.context_sample(catalogue, visible, SAMPLE)
    )
    return max(NARROWEST, float(np.std(sample @ asked))) if len(sample) else NARROWEST


def of_words(counted: Mapping[str, int]) -> float:
    """Return the standard deviation of BM25 over all moments, from the frequencies of the stems that are asked for.

    A moment that holds a stem gets about its idf, one that does not gets 0, and stems come independently.

    Args:
        counted: in how many moments each stem occurs, and `EVERY_MOMENT`; stems that occur nowhere may be missing.
    """
    total = max(1, counted.get(EVERY_MOMENT, 1))
    variance = 0.0
    for stem, moments in counted.items():
        if stem not in (EVERY_MOMENT, EVERY_STEM) and moments > 0:
            share = min(1.0, moments / total)
            variance += idf(min(moments, total), total) ** 2 * share * (1 - share)
    return max(NARROWEST, math.sqrt(variance))
