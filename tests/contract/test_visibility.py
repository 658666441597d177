"""Who sees what, on every index: random users, collections, questions and filters, held against the plain rule."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrieval.index.base import IndexQuery, KeywordQuery, MomentIndex, MomentRow, Scope, VectorQuery, VideoRows
from retrieval.index.filters import admits
from retrieval.index.lance import LanceIndex
from retrieval.index.memory import MemoryIndex
from retrieval.types import TEXT_SOURCES, Filter, TimeSpan
from tests.contract.test_moment_index import SPACES, direction, moment
from tests.integration.opensearch.stores import opened_store

WORDS = ["dog", "cat", "ball", "garden", "house", "hand", "boat", "tree"]
COLLECTIONS = ["ours", "theirs", "public", "secret"]
ENGINES = ["memory", "lance", pytest.param("opensearch", marks=pytest.mark.opensearch)]
SIZES = {"caption_vec": 6, "moment_vec": 8, "clip_vec": 4}


@dataclass(frozen=True)
class Asked:
    """One question of one user."""

    query: IndexQuery
    k: int


def some(values: list[str], least: int = 0) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(values), min_size=least)


texts = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)
rows = st.tuples(texts, st.integers(0, 6), st.integers(0, 10**6), st.sampled_from(TEXT_SOURCES), st.integers(0, 3))
videos = st.tuples(some(COLLECTIONS, 1), st.booleans(), st.lists(rows, min_size=1, max_size=5))
filters = st.builds(
    Filter,
    collections=st.none() | some(COLLECTIONS),
    videos=st.none() | some([f"v{i}" for i in range(7)]),
    within=st.none() | st.integers(0, 30).map(lambda start: TimeSpan(start, start + 7)),
    sources=st.none() | some(list(TEXT_SOURCES)),
)
narrowings = st.tuples(filters, st.lists(texts.filter(bool), max_size=1), some(WORDS).map(sorted))
wishes = st.just((Filter(), [], [])) | narrowings
questions = st.tuples(
    some(COLLECTIONS),
    wishes,
    st.sampled_from(["words", *SIZES]),
    some(WORDS, 1).map(sorted),
    st.integers(0, 10**6),
    st.booleans(),
    st.integers(1, 40),
)


def made(world: list[tuple[frozenset[str], bool, list[tuple[str, int, int, str, int]]]]) -> list[VideoRows]:
    """Videos of a world; those that are not committed have an odd generation."""
    return [
        VideoRows(
            f"v{number}",
            2 * number + (not committed),
            tuple(sorted(collections)),
            tuple(
                moment(
                    f"v{number}:{place}",
                    text,
                    5.0 * start,
                    seed,
                    source,  # type: ignore[arg-type]
                    tuple((5.0 * start + 1 + i, seed + i) for i in range(frames)),
                )
                for place, (text, start, seed, source, frames) in enumerate(rows, start=1)
            ),
            60.0,
        )
        for number, (collections, committed, rows) in enumerate(world)
    ]


def asked(question: tuple, hidden: frozenset[int]) -> Asked:  # type: ignore[type-arg]
    visible, (narrowed, phrases, excluded), arm, stems, seed, exact, k = question
    scope = Scope(visible, hidden, narrowed, tuple(phrases), tuple(excluded))
    if arm == "words":
        return Asked(KeywordQuery(tuple(stems), scope), k)
    return Asked(VectorQuery(arm, direction(seed, SIZES[arm]), scope, exact), k)


def ranked_by(query: IndexQuery, row: MomentRow) -> bool:
    if isinstance(query, KeywordQuery):
        return not set(query.terms).isdisjoint(row.terms.split())
    return bool(row.frames) if query.column == "clip_vec" else query.column in row.vectors


@contextmanager
def opened(engine: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[MomentIndex]:
    if engine == "memory":
        yield MemoryIndex(SPACES)
    elif engine == "lance":
        yield LanceIndex(folder / "index", SPACES)
    else:
        with opened_store(request.getfixturevalue("node").url, folder) as store:
            yield store.open(1, SPACES)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_a_search_returns_what_is_visible_and_as_much_of_it_as_is_wanted(
    engine: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    with opened(engine, request, tmp_path) as index:

        @settings(
            max_examples={"memory": 200, "lance": 25, "opensearch": 25}[engine],
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        )
        @given(st.lists(videos, min_size=1, max_size=6), st.lists(questions, min_size=4, max_size=8))
        def holds(world: list, several: list) -> None:  # type: ignore[type-arg]
            there = made(world)
            hidden = frozenset(video.generation for video in there if video.generation % 2)
            index.upsert(there)
            try:
                for question in several:
                    one = asked(question, hidden)
                    found = [hit.moment_id for hit in index.search(one.query, one.k)]
                    may = {
                        row.moment_id
                        for video in there
                        for row in video.moments
                        if admits(one.query.scope, video, row) and ranked_by(one.query, row)
                    }
                    assert set(found) <= may
                    assert len(found) == len(set(found)) == min(one.k, len(may))
            finally:
                index.delete([video.video_id for video in there])

        holds()
        assert index.count() == 0


@pytest.mark.opensearch
def test_a_graph_gives_as_many_as_there_are_however_narrow_the_filter(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    rng = np.random.default_rng(0)
    with opened("opensearch", request, tmp_path) as index:
        crowd = [
            VideoRows(f"v{i}", 1, ("public" if i % 50 else "secret",), (moment(f"v{i}:1", "dog", seed=i),), 5.0)
            for i in range(3_000)
        ]
        index.upsert(crowd)
        for _ in range(20):
            few = frozenset(f"v{i}" for i in rng.choice(3_000, int(rng.integers(1, 400)), replace=False))
            visible = frozenset({"secret"}) if rng.random() < 0.5 else frozenset({"public"})
            scope = Scope(visible, frozenset(), Filter(videos=few))
            vector, k = direction(int(rng.integers(10**6)), 8), int(rng.integers(1, 60))
            found = {hit.moment_id for hit in index.search(VectorQuery("moment_vec", vector, scope), k)}
            may = {video.moments[0].moment_id for video in crowd if admits(scope, video, video.moments[0])}
            assert found <= may
            assert len(found) == min(k, len(may))
