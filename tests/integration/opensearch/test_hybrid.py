"""The server's own fusion of two arms: an option that keeps every filter."""

from collections.abc import Iterator
from copy import copy
from pathlib import Path

import pytest

from retrieval.catalogue.catalogue import Catalogue
from retrieval.encoders.hashing import HashingTextEncoder
from retrieval.encoders.lazy import Encoders
from retrieval.index.base import Joining, KeywordQuery, Scope, VectorQuery
from retrieval.index.opensearch import Cluster, Connection
from retrieval.index.opensearch_index import OpenSearchIndex
from retrieval.index.opensearch_versions import OpenSearchStore
from retrieval.library import Library
from retrieval.searching.search import Query
from retrieval.types import Filter
from tests.contract.test_moment_index import SPACES, direction, moment, video
from tests.integration.opensearch.node import Node
from tests.integration.opensearch.stores import drop, fresh_name, opened_store
from tests.integration.opensearch.taking import PUBLIC, take

pytestmark = pytest.mark.opensearch


@pytest.fixture
def index(node: Node, tmp_path: Path) -> Iterator[OpenSearchIndex]:
    with opened_store(node.url, tmp_path / "home") as store:
        opened = store.open(1, SPACES)
        assert isinstance(opened, OpenSearchIndex)
        opened.upsert(
            [
                video("a", moment("a:1", "a dog", seed=1), moment("a:2", "a cat", seed=2)),
                video("b", moment("b:1", "a dog and a dog", seed=1), collections=("secret",)),
                video("c", moment("c:1", "dog", seed=3), generation=2),
                video("d", *(moment(f"d:{i}", "a bird", seed=9 + i) for i in range(30)), collections=("birds",)),
            ]
        )
        yield opened


def joining(index: OpenSearchIndex, how: Joining) -> OpenSearchIndex:
    joins = copy(index)
    joins.joining = how
    return joins


@pytest.mark.parametrize("how", ["normalised", "rrf"])
def test_the_server_joins_both_arms_within_what_is_visible(index: OpenSearchIndex, how: Joining) -> None:
    scope = Scope(frozenset({"public"}), frozenset({2}))
    vector = VectorQuery("moment_vec", direction(2, 8), scope)
    hits = joining(index, how).joined(KeywordQuery(("cat",), scope), vector, 10, 0.5)
    assert [hit.moment_id for hit in hits] == ["a:2", "a:1"]
    assert all(0 <= hit.score <= 1 for hit in hits)
    birds = Scope(frozenset({"birds"}), frozenset())
    vector = VectorQuery("moment_vec", direction(2, 8), birds)
    assert len(joining(index, how).joined(KeywordQuery(("bird",), birds), vector, 25, 0.5)) == 25


def test_the_share_says_which_arm_leads(index: OpenSearchIndex) -> None:
    scope = Scope(frozenset({"public"}), frozenset({2}))
    words, vector = KeywordQuery(("cat",), scope), VectorQuery("moment_vec", direction(1, 8), scope)
    joins = joining(index, "normalised")
    assert [joins.joined(words, vector, 10, share)[0].moment_id for share in (0.9, 0.1)] == ["a:2", "a:1"]


def test_what_cannot_be_joined_is_refused(index: OpenSearchIndex) -> None:
    scope = Scope(frozenset({"public"}), frozenset({2}))
    vector = VectorQuery("moment_vec", direction(1, 8), scope)
    for joins, terms in ((index, ("cat",)), (joining(index, "rrf"), ())):
        with pytest.raises(ValueError, match="joining wants"):
            joins.joined(KeywordQuery(terms, scope), vector, 10, 0.5)


@pytest.mark.parametrize("how", ["normalised", "rrf"])
def test_a_library_searches_as_the_server_joins(node: Node, tmp_path: Path, how: Joining) -> None:
    cluster, name = Cluster(Connection((node.url,))), fresh_name()
    stores: list[OpenSearchStore] = []

    def in_cluster(catalogue: Catalogue) -> OpenSearchStore:
        stores.append(OpenSearchStore(cluster, catalogue, name, how))
        return stores[-1]

    with Library(tmp_path / "home", Encoders(HashingTextEncoder), make_store=in_cluster) as library:
        take(library, tmp_path)
        take(library, tmp_path, {"secret": ["A dog guards the treasure."]}, "private")
        found = library.searcher.search(Query("a dog digs in the garden"), PUBLIC)
        assert (found.hits[0].moment.moment_id, found.matches) == ("garden:2", True)
        assert {"keywords", "meaning"} <= found.hits[0].arms.keys()
        assert found.hits[0].score == pytest.approx(1.0)
        assert not library.searcher.search(Query("submarine volcano eruption"), PUBLIC).matches

        def ids(query: str, **more: object) -> set[str]:
            hits = library.searcher.search(Query(query, **more), PUBLIC, 20).hits  # type: ignore[arg-type]
            return {hit.moment.moment_id for hit in hits}

        assert ids("dog treasure") == {f"{video}:{n}" for video in ("pets", "kitchen", "garden") for n in (1, 2, 3)}
        assert ids("bread -butter", filter=Filter(videos=frozenset({"kitchen"}))) == {"kitchen:1", "kitchen:3"}
        drop(cluster, stores[-1])
    cluster.close()
