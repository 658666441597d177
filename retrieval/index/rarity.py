"""BM25 of texts by given figures, each stem counting once: no text has a part in the score of another. Pure.

Why: docs/decisions/scopes.md.
"""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from retrieval.index.base import K1, Rarity
from retrieval.index.filters import padded
from retrieval.spaces import Vectors


def scores_by(texts: pa.ChunkedArray, asked: Sequence[str], rarity: Rarity) -> Vectors:
    """Return the score of each text `(n,)` whose stems are joined and padded by single spaces."""
    held = np.zeros(len(texts))
    for stem in dict.fromkeys(asked):
        held += rarity.idf[stem] * pc.match_substring(texts, padded(stem)).to_numpy()
    lengths = pc.count_substring(texts, " ").to_numpy() - 1.0
    return np.asarray(held * (K1 + 1) / (1 + rarity.damping(lengths)))
