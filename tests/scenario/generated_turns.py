"""Conversations made from the truth of fresh films of the small world, by the hundred: `generated(half, seed, count)`.

Every turn is drawn: what is wanted, of which scene, in which of the phrasings of a half (`generated_words`). What is
right follows from the truth and from what was said and shown before. `python -m tests.scenario.generated_turns SEED`
prints the turns of the open half.
"""

import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from random import Random

from tests.scenario.dialogue_values import Dialogue
from tests.scenario.generated_follow_ups import FOLLOW_UPS
from tests.scenario.generated_openers import OPENERS
from tests.scenario.generated_talk import Talk
from tests.scenario.generated_words import Half, read
from tests.scenario.generated_world import World, world

HALVES: tuple[Half, ...] = ("open", "held")
FILE = "generated"
SEED = 11
TURNS = 500
_LENGTH = (4, 7)
_NEW_TOPIC, _WRONG, _FAREWELL = 0.2, 0.08, 0.1
"""Shares of follow-ups that begin a new topic, and of talks that begin by pointing at nothing or end in a farewell."""

_ENDING = ("compare", "clarify")
"""Acts after which a person begins anew."""


def generated(half: Half, seed: int = SEED, count: int = TURNS) -> tuple[World, tuple[Dialogue, ...]]:
    """Return films, and conversations about them of `count` turns together, drawn from the seed."""
    rng = Random(f"generated {half} {seed}")
    phrasings = read(half, rng)
    films = world(phrasings.titles, seed if half == "open" else 1_000 + seed)
    talks: list[Dialogue] = []
    left, draw = count, Draw(rng)
    while left:
        talk = _talk(Talk(films, phrasings, rng), draw, min(left, rng.randint(*_LENGTH)))
        left -= len(talk.turns)
        talks.append(Dialogue(f"{half}-{len(talks) + 1}", FILE, "films", half == "held", tuple(talk.turns), ""))
    return films, tuple(talks)


@dataclass(frozen=True, slots=True)
class Draw:
    """Draws names by their weights, those rather that were drawn seldom."""

    rng: Random
    drawn: Counter[str] = field(default_factory=Counter)

    def among(self, weights: Mapping[str, float]) -> str:
        """Return one of the names."""
        names = list(weights)
        left = [weights[name] / (1 + self.drawn[name] / (2 * weights[name])) for name in names]
        return self.rng.choices(names, left)[0]


def _talk(talk: Talk, draw: Draw, length: int) -> Talk:
    while len(talk.turns) < length:
        last = talk.turns[-1].expected.act if talk.turns else None
        points_at_nothing = last is None and draw.rng.random() < _WRONG
        if (last is None and not points_at_nothing) or last in _ENDING or draw.rng.random() < _NEW_TOPIC:
            _open(talk, draw)
        else:
            _follow(talk, draw)
    if draw.rng.random() < _FAREWELL:
        talk.turns.pop()
        talk.add(talk.draw("farewell"), {}, "chat")
    return talk


def _open(talk: Talk, draw: Draw) -> None:
    name = draw.among({name: weight for name, (weight, _) in OPENERS.items() if name != "greeting" or not talk.turns})
    OPENERS[name][1](talk)
    draw.drawn[name] += 1
    talk.intents.append(name)


def _follow(talk: Talk, draw: Draw) -> None:
    """Go on in one of the ways that are possible; begin anew where there is none."""
    weights = {name: weight for name, (weight, _) in FOLLOW_UPS.items() if name not in talk.intents[-1:]}
    while weights:
        name = draw.among(weights)
        if FOLLOW_UPS[name][1](talk):
            draw.drawn[name] += 1
            talk.intents.append(name)
            return
        del weights[name]
    _open(talk, draw)


def main() -> None:
    """Print the open turns with what is right."""
    _, talks = generated("open", int(sys.argv[1]) if len(sys.argv) > 1 else SEED)
    for talk in talks:
        print(f"\n{talk.name}")
        for turn in talk.turns:
            right = {
                f.name: value for f in fields(turn.expected) if (value := getattr(turn.expected, f.name)) != f.default
            }
            print(f"  {turn.say!r}\n      {right}")


if __name__ == "__main__":
    main()
