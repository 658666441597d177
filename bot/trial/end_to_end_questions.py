"""Whole questions about the films of a trial: some words say which moment is meant, the others what is asked of it.

"What are the two men in red on a beach doing?" Wordings of the test are kept apart from those to try things out on.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from itertools import cycle
from random import Random
from typing import Literal, get_args

from bot.trial.films import neighbours
from demo.claims import Claim, whole
from demo.films import Film
from demo.quiz import ATTRIBUTES, can_ask
from demo.scenes import NUMBERS, PEOPLE, PLURALS, Scene, with_article
from demo.splits import Split, scene_of, split_of

EndToEndKind = Literal["colour", "count", "action", "place", "kind", "object", "weather"]
"""What is asked of the moment."""

WHOLE_KINDS: tuple[EndToEndKind, ...] = get_args(EndToEndKind)

MOST_RIGHT = 2
"""Moments that a question may be about."""

LEAST_SAID = 3
"""Attributes that a question names at least."""

_ATTRIBUTE: dict[EndToEndKind, str] = {"kind": "actor", "object": "thing"}

# Two rows of wordings for each kind: those to try things out on, and those of the test.
# Every wording has a place for everything that may be said; what is asked is not said.
_WORDINGS: dict[EndToEndKind, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "colour": (
        (
            "what colour {be} {the} {doing} {where} {beside} {sky} wearing",
            "in what colour {be} {the} {doing} {where} {sky} {beside}",
        ),
        (
            "which colour {be} {the} {doing} {where} {beside} {sky} in",
            "which colour {be} {the} {doing} {sky} {where} {beside} wearing",
        ),
    ),
    "count": (
        (
            "how many {names} {coloured} {doing} {where} {beside} {sky} are there",
            "how many {names} {coloured} are {doing} {where} {beside} {sky}",
        ),
        ("how many {names} {coloured} do we see {doing} {where} {beside} {sky}",),
    ),
    "action": (
        (
            "what {be} {the} {coloured} {where} {beside} {sky} doing",
            "what {aux} {the} {coloured} {where} {beside} {sky} do",
        ),
        (
            "what can we see {the} {coloured} {where} {beside} {sky} do",
            "what {be} {the} {where} {coloured} {sky} {beside} doing",
        ),
    ),
    "place": (
        (
            "where {be} {the} {coloured} {doing} {beside} {sky}",
            "in what place {be} {the} {coloured} {doing} {beside} {sky}",
        ),
        ("in which place do we see {the} {coloured} {doing} {beside} {sky}",),
    ),
    "kind": (
        (
            "who is {doing} {coloured} {where} {beside} {sky}",
            "who can we see {doing} {where} {beside} {sky} {coloured}",
        ),
        ("who do we see {doing} {where} {coloured} {beside} {sky}",),
    ),
    "object": (
        ("what is beside {the} {coloured} {doing} {where} {sky}",),
        (
            "what do we see beside {the} {coloured} {doing} {where} {sky}",
            "which object is beside {the} {coloured} {doing} {where} {sky}",
        ),
    ),
    "weather": (
        ("how is the weather where {the} {coloured} {be} {doing} {where} {beside}",),
        ("what weather do we see where {the} {coloured} {be} {doing} {where} {beside}",),
    ),
}


@dataclass(frozen=True, slots=True)
class EndToEndQuestion:
    """A question in somebody's words.

    `claim` is what it says of the moment; the attribute that is asked, `asked`, counts for nothing in it. `scene` is
    one that it is about, None where there is none.
    """

    text: str
    kind: EndToEndKind
    claim: Claim
    scene: Scene | None

    def about(self, scene: Scene) -> bool:
        """Tell whether a scene is one that the question is about."""
        return _about(self.claim, self.kind, scene)

    def answer(self, scene: Scene) -> str:
        """Return what is right of a scene, in lower case."""
        return ATTRIBUTES[self.kind](scene)


def end_to_end_questions(
    films: Sequence[Film], seed: int, count: int, split: Split = "test"
) -> tuple[EndToEndQuestion, ...]:
    """Return questions about what is there, the kinds and the scenes by turns.

    Raises:
        ValueError: nothing can be asked about the films that means few moments.
    """
    rng = Random(f"whole questions {split} {seed}")
    scenes = [scene for film in films for scene in film.scenes]
    shuffled = rng.sample(scenes, len(scenes))
    asked: list[EndToEndQuestion] = []
    kinds = cycle(WHOLE_KINDS)
    for tried, scene in enumerate(cycle(shuffled)):
        if len(asked) == count:
            break
        if tried >= 50 * count:
            raise ValueError(f"{len(films)} films have too few moments to ask {count} whole questions about")
        kind = next(kinds)
        claim = _claim(scene, kind, rng)
        if claim is not None and sum(_about(claim, kind, other) for other in scenes) <= MOST_RIGHT:
            asked.append(EndToEndQuestion(_say(claim, kind, split, rng), kind, claim, scene))
    return tuple(asked)


def absent_end_to_end_questions(
    films: Sequence[Film], seed: int, count: int, split: Split = "test"
) -> tuple[EndToEndQuestion, ...]:
    """Return questions about what is not there: by turns one thing away from a moment, and about any other scene."""
    rng = Random(f"absent whole questions {split} {seed}")
    scenes = [scene for film in films for scene in film.scenes]
    asked: list[EndToEndQuestion] = []
    kinds = cycle(WHOLE_KINDS)
    while len(asked) < count:
        kind = next(kinds)
        if len(asked) % 2:
            other = scene_of("test", rng, 0.3)
        else:
            near = [scene for scene in neighbours(rng.choice(scenes)) if split_of(scene) == "test"]
            other = rng.choice(near)
        claim = _claim(other, kind, rng)
        if claim is not None and not any(_about(claim, kind, scene) for scene in scenes):
            asked.append(EndToEndQuestion(_say(claim, kind, split, rng), kind, claim, None))
    return tuple(asked)


def _claim(scene: Scene, kind: EndToEndKind, rng: Random) -> Claim | None:
    """Return what a question of a kind may say of a scene; None where it cannot be asked of it."""
    if kind == "object" and scene.thing is None:
        return None
    if kind == "weather" and (scene.weather == "clear" or not can_ask(scene, "weather")):
        return None
    claim = whole(scene)
    asked = _ATTRIBUTE.get(kind, kind)
    left_out = rng.choice(("colour", "place", "thing", "weather")) if rng.random() < 0.5 else asked
    claim = Claim(
        claim.actor,
        claim.count,
        *(
            None if name in (asked, left_out) else getattr(claim, name)
            for name in ("colour", "action", "place", "thing", "weather")
        ),
    )
    named = sum(getattr(claim, part.name) is not None for part in fields(claim)) - (kind in ("kind", "count"))
    return claim if named >= LEAST_SAID else None


def _about(claim: Claim, kind: EndToEndKind, scene: Scene) -> bool:
    if kind == "kind":
        claim = replace(claim, actor=scene.actor, count=scene.count)
    if kind == "count":
        claim = replace(claim, count=scene.count)
    return claim.fits(scene)


def _say(claim: Claim, kind: EndToEndKind, split: Split, rng: Random) -> str:
    learnt, unseen = _WORDINGS[kind]
    slots = claim.slots(rng)
    slots["the"] = f"the {claim.name}" if claim.count == 1 else f"the {NUMBERS[claim.count]} {claim.name}"
    slots["names"] = PLURALS[claim.actor]
    slots["coloured"] = _coloured(claim, kind)
    return " ".join(rng.choice(unseen if split == "test" else learnt).format(**slots).split())


def _coloured(claim: Claim, kind: EndToEndKind) -> str:
    if claim.colour is None:
        return ""
    if kind == "kind" or claim.actor in PEOPLE or claim.actor == "bird":
        return f"in {claim.colour}"
    return (
        f"in {with_article(claim.colour)} coat" if claim.count == 1 and kind != "count" else f"in {claim.colour} coats"
    )
