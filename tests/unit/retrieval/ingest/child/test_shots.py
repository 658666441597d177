import numpy as np
import pytest

from retrieval.ingest.child.shots import CutFinder, FrameArray, difference, shots_between
from tests.films import RATE, picture

RED, BLUE = np.full((90, 160, 3), (40, 40, 200), np.uint8), np.full((90, 160, 3), (200, 60, 40), np.uint8)


def cuts(pictures: list[FrameArray]) -> list[float]:
    finder = CutFinder()
    found = [cut for place, image in enumerate(pictures) for cut in finder.add(place / RATE, image)]
    return found + finder.finish()


def moving(frames: int, step: int) -> list[FrameArray]:
    wide = picture(7, 1600, 96)
    return [np.ascontiguousarray(wide[:90, step * n : step * n + 160]) for n in range(frames)]


def test_a_hard_cut_is_found_at_its_first_frame() -> None:
    assert cuts([RED] * 30 + [BLUE] * 30) == pytest.approx([30 / RATE])


def test_a_pan_is_no_cut() -> None:
    assert cuts(moving(100, 8)) == []


def test_a_cut_in_the_middle_of_a_pan_is_found() -> None:
    assert cuts([*moving(40, 3), *[picture(9, 160, 96)[:90]] * 30]) == pytest.approx([40 / RATE])


def test_a_flash_is_no_cut() -> None:
    white = np.full_like(RED, 255)
    assert cuts([RED] * 30 + [white] * 2 + [RED] * 30) == []


def test_a_slow_fade_in_is_no_cut() -> None:
    bright = picture(3, 160, 96)[:90]
    assert cuts([(bright * (n / 50)).astype(np.uint8) for n in range(50)] + [bright] * 20) == []


def test_a_fade_through_black_divides_two_shots_in_the_dark() -> None:
    fade = [n / 20 for n in range(20)]
    out = [(RED * (1 - share)).astype(np.uint8) for share in fade]
    into = [(BLUE * share).astype(np.uint8) for share in fade]
    found = cuts([RED] * 30 + out + into + [BLUE] * 30)
    assert len(found) == 1
    assert found[0] == pytest.approx(50 / RATE, abs=0.3)


def test_shots_of_one_known_picture_each_are_cut_where_they_begin() -> None:
    finder = CutFinder()
    found = [cut for number in range(5) for cut in finder.begin(3.0 * number, picture(number, 160, 96)[:90])]
    assert found == [0.0, 3.0, 6.0, 9.0, 12.0]


def test_a_cut_just_before_a_known_one_is_not_lost() -> None:
    finder = CutFinder()
    pictures = [RED] * 30 + [BLUE]
    found = [cut for place, image in enumerate(pictures) for cut in finder.add(place / RATE, image)]
    found += finder.begin(3.0, RED)
    assert found == pytest.approx([30 / RATE, 3.0])


def test_shots_tile_the_film_and_none_is_too_short() -> None:
    spans = [shot.span for shot in shots_between([5.0, 0.1, 2.0, 2.1, 9.9], 10.0)]
    assert [(span.start, span.end) for span in spans] == [(0.0, 2.0), (2.0, 5.0), (5.0, 10.0)]


def test_pictures_differ_by_their_mean_distance() -> None:
    assert difference(RED, RED) == 0
    assert difference(np.zeros_like(RED), np.full_like(RED, 90)) == pytest.approx(90)
