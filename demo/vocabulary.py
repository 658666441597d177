"""All words of the small world, in alphabetical order: what the tokenizers of its models know."""

import re
from collections.abc import Iterator
from random import Random

from demo import phrasing, quiz
from demo.claims import whole
from demo.scenes import NUMBERS, PLURALS, THINGS, WEATHER_PHRASES, random_scene, with_article

_SCENES = 4000


def vocabulary() -> list[str]:
    """Return every word that a caption, a question or an answer can hold, in lower case."""
    return sorted({word for text in _texts() for word in re.findall(r"[a-z]+", text.lower())} - {phrasing.UNKNOWN_WORD})


def _texts() -> Iterator[str]:
    rng = Random(0)
    for _ in range(_SCENES):
        scene = random_scene(rng)
        yield scene.sentence
        yield " ".join(whole(scene).slots(rng).values())
    yield from (*NUMBERS.values(), *PLURALS.values(), *WEATHER_PHRASES.values(), *map(with_article, THINGS))
    yield from phrasing.all_words()
    yield from quiz.all_words()
    yield "user assistant"
