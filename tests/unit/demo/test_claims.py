import random
from dataclasses import replace

import pytest

from demo.claims import Claim, part_of, whole
from demo.phrasing import UNKNOWN_WORD, say
from demo.scenes import Scene, random_scene
from demo.vocabulary import vocabulary

SCENE = Scene("woman", 2, "red", "wave", "beach", thing="ball", weather="rain")


@pytest.mark.parametrize(
    "other",
    [
        replace(SCENE, actor="man"),
        replace(SCENE, count=3),
        replace(SCENE, colour="blue"),
        replace(SCENE, action="run"),
        replace(SCENE, place="farm"),
        replace(SCENE, thing="box"),
        replace(SCENE, weather="snow"),
    ],
)
def test_a_claim_fits_its_scene_and_none_that_differs_in_what_is_said(other: Scene) -> None:
    assert whole(SCENE).fits(SCENE)
    assert not whole(SCENE).fits(other)


def test_what_is_not_said_may_be_anything() -> None:
    claim = Claim("woman", 2, action="wave")
    assert claim.fits(SCENE) and claim.fits(replace(SCENE, colour="blue", place="farm", thing=None))


def test_parts_of_the_truth_are_true() -> None:
    rng = random.Random(3)
    for _ in range(300):
        scene = random_scene(rng)
        assert part_of(scene, rng).fits(scene)


def test_wordings_of_the_test_are_not_those_of_the_training() -> None:
    rng = random.Random(4)
    claim = whole(SCENE)
    learnt = {say(claim, "train", rng) for _ in range(600)}
    unseen = {say(claim, "test", rng) for _ in range(200)}
    assert len(learnt) > 30 and len(unseen) >= 5
    assert not learnt & unseen


def test_wordings_of_the_training_hold_unknown_words_at_times_and_never_in_what_is_said() -> None:
    rng = random.Random(5)
    said = [say(whole(SCENE), "train", rng) for _ in range(300)]
    mumbled = [text for text in said if UNKNOWN_WORD in text.split()]
    assert 20 < len(mumbled) < 200
    assert all("two women" in text and "red" in text for text in said)


def test_the_vocabulary_knows_every_word_but_the_mumble() -> None:
    rng, words = random.Random(6), set(vocabulary())
    for split in ("train", "dev", "test"):
        for _ in range(300):
            text = say(part_of(random_scene(rng), rng), split, rng)
            assert set(text.split()) <= words | {UNKNOWN_WORD}
    assert UNKNOWN_WORD not in words
