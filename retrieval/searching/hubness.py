"""Hubness correction: some moments are near to everything, and are ranked lower by just that much. Pure.

A moment's hubness is half its mean similarity to the 20 nearest sentences of a bank, less what the moments of its
collection measure on average: a large collection has nearer sentences, which must not shift all of its moments. The
bank is a sample of the collection's own sentences, those of the moment's own video left out, so nothing has to be
shipped, no query of a user enters it, and what is in other collections changes nothing. It is one number for each
moment, known when indexing; as a further component of the vector it costs nothing at query time:

    stored(m) = [context(m), -hubness(m), slack] / LONGEST      (slack makes the length 1)
    asked(q)  = unit([q, 1, 0])

so that their cosine orders exactly as `q . context(m) - hubness(m)`.
"""

import hashlib
from collections.abc import Sequence

import numpy as np

from retrieval.catalogue.banks import Bank
from retrieval.searching.contextual import LONGEST_SUM
from retrieval.spaces import Vectors, unit

WEIGHT = 0.5
NEAREST = 20
BANK_SIZE = 4_000
MEASURED = 200
"""Moments whose hubness stands for that of their collection."""

SMALLEST_BANK = 500
"""Below this many sentences nearness to the bank says more about the sample than about the moment."""

LONGEST = float(np.hypot(LONGEST_SUM, WEIGHT * LONGEST_SUM))


def is_due(bank: Bank | None, sentences: int) -> bool:
    """Tell whether a new bank should be drawn: the first time there is enough, then at each doubling."""
    return sentences >= (SMALLEST_BANK if bank is None else 2 * bank.sentences)


def chosen(moment_ids: Sequence[str]) -> list[int]:
    """Return the places of at most `BANK_SIZE` moments, drawn by the hash of their id."""

    def key(place: int) -> bytes:
        return hashlib.sha256(moment_ids[place].encode("utf-8", "surrogatepass")).digest()

    return sorted(sorted(range(len(moment_ids)), key=key)[:BANK_SIZE])


def hubness(contexts: Vectors, video_id: str, bank: Bank | None) -> Vectors:
    """Return the correction of each context vector `(n, dimension)` of one video, float32 `(n,)`."""
    if bank is None or all(owner == video_id for owner in bank.video_ids):
        return np.zeros(len(contexts), np.float32)
    others = bank.vectors[[owner != video_id for owner in bank.video_ids]]
    near = min(NEAREST, len(others))
    similarities = contexts @ others.T  # (moments, sentences)
    nearest = np.partition(similarities, len(others) - near, axis=1)[:, len(others) - near :]
    return np.asarray(WEIGHT * nearest.mean(axis=1) - bank.mean, np.float32)


def stored(contexts: Vectors, corrections: Vectors) -> Vectors:
    """Return unit vectors `(n, dimension + 2)` for the index."""
    rows = np.column_stack([contexts, -corrections]) / LONGEST
    slack = np.sqrt(np.maximum(0.0, 1.0 - (rows**2).sum(axis=1)))
    return np.column_stack([rows, slack]).astype(np.float32)


def asked(query: Vectors) -> Vectors:
    """Return the query vector `(dimension + 2,)` that belongs to `stored`."""
    return unit(np.append(query, [1.0, 0.0]).astype(np.float32))


def similarity(cosine: float) -> float:
    """Turn a cosine of `stored` and `asked` back into `q . context(m) - hubness(m)`."""
    return float(cosine * LONGEST * np.sqrt(2.0))
