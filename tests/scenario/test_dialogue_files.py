"""The golden dialogues are true to the sample films, and what is held apart is as it was when it was written."""

from tests.scenario import dialogue_files
from tests.scenario.dialogue_truth import fits, is_checked, right, shot_at
from tests.scenario.dialogue_values import Place

DIALOGUES = dialogue_files.load()
OF_FILMS = [
    (dialogue.name, turn) for dialogue in DIALOGUES if dialogue.collection == "films" for turn in dialogue.turns
]


def scene_name(place: Place) -> str:
    shot = shot_at(place)
    return f"{place.video} {shot.number if shot else place.span}"


def test_every_moment_of_a_film_is_one_of_its_scenes() -> None:
    for name, turn in OF_FILMS:
        expected = turn.expected
        named = [*turn.shown, *(expected.moments or ()), *expected.filters.not_moments]
        named += [place for reference in expected.refers for place in reference.to]
        assert all(place.span is None or shot_at(place) for place in named), (name, turn.say)


def test_the_right_moments_are_those_that_the_films_support() -> None:
    for name, turn in OF_FILMS:
        if is_checked(turn):
            supported, stated = (
                sorted(map(scene_name, right(turn))),
                sorted(map(scene_name, turn.expected.moments or ())),
            )
            assert supported == stated, (name, turn.say)


def test_what_is_true_of_compared_moments_holds_of_each() -> None:
    for name, turn in OF_FILMS:
        shots = [shot_at(place) for place in turn.expected.moments or ()]
        assert turn.truth is None or all(shot is None or fits(turn.truth, shot) for shot in shots), (name, turn.say)


def test_no_frozen_dialogue_was_edited() -> None:
    frozen = (dialogue_files.FOLDER / "frozen.sha256").read_text().splitlines()
    assert [f"{dialogue.sha256}  {dialogue.name}" for dialogue in DIALOGUES if dialogue.frozen] == frozen
