"""How fast and how large is an index in OpenSearch? LanceDB beside it in the same run, with the same searches.

    python benchmarks/opensearch.py --data DIR --url http://127.0.0.1:9200 [--moments 100000] [--queries 200]
                                    [--cache FILE]

The corpus is that of `benchmarks/search_latency.py`: real captions of ActivityNet and moments made of them, two
keyframes each. Both engines get the same rows in the same batches; the time that each takes for them is measured apart.
A search is the product's own, over three arms, encoding of queries left out. Bytes are those on disk, without
copies on other nodes.
"""

import argparse
import os
import secrets
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from search_latency import ALL, SPACES, WIDE, Ask, Known, Questions, grown, publish, questions, timed

from bot.dialogue.reading.queries import plain_query
from retrieval.catalogue.catalogue import Catalogue
from retrieval.encoders.lazy import Encoders
from retrieval.index.base import MomentIndex, Scope, VectorQuery, VideoRows
from retrieval.index.lance import LanceIndex
from retrieval.index.opensearch import Cluster, Connection
from retrieval.index.opensearch_versions import OpenSearchStore
from retrieval.searching import hubness
from retrieval.searching.search import MomentSearcher
from retrieval.spaces import Space
from retrieval.types import Filter

RECALLED = 50
SIZES = (1_000_000, 10_000_000, 100_000_000)
LENGTHS = (384, 386, WIDE, WIDE)
"""Of the vectors of one moment: its sentence, its context, and two keyframes."""

LINKS = 16
"""Neighbours of a vector in a graph. A graph that is walked in memory takes 1.1 * (4 * length + 8 * links) bytes for
each vector, and an eighth of a byte for each number where these are packed to one bit (OpenSearch's own rule)."""


@dataclass
class Both:
    """Writes the same rows to several indexes and keeps the seconds that each takes."""

    indexes: dict[str, MomentIndex]
    seconds: dict[str, float] = field(default_factory=dict)

    def upsert(self, videos: Sequence[VideoRows]) -> None:
        """Write all rows to each."""
        self._each(lambda index: index.upsert(videos))

    def optimize(self) -> None:
        """Bring each to its best."""
        self._each(lambda index: index.optimize())

    def _each(self, act: Callable[[MomentIndex], None]) -> None:
        for name, index in self.indexes.items():
            started = time.perf_counter()
            act(index)
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - started


def report_size(cluster: Cluster, store: OpenSearchStore, lance: Path, moments: int) -> None:
    """Print bytes for each moment, and what they come to for large libraries."""
    ours = sum(path.stat().st_size for path in lance.rglob("*") if path.is_file())
    theirs = cluster.stored_bytes([store.names.moments, store.names.frames])
    for name, total in (("LanceDB", ours), ("OpenSearch", theirs)):
        print(f"{name:12s} {total / 2**20:8.0f} MiB, {total / moments:8,.0f} bytes a moment")
    walked = sum(1.1 * (4 * length + 8 * LINKS) for length in LENGTHS)
    packed = sum(1.1 * (length / 8 + 8 * LINKS) for length in LENGTHS)
    print("   moments   disk   and one copy   memory, lucene   memory, faiss on disk   (GiB)")
    for size in SIZES:
        disk, lucene, faiss = (size * each / 2**30 for each in (theirs / moments, walked, packed))
        print(f"{size:>11,} {disk:6,.0f} {2 * disk:14,.0f} {lucene:16,.0f} {faiss:23,.0f}")


def systems(asked: Questions, catalogue: Catalogue, indexes: dict[str, MomentIndex]) -> dict[str, Ask]:
    """Return the searches that are timed, by name."""
    text = Known(Space("known", 384), dict(zip(asked.texts, asked.vectors, strict=True)))
    pictures = Known(Space("known-frames", WIDE), dict(zip(asked.texts, asked.frames, strict=True)))
    encoders = Encoders(lambda: text, lambda: pictures)
    rng = np.random.default_rng(3)
    some = frozenset(f"v{i}" for i in rng.choice(asked.videos, max(1, asked.videos // 50), replace=False))
    timed_ones: dict[str, Ask] = {}
    for name, index in indexes.items():
        searcher = MomentSearcher(catalogue, lambda index=index: index, encoders)  # type: ignore[misc]
        for how, narrowed in (("three arms", Filter()), ("1 video in 50", Filter(videos=some))):
            timed_ones[f"{name}, {how}"] = _search(searcher, asked, narrowed)
    return timed_ones


def _search(searcher: MomentSearcher, asked: Questions, narrowed: Filter) -> Ask:
    return lambda i: searcher.search(replace(plain_query(asked.texts[i]), filter=narrowed), ALL)


def recall(index: MomentIndex, asked: Questions, name: str, k: int = 10) -> float:
    """Return the share of the exact ten nearest that an index finds among the candidates of a search."""
    scope, found, total = Scope(ALL, frozenset()), 0, 0
    for i in range(RECALLED):
        vector = asked.frames[i] if name == "clip_vec" else hubness.asked(asked.near[i])
        exact = index.search(VectorQuery(name, vector, scope, exact=True), k)
        near = index.search(VectorQuery(name, vector, scope), 50)[:k]
        total += len(exact)
        found += len({hit.moment_id for hit in exact} & {hit.moment_id for hit in near})
    return found / total


def main() -> None:
    """Make the corpus, write it to both, measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds activitynet_captions/")
    parser.add_argument("--url", default="http://127.0.0.1:9200", help="address of OpenSearch")
    parser.add_argument("--moments", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--cache", type=Path, help="keep the vectors of the real captions here (.npy)")
    options = parser.parse_args()
    made = grown(options.data, options.moments, options.cache)
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        catalogue, cluster = Catalogue(home), Cluster(Connection((options.url,), timeout=120.0))
        store = OpenSearchStore(cluster, catalogue, f"benchmark-{secrets.token_hex(4)}")
        try:
            version, begun = store.begin(1, SPACES)
            both = Both({"LanceDB": LanceIndex(home / "index" / "1", SPACES), "OpenSearch": begun})
            publish(made, home, both)  # type: ignore[arg-type]
            store.adopt(version)
            indexes = {**both.indexes, "OpenSearch": store.open(version, SPACES)}
            for name, seconds in both.seconds.items():
                print(f"{name:12s} indexed in {seconds:6.0f} s, {options.moments / seconds:8,.0f} moments a second")
            report_size(cluster, store, home / "index", options.moments)
            asked = questions(made)
            print(f"load {os.getloadavg()[0]:.1f}")
            timed(systems(asked, catalogue, indexes), min(options.queries, len(asked.texts)))
            for name, index in indexes.items():
                meaning, frames = recall(index, asked, "moment_vec"), recall(index, asked, "clip_vec")
                print(f"{name:12s} recall@10: meaning {meaning:.3f}, frames {frames:.3f}")
        finally:
            for name in cluster.indexes(f"{store.names.prefix}-*"):
                cluster.drop(name)
            cluster.close()
            catalogue.close()


if __name__ == "__main__":
    main()
