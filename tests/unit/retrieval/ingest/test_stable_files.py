import os
from pathlib import Path

import pytest

from retrieval.ingest.stable_files import StableFiles

NOW = 1_000_000.0


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def written(path: Path, changed: float, size: int = 1) -> Path:
    path.write_bytes(b"x" * size)
    os.utime(path, (changed, changed))
    return path


def test_a_file_that_was_changed_long_ago_rests(tmp_path: Path, clock: Clock) -> None:
    assert StableFiles(10, clock).rests(written(tmp_path / "a", NOW - 10))


def test_a_fresh_file_rests_after_ten_seconds_without_change(tmp_path: Path, clock: Clock) -> None:
    path, steady = written(tmp_path / "a", NOW - 2), StableFiles(10, clock)
    assert not steady.rests(path)
    clock.now += 7.9
    assert not steady.rests(path)
    clock.now += 0.2
    assert steady.rests(path)


def test_a_file_that_grows_waits_on(tmp_path: Path, clock: Clock) -> None:
    path, steady = tmp_path / "a", StableFiles(10, clock)
    for size in range(1, 6):
        written(path, clock.now, size)
        assert not steady.rests(path)
        clock.now += 9
    clock.now += 1
    assert steady.rests(path)


def test_a_change_in_the_future_is_not_believed_but_watched(tmp_path: Path, clock: Clock) -> None:
    path, steady = written(tmp_path / "a", NOW + 90_000), StableFiles(10, clock)
    assert not steady.rests(path)
    clock.now += 9
    assert not steady.rests(path)
    written(path, NOW + 90_000, size=2)
    clock.now += 2
    assert not steady.rests(path)
    clock.now += 10
    assert steady.rests(path)


def test_no_seconds_take_every_file_as_it_is(tmp_path: Path, clock: Clock) -> None:
    assert StableFiles(0, clock).rests(written(tmp_path / "a", NOW))


def test_those_at_rest_come_first_and_the_others_are_waited_for(tmp_path: Path, clock: Clock) -> None:
    fresh, old = written(tmp_path / "fresh", NOW - 4), written(tmp_path / "old", NOW - 60)
    waited: list[Path] = []
    paused: list[float] = []

    def pause(seconds: float) -> None:
        paused.append(seconds)
        clock.now += seconds

    assert list(StableFiles(10, clock).in_order([fresh, old], waited.append, pause)) == [old, fresh]
    assert set(waited) == {fresh}
    assert sum(paused) == pytest.approx(6, abs=1)


def test_a_file_that_goes_while_it_is_waited_for_is_let_through(tmp_path: Path, clock: Clock) -> None:
    fresh = written(tmp_path / "fresh", NOW)
    order = StableFiles(10, clock).in_order([fresh], lambda path: path.unlink(), lambda _: None)
    assert list(order) == [fresh]
