"""How much work a run is, before it begins."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from retrieval.ingest.confined import DecodeLimits
from retrieval.ingest.course import course_of
from retrieval.ingest.inputs import Models
from retrieval.library import Library


class Told:
    """Tells lengths, and notes of which files it was asked."""

    def __init__(self, told: dict[str, tuple[float, int]]) -> None:
        self._told = told
        self.asked: list[Path] = []

    def __call__(self, paths: Sequence[Path], limits: DecodeLimits | None) -> dict[Path, tuple[float, int]]:
        self.asked += paths
        return {path: self._told[path.name] for path in paths if path.name in self._told}


def files(folder: Path, **sizes: int) -> list[Path]:
    for name, size in sizes.items():
        (folder / f"{name}.mp4").write_bytes(b"x" * size)
    return [folder / f"{name}.mp4" for name in sizes]


def left(library: Library, found: list[Path], told: Told, models: Models = Models()) -> float:  # noqa: B008
    course = course_of(found, library.catalogue, "home", models, told, None)
    seconds = course.told(found[0], "checking", 0.0).left
    assert seconds is not None
    return seconds


def test_a_longer_film_and_a_larger_picture_are_more_work(library: Library, tmp_path: Path) -> None:
    found = files(tmp_path, one=1000, two=1000)
    small, large = (640 * 360), (3840 * 2160)
    short = left(library, found, Told({"one.mp4": (60.0, small), "two.mp4": (60.0, small)}))
    long = left(library, found, Told({"one.mp4": (600.0, small), "two.mp4": (600.0, small)}))
    fine = left(library, found, Told({"one.mp4": (600.0, large), "two.mp4": (600.0, large)}))
    assert short < long < fine


def test_a_length_that_nobody_tells_is_guessed_from_the_bytes(library: Library, tmp_path: Path) -> None:
    found = files(tmp_path, one=1000, two=100_000)
    told = Told({"one.mp4": (60.0, 1280 * 720)})
    assert left(library, found, told) > 50 * left(library, found[:1], told) / 2
    assert left(library, found, Told({})) > 0


def test_of_a_single_file_no_length_is_asked(library: Library, tmp_path: Path) -> None:
    told = Told({})
    left(library, files(tmp_path, one=1000), told)
    assert told.asked == []


def test_a_file_that_is_not_there_is_no_work(library: Library, tmp_path: Path) -> None:
    found = [*files(tmp_path, one=1000, two=1000), tmp_path / "gone.mp4"]
    told = Told({})
    left(library, found, told)
    assert told.asked == found[:2]


@pytest.mark.parametrize("models", [Models(speech="small"), Models(describer="a LLaVA"), Models("small", "a LLaVA")])
def test_models_that_are_set_make_more_work(library: Library, tmp_path: Path, models: Models) -> None:
    found = files(tmp_path, one=1000, two=1000)
    told = Told({path.name: (60.0, 1280 * 720) for path in found})
    assert left(library, found, told, models) > left(library, found, told) + 10
