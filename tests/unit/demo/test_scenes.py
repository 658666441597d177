import random

import pytest

from demo.palette import COLOURS
from demo.scenes import ACTIONS, ACTIONS_OF, KINDS, PLACES, THINGS, Scene, random_scene


@pytest.mark.parametrize(
    ("scene", "sentence"),
    [
        (Scene("woman", 2, "red", "wave", "beach"), "Two women in red wave on a beach."),
        (Scene("child", 1, "blue", "read", "classroom"), "A child in blue reads a book in a classroom."),
        (Scene("dog", 1, "orange", "sit", "farm"), "A dog in an orange coat sits on a farm."),
        (Scene("cat", 3, "pink", "eat", "kitchen"), "Three cats in pink coats eat in a kitchen."),
        (Scene("bird", 1, "orange", "fly", "harbour"), "An orange bird flies at a harbour."),
        (
            Scene("man", 1, "green", "sit", "station", thing="umbrella"),
            "A man in green sits on a chair at a railway station beside an umbrella.",
        ),
    ],
)
def test_a_scene_is_said_in_plain_english(scene: Scene, sentence: str) -> None:
    assert scene.sentence == sentence


def test_the_vocabulary_is_rich_enough_to_learn_from() -> None:
    assert len(KINDS) >= 4
    assert len(ACTIONS) >= 8
    assert len(PLACES) >= 8
    assert len(COLOURS) == 8
    assert len(THINGS) >= 6


def test_every_action_is_done_by_some_kind() -> None:
    assert {action for actions in ACTIONS_OF.values() for action in actions} == set(ACTIONS)


def test_a_bird_cannot_read() -> None:
    with pytest.raises(ValueError, match="bird cannot 'read'"):
        Scene("bird", 1, "red", "read", "forest")


def test_four_actors_are_too_many() -> None:
    with pytest.raises(ValueError, match="not 4"):
        Scene("man", 4, "red", "run", "forest")


def test_a_scene_without_length_is_refused() -> None:
    with pytest.raises(ValueError, match="longer than 0"):
        Scene("man", 1, "red", "run", "forest", seconds=0)


def test_random_scenes_repeat_with_their_seed_and_reach_every_word() -> None:
    def draw(seed: int) -> list[Scene]:
        rng = random.Random(seed)
        return [random_scene(rng) for _ in range(600)]

    scenes = draw(3)

    assert scenes == draw(3)
    assert scenes != draw(4)
    assert {scene.actor for scene in scenes} == set(KINDS)
    assert {scene.action for scene in scenes} == set(ACTIONS)
    assert {scene.place for scene in scenes} == set(PLACES)
    assert {scene.colour for scene in scenes} == set(COLOURS)
    assert {scene.thing for scene in scenes} == {None, *THINGS}
