from collections import Counter

import pytest

from bot.trial.films import distance, films
from bot.trial.questions import MOST_RIGHT, NEAR_MISSES, absent_questions, near_misses, questions, scene_in
from demo.attributes import ATTRIBUTES, attributes
from demo.films import Film
from demo.scenes import Scene
from demo.splits import FONTS, TEXTURES, split_of
from demo.stories import FILMS
from retrieval.types import TimeSpan

SEED = 111


@pytest.fixture(scope="module")
def trial() -> tuple[Film, ...]:
    return films(SEED)


@pytest.fixture(scope="module")
def scenes(trial: tuple[Film, ...]) -> list[Scene]:
    return [scene for film in trial for scene in film.scenes]


def test_a_trial_has_enough_moments_of_combinations_that_nobody_has_seen(
    trial: tuple[Film, ...], scenes: list[Scene]
) -> None:
    shipped = {attributes(scene)[:5] for film in FILMS for scene in film.scenes}

    assert len(trial) == len({film.name for film in trial}) == 24
    assert len(scenes) == len({attributes(scene) for scene in scenes}) >= 200
    assert all(split_of(scene) == "test" and attributes(scene)[:5] not in shipped for scene in scenes)
    assert {scene.take.texture for scene in scenes} == set(TEXTURES["test"])
    assert {scene.take.font for scene in scenes} == set(FONTS["test"])
    assert all(3 <= scene.seconds <= 4 and not scene.subtitles for scene in scenes)


def test_half_of_the_changes_are_fades_or_within_one_place(trial: tuple[Film, ...]) -> None:
    kinds = Counter(
        "fade" if number in film.fades else "within" if before.place == after.place else "cut"
        for film in trial
        for number, (before, after) in enumerate(zip(film.scenes, film.scenes[1:], strict=False), start=1)
    )

    assert kinds["fade"] + kinds["within"] - kinds["cut"] in (0, 1)
    assert abs(kinds["fade"] - kinds["within"]) <= 1


def test_the_same_seed_draws_the_same_films_and_questions_and_another_seed_others(trial: tuple[Film, ...]) -> None:
    assert films(SEED, 2) == films(SEED, 2)
    assert questions(trial, SEED, 20) == questions(trial, SEED, 20)
    assert not {film.scenes for film in films(SEED + 1, 2)} & {film.scenes for film in trial}


def test_the_right_moment_of_a_question_has_near_misses(trial: tuple[Film, ...], scenes: list[Scene]) -> None:
    asked = questions(trial, SEED)

    missed: Counter[str] = Counter()
    for question in asked:
        assert question.scene is not None and question.claim.fits(question.scene)
        near = [s for s in scenes if distance(s, question.scene) == 1 and not question.claim.fits(s)]
        assert len(near) == near_misses(question.claim, question.scene, scenes) >= NEAR_MISSES
        assert sum(question.claim.fits(scene) for scene in scenes) <= MOST_RIGHT
        missed.update(a for a in ATTRIBUTES for s in near if getattr(s, a) != getattr(question.scene, a))
    assert len(asked) == 200
    assert len({question.scene for question in asked}) > 150
    assert set(missed) == set(ATTRIBUTES)


def test_what_is_not_there_fits_no_moment_and_half_of_it_only_just(
    trial: tuple[Film, ...], scenes: list[Scene]
) -> None:
    asked = absent_questions(trial, SEED, 60)

    assert all(question.scene is None for question in asked)
    assert not [question.text for question in asked if any(question.claim.fits(scene) for scene in scenes)]
    assert all(question.text.split()[0] in ("find", "in", "where", "when", "show") for question in asked)


def test_two_films_are_enough_to_try_it_and_one_scene_is_not() -> None:
    few = films(SEED, 2)

    assert len(questions(few, SEED, 8)) == 8
    with pytest.raises(ValueError, match="1 films have no moment"):
        questions([Film("x", "X", few[0].scenes[:1])], SEED, 8)


def test_a_span_shows_the_scene_that_it_has_most_of(trial: tuple[Film, ...]) -> None:
    film = trial[0]

    assert scene_in(film, TimeSpan(film.cuts[0] - 0.4, film.cuts[1])) == film.scenes[1]
    assert scene_in(film, TimeSpan(0.0, film.cuts[0] + 0.4)) == film.scenes[0]
