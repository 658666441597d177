"""What several frames of a moment say together: a vote, weighted by how sure the model was of each. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.untrusted import inert
from retrieval.analysis import terms, words

SHORT = 4
"""Words up to which two answers must be the same to count as one: a colour, a number, a place."""

SAME = 0.6
"""Share of the terms of two longer answers that both hold, from which they say the same."""

_UNKNOWN = frozenset(
    {"", "unknown", "unsure", "unclear", "not sure", "i don t know", "i do not know", "not shown", "not visible"}
)


@dataclass(frozen=True, slots=True)
class Observation:
    """What a vision model said of one keyframe, and how sure it was, 0 to 1."""

    moment_id: str
    keyframe: Path
    text: str
    confidence: float

    @property
    def tells(self) -> bool:
        """Whether it says anything: the frame may not show what was asked."""
        return is_informative(self.text)


@dataclass(frozen=True, slots=True)
class Vote:
    """What the frames of a moment say together.

    `text` holds no link and no mention, and is empty where they do not show what was asked; `share` is the part of all
    votes that it has, `confidence` the mean of those who gave it, and `keyframe` the frame that was surest.
    """

    text: str
    share: float
    confidence: float
    keyframe: Path | None = None


def is_informative(text: str) -> bool:
    """Tell whether an answer says anything."""
    said = " ".join(words(text))
    return said not in _UNKNOWN and not said.startswith(("unknown ", "not visible", "not shown"))


def vote(observations: Sequence[Observation]) -> Vote:
    """Return what observations of one moment say together. A frame that shows nothing of it votes for that."""
    parties: list[list[Observation]] = []
    for one in observations:
        party = next((party for party in parties if _same(party[0], one)), None)
        if party is None:
            parties.append([one])
        else:
            party.append(one)
    if not parties:
        return Vote("", 0.0, 0.0)
    strongest = max(parties, key=_weight)
    total = sum(map(_weight, parties))
    surest = max(strongest, key=lambda one: one.confidence)
    confidence = _weight(strongest) / len(strongest)
    share = _weight(strongest) / total if total else 1 / len(parties)
    return Vote(inert(surest.text) if surest.tells else "", share, confidence, surest.keyframe)


def _weight(party: Sequence[Observation]) -> float:
    return sum(one.confidence for one in party)


def _same(one: Observation, other: Observation) -> bool:
    if not (one.tells and other.tells):
        return one.tells == other.tells
    mine, yours = words(one.text), words(other.text)
    if mine == yours:
        return True
    if min(len(mine), len(yours)) <= SHORT:
        return False
    a, b = set(terms(one.text)), set(terms(other.text))
    return len(a & b) / max(1, len(a | b)) >= SAME
