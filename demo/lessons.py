"""Batches for training, drawn from the small world; the same step of the same seed gives the same batch."""

from collections.abc import Sequence
from io import BytesIO
from random import Random

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from demo.attributes import ATTRIBUTES, Attribute, attributes, values_of, with_values
from demo.claims import Claim, part_of
from demo.phrasing import say
from demo.quiz import QUESTION_KINDS, UNKNOWN, QuestionKind, QuizQuestion, ask, can_ask
from demo.rendering import render
from demo.scenes import WEATHERS_OF, Scene
from demo.splits import Split, scene_of, shot, split_of
from retrieval.training.batches import Pairs, Pictures, Questions

SIDE = 96
"""Pixels of a training picture's sides: the page is squeezed into a square, as the model's preprocessing does."""

FAMILY = 8
_CHANGED: tuple[Attribute, ...] = ("actor", "count", "colour", "action", "action", "place", "thing", "weather")
_THINGS = 0.6
"""Share of the pictures to ask about that have a thing: twice that of films, or most answers would be `nothing`."""
_BLANKS = 0.05
_KEPT = (192, 108)
_RESAMPLING = (Image.Resampling.BOX, Image.Resampling.BILINEAR, Image.Resampling.BICUBIC)
_KINDS: tuple[QuestionKind, ...] = (*QUESTION_KINDS, "yes or no", "yes or no", "action", "kind")
"""What a picture is asked besides its description, which tells the most of it."""


def picture(scene: Scene, rng: Random) -> Image.Image:
    """Return a frame of the scene at a random time, as the models see it: squeezed, at times out of a JPEG."""
    time = rng.uniform(0, 4)
    if rng.random() < 0.5:
        return render(scene, time, (SIDE, SIDE))
    kept = BytesIO()
    render(scene, time, _KEPT).save(kept, "JPEG", quality=rng.randint(60, 95))
    return Image.open(kept).resize((SIDE, SIDE), rng.choice(_RESAMPLING))


def pairs(step: int, size: int, seed: int = 0, split: Split = "train") -> Pairs:
    """Return pictures and what somebody says of them; half of them differ from others in one thing only."""
    rng = Random(f"pairs {seed} {step} {split}")
    scenes = _scenes(size, split, rng)
    claims = [part_of(scene, rng) for scene in scenes]
    texts = tuple(say(claim, split, rng) for claim in claims)
    return Pairs(stacked([picture(scene, rng) for scene in scenes]), texts, matches(scenes, claims))


def matches(scenes: Sequence[Scene], claims: Sequence[Claim]) -> NDArray[np.bool_]:
    """Return which scene fits which claim, `(scenes, claims)`."""
    shown = np.array([attributes(scene) for scene in scenes], dtype=object)
    said = np.array([[getattr(claim, attribute) for attribute in ATTRIBUTES] for claim in claims], dtype=object)
    unsaid = np.array([[value is None for value in row] for row in said])
    fits: NDArray[np.bool_] = ((said == shown[:, None]) | unsaid).all(axis=-1)
    return fits


def questions(step: int, size: int, each: int = 6, seed: int = 0, split: Split = "train") -> Questions:
    """Return pictures with questions; some pictures show nothing, and every answer to those is `unknown`."""
    rng = Random(f"questions {seed} {step} {split}")
    scenes = [scene_of(split, rng, thing_share=_THINGS) for _ in range(size)]
    pictures, asked = [], []
    for scene in scenes:
        blank = rng.random() < _BLANKS
        pictures.append(nothing(rng) if blank else picture(scene, rng))
        quiz = _quiz(scene, each, split, rng)
        asked.append(tuple((one.question, UNKNOWN if blank else one.answer) for one in quiz))
    return Questions(stacked(pictures), tuple(asked))


def reading(step: int, size: int, each: int = 6, seed: int = 0) -> Questions:
    """Return descriptions with questions that the description answers: for learning the language alone."""
    rng = Random(f"reading {seed} {step}")
    scenes = [scene_of("train", rng, thing_share=_THINGS) for _ in range(size)]
    asked = tuple(tuple((one.question, one.answer) for one in _quiz(scene, each, "train", rng)) for scene in scenes)
    return Questions(None, asked, tuple(_told(scene) for scene in scenes))


def _scenes(size: int, split: Split, rng: Random) -> list[Scene]:
    """Return scenes of which half are like another but for one thing."""
    scenes = [scene_of(split, rng) for _ in range(size // 2)]
    while len(scenes) < size:
        scenes += family(scenes[rng.randrange(size // 2)], split, rng)[: size - len(scenes)]
    return scenes


def family(scene: Scene, split: Split, rng: Random) -> list[Scene]:
    """Return scenes of the split that differ from a scene in one thing each, filmed anew."""
    found: list[Scene] = []
    while len(found) < FAMILY:
        other = changed(scene, rng)
        if split_of(other) == split:
            found.append(shot(other, split, rng))
    return found


def changed(scene: Scene, rng: Random) -> Scene:
    """Return the scene with one thing other than it is."""
    what = rng.choice(_CHANGED)
    return with_values(scene, {what: rng.choice(values_of(scene, what))})


def nothing(rng: Random) -> Image.Image:
    """Return a picture in which there is nothing to see: noise, fine or coarse, or one colour."""
    noise = np.random.default_rng(rng.randrange(2**32))
    side = rng.choice((1, 3, 8, SIDE, SIDE))
    grains = noise.normal(noise.uniform(60, 190, 3), noise.uniform(10, 90), (side, side, 3))
    return Image.fromarray(np.clip(grains, 0, 255).astype(np.uint8)).resize((SIDE, SIDE), rng.choice((0, 2)))


def stacked(pictures: Sequence[Image.Image]) -> Pictures:
    """Return pictures as one array, `(count, height, width, 3)`."""
    return np.stack([np.asarray(picture) for picture in pictures])


def _quiz(scene: Scene, count: int, split: Split, rng: Random) -> list[QuizQuestion]:
    kinds = [kind for kind in _KINDS if can_ask(scene, kind) and kind != "describe"]
    chosen: list[QuestionKind] = ["describe", *rng.sample(kinds, count - 1)]
    return [ask(scene, kind, split, rng) for kind in chosen]


def _told(scene: Scene) -> str:
    """Tell all of a scene, also what a sentence leaves out."""
    sky = f"the weather is {scene.weather}" if len(WEATHERS_OF[scene.place]) > 1 else ""
    return f"{scene.sentence.rstrip('.').lower()} {sky}".strip()
