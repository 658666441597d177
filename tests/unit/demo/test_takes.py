import random
from dataclasses import replace
from typing import get_args

import numpy as np
import pytest

from demo.rendering import SIZE, render
from demo.scenes import Scene
from demo.takes import COVERS, Font, Take, Texture, frame_box, random_take

SCENE = Scene("woman", 2, "red", "wave", "beach", variant=7)


def pixels(scene: Scene, time: float = 1.0) -> np.ndarray:
    return np.asarray(render(scene, time, SIZE)).astype(int)


def test_a_steady_take_shows_the_page_as_it_is() -> None:
    assert (pixels(replace(SCENE, take=Take())) == pixels(SCENE)).all()


@pytest.mark.parametrize("texture", [texture for texture in get_args(Texture) if texture != "plain"])
def test_a_texture_is_seen_and_stays_faint(texture: Texture) -> None:
    apart = np.abs(pixels(replace(SCENE, take=Take(texture=texture))) - pixels(SCENE))
    assert apart.max() > 10
    assert apart.mean() < 12


@pytest.mark.parametrize("cover", COVERS)
def test_a_cover_hides_a_part_only(cover: str) -> None:
    changed = (pixels(replace(SCENE, take=Take(cover=cover))) != pixels(SCENE)).any(axis=2).mean()
    assert 0.005 < changed < 0.2


def test_noise_has_the_strength_that_is_asked_for() -> None:
    scene = Scene("cat", 1, "purple", "sit", "street", variant=3)
    apart = pixels(replace(scene, take=Take(noise=8.0))) - pixels(scene)
    assert 6.5 < apart.std() < 8.5


def test_a_camera_that_shakes_moves_the_picture_and_never_leaves_the_page() -> None:
    take = Take(zoom=1.05, x=1.0, y=-1.0, shake=4.0)
    boxes = [frame_box(take, time / 10, 480, 270) for time in range(40)]
    assert len({box[0] for box in boxes}) > 5
    assert all(left >= 0 and top >= 0 and right <= 480 and low <= 270 for left, top, right, low in boxes)


@pytest.mark.parametrize("font", [font for font in get_args(Font) if font != "plain"])
def test_every_font_prints_inside_the_picture(font: Font) -> None:
    plain = replace(SCENE, screen_text="Gate 7")
    printed = pixels(replace(plain, take=Take(font=font)))
    top = printed[:60]
    assert (top.min(axis=2) > 240).sum() > 60
    assert (printed != pixels(plain)).any()


def test_a_take_is_refused_that_no_camera_films() -> None:
    with pytest.raises(ValueError, match="no camera"):
        Take(zoom=0.5)


def test_random_takes_repeat_with_their_seed() -> None:
    def takes(seed: int) -> list[Take]:
        rng = random.Random(seed)
        return [random_take(rng, ("plain", "dots"), ("plain",)) for _ in range(20)]

    assert takes(1) == takes(1) != takes(2)
