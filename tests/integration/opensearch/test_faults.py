"""What goes wrong between us and a cluster: nothing acknowledged is lost, nothing is doubled, and it is told."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from retrieval.errors import IndexUnavailable
from retrieval.index.base import MomentIndex, VideoRows
from retrieval.index.opensearch_versions import OpenSearchStore
from tests.contract.test_moment_index import SPACES, keywords, moment, nearest, video
from tests.integration.opensearch import proxy as faulty
from tests.integration.opensearch.node import Node
from tests.integration.opensearch.proxy import Fault, Proxy, proxy_before
from tests.integration.opensearch.stores import opened_store

pytestmark = pytest.mark.opensearch

TIMEOUT = 2.0
CROWD = [video(f"v{i}", moment(f"v{i}:1", "dog", seed=i)) for i in range(60)]


@pytest.fixture
def between(node: Node) -> Iterator[Proxy]:
    with proxy_before(node.url) as proxy:
        yield proxy


@pytest.fixture
def store(between: Proxy, tmp_path: Path) -> Iterator[OpenSearchStore]:
    with opened_store(between.url, tmp_path / "home", timeout=TIMEOUT, patience=20.0) as opened:
        yield opened


@pytest.fixture
def index(store: OpenSearchStore) -> MomentIndex:
    return store.open(1, SPACES)


def holds_all(index: MomentIndex, crowd: Sequence[VideoRows] = CROWD) -> bool:
    names = {row.moment_id for one in crowd for row in one.moments}
    found = nearest(index, 1, k=len(names) + 50)
    return index.count() == len(names) == len(found) and set(found) == names


@pytest.mark.parametrize(
    ("faults", "requests"),
    [
        ([faulty.refusing(429), faulty.refusing(429)], 3),
        ([faulty.refusing(503)], 2),
        ([faulty.too_busy_for_every(3), faulty.too_busy_for_every(2)], 3),
        ([faulty.cutting_the_request], 2),
        ([faulty.cutting_the_reply], 1),
        ([faulty.losing_the_reply(2 * TIMEOUT)], 1),
        ([faulty.losing_the_reply(2 * TIMEOUT), faulty.refusing(503)], 1),
    ],
    ids=["429", "503", "429 for some", "cut in mid-bulk", "cut in its reply", "silence after commit", "then busy"],
)
def test_a_write_that_meets_a_fault_is_there_once(
    index: MomentIndex, between: Proxy, faults: list[Fault], requests: int
) -> None:
    between.faults = [("_bulk", fault) for fault in faults]
    index.upsert(CROWD)
    assert holds_all(index)
    assert between.times("_bulk") >= requests
    assert index.count() == len(CROWD)


def test_silence_after_commit_is_resolved_by_reading_back(index: MomentIndex, between: Proxy) -> None:
    between.faults = [("_bulk", faulty.losing_the_reply(2 * TIMEOUT))]
    index.upsert(CROWD)
    assert (between.times("_bulk"), between.times("_mget")) == (1, 1)
    assert holds_all(index)


def test_a_late_request_replaces_nothing_newer(index: MomentIndex, between: Proxy) -> None:
    held: list[faulty.Exchange] = []

    def late(exchange: faulty.Exchange) -> None:
        held.append(exchange)
        exchange.cut()

    between.faults = [("_bulk", late)]
    index.upsert([video("a", moment("a:1", "old dog"))])
    index.upsert([video("a", moment("a:1", "new cat"))])
    held[0].forward()
    index.optimize()
    assert (keywords(index, "cat"), keywords(index, "dog")) == (["a:1"], [])


def test_what_is_written_after_the_clock_went_back_counts(store: OpenSearchStore, index: MomentIndex) -> None:
    from retrieval.index.opensearch_bulk import parts
    from retrieval.index.opensearch_dsl import moment_document

    early, late = (video("a", moment("a:1", text)) for text in ("old dog", "new cat"))
    lines = list(parts([moment_document(early, early.moments[0])]))[0]
    store.cluster._write(store.names.moments, lines, 2**60)
    index.upsert([late])
    assert (keywords(index, "cat"), keywords(index, "dog")) == (["a:1"], [])


def test_one_bad_item_among_five_hundred_is_named_and_the_others_are_kept(index: MomentIndex) -> None:
    crowd = [video(f"v{i}", moment(f"v{i}:1", "dog", seed=i)) for i in range(500)]
    crowd[321] = replace(crowd[321], collections=("x" * 40_000,))
    with pytest.raises(IndexUnavailable, match="refused 'v321:1'.*immense term") as refused:
        index.upsert(crowd)
    assert "All others were written" in refused.value.hint
    index.upsert([])
    assert index.count() == 499
    index.upsert([*crowd[:321], *crowd[322:]])
    assert index.count() == 499


@pytest.mark.parametrize(
    ("fault", "means"),
    [
        (faulty.refusing(429), "too much to do"),
        (faulty.refusing(503), "is away"),
        (faulty.refusing(401), "does not know us"),
        (faulty.refusing(403), "does not let us"),
        (faulty.losing_the_reply(2 * TIMEOUT), "did not answer within 2 s"),
    ],
)
def test_a_search_that_cannot_be_done_says_why(index: MomentIndex, between: Proxy, fault: Fault, means: str) -> None:
    between.faults = [("_msearch", fault)] * 20
    with pytest.raises(IndexUnavailable, match=means) as failed:
        keywords(index, "dog")
    assert failed.value.hint
    between.faults = []
    assert keywords(index, "dog") == []


def test_a_search_is_asked_again_while_the_cluster_is_busy(index: MomentIndex, between: Proxy) -> None:
    index.upsert(CROWD)
    between.faults = [("_msearch", faulty.refusing(429)), ("_msearch", faulty.refusing(503))]
    assert len(keywords(index, "dog", k=100)) == len(CROWD)


def test_a_write_to_a_cluster_that_stays_busy_ends_with_a_clear_message(between: Proxy, tmp_path: Path) -> None:
    with opened_store(between.url, tmp_path / "home", patience=1.0) as store:
        index = store.open(1, SPACES)
        index.upsert(CROWD[:10])
        between.faults = [("_bulk", faulty.refusing(429, "queue full"))] * 100
        with pytest.raises(IndexUnavailable, match=r"too much to do \(queue full\)"):
            index.upsert(CROWD)
        between.faults = []
        assert holds_all(index, CROWD[:10])
        index.upsert(CROWD)
        assert holds_all(index)


def test_a_mapping_that_does_not_fit_is_told(store: OpenSearchStore, index: MomentIndex) -> None:
    made = next(iter(store.cluster.indexes(store.names.moments).values()))
    name = next(iter(store.cluster.indexes(store.names.moments)))
    store.cluster.drop(name)
    made["mappings"]["properties"]["moment_vec"]["dimension"] = 9
    settings = {"index": {"knn": True}}
    aliases: dict[str, object] = {store.names.moments: {}}
    store.cluster.create(name, {"mappings": made["mappings"], "settings": settings, "aliases": aliases})
    with pytest.raises(IndexUnavailable, match="refused 'v0:1' and 59 more.*dimension") as refused:
        index.upsert(CROWD)
    assert "vdialog reindex" in refused.value.hint
