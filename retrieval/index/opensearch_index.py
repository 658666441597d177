"""The moment index of a team: two indexes of OpenSearch, one of moments and one of their keyframes.

Searches that are asked together go in one request. Those of vectors follow the graph; where it gives fewer moments than
are wanted, all rows in scope are compared, so that as many come as there are.
"""

from collections.abc import Generator, Iterable, Sequence

from retrieval.index import opensearch_dsl as dsl
from retrieval.index.base import K1, IndexQuery, KeywordQuery, Scored, VectorQuery, VideoRows
from retrieval.index.filters import check_rows, check_vector
from retrieval.index.opensearch import DELETED_AT_ONCE, Cluster
from retrieval.index.opensearch_dsl import MOST_HITS, MOST_NEAREST, Body
from retrieval.spaces import IndexSpaces

Search = tuple[str, Body]
Asking = Generator[Search, Body, list[Scored]]
"""The searches that one query takes, one after the other as their replies come, and what it found at last."""


class OpenSearchIndex:
    """A moment index in a cluster.

    Args:
        cluster: where it is.
        spaces: the encoders that its vectors come from.
        moments: the name of the index of moments, or its alias.
        frames: the same of keyframes; not used where `spaces` has no pictures.
    """

    durable = True

    def __init__(self, cluster: Cluster, spaces: IndexSpaces, moments: str, frames: str) -> None:
        self.spaces = spaces
        self._cluster = cluster
        self._moments = moments
        self._frames = frames

    def upsert(self, videos: Sequence[VideoRows]) -> None:
        """Write all rows of these videos, keyframes first: a moment that is found has its frames."""
        for video in videos:
            check_rows(self.spaces, video)
        if self.spaces.of_keyframes:
            rows = (row for v in videos for m in v.moments for row in dsl.frame_documents(v, m))
            self._cluster.write(self._frames, rows)
        self._cluster.write(self._moments, (dsl.moment_document(v, m) for v in videos for m in v.moments))
        self._cluster.refresh(self._indexes())

    def delete(self, video_ids: Sequence[str], generations: Sequence[int] | None = None) -> None:
        """Delete these videos' rows: of all generations, or only of those named."""
        for start in range(0, len(video_ids), DELETED_AT_ONCE):
            query = dsl.rows_of(video_ids[start : start + DELETED_AT_ONCE], generations)
            self._cluster.delete(self._indexes(), query)

    def search(self, query: IndexQuery, k: int) -> list[Scored]:
        """Return at most k moments, best first; ties by moment id."""
        return self.search_many([query], k)[0]

    def search_many(self, queries: Sequence[IndexQuery], k: int) -> list[list[Scored]]:
        """Search for several queries, all in one request as far as one suffices."""
        askings = [self._asking(query, min(k, MOST_HITS)) for query in queries]
        found: list[list[Scored]] = [[] for _ in queries]
        replies: dict[int, Body | None] = dict.fromkeys(range(len(queries)))
        while replies:
            next_searches: dict[int, Search] = {}
            for place, reply in replies.items():
                try:
                    next_searches[place] = next(askings[place]) if reply is None else askings[place].send(reply)
                except StopIteration as ended:
                    found[place] = ended.value
            asked = self._cluster.search(list(next_searches.values())) if next_searches else []
            replies = dict(zip(next_searches, asked, strict=True))
        return [sorted(hits, key=lambda hit: (-hit.score, hit.moment_id))[:k] for hits in found]

    def count(self) -> int:
        """Return the number of moment rows."""
        return self._cluster.count(self._moments)

    def optimize(self) -> None:
        """Give back the room of deleted rows; the cluster merges by itself."""
        self._cluster.expunge(self._indexes())

    def purge(self) -> None:
        """Have the cluster write segments anew that hold deleted rows; what its disk keeps of them is its own."""
        self._cluster.expunge(self._indexes(), however_few=True)

    def _indexes(self) -> list[str]:
        return [self._moments, self._frames] if self.spaces.of_keyframes else [self._moments]

    def _asking(self, query: IndexQuery, k: int) -> Asking:
        if isinstance(query, KeywordQuery):
            return self._by_words(query, k)
        check_vector(self.spaces, query.column, query.vector)
        return self._by_vector(query, k)

    def _by_words(self, query: KeywordQuery, k: int) -> Asking:
        if not query.terms or not query.scope.collections or k < 1:
            return []
        return _by_words((yield self._moments, dsl.keywords(query, k)))

    def _by_vector(self, query: VectorQuery, k: int) -> Asking:
        """Ask the graph, for more keyframes until they belong to k moments; compare all rows where it gives few."""
        if not query.vector.any() or not query.scope.collections or k < 1:
            return []
        column = self.spaces.column(query.column)
        index, wanted = (self._frames, 2 * k) if column.of == "keyframe" else (self._moments, k)
        while not query.exact and wanted <= MOST_NEAREST:
            found = _nearest((yield index, dsl.nearest(column, query.vector, query.scope, wanted)))
            best = _best(found)
            if len(best) >= k:
                return best
            if len(found) < wanted:
                break
            wanted *= 4
        return _best(_nearest((yield index, dsl.exact(column, query.vector, query.scope, k))))


def _by_words(reply: Body) -> list[Scored]:
    """Return hits by BM25, which Lucene gives without its constant factor."""
    return [Scored(hit["fields"]["moment_id"][0], float(hit["_score"]) * (K1 + 1)) for hit in reply["hits"]["hits"]]


def _nearest(reply: Body) -> list[Scored]:
    return [
        Scored(hit["fields"]["moment_id"][0], dsl.cosine(hit["_score"]), hit["fields"].get("time", [None])[0])
        for hit in reply["hits"]["hits"]
    ]


def _best(found: Iterable[Scored]) -> list[Scored]:
    """Return the best row of each moment, the earlier of two alike."""
    best: dict[str, Scored] = {}
    for row in sorted(found, key=lambda row: (-row.score, row.frame_time or 0.0)):
        best.setdefault(row.moment_id, row)
    return list(best.values())
