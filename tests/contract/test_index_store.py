"""One suite for every IndexStore: in memory, in folders, and behind the aliases of a real node of OpenSearch."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.errors import SpaceMismatch
from retrieval.index.lance import LanceIndex
from retrieval.publishing.memory import MemoryStore
from retrieval.publishing.versions import FolderStore, IndexStore
from retrieval.spaces import TEXT, IndexSpaces, Space
from tests.contract.test_moment_index import SPACES, keywords, moment, video
from tests.integration.opensearch.stores import opened_store

OTHER = IndexSpaces.of({**dict(SPACES.held), TEXT: Space("other", 6)})
OLD, NEW = [video("a", moment("a:1", "old dog"))], [video("a", moment("a:1", "new cat"), moment("a:2", "dog"))]


@pytest.fixture(params=["memory", "folders", pytest.param("opensearch", marks=pytest.mark.opensearch)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[IndexStore]:
    if request.param == "memory":
        yield MemoryStore()
    elif request.param == "folders":
        yield FolderStore(tmp_path, LanceIndex)
    else:
        with opened_store(request.getfixturevalue("node").url, tmp_path) as opened:
            yield opened


def test_it_says_in_a_word_what_it_is(store: IndexStore) -> None:
    assert store.kind.strip()


def test_a_version_is_made_when_it_is_opened_and_is_the_same_when_it_is_opened_again(store: IndexStore) -> None:
    assert store.spaces(1) is None
    store.open(1, SPACES).upsert(OLD)
    assert store.spaces(1) == SPACES
    assert keywords(store.open(1, SPACES), "dog") == ["a:1"]


def test_other_encoders_are_refused(store: IndexStore) -> None:
    store.open(1, SPACES).upsert(OLD)
    with pytest.raises(SpaceMismatch, match="other"):
        store.open(1, OTHER)
    assert store.spaces(1) == SPACES
    assert keywords(store.open(1, SPACES), "dog") == ["a:1"]


def test_a_version_begun_is_empty_and_changes_nothing_until_it_is_adopted(store: IndexStore) -> None:
    store.open(1, SPACES).upsert(OLD)
    number, begun = store.begin(1, SPACES)
    assert number != 1
    assert begun.count() == 0
    begun.upsert(NEW)
    assert keywords(store.open(1, SPACES), "dog") == ["a:1"]
    store.adopt(number)
    assert keywords(store.open(number, SPACES), "dog") == ["a:2"]


def test_a_version_begun_may_be_of_other_encoders(store: IndexStore) -> None:
    store.open(1, SPACES).upsert(OLD)
    number, begun = store.begin(1, OTHER)
    begun.upsert(NEW)
    store.adopt(number)
    assert store.spaces(number) == OTHER
    assert store.open(number, OTHER).count() == 2


def test_what_was_begun_and_left_is_not_in_the_next(store: IndexStore) -> None:
    store.open(1, SPACES).upsert(OLD)
    store.begin(1, SPACES)[1].upsert(NEW)
    number, begun = store.begin(1, SPACES)
    begun.upsert([video("b", moment("b:1", "dog"))])
    store.adopt(number)
    assert keywords(store.open(number, SPACES), "dog") == ["b:1"]
    assert store.open(number, SPACES).count() == 1
