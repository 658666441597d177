"""Short questions about one picture, with the answer that the truth gives; `unknown` where the picture cannot tell."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import Literal, TypeVar, get_args

from demo.claims import Claim
from demo.palette import COLOURS
from demo.phrasing import UNKNOWN_WORD, with_unknown_words
from demo.scenes import (
    ACTIONS_OF,
    KINDS,
    NUMBERS,
    PLACE_PHRASES,
    PLACES,
    PLURALS,
    THINGS,
    WEATHERS_OF,
    Kind,
    Scene,
    verb_of,
    with_article,
)
from demo.splits import Split

QuestionKind = Literal[
    "colour", "count", "action", "place", "kind", "object", "weather", "yes or no", "happening", "describe", "absent"
]
"""What is asked; `absent` asks about somebody who is not there."""

QUESTION_KINDS: tuple[QuestionKind, ...] = get_args(QuestionKind)
_ABOUT_ACTORS: tuple[QuestionKind, ...] = ("colour", "action", "place", "object")
_V = TypeVar("_V")
UNKNOWN = "unknown"
"""The answer where the picture does not show what is asked."""


@dataclass(frozen=True, slots=True)
class QuizQuestion:
    """A question about a picture and its right answer, in lower case."""

    kind: QuestionKind
    question: str
    answer: str


# Two rows of wordings for each kind: those to learn from, and those of the test.
_WORDINGS: dict[QuestionKind, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "colour": (
        ("what colour {be} the {name} wearing", "which colour {be} the {name} in", "in what colour {be} the {name}"),
        ("what colour {be} the {name} in", "which colour {be} the {name} wearing"),
    ),
    "count": (
        ("how many {names} are there", "how many {names} are in the picture", "what is the number of {names}"),
        ("how many {names} do we see",),
    ),
    "action": (
        ("what {be} the {name} doing", "what {aux} the {name} do", "what do we see the {name} doing"),
        ("what can we see the {name} do",),
    ),
    "place": (
        ("where {be} the {name}", "in what place {be} the {name}", "where do we see the {name}"),
        ("in which place do we see the {name}",),
    ),
    "kind": (
        ("who is there", "who is in the picture", "who is it", "who can we see"),
        ("who do we see", "who do we see in the picture"),
    ),
    "object": (
        ("what is beside the {name}", "what object is beside the {name}", "which thing do we see beside the {name}"),
        ("what do we see beside the {name}", "which object is beside the {name}"),
    ),
    "weather": (
        ("how is the weather", "what weather is it", "what is the weather like"),
        ("what weather do we see", "what is the weather"),
    ),
    "yes or no": (("{be} {said}", "do we see that {stated}"), ("can we see that {stated}",)),
    "happening": (
        ("what is happening", "what happens here", "what happens in the picture"),
        ("what is happening in the picture", "what do we see happening"),
    ),
    "describe": (
        (
            "describe the picture",
            "describe what is there",
            "say what is in the picture",
            f"describe the picture in one {UNKNOWN_WORD}",
        ),
        ("describe what we see", "say what we see"),
    ),
}


def ask(scene: Scene, kind: QuestionKind, split: Split, rng: Random) -> QuizQuestion:
    """Return a question of a kind about a scene, in a wording of the split."""
    if kind == "absent":
        return _absent(scene, split, rng)
    if kind == "yes or no":
        return _yes_or_no(scene, split, rng)
    asked = _worded(kind, scene.actor, scene.count, split, rng)
    return QuizQuestion(kind, asked, _ANSWERS[kind](scene))


def can_ask(scene: Scene, kind: QuestionKind) -> bool:
    """Tell whether a question of this kind has one clear answer: it always snows a little on the mountain."""
    return kind != "weather" or scene.place != "mountain"


def all_words() -> Iterator[str]:
    """Return every wording, and every answer that no caption holds."""
    for learnt, unseen in _WORDINGS.values():
        for wording in (*learnt, *unseen):
            yield " ".join(word for word in wording.split() if not word.startswith("{"))
    yield from (UNKNOWN, "yes", "no", "nothing", "clear rain snow fog", "is it true", "that it is", "there are")


def _worded(kind: QuestionKind, actor: Kind, count: int, split: Split, rng: Random) -> str:
    claim = Claim(actor, count)
    slots = claim.slots(rng)
    return _wording(kind, split, rng).format(name=claim.name, names=PLURALS[actor], be=slots["be"], aux=slots["aux"])


def _wording(kind: QuestionKind, split: Split, rng: Random) -> str:
    learnt, unseen = _WORDINGS[kind]
    if split == "test":
        return rng.choice(unseen)
    wording = rng.choice(learnt)
    return with_unknown_words(wording, rng) if split == "train" and len(wording.split()) > 4 else wording


def _weather(scene: Scene) -> str:
    return UNKNOWN if len(WEATHERS_OF[scene.place]) == 1 else scene.weather


def _happening(scene: Scene) -> str:
    return replace(scene, thing=None, weather="clear").sentence.rstrip(".").lower()


ATTRIBUTES: dict[QuestionKind, Callable[[Scene], str]] = {
    "colour": lambda scene: scene.colour,
    "count": lambda scene: NUMBERS[scene.count],
    "action": lambda scene: verb_of(scene.actor, scene.action).doing,
    "place": lambda scene: PLACE_PHRASES[scene.place],
    "kind": lambda scene: Claim(scene.actor, scene.count).name,
    "object": lambda scene: "nothing" if scene.thing is None else with_article(scene.thing),
    "weather": lambda scene: scene.weather,
}
"""What a scene has of each attribute, as an answer says it."""

_ANSWERS: dict[QuestionKind, Callable[[Scene], str]] = {
    **ATTRIBUTES,
    "weather": _weather,
    "happening": _happening,
    "describe": lambda scene: scene.sentence.rstrip(".").lower(),
}


def _absent(scene: Scene, split: Split, rng: Random) -> QuizQuestion:
    """Ask about somebody of a kind that the scene does not show."""
    actor = rng.choice([kind for kind in KINDS if kind != scene.actor])
    about: QuestionKind = rng.choice(_ABOUT_ACTORS)
    return QuizQuestion("absent", _worded(about, actor, rng.randint(1, 3), split, rng), UNKNOWN)


def _yes_or_no(scene: Scene, split: Split, rng: Random) -> QuizQuestion:
    """Ask whether something holds that holds in half of the cases."""
    holds = rng.random() < 0.5
    subject, be, rest = _statement(scene, holds, rng)
    said, stated = f"{subject} {rest}", f"{subject} {be} {rest}"
    question = _wording("yes or no", split, rng).format(be=be, said=said, stated=stated)
    return QuizQuestion("yes or no", question, "yes" if holds else "no")


def _statement(scene: Scene, holds: bool, rng: Random) -> tuple[str, str, str]:
    """Return something that holds or does not hold of a scene, as subject, verb and rest."""

    def value(right: _V, others: Iterable[_V]) -> _V:
        return right if holds else rng.choice([other for other in others if other != right])

    who, be = f"the {Claim(scene.actor, scene.count).name}", "is" if scene.count == 1 else "are"
    statements: list[Callable[[], tuple[str, str, str]]] = [
        lambda: ("there", "is", with_article(value(scene.actor, KINDS))),
        lambda: (who, be, f"in {value(scene.colour, COLOURS)}"),
        lambda: (who, be, verb_of(scene.actor, value(scene.action, ACTIONS_OF[scene.actor])).doing),
        lambda: (who, be, PLACE_PHRASES[value(scene.place, PLACES)]),
        lambda: ("there", "are", f"{NUMBERS[value(scene.count, NUMBERS)]} {PLURALS[scene.actor]}"),
    ]
    if scene.thing is not None:
        thing = scene.thing
        statements.append(lambda: (f"{with_article(value(thing, THINGS))}", "is", f"beside {who}"))
    elif not holds:
        statements.append(lambda: (f"{with_article(rng.choice(THINGS))}", "is", f"beside {who}"))
    return rng.choice(statements)()
