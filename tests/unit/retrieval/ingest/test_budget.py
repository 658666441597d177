"""How many keyframes are kept, and which."""

from pathlib import Path

import pytest

from retrieval.encoders.hashing import HashingTextEncoder
from retrieval.encoders.lazy import Encoders
from retrieval.index.memory import MemoryIndex
from retrieval.ingest.budget import allowed, thinned
from retrieval.ingest.pipeline import IngestOptions
from retrieval.library import Library
from retrieval.types import Keyframe, Shot, TimeSpan
from tests.unit.retrieval.ingest.films import film, shots


def keyframes(*times: float) -> list[Keyframe]:
    return [Keyframe(float(time), Path(f"{time}.jpg")) for time in times]


def shots_between(*bounds: float) -> list[Shot]:
    return [Shot(TimeSpan(start, end)) for start, end in zip(bounds, bounds[1:], strict=False)]


def times(kept: tuple[Keyframe, ...]) -> list[float]:
    return [frame.time for frame in kept]


@pytest.mark.parametrize(("duration", "count"), [(3600, 60), (1800, 30), (90, 2), (1, 1), (0.01, 1)])
def test_the_budget_is_a_share_of_an_hour_and_never_nothing(duration: float, count: int) -> None:
    assert allowed(duration, 60) == count


def test_within_the_budget_all_are_kept() -> None:
    given = keyframes(*range(60))
    assert thinned(given, shots_between(0, 60), 60, 3600) == tuple(given)


def test_each_shot_keeps_its_first_and_the_rest_is_spread_evenly() -> None:
    given = keyframes(*range(60))
    kept = thinned(given, shots_between(0, 10.5, 20, 60), 60, 600)
    assert len(kept) == 10
    assert {0, 11, 20} <= set(times(kept))
    assert max(after - before for before, after in zip(times(kept), times(kept)[1:], strict=False)) <= 15


def test_with_more_shots_than_budget_shots_are_spread_evenly() -> None:
    given = keyframes(*[time / 2 for time in range(120)])
    kept = thinned(given, shots_between(*range(61)), 60, 360)
    assert times(kept) == [5, 15, 25, 35, 45, 55]


@pytest.mark.parametrize("frames_per_hour", [1, 700, 36_000])
def test_every_moment_keeps_a_keyframe_whatever_the_budget(tmp_path: Path, frames_per_hour: int) -> None:
    path = film(tmp_path / "a.mp4", shots(*[(number, 0.6) for number in range(30)]))
    encoders, options = Encoders(HashingTextEncoder), IngestOptions(frames_per_hour=frames_per_hour)
    with Library(tmp_path / "home", encoders, options, make_index=lambda _, spaces: MemoryIndex(spaces)) as library:
        library.ingest([path], "here")
        moments = library.catalogue.moments("a", frozenset({"here"}))
        kept = library.catalogue.keyframe_count(library.catalogue.video("a", frozenset({"here"})))
        assert all(moment.keyframes for moment in moments)
        assert kept <= max(len(moments), allowed(18, frames_per_hour)) + len(moments)
        assert kept == len(list(library.catalogue.frames_folder(1).iterdir()))
        assert (kept >= 30) == (frames_per_hour == 36_000)
        spans = [moment.span for moment in moments]
    with Library(tmp_path / "other", encoders, make_index=lambda _, spaces: MemoryIndex(spaces)) as library:
        library.ingest([path], "here")
        assert [moment.span for moment in library.catalogue.moments("a", frozenset({"here"}))] == spans
