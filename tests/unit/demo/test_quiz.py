import random
from collections import Counter

import pytest

from demo.phrasing import UNKNOWN_WORD
from demo.quiz import QUESTION_KINDS, UNKNOWN, ask, can_ask
from demo.scenes import Scene, random_scene
from demo.vocabulary import vocabulary

SCENE = Scene("woman", 2, "red", "wave", "beach", thing="ball", weather="rain")
LONE = Scene("man", 1, "blue", "ride", "kitchen")


@pytest.mark.parametrize(
    ("scene", "kind", "answer"),
    [
        (SCENE, "colour", "red"),
        (SCENE, "count", "two"),
        (SCENE, "action", "waving"),
        (SCENE, "place", "on a beach"),
        (SCENE, "kind", "women"),
        (SCENE, "object", "a ball"),
        (SCENE, "weather", "rain"),
        (SCENE, "happening", "two women in red wave on a beach"),
        (SCENE, "describe", "two women in red wave on a beach beside a ball in the rain"),
        (SCENE, "absent", UNKNOWN),
        (LONE, "kind", "man"),
        (LONE, "object", "nothing"),
        (LONE, "weather", UNKNOWN),
        (LONE, "action", "riding a bicycle"),
    ],
)
def test_answers_follow_from_the_truth(scene: Scene, kind: str, answer: str) -> None:
    for split in ("train", "test"):
        asked = ask(scene, kind, split, random.Random(1))
        assert (asked.kind, asked.answer) == (kind, answer)


def test_yes_and_no_are_balanced() -> None:
    rng = random.Random(2)
    answers = Counter(ask(random_scene(rng), "yes or no", "test", rng).answer for _ in range(1000))
    assert set(answers) == {"yes", "no"}
    assert 450 < answers["yes"] < 550


def test_who_is_asked_about_in_vain_is_not_there() -> None:
    rng = random.Random(3)
    for _ in range(200):
        asked = ask(SCENE, "absent", "train", rng)
        assert "woman" not in asked.question.split() and "women" not in asked.question.split()


@pytest.mark.parametrize("kind", QUESTION_KINDS)
def test_wordings_of_the_test_are_kept_apart(kind: str) -> None:
    rng = random.Random(4)
    learnt = {ask(SCENE, kind, "train", rng).question for _ in range(300)}
    unseen = {ask(SCENE, kind, "test", rng).question for _ in range(100)}
    assert not learnt & unseen


def test_every_word_is_known() -> None:
    rng, words = random.Random(5), {*vocabulary(), UNKNOWN_WORD}
    for _ in range(1500):
        scene, kind = random_scene(rng), rng.choice(QUESTION_KINDS)
        for split in ("train", "test"):
            asked = ask(scene, kind, split, rng)
            assert {*asked.question.split(), *asked.answer.split()} <= words


def test_the_weather_of_the_mountain_is_not_asked() -> None:
    assert not can_ask(Scene("man", 1, "red", "run", "mountain"), "weather")
    assert can_ask(SCENE, "weather")
