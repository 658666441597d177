from collections.abc import Iterable

import cv2
import numpy as np
import pytest

from retrieval.ingest.child.changes import Change, ChangeFinder
from retrieval.ingest.child.shots import FrameArray
from tests.films import picture

STEP = 0.1


def small(number: int) -> FrameArray:
    return picture(number, 160, 96)[:90]


def mixed(one: FrameArray, other: FrameArray, share: float) -> FrameArray:
    return cv2.addWeighted(other, share, one, 1 - share, 0).astype(np.uint8)


def faded(one: FrameArray, other: FrameArray, seconds: float) -> list[FrameArray]:
    """Three seconds of each picture, and a fade around second 3."""
    shares = [float(np.clip((n * STEP - 3) / seconds + 0.5, 0, 1)) for n in range(60)]
    return [mixed(one, other, share) for share in shares]


def with_figure(place: FrameArray, number: int, left: int = 50) -> FrameArray:
    image = place.copy()
    image[20:80, left : left + 50] = small(number)[20:80, :50]
    return image


def changes(pictures: Iterable[FrameArray]) -> list[Change]:
    finder = ChangeFinder()
    found = [change for n, image in enumerate(pictures) for change in finder.add(n * STEP, image)]
    return found + finder.finish()


@pytest.mark.parametrize("seconds", [0.3, 0.5, 1.0])
def test_a_fade_is_one_change_in_its_middle_and_its_extent_is_told(seconds: float) -> None:
    [change] = changes(faded(small(1), small(2), seconds))
    assert change.time == pytest.approx(3.0, abs=0.1)
    assert (change.start, change.end) == pytest.approx((3 - 0.4 * seconds, 3 + 0.4 * seconds), abs=0.1)


def test_other_actors_in_the_same_place_are_a_change() -> None:
    place = small(1)
    [change] = changes([with_figure(place, 2)] * 30 + [with_figure(place, 3)] * 30)
    assert (change.time, change.start, change.end) == pytest.approx((3.0, 3.0, 3.0))


def test_actors_may_fade_into_others() -> None:
    place = small(1)
    [change] = changes(faded(with_figure(place, 2), with_figure(place, 3), 0.5))
    assert change.time == pytest.approx(3.0, abs=0.1)


def test_a_hard_cut_is_told_once() -> None:
    assert changes([small(1)] * 30 + [small(2)] * 30) == [Change(3.0, 3.0, 3.0)]


def test_a_figure_that_walks_through_is_no_change() -> None:
    assert changes(with_figure(small(1), 2, left=4 * n) for n in range(27)) == []


def test_a_small_thing_that_appears_is_no_change() -> None:
    there = cv2.rectangle(small(1).copy(), (60, 40), (90, 60), (255, 255, 255), -1).astype(np.uint8)
    assert changes([small(1)] * 30 + [there] * 30) == []


def test_neither_a_lamp_nor_light_after_the_dark_is_a_change() -> None:
    place = small(1)
    assert changes(faded((place * 0.4).astype(np.uint8), place, 0.5)) == []
    assert not [change for change in changes(faded(np.zeros_like(place), place, 0.5)) if change.time > 2]


def test_a_shaking_noisy_camera_makes_no_change() -> None:
    wide, rng = picture(7, 176, 120), np.random.default_rng(0)

    def shaken(time: float) -> FrameArray:
        x, y = round(6 + 6 * np.sin(7.3 * time)), round(6 + 6 * np.cos(5.1 * time))
        grain = 12 * rng.standard_normal((90, 160, 3))
        return np.clip(wide[y : y + 90, x : x + 160] + grain, 0, 255).astype(np.uint8)

    assert changes(shaken(n * STEP) for n in range(80)) == []


def test_where_the_scan_skipped_a_rest_the_picture_stood() -> None:
    finder = ChangeFinder()
    images = faded(small(1), small(2), 0.5)
    found = [change for n, image in enumerate(images[:36]) for change in finder.add(n * STEP, image)]
    found += [*finder.add(7.0, images[-1]), *finder.finish()]
    assert [change.time for change in found] == pytest.approx([3.0], abs=0.1)


def test_what_is_told_is_never_earlier_than_what_was_settled() -> None:
    finder = ChangeFinder()
    settled = 0.0
    for n, image in enumerate([*faded(small(1), small(2), 0.5), *faded(small(3), small(4), 0.3)]):
        for change in finder.add(n * STEP, image):
            assert change.start >= settled
        settled = max(settled, finder.settled)
    assert settled > 9.0
