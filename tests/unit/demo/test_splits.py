import random
from collections import Counter

from demo.scenes import random_scene
from demo.splits import FONTS, TEXTURES, scene_of, split_of


def test_combinations_are_divided_eight_to_one_to_one() -> None:
    rng = random.Random(0)
    counted = Counter(split_of(random_scene(rng)) for _ in range(3000))
    assert 0.77 < counted["train"] / 3000 < 0.83
    assert 0.08 < counted["dev"] / 3000 < 0.12
    assert 0.08 < counted["test"] / 3000 < 0.12


def test_the_split_asks_only_for_the_combination() -> None:
    rng = random.Random(1)
    for split in ("train", "dev", "test"):
        scene = scene_of(split, rng)
        assert split_of(scene) == split
        assert scene.take.texture in TEXTURES[split]
        assert scene.take.font in FONTS[split]


def test_training_sees_no_texture_and_no_font_of_the_test() -> None:
    assert not set(TEXTURES["test"]) & set(TEXTURES["train"])
    assert not set(FONTS["test"]) & set(FONTS["train"])


def test_words_in_the_picture_are_never_cut_by_the_camera() -> None:
    rng = random.Random(2)
    lettered = [scene for _ in range(200) if (scene := scene_of("train", rng, text_share=0.5)).screen_text]
    assert len(lettered) > 60
    assert all(scene.take.steady for scene in lettered)
