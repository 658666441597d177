"""How many keyframes are kept, and which."""

from pathlib import Path

import pytest

from retrieval.ingest.budget import allowed, thinned
from retrieval.types import Keyframe, Shot, TimeSpan


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
