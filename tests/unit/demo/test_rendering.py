from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from demo.palette import COLOURS, PAINT, Colour
from demo.pen import PAGE_WIDTH
from demo.rendering import SIZE, layout, render
from demo.scenes import ACTIONS_OF, KINDS, PLACES, THINGS, Action, Kind, Scene, Scenery, Thing

SMALL = (96, 54)
STILL_PLACE: Scenery = "classroom"


def pixels(scene: Scene, time: float = 1.0, size: tuple[int, int] = SMALL) -> NDArray[np.float32]:
    return np.asarray(render(scene, time, size), np.float32)  # (height, width, 3)


def changed(first: NDArray[np.float32], second: NDArray[np.float32]) -> float:
    """Return the share of pixels that differ clearly."""
    return float((np.abs(first - second).max(axis=2) > 40).mean())


def least_change(pictures: Sequence[NDArray[np.float32]]) -> float:
    return min(changed(first, second) for first, second in combinations(pictures, 2))


@pytest.mark.parametrize("kind", KINDS)
def test_every_action_colour_and_number_of_a_kind_is_drawn_in_every_place(kind: Kind) -> None:
    for action in ACTIONS_OF[kind]:
        for number, place in enumerate(PLACES):
            colour = COLOURS[number % len(COLOURS)]
            with_actors = pixels(Scene(kind, number % 3 + 1, colour, action, place), size=(48, 27))
            assert with_actors.std() > 20, (kind, action, place)


@pytest.mark.parametrize("kind", KINDS)
def test_the_actions_of_a_kind_differ_in_a_single_frame(kind: Kind) -> None:
    pictures = [pixels(Scene(kind, 1, "red", action, STILL_PLACE)) for action in ACTIONS_OF[kind]]

    assert least_change(pictures) > 0.02


@pytest.mark.parametrize("kind", ["man", "dog", "bird"])
def test_an_action_is_known_from_any_single_frame(kind: Kind) -> None:
    def frame(action: Action, time: float) -> NDArray[np.float32]:
        return pixels(Scene(kind, 1, "red", action, STILL_PLACE), time)

    actions = ACTIONS_OF[kind]
    known = [(action, frame(action, tick / 8)) for action in actions for tick in range(8)]
    for action in actions:
        for tick in range(4):
            seen = frame(action, 2.37 + tick / 4)
            nearest = min(known, key=lambda row: float(np.abs(row[1] - seen).mean()))
            assert nearest[0] == action


def test_kinds_places_and_numbers_can_be_told_apart() -> None:
    kinds = [pixels(Scene(kind, 1, "red", "sleep", STILL_PLACE)) for kind in KINDS]
    places = [pixels(Scene("man", 1, "red", "wave", place)) for place in PLACES]
    numbers = [pixels(Scene("cat", number, "red", "sit", STILL_PLACE)) for number in (1, 2, 3)]

    assert least_change(kinds) > 0.01
    assert least_change(places) > 0.3
    assert least_change(numbers) > 0.03


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("colour", COLOURS)
def test_the_named_colour_is_seen_on_every_kind(kind: Kind, colour: Colour) -> None:
    other: Colour = "blue" if colour != "blue" else "red"
    scene, without = (Scene(kind, 1, paint, "sit", "desert") for paint in (colour, other))

    def painted(picture: NDArray[np.float32]) -> float:
        return float((np.abs(picture - PAINT[colour]).max(axis=2) < 30).mean())

    assert painted(pixels(scene, size=(64, 64))) > painted(pixels(without, size=(64, 64))) + 0.01


@pytest.mark.parametrize("thing", THINGS)
def test_a_thing_stands_in_the_picture(thing: Thing) -> None:
    scene = Scene("man", 1, "red", "wave", STILL_PLACE, variant=5)
    pictures = [
        pixels(Scene("man", 1, "red", "wave", STILL_PLACE, thing=other, variant=5))
        for other in THINGS
        if other != thing
    ]
    beside = pixels(Scene("man", 1, "red", "wave", STILL_PLACE, thing=thing, variant=5))

    assert changed(beside, pixels(scene)) > 0.02
    assert min(changed(beside, picture) for picture in pictures) > 0.005


def test_a_scene_is_drawn_the_same_twice() -> None:
    scene = Scene("horse", 3, "green", "run", "harbour", variant=77)

    assert render(scene, 1.5).tobytes() == render(scene, 1.5).tobytes()


def test_the_picture_moves_with_time_and_changes_with_the_variant() -> None:
    scene = Scene("dog", 1, "red", "run", "beach")

    assert changed(pixels(scene, 0), pixels(scene, 0.4)) > 0.005
    assert changed(pixels(scene), pixels(Scene("dog", 1, "red", "run", "beach", variant=9))) > 0.005


@pytest.mark.parametrize("size", [SIZE, (64, 64), (96, 54), (640, 360)])
def test_a_picture_has_the_size_that_is_asked_for(size: tuple[int, int]) -> None:
    picture = render(Scene("man", 1, "red", "wave", "farm"), 0, size)

    assert (picture.size, picture.mode) == (size, "RGB")


def test_all_actors_stand_on_the_page() -> None:
    for kind in KINDS:
        for action in ACTIONS_OF[kind]:
            spots = layout(Scene(kind, 3, "red", action, "farm", thing="ball", variant=3))
            assert len({(spot.x, spot.y) for spot in spots}) == 3
            assert all(70 < spot.x < PAGE_WIDTH - 70 for spot in spots), (kind, action)


def test_words_are_printed_over_the_picture_and_stay_inside() -> None:
    plain = Scene("man", 1, "red", "wave", "farm", variant=1)
    wordy = Scene("man", 1, "red", "wave", "farm", screen_text="A VERY LONG SIGN ABOUT APPLES AND PEARS", variant=1)
    top = slice(0, 50)

    difference = np.abs(pixels(wordy, size=SIZE)[top] - pixels(plain, size=SIZE)[top]).max(axis=(0, 2))  # (width,)

    assert difference[60:420].mean() > 60
    assert difference[:8].max() < 40
    assert difference[-8:].max() < 40
