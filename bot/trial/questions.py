"""What is asked about the films of a trial: about one moment of theirs, and about what is in none of them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import cycle
from random import Random

from bot.trial.films import distance, neighbours
from demo.claims import Claim, part_of, whole
from demo.films import Film
from demo.phrasing import say
from demo.quiz import QUESTION_KINDS, QuizQuestion, ask, can_ask
from demo.scenes import Scene
from demo.splits import scene_of, split_of
from retrieval.types import TimeSpan

NEAR_MISSES = 3
"""Moments that differ from the right one in just one thing, which the question names: at least so many."""

MOST_RIGHT = 2
"""Moments that a question may fit."""

LEAST_SAID = 4
"""Attributes that a question names at least."""

_DRAWS = 4
"""Ways to leave something out that are tried before all is said."""


@dataclass(frozen=True, slots=True)
class TrialQuestion:
    """A claim in somebody's words.

    `scene` is one that it fits; None where it fits none. `plain` is what it would be with everything said and
    nothing around it.
    """

    text: str
    claim: Claim
    plain: str
    scene: Scene | None


def questions(films: Sequence[Film], seed: int, count: int = 200) -> tuple[TrialQuestion, ...]:
    """Return questions in wordings of the test, each about a moment that has near misses, in turn about all such.

    Raises:
        ValueError: the films have no such moment.
    """
    rng = Random(f"trial questions {seed}")
    scenes = [scene for film in films for scene in film.scenes]
    about = [scene for scene in scenes if _is_fair(whole(scene), scene, scenes)]
    if not about:
        raise ValueError(f"{len(films)} films have no moment that {NEAR_MISSES} others are nearly like")
    rng.shuffle(about)
    asked: list[TrialQuestion] = []
    for scene in cycle(about):
        if len(asked) == count:
            break
        drawn = [part_of(scene, rng) for _ in range(_DRAWS)]
        claim = next((claim for claim in drawn if _is_fair(claim, scene, scenes)), whole(scene))
        asked.append(TrialQuestion(say(claim, "test", rng), claim, scene.sentence, scene))
    return tuple(asked)


def absent_questions(films: Sequence[Film], seed: int, count: int = 100) -> tuple[TrialQuestion, ...]:
    """Return questions that no moment fits: by turns just one thing away from a moment, and about any other scene."""
    rng = Random(f"trial absent {seed}")
    scenes = [scene for film in films for scene in film.scenes]
    asked: list[TrialQuestion] = []
    while len(asked) < count:
        if len(asked) % 2:
            other = scene_of("test", rng, 0.0)
        else:
            other = rng.choice([near for near in neighbours(rng.choice(scenes)) if split_of(near) == "test"])
        claim = whole(other)
        if not any(claim.fits(scene) for scene in scenes):
            asked.append(TrialQuestion(say(claim, "test", rng), claim, other.sentence, None))
    return tuple(asked)


def near_misses(claim: Claim, right: Scene, scenes: Sequence[Scene]) -> int:
    """Return how many scenes differ from the right one in one attribute, and so that the claim does not fit."""
    return sum(distance(right, scene) == 1 and not claim.fits(scene) for scene in scenes)


def quiz(scene: Scene, number: int, seed: int) -> QuizQuestion:
    """Return the question about a picture of the scene that comes with question `number`: the kinds take turns."""
    rng = Random(f"trial quiz {seed} {number}")
    kinds = [kind for kind in QUESTION_KINDS if can_ask(scene, kind)]
    return ask(scene, kinds[number % len(kinds)], "test", rng)


def scene_in(film: Film, span: TimeSpan) -> Scene:
    """Return the scene that most of a span shows."""
    shared = [own.overlap(span) for own in film.spans]
    return film.scenes[shared.index(max(shared))]


def _is_fair(claim: Claim, right: Scene, scenes: Sequence[Scene]) -> bool:
    """Tell whether the claim says enough to mean few moments, and has its near misses."""
    said = sum(getattr(claim, part.name) is not None for part in fields(claim))
    fitting = sum(claim.fits(scene) for scene in scenes)
    return said >= LEAST_SAID and fitting <= MOST_RIGHT and near_misses(claim, right, scenes) >= NEAR_MISSES
