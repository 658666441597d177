from collections.abc import Sequence

from PIL import Image

from bot.trial.exams import answers_exam, distinct_scenes, noise_exam
from demo.quiz import UNKNOWN
from demo.splits import split_of


def test_scenes_of_an_exam_are_of_its_split_and_all_different() -> None:
    scenes = distinct_scenes("test", 40, 1)
    assert {split_of(scene) for scene in scenes} == {"test"}
    assert len({scene.sentence for scene in scenes}) == 40


def test_who_always_says_unknown_knows_only_what_is_not_there() -> None:
    def shrug(asked: Sequence[tuple[str, Image.Image]]) -> list[str]:
        return [UNKNOWN for _ in asked]

    marks = answers_exam(shrug, count=44, seed=2)
    assert marks["absent"].share == 1.0
    assert marks["colour"].share == marks["describe"].share == marks["yes or no"].share == 0.0
    assert sum(mark.asked for mark in marks.values()) == 44
    assert noise_exam(shrug, count=5).share == 1.0
