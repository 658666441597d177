"""A store of a node with names of its own, and nothing left of it afterwards."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from retrieval.catalogue.catalogue import Catalogue
from retrieval.index.opensearch import Cluster, Connection
from retrieval.index.opensearch_versions import OpenSearchStore


def fresh_name() -> str:
    return f"test-{secrets.token_hex(6)}"


@contextmanager
def opened_store(url: str, home: Path, **connection: object) -> Iterator[OpenSearchStore]:
    """Open a store for an empty library."""
    cluster = Cluster(Connection((url,), **connection))  # type: ignore[arg-type]
    catalogue = Catalogue(home)
    store = OpenSearchStore(cluster, catalogue, fresh_name())
    try:
        yield store
    finally:
        drop(cluster, store)
        catalogue.close()
        cluster.close()


def drop(cluster: Cluster, store: OpenSearchStore) -> None:
    for index in cluster.indexes(f"{store.names.prefix}-*"):
        cluster.drop(index)
