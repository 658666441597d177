import json
from dataclasses import replace

import numpy as np
import pytest

from demo.films import FPS, Film, film_of
from demo.palette import COLOURS
from demo.questions import DEMO_QUESTION, QUESTIONS, Question, film_named
from demo.rendering import render
from demo.scenes import ACTIONS, KINDS, PLACES, Scene
from demo.stories import FILMS, SHORT_FILMS

every_film = pytest.mark.parametrize("film", FILMS, ids=lambda film: film.name)


def test_there_are_twelve_films_and_three_of_them_are_short() -> None:
    assert len({film.name for film in FILMS}) == 12
    assert FILMS[:3] == SHORT_FILMS
    assert all(28 <= film.duration <= 34 for film in SHORT_FILMS)
    assert all(30 <= film.duration <= 90 for film in FILMS)


@every_film
def test_spans_tile_the_film_to_the_frame(film: Film) -> None:
    assert film.spans[0].start == 0
    assert film.spans[-1].end == film.duration
    assert [span.end for span in film.spans[:-1]] == [span.start for span in film.spans[1:]] == list(film.cuts)
    assert all((cut * FPS) == pytest.approx(round(cut * FPS)) for cut in film.cuts)
    assert all(4 <= span.duration <= 10 for span in film.spans)


@every_film
def test_every_cut_is_seen(film: Film) -> None:
    size = (64, 36)
    for before, after in zip(film.scenes, film.scenes[1:], strict=False):
        last, first = (
            np.asarray(render(scene, time, size), float) for scene, time in ((before, before.seconds), (after, 0.0))
        )
        assert before.place != after.place
        assert np.abs(last - first).mean() > 25, (before.sentence, after.sentence)


@every_film
def test_a_subtitle_lies_within_its_scene_and_can_be_read_in_time(film: Film) -> None:
    said = iter(film.subtitle_texts)
    for scene, span in zip(film.scenes, film.spans, strict=True):
        end = span.start
        for line in scene.subtitles:
            text = next(said)
            assert text.text == line
            assert end <= text.span.start < text.span.end <= span.end
            assert len(line) / text.span.duration < 25
            end = text.span.end
    assert next(said, None) is None


@every_film
def test_screen_text_has_the_span_of_its_scene(film: Film) -> None:
    written = [(scene.screen_text, span) for scene, span in zip(film.scenes, film.spans, strict=True)]

    assert [(text.text, text.span) for text in film.screen_texts] == [row for row in written if row[0]]


def test_the_films_use_the_whole_vocabulary() -> None:
    scenes = [scene for film in FILMS for scene in film.scenes]

    assert {scene.actor for scene in scenes} == set(KINDS)
    assert {scene.action for scene in scenes} == set(ACTIONS)
    assert {scene.place for scene in scenes} == set(PLACES)
    assert {scene.colour for scene in scenes} == set(COLOURS)
    assert {scene.count for scene in scenes} == {1, 2, 3}


def test_words_come_in_every_way_that_films_carry_them() -> None:
    assert {film.subtitles for film in FILMS} == {"none", "stream", "srt", "vtt"}
    assert {scene.text_style for film in FILMS for scene in film.scenes if scene.screen_text} == {
        "sign",
        "caption",
        "card",
    }
    assert any(not film.subtitle_texts and not film.screen_texts for film in FILMS)
    assert {film.keyframes_at_cuts for film in FILMS} == {True, False}


@every_film
def test_the_truth_of_a_film_survives_json(film: Film) -> None:
    truth = json.loads(json.dumps(film.truth()))

    assert truth["frames"] == film.frame_count
    assert truth["cuts"] == list(film.cuts)
    assert [scene["sentence"] for scene in truth["scenes"]] == [scene.sentence for scene in film.scenes]
    assert len(truth["subtitles"]) == len(film.subtitle_texts)
    assert [text["text"] for text in truth["screen_texts"]] == [text.text for text in film.screen_texts]


def test_a_person_looks_the_same_throughout_a_film() -> None:
    film = film_of("x", "X", Scene("man", 1, "red", "run", "farm"), Scene("man", 1, "red", "eat", "kitchen"))

    assert film.scenes[0].variant == film.scenes[1].variant != 0


def test_subtitles_that_nobody_would_read_are_refused() -> None:
    with pytest.raises(ValueError, match="do not fit subtitles 'none'"):
        film_of("x", "X", Scene("man", 1, "red", "run", "farm", subtitles=("Hello.",)))


def test_a_fade_joins_two_scenes_and_its_middle_is_the_change() -> None:
    scenes = (Scene("man", 1, "red", "run", "farm", seconds=2), Scene("man", 1, "red", "eat", "kitchen", seconds=2))
    film = Film("x", "X", scenes, fades=frozenset({1}))

    assert film.cuts == (2.0,)
    assert film.truth()["fades"] == [2.0]
    for number in (0, 2):
        with pytest.raises(ValueError, match=f"dissolves into its scene {number}"):
            replace(film, fades=frozenset({number}))
    with pytest.raises(ValueError, match="too short for a fade"):
        replace(film, scenes=(scenes[0], replace(scenes[1], seconds=0.4)))


def test_every_film_has_a_question_and_the_first_is_for_the_quick_look() -> None:
    assert [question.film for question in QUESTIONS] == [film.name for film in FILMS]
    assert QUESTIONS[0] == DEMO_QUESTION
    assert DEMO_QUESTION.film in {film.name for film in SHORT_FILMS}
    assert {question.source for question in QUESTIONS} == {"subtitle", "screen", "frames"}


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.film)
def test_the_answer_is_in_the_span_and_in_no_other_scene(question: Question) -> None:
    def words(scene: Scene) -> str:
        told = {
            "subtitle": " ".join(scene.subtitles),
            "screen": scene.screen_text or "",
            "frames": scene.sentence,
        }[question.source]
        return f"{scene.sentence} {told}".lower() if question.source == "frames" else told.lower()

    film = film_named(question.film)
    holding = [
        span
        for scene, span in zip(film.scenes, film.spans, strict=True)
        if all(word in words(scene) for word in question.words)
    ]

    assert question.span in holding
    assert question.source == "frames" or holding == [question.span]


def test_an_unknown_film_is_not_found() -> None:
    with pytest.raises(KeyError, match="nowhere"):
        film_named("nowhere")
