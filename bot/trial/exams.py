"""What the small models know of scenes that they have never seen: the figures behind `demo/MODELS.md`.

Frames are drawn at the films' size and go through the models' own preprocessing, as frames of a film do.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
from PIL import Image

from demo.attributes import combination
from demo.claims import whole
from demo.lessons import nothing
from demo.phrasing import say
from demo.quiz import QUESTION_KINDS, UNKNOWN, QuestionKind, ask, can_ask
from demo.rendering import SIZE, render
from demo.scenes import Scene
from demo.splits import Split, scene_of
from retrieval.encoders.base import ImageEncoder

AskEach = Callable[[Sequence[tuple[str, Image.Image]]], Sequence[str]]
"""Answers questions, each about its own picture."""


@dataclass(frozen=True, slots=True)
class Recall:
    """Share of texts whose picture is the nearest of all, and of pictures whose text is."""

    to_image: float
    to_text: float


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Answers that were exactly right, of how many."""

    right: int
    asked: int

    @property
    def share(self) -> float:
        """Right answers of all, 0 to 1."""
        return self.right / self.asked if self.asked else 0.0


def distinct_scenes(split: Split, count: int, seed: int) -> list[Scene]:
    """Return scenes of a split, each of another combination of actor, number, colour, action and place."""
    rng = Random(f"exam {split} {seed}")
    found: dict[tuple[object, ...], Scene] = {}
    while len(found) < count:
        scene = scene_of(split, rng)
        found.setdefault(combination(scene), scene)
    return list(found.values())


def frame(scene: Scene, rng: Random) -> Image.Image:
    """Return a frame as a film of the scene holds it."""
    return render(scene, rng.uniform(0, 4), SIZE)


def retrieval_exam(encoder: ImageEncoder, split: Split = "test", count: int = 400, seed: int = 0) -> Recall:
    """Find each picture by its text among all, and each text by its picture."""
    rng = Random(f"retrieval {split} {seed}")
    scenes = distinct_scenes(split, count, seed)
    pictures = encoder.encode_images([frame(scene, rng) for scene in scenes])
    texts = encoder.encode_texts([say(whole(scene), split, rng) for scene in scenes])
    near, own = texts @ pictures.T, np.arange(count)
    return Recall(float((near.argmax(axis=1) == own).mean()), float((near.argmax(axis=0) == own).mean()))


def answers_exam(
    ask_each: AskEach, split: Split = "test", count: int = 2000, seed: int = 0
) -> dict[QuestionKind, Accuracy]:
    """Ask questions, evenly over the kinds, each about another frame; only the exact answer is right."""
    rng = Random(f"answers {split} {seed}")
    asked = []
    for number in range(count):
        kind = QUESTION_KINDS[number % len(QUESTION_KINDS)]
        while not can_ask(scene := scene_of(split, rng), kind):
            pass
        asked.append((ask(scene, kind, split, rng), frame(scene, rng)))
    given = ask_each([(one.question, picture) for one, picture in asked])
    marks = {kind: [0, 0] for kind in QUESTION_KINDS}
    for (one, _), answer in zip(asked, given, strict=True):
        marks[one.kind][0] += answer == one.answer
        marks[one.kind][1] += 1
    return {kind: Accuracy(right, total) for kind, (right, total) in marks.items()}


def noise_exam(ask_each: AskEach, count: int = 200, seed: int = 0) -> Accuracy:
    """Ask about pictures that show nothing; only `unknown` is right."""
    rng = Random(f"noise {seed}")
    asked = [
        (ask(scene_of("test", rng), rng.choice(QUESTION_KINDS), "test", rng).question, nothing(rng).resize(SIZE))
        for _ in range(count)
    ]
    return Accuracy(sum(answer == UNKNOWN for answer in ask_each(asked)), count)
