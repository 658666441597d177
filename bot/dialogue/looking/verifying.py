"""Whether the moments found show what was searched for: confirmed, rejected, or not to be told. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.dialogue.reading.aspects import Aspect

Finding = Literal["confirmed", "rejected", "unverified"]

MUCH = 0.4
"""Share of what was held against a moment's frames that they miss, above which it is rejected: a model errs."""

WEIGHTS: dict[Aspect | None, float] = {"weather": 0.3}
"""How much an aspect counts; 1 where nothing is said. Small models tell snow from a clear sky in two of three frames
only, and hardly err in the other aspects."""


@dataclass(frozen=True, slots=True)
class AspectCheck:
    """One aspect of what was searched for, held against a frame, and how sure the model was, 0 to 1.

    `aspect` is None where all was held against it at once.
    """

    moment_id: str
    aspect: Aspect | None
    finding: Finding
    confidence: float


@dataclass(frozen=True, slots=True)
class Verification:
    """What the frames of a moment say of it.

    `agreed` and `missed` count the aspects that agree and those that do not, each by how sure the model was of it.
    """

    finding: Finding
    agreed: float = 0.0
    missed: float = 0.0


def verification(held: Sequence[AspectCheck]) -> Verification:
    """Join what was held against the frames of one moment: aspect by aspect, by the mean of the confidences."""
    signs = {"confirmed": 1.0, "rejected": -1.0, "unverified": 0.0}
    votes: dict[Aspect | None, list[float]] = {}
    for one in held:
        votes.setdefault(one.aspect, []).append(signs[one.finding] * one.confidence)
    sums = [WEIGHTS.get(aspect, 1.0) * sum(vote) / len(vote) for aspect, vote in votes.items()]
    agreed, missed = sum(one for one in sums if one > 0), -sum(one for one in sums if one < 0)
    if not agreed and not missed:
        return Verification("unverified")
    share = missed / (agreed + missed)
    finding: Finding = "confirmed" if not missed else "rejected" if share > MUCH else "unverified"
    return Verification(finding, agreed, missed)
