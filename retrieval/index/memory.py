"""A moment index in memory: small, slow, obvious. The fake for tests, and what other indexes are held against."""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from retrieval.index.base import (
    K1,
    B,
    IndexQuery,
    KeywordQuery,
    MomentRow,
    Rarity,
    Scope,
    Scored,
    VectorQuery,
    VideoRows,
    idf,
)
from retrieval.index.filters import admits, check_rows, check_vector
from retrieval.spaces import IndexSpaces


class MemoryIndex:
    """Keeps rows in a dictionary and ranks all of them for each query."""

    durable = False

    def __init__(self, spaces: IndexSpaces) -> None:
        self.spaces = spaces
        self._videos: dict[tuple[str, int], VideoRows] = {}

    def upsert(self, videos: Sequence[VideoRows]) -> None:
        """Write all rows of these videos."""
        for video in videos:
            check_rows(self.spaces, video)
        self._videos.update({(video.video_id, video.generation): video for video in videos})

    def delete(self, video_ids: Sequence[str], generations: Sequence[int] | None = None) -> None:
        """Delete these videos' rows: of all generations, or only of those named."""
        for video_id, generation in list(self._videos):
            if video_id in video_ids and (generations is None or generation in generations):
                del self._videos[video_id, generation]

    def search(self, query: IndexQuery, k: int) -> list[Scored]:
        """Return at most k moments, best first; ties by moment id."""
        rows = list(self._rows(query.scope))
        if isinstance(query, KeywordQuery):
            scored = list(self._keywords(query, rows))
        else:
            check_vector(self.spaces, query.column, query.vector)
            scored = [hit for row in rows if (hit := _cosine(query, row)) is not None]
        return sorted(scored, key=lambda hit: (-hit.score, hit.moment_id))[:k]

    def search_many(self, queries: Sequence[IndexQuery], k: int) -> list[list[Scored]]:
        """Return what `search` returns for each query."""
        return [self.search(query, k) for query in queries]

    def count(self) -> int:
        """Return the number of moment rows."""
        return sum(len(video.moments) for video in self._videos.values())

    def optimize(self) -> None:
        """Nothing to do."""

    def purge(self) -> None:
        """Nothing to do."""

    def _rows(self, scope: Scope) -> Iterator[MomentRow]:
        for video in self._videos.values():
            yield from (moment for moment in video.moments if admits(scope, video, moment))

    def _keywords(self, query: KeywordQuery, rows: Sequence[MomentRow]) -> Iterator[Scored]:
        if query.rarity is not None:
            yield from _by_rarity(query.terms, query.rarity, rows)
            return
        everything = [m.terms.split() for video in self._videos.values() for m in video.moments]
        mean = sum(map(len, everything)) / max(1, len(everything))
        holding = Counter(term for stems in everything for term in set(stems))
        for row in rows:
            stems = row.terms.split()
            counts = Counter(stems)
            score = 0.0
            for term in query.terms:
                if counts[term]:
                    damped = counts[term] + K1 * (1 - B + B * len(stems) / mean)
                    score += idf(holding[term], len(everything)) * counts[term] * (K1 + 1) / damped
            if score:
                yield Scored(row.moment_id, score)


def _by_rarity(asked: Sequence[str], rarity: Rarity, rows: Sequence[MomentRow]) -> Iterator[Scored]:
    for row in rows:
        stems = row.terms.split()
        if held := set(asked).intersection(stems):
            score = sum(rarity.idf[stem] for stem in held) * (K1 + 1) / (1 + rarity.damping(len(stems)))
            yield Scored(row.moment_id, score)


def _cosine(query: VectorQuery, row: MomentRow) -> Scored | None:
    asked = query.vector / max(float(np.linalg.norm(query.vector)), 1e-12)
    if query.column in row.vectors:
        return Scored(row.moment_id, float(asked @ row.vectors[query.column]))
    seen = [(float(asked @ f.vectors[query.column]), f.time) for f in row.frames if query.column in f.vectors]
    if not seen:
        return None
    score, time = max(seen, key=lambda found: (found[0], -found[1]))
    return Scored(row.moment_id, score, time)
