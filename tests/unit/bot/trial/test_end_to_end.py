from dataclasses import replace

import pytest

from bot.dialogue.messages import Answer, Citation
from bot.trial.end_to_end import GradedAnswer, grade, report
from bot.trial.end_to_end_questions import EndToEndQuestion, absent_end_to_end_questions, end_to_end_questions
from bot.trial.films import films
from demo.claims import Claim
from demo.films import Film
from demo.scenes import Scene
from retrieval.types import TimeSpan

WAVING = Scene("woman", 2, "red", "wave", "beach", seconds=4)
EATING = Scene("cat", 1, "white", "eat", "kitchen", seconds=4)
FILM = Film("trial", "Trial", (WAVING, EATING))
NAMED = {"trial": FILM}
COLOUR = EndToEndQuestion("?", "colour", Claim("woman", 2, None, "wave", "beach"), WAVING)


def answer(text: str, start: float = 0.0, verdict: str = "answered") -> Answer:
    citation = Citation(1, "trial:1", "trial", "trial", TimeSpan(start, start + 4))
    return Answer(text, verdict, "c", "ask", "", citations=(citation,), looked=True, confidence=0.9)  # type: ignore[arg-type]


def test_right_is_what_is_true_of_the_moment_cited_first() -> None:
    marked = grade(COLOUR, answer('I see "red" in "trial". [1]'), NAMED)
    assert marked == GradedAnswer("colour", True, "answered", 0.9, True, True, True)


def test_a_right_word_about_another_moment_is_wrong() -> None:
    marked = grade(COLOUR, answer('I see "red" in "trial". [1]', start=4.0), NAMED)
    assert (marked.cited, marked.right) == (False, False)


def test_a_wrong_word_and_a_word_without_citation_are_wrong() -> None:
    assert not grade(COLOUR, answer('I see "blue" in "trial". [1]'), NAMED).right
    assert not grade(COLOUR, answer('It is red.\nI see "blue" in "trial". [1]'), NAMED).right


def test_what_is_not_there_is_right_where_nothing_was_found() -> None:
    absent = replace(COLOUR, scene=None)
    assert grade(absent, replace(answer("nothing"), verdict="not_found", citations=()), NAMED).right
    assert not grade(absent, answer('I see "red" in "trial". [1]'), NAMED).right
    assert not grade(absent, None, NAMED).right


def test_a_report_counts_what_was_wrong_and_confident_among_all() -> None:
    right = GradedAnswer("colour", True, "answered", 0.9, True, True, True)
    marked = [right, replace(right, right=False), replace(right, verdict="unsure", right=False)]
    marked.append(GradedAnswer("colour", False, "not_found", 0.1, True, False, True))
    counted = report(marked)
    assert (counted.right.right, counted.right.of) == (1, 3)
    assert (counted.wrong_and_confident.right, counted.wrong_and_confident.of) == (1, 4)
    assert (counted.refused.right, counted.refused.of) == (1, 1)
    assert counted.refused_wrongly.right == 0


@pytest.mark.parametrize("split", ["train", "test"])
def test_a_question_says_which_moment_is_meant_and_not_what_is_asked(split: str) -> None:
    drawn = films(111, 4)
    scenes = [scene for film in drawn for scene in film.scenes]
    asked = end_to_end_questions(drawn, 111, 30, split)  # type: ignore[arg-type]
    assert len(asked) == 30
    for one in asked:
        assert one.scene is not None
        assert one.about(one.scene)
        assert 1 <= sum(one.about(scene) for scene in scenes) <= 2
        if one.kind not in ("kind", "count"):
            assert one.answer(one.scene) not in one.text
    for one in absent_end_to_end_questions(drawn, 111, 20, split):  # type: ignore[arg-type]
        assert one.scene is None
        assert not any(one.about(scene) for scene in scenes)
    assert end_to_end_questions(drawn, 111, 30, split) == asked  # type: ignore[arg-type]
