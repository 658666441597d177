"""One suite for every shelf with its searcher: the library in memory, and the catalogue with the search over it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.tools.memory import MemoryLibrary, video_of
from bot.tools.pieces import CatalogueReader, Searcher
from retrieval.encoders.hashing import HashingTextEncoder
from retrieval.encoders.lazy import Encoders
from retrieval.errors import InvalidQuery, NotInLibrary
from retrieval.index.memory import MemoryIndex
from retrieval.library import Library
from retrieval.searching.query import Query
from retrieval.types import Filter, TimeSpan

OURS, THEIRS, BOTH = frozenset({"ours"}), frozenset({"theirs"}), frozenset({"ours", "theirs"})
TOLD = {
    "park": [
        (0.0, 10.0, "A brown dog runs in the park."),
        (10.0, 20.0, "A cat sleeps."),
        (20.0, 30.0, "The dog rests."),
    ],
    "beach": [(0.0, 10.0, "A boy throws a ball to his dog.")],
    "vault": [(0.0, 10.0, "A dog guards the treasure.")],
}
COLLECTION_OF = {"park": "ours", "beach": "ours", "vault": "theirs"}


@dataclass(frozen=True)
class Open:
    """A shelf, and the search over it."""

    shelf: CatalogueReader
    searcher: Searcher


@pytest.fixture(params=["memory", "catalogue"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    if request.param == "memory":
        made = MemoryLibrary(
            *((video_of(name, name, collection=COLLECTION_OF[name]), told) for name, told in TOLD.items())
        )
        yield Open(made, made)
        return
    encoders = Encoders(HashingTextEncoder)
    with Library(tmp_path / "home", encoders, make_index=lambda _, spaces: MemoryIndex(spaces)) as library:
        for name, told in TOLD.items():
            spans, sentences = [list(one[:2]) for one in told], [one[2] for one in told]
            entry = {"duration": told[-1][1], "timestamps": spans, "sentences": sentences}
            (tmp_path / "captions.json").write_text(json.dumps({name: entry}))
            library.import_annotations(tmp_path / "captions.json", COLLECTION_OF[name])
        yield Open(library.catalogue, library.searcher)


def found(opened: Open, query: Query, visible: frozenset[str] = OURS, k: int = 10) -> set[str]:
    return {hit.moment.moment_id for hit in opened.searcher.search(query, visible, k).hits}


def test_the_visible_videos_are_listed_by_id(opened: Open) -> None:
    assert [video.video_id for video in opened.shelf.videos(OURS)] == ["beach", "park"]
    assert [video.video_id for video in opened.shelf.videos(BOTH)] == ["beach", "park", "vault"]
    assert opened.shelf.videos(frozenset()) == []


def test_one_video_is_what_the_list_tells_of_it(opened: Open) -> None:
    assert [opened.shelf.video(video.video_id, OURS) for video in opened.shelf.videos(OURS)] == opened.shelf.videos(
        OURS
    )


def test_moments_come_in_order_of_time_and_each_can_be_had_alone(opened: Open) -> None:
    moments = opened.shelf.moments("park", OURS)
    assert [(moment.span.start, moment.span.end, moment.text) for moment in moments] == TOLD["park"]
    assert [opened.shelf.moment(moment.moment_id, OURS) for moment in moments] == moments


def test_what_is_not_visible_and_what_there_is_not_are_refused_in_the_same_words(opened: Open) -> None:
    said = []
    for name in ("vault", "nowhere"):
        for read in (opened.shelf.video, opened.shelf.moments, lambda name, who: opened.shelf.moment(f"{name}:1", who)):
            with pytest.raises(NotInLibrary) as refused:
                read(name, OURS)
            said.append(str(refused.value).replace(name, "NAME"))
    assert said[:3] == said[3:]


@pytest.mark.parametrize("name", ["park:4", "park:0", "park", "", "park:one", ":"])
def test_a_moment_that_there_is_not_is_refused(opened: Open, name: str) -> None:
    with pytest.raises(NotInLibrary):
        opened.shelf.moment(name, OURS)


def test_hits_are_moments_of_the_shelf_best_first_and_k_at_most(opened: Open) -> None:
    hits = opened.searcher.search(Query("a brown dog runs"), OURS, 2).hits
    assert [hit.rank for hit in hits] == [1, 2]
    assert hits[0].moment.moment_id == "park:1"
    assert hits[0].score >= hits[1].score
    for hit in hits:
        assert hit.moment == opened.shelf.moment(hit.moment.moment_id, OURS)
        assert hit.title == opened.shelf.video(hit.moment.video_id, OURS).title


def test_nothing_is_found_in_what_is_not_visible(opened: Open) -> None:
    assert found(opened, Query("treasure"), THEIRS) == {"vault:1"}
    for query in (Query("treasure"), Query("dog", filter=Filter(collections=THEIRS)), Query(like="park:1")):
        assert "vault:1" not in found(opened, query)
    assert found(opened, Query("dog"), frozenset()) == set()
    with pytest.raises(NotInLibrary):
        opened.searcher.search(Query(like="vault:1"), OURS)


@pytest.mark.parametrize(
    ("query", "admitted"),
    [
        (Query("dog", filter=Filter(videos=frozenset({"beach"}))), {"beach:1"}),
        (Query("dog", filter=Filter(within=TimeSpan(20, 25))), {"park:3"}),
        (Query("dog", filter=Filter(sources=frozenset({"speech"}))), set()),
        (Query("dog", phrases=("the dog",)), {"park:3"}),
        (Query("dog", excluded=("running", "sleep", "resting")), {"beach:1"}),
        (Query(like="park:1"), {"park:2", "park:3", "beach:1"}),
    ],
    ids=["video", "stretch", "source", "phrase", "without", "like"],
)
def test_only_what_a_query_admits_is_found(opened: Open, query: Query, admitted: set[str]) -> None:
    assert found(opened, query) <= admitted
    assert bool(found(opened, query)) == bool(admitted)


@pytest.mark.parametrize("query", [Query(), Query("  ?"), Query("dog", like="park:1")])
def test_a_query_for_nothing_or_for_two_things_is_refused(opened: Open, query: Query) -> None:
    with pytest.raises(InvalidQuery):
        opened.searcher.search(query, OURS)


def test_a_search_is_surer_of_what_is_there_than_of_what_is_not(opened: Open) -> None:
    there, absent = (opened.searcher.search(Query(text), OURS) for text in ("a brown dog", "a grand piano"))
    assert 0 <= absent.confidence < 0.5 < there.confidence <= 1
