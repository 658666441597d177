"""How long does a search take in 1, 50 and 500 collections, for who sees all of them, and for who sees some?

    python benchmarks/scopes.py --data DIR [--url http://127.0.0.1:9200] [--moments 10000] [--queries 100]
                                [--cache FILE]

The corpus is that of `benchmarks/search_latency.py`, its videos spread over the collections. Asked are the owner, who
sees the whole library; somebody who was let into each collection, for whom only rows that may be seen are ranked and
compared; and somebody who was let into one of ten (of a single collection: into that one). LanceDB, and OpenSearch
where an address is given, get the same rows. Encoding of queries is left out.
"""

import argparse
import os
import secrets
import tempfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from opensearch import Both
from search_latency import SPACES, WIDE, Ask, Corpus, Known, Questions, grown, publish, questions, timed

from bot.dialogue.reading.queries import plain_query
from retrieval.catalogue.catalogue import Catalogue
from retrieval.encoders.lazy import Encoders
from retrieval.index.base import MomentIndex
from retrieval.index.lance import LanceIndex
from retrieval.index.opensearch import Cluster, Connection
from retrieval.index.opensearch_versions import OpenSearchStore
from retrieval.searching.search import MomentSearcher
from retrieval.spaces import Space
from retrieval.types import Everything

SIZES = (1, 50, 500)


def measure(made: Corpus, asked: Questions, size: int, url: str | None, count: int) -> None:
    """Make a library of so many collections and time its searches."""
    names = [f"c{number}" for number in range(size)]
    with ExitStack() as ending:
        home = Path(ending.enter_context(tempfile.TemporaryDirectory()))
        catalogue = Catalogue(home)
        ending.callback(catalogue.close)
        both = Both({"LanceDB": LanceIndex(home / "index" / "1", SPACES)})
        if url is not None:
            store = OpenSearchStore(Cluster(Connection((url,), timeout=120.0)), catalogue, f"b-{secrets.token_hex(4)}")
            ending.callback(_drop, store)
            version, both.indexes["OpenSearch"] = store.begin(1, SPACES)
            store.adopt(version)
        publish(made, home, both, names)  # type: ignore[arg-type]
        print(f"{size} collections, {len(made.texts):,} moments, load {os.getloadavg()[0]:.1f}")
        timed(_systems(asked, catalogue, both.indexes, names), count)


def _drop(store: OpenSearchStore) -> None:
    for name in store.cluster.indexes(f"{store.names.prefix}-*"):
        store.cluster.drop(name)


def _systems(
    asked: Questions, catalogue: Catalogue, indexes: dict[str, MomentIndex], names: list[str]
) -> dict[str, Ask]:
    text = Known(Space("known", 384), dict(zip(asked.texts, asked.vectors, strict=True)))
    pictures = Known(Space("known-frames", WIDE), dict(zip(asked.texts, asked.frames, strict=True)))
    encoders = Encoders(lambda: text, lambda: pictures)
    seeing = {"owner": Everything(names), "let into all": frozenset(names), "into one of ten": frozenset(names[::10])}
    found: dict[str, Ask] = {}
    for name, index in indexes.items():
        searcher = MomentSearcher(catalogue, lambda index=index: index, encoders)  # type: ignore[misc]
        for who, visible in seeing.items():
            found[f"{name}, {who}"] = _search(searcher, asked, visible)
    return found


def _search(searcher: MomentSearcher, asked: Questions, visible: frozenset[str]) -> Ask:
    return lambda i: searcher.search(replace(plain_query(asked.texts[i])), visible)


def main() -> None:
    """Make the corpus, spread it, measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds activitynet_captions/")
    parser.add_argument("--url", help="address of OpenSearch")
    parser.add_argument("--moments", type=int, default=10_000)
    parser.add_argument("--queries", type=int, default=100)
    parser.add_argument("--cache", type=Path, help="keep the vectors of the real captions here (.npy)")
    options = parser.parse_args()
    made = grown(options.data, options.moments, options.cache)
    asked = questions(made)
    for size in SIZES:
        measure(made, asked, size, options.url, min(options.queries, len(asked.texts)))


if __name__ == "__main__":
    main()
