"""Versions behind aliases: what counts, what is refused, and how one takes another's place."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from retrieval.catalogue.catalogue import Catalogue
from retrieval.encoders.hashing import HashingTextEncoder
from retrieval.encoders.lazy import Encoders
from retrieval.errors import LibraryUnusable, SpaceMismatch
from retrieval.index import opensearch_versions
from retrieval.index import spaces as index_spaces
from retrieval.index.base import FORM
from retrieval.index.opensearch import Cluster, Connection
from retrieval.index.opensearch_versions import OpenSearchStore
from retrieval.library import Library
from retrieval.searching.query import Query
from retrieval.spaces import TEXT, IndexSpaces, Space
from tests.contract.test_moment_index import SPACES, keywords, moment, video
from tests.integration.opensearch.node import Node
from tests.integration.opensearch.stores import drop, fresh_name, opened_store
from tests.integration.opensearch.taking import PUBLIC, take

pytestmark = pytest.mark.opensearch


@pytest.fixture
def store(node: Node, tmp_path: Path) -> Iterator[OpenSearchStore]:
    with opened_store(node.url, tmp_path / "home") as opened:
        yield opened


def aliased(store: OpenSearchStore) -> set[str]:
    return set(store.cluster.indexes(f"{store.names.moments},{store.names.frames}"))


def test_a_new_version_is_seen_only_when_it_is_adopted(store: OpenSearchStore) -> None:
    store.open(1, SPACES).upsert([video("a", moment("a:1", "old dog"))])
    before = aliased(store)
    number, begun = store.begin(1, SPACES)
    begun.upsert([video("a", moment("a:1", "new dog"), moment("a:2", "dog"))])
    assert keywords(store.open(1, SPACES), "dog") == ["a:1"]
    assert aliased(store) == before
    store.adopt(number)
    assert keywords(store.open(number, SPACES), "dog") == ["a:2", "a:1"]
    assert set(store.cluster.indexes(f"{store.names.prefix}-*")) == aliased(store)


def test_a_version_that_was_begun_and_left_is_dropped_by_the_next(store: OpenSearchStore) -> None:
    store.open(1, SPACES).upsert([video("a", moment("a:1", "dog"))])
    left, _ = store.begin(1, SPACES)
    begun, _ = store.begin(1, SPACES)
    store.adopt(begun)
    assert begun > left
    assert {store.names.number(name) for name in store.cluster.indexes(f"{store.names.prefix}-*")} == {begun}


def test_other_encoders_are_refused_by_name(store: OpenSearchStore) -> None:
    store.open(1, SPACES)
    with pytest.raises(SpaceMismatch, match=r"probe \(6, cosine\).*other"):
        store.open(1, IndexSpaces.of({**dict(SPACES.held), TEXT: Space("other", 6)}))
    assert store.spaces(1) == SPACES


def replaced_prefix(store: OpenSearchStore, prefix: str) -> OpenSearchStore:
    return OpenSearchStore(store.cluster, store.catalogue, prefix)


def test_names_of_another_library_are_refused(store: OpenSearchStore, node: Node, tmp_path: Path) -> None:
    store.open(1, SPACES)
    with opened_store(node.url, tmp_path / "other") as other:
        taken = replaced_prefix(other, store.names.prefix)
        for attempt in (lambda: taken.open(1, SPACES), lambda: taken.begin(1, SPACES)):
            with pytest.raises(LibraryUnusable, match="belongs to another library"):
                attempt()
    assert keywords(store.open(1, SPACES), "dog") == []


def test_an_index_of_another_form_asks_for_a_new_one(store: OpenSearchStore) -> None:
    store.open(1, SPACES)
    made = next(iter(store.cluster.indexes(store.names.moments).values()))
    store.cluster.drop(f"{store.names.prefix}-moments-*")
    form = {"_meta": made["mappings"]["_meta"], "properties": {"terms": {"type": "keyword"}}}
    aliases = {store.names.moments: {}}
    store.cluster.create(f"{store.names.prefix}-moments-9", {"mappings": form, "aliases": aliases})
    with pytest.raises(SpaceMismatch, match="another version"):
        store.open(1, SPACES)


def test_an_index_of_an_earlier_pipeline_asks_for_a_new_one(
    store: OpenSearchStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier:
        for module in (opensearch_versions, index_spaces):
            earlier.setattr(module, "FORM", FORM - 1)
        store.open(1, SPACES)
    with pytest.raises(SpaceMismatch, match="another version") as refused:
        store.open(1, SPACES)
    assert "vdialog reindex" in refused.value.hint


def test_the_length_of_the_video_is_stored(store: OpenSearchStore) -> None:
    store.open(1, SPACES).upsert([replace(video("a", moment("a:1", "a dog")), duration=312.5)])
    wanted = {"_source": ["duration"], "query": {"range": {"duration": {"gt": 300}}}}
    hits = store.cluster.search([(store.names.moments, wanted)])[0]["hits"]["hits"]
    assert [hit["_source"] for hit in hits] == [{"duration": 312.5}]


@pytest.fixture
def cluster(node: Node) -> Iterator[Cluster]:
    opened = Cluster(Connection((node.url,)))
    yield opened
    opened.close()


def test_a_library_goes_from_lancedb_to_opensearch_and_back(cluster: Cluster, tmp_path: Path) -> None:
    home, name = tmp_path / "home", fresh_name()
    encoders = Encoders(HashingTextEncoder)
    stores: list[OpenSearchStore] = []

    def in_cluster(catalogue: Catalogue) -> OpenSearchStore:
        stores.append(OpenSearchStore(cluster, catalogue, name))
        return stores[-1]

    def found(library: Library) -> list[tuple[str, float]]:
        hits = library.searcher.search(Query("a dog in the garden"), PUBLIC).hits
        return [(hit.moment.moment_id, round(hit.score, 4)) for hit in hits]

    with Library(home, encoders) as library:
        take(library, tmp_path)
        before = found(library)
    with Library(home, encoders, make_store=in_cluster) as library:
        with pytest.raises(LibraryUnusable, match="is embedded, and in OpenSearch"):
            found(library)
        assert library.reindex() == library.catalogue.moment_count() == library.indexed()
        assert found(library) == before
        assert not library.remove("pets", PUBLIC)  # a server keeps what was deleted as long as it likes
        assert not [name for name, _ in found(library) if name.startswith("pets")]
        old = aliased(stores[-1])
        assert library.compact()  # makes the index anew, and the old one is deleted with all its segments
        assert not old & set(cluster.indexes(f"{stores[-1].names.prefix}-*"))
        assert not [name for name, _ in found(library) if name.startswith("pets")]
        drop(cluster, stores[-1])
    with Library(home, encoders, make_store=in_cluster) as library:
        with pytest.raises(LibraryUnusable, match="missing") as missing:
            found(library)
        assert "vdialog reindex" in missing.value.hint
        library.reindex()
        assert found(library)
        drop(cluster, stores[-1])
    with Library(home, encoders) as library:
        with pytest.raises(LibraryUnusable, match="is in OpenSearch"):
            found(library)
        library.reindex()
        assert found(library)


def test_an_index_dropped_while_it_is_open_is_told(cluster: Cluster, tmp_path: Path) -> None:
    with opened_store(cluster.connection.urls[0], tmp_path / "home") as store:
        index = store.open(1, SPACES)
        drop(store.cluster, store)
        with pytest.raises(Exception, match="there is no index") as missing:
            keywords(index, "dog")
        assert "vdialog reindex" in missing.value.hint  # type: ignore[attr-defined]
