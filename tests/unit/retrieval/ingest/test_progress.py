"""How far a run is, and how long it goes on, from the stages seen so far; with a clock of the test's own."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from retrieval.ingest.progress import Course, Progress

STAGES = ("reading", "screen text", "embedding", "embedding frames")


class Run:
    """A run in which each stage of a file takes so many seconds for a second of film, told in tenths."""

    def __init__(self, lengths: Sequence[float], rates: Sequence[float], each: float = 0.3, known: bool = True) -> None:
        self.now = 0.0
        self.files = {Path(f"{number}.mp4"): length for number, length in enumerate(lengths)}
        self._rates = dict(zip(STAGES, rates, strict=True))
        self._each = each
        sizes = {path: int(length * 1000) for path, length in self.files.items()}
        self.course = Course(sizes, self.files if known else {}, clock=lambda: self.now)

    @property
    def whole(self) -> float:
        """Seconds that all of it takes."""
        return sum(self._each + length * sum(self._rates.values()) for length in self.files.values())

    def signs(self) -> Iterator[Progress]:
        for path, length in self.files.items():
            yield self.course.told(path, "checking", 0.0)
            self.now += self._each
            for stage, rate in self._rates.items():
                for tenth in range(10):
                    yield self.course.told(path, stage, tenth / 10)
                    self.now += rate * length / 10
            yield self.course.told(path, "saving", 1.0)
            self.course.finished(path)


RUNS = {
    "short films": Run([20.0] * 12, (0.2, 0.1, 0.02, 0.05)),
    "one of an hour among short ones": Run([20.0] * 5 + [3600.0] + [20.0] * 5, (0.1, 0.1, 0.02, 0.02)),
    "an hour alone": Run([3600.0], (0.2, 0.15, 0.03, 0.05)),
    "an hour alone, its length not known": Run([3600.0], (0.2, 0.15, 0.03, 0.05), known=False),
    "a slow machine": Run([60.0] * 10, (1.2, 0.9, 0.2, 0.3)),
    "hardly any text": Run([30.0] * 20, (0.3, 0.02, 0.02, 0.0)),
}


@pytest.mark.parametrize("name", RUNS)
def test_after_a_tenth_time_left_is_right_within_a_factor_of_two(name: str) -> None:
    run = RUNS[name]
    whole, checked = run.whole, 0
    for sign in run.signs():
        if 0.1 * whole <= run.now <= 0.9 * whole:
            assert sign.left is not None
            assert (whole - run.now) / 2 <= sign.left <= 2 * (whole - run.now), (run.now, whole, sign)
            checked += 1
    assert checked > 10


def test_nothing_jumps_back_and_files_are_counted() -> None:
    run = Run([20.0, 600.0, 20.0], (0.2, 0.1, 0.02, 0.05))
    before = None
    for sign in run.signs():
        assert 0 <= sign.fraction <= 1
        assert 0 <= sign.share <= 1
        if before is not None:
            assert sign.share >= before.share
            assert (sign.path, sign.stage) != (before.path, before.stage) or sign.fraction >= before.fraction
        before = sign
    assert before is not None
    assert (before.number, before.count) == (3, 3)
    assert before.share > 0.95


def test_a_stage_that_starts_again_does_not_go_back() -> None:
    course = Course({Path("a.mp4"): 10}, clock=lambda: 0.0)
    told = [course.told(Path("a.mp4"), "embedding", fraction).fraction for fraction in (0.0, 0.5, 0.0, 0.7)]
    assert told == [0.0, 0.5, 0.5, 0.7]


def test_files_that_are_in_already_are_no_work() -> None:
    now = 0.0
    paths = [Path(f"{number}.mp4") for number in range(20)]
    sizes = {path: 0 if number < 15 else 1000 for number, path in enumerate(paths)}
    course = Course(sizes, {path: 10.0 for path in paths[15:]}, clock=lambda: now)
    for path in paths[:15]:
        course.told(path, "checking", 0.0)
        now += 0.01
        course.finished(path)
    course.told(paths[15], "reading", 0.0)
    now += 1.0
    sign = course.told(paths[15], "reading", 1.0)
    assert sign.left is not None
    assert 5 < sign.left < 20  # four more of them, and the rest of this one
    assert sign.number == 16


def test_time_to_load_models_says_nothing_of_the_files_to_come() -> None:
    now = 0.0
    paths = [Path("a.mp4"), Path("b.mp4"), Path("c.mp4")]
    course = Course(dict.fromkeys(paths, 1000), dict.fromkeys(paths, 10.0), clock=lambda: now)
    course.told(paths[0], "reading", 0.0)
    now += 1.0
    before = course.told(paths[0], "loading models", 0.0)
    now += 60.0
    after = course.told(paths[0], "embedding", 0.0)
    assert before.left is not None
    assert after.left is not None
    assert after.left <= before.left


def test_before_anything_was_seen_what_is_usual_is_told() -> None:
    files = {Path("a.mp4"): 60.0, Path("b.mp4"): 60.0}
    course = Course(dict.fromkeys(files, 10), files, clock=lambda: 0.0)
    told = course.told(Path("a.mp4"), "checking", 0.0)
    assert (told.number, told.count, told.share) == (1, 2, 0.0)
    assert told.left is not None
    assert 20 < told.left < 60
