"""The server's own fusion of two arms: an option that keeps every filter."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.index.base import KeywordQuery, Scope, VectorQuery
from retrieval.index.opensearch_dsl import Joining
from retrieval.index.opensearch_index import OpenSearchIndex
from tests.contract.test_moment_index import SPACES, direction, moment, video
from tests.integration.opensearch.node import Node
from tests.integration.opensearch.stores import opened_store

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
            ]
        )
        yield opened


@pytest.mark.parametrize("joining", ["normalization", "rrf"])
def test_the_server_joins_both_arms_within_what_is_visible(index: OpenSearchIndex, joining: Joining) -> None:
    scope = Scope(frozenset({"public"}), frozenset({2}))
    vector = VectorQuery("moment_vec", direction(2, 8), scope)
    hits = index.joined(KeywordQuery(("cat",), scope), vector, 10, joining, 0.5)
    assert [hit.moment_id for hit in hits] == ["a:2", "a:1"]
    assert all(0 <= hit.score <= 1 for hit in hits)


def test_the_weight_says_which_arm_leads(index: OpenSearchIndex) -> None:
    scope = Scope(frozenset({"public"}), frozenset({2}))
    words, vector = KeywordQuery(("cat",), scope), VectorQuery("moment_vec", direction(1, 8), scope)
    leaders = [index.joined(words, vector, 10, "normalization", weight)[0].moment_id for weight in (0.9, 0.1)]
    assert leaders == ["a:2", "a:1"]
