"""Whether the moments found show what was searched for: confirmed, rejected, or not to be told. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.dialogue.aspects import Aspect

Finding = Literal["confirmed", "rejected", "unverified"]

MUCH = 0.4
"""Share of the aspects that a moment does not show, above which it is rejected: a model errs in one now and then."""


@dataclass(frozen=True, slots=True)
class Held:
    """One aspect of what was searched for, held against a frame, and how sure the model was, 0 to 1.

    `aspect` is None where all was held against it at once.
    """

    moment_id: str
    aspect: Aspect | None
    finding: Finding
    confidence: float


@dataclass(frozen=True, slots=True)
class Verification:
    """What the frames of a moment say of it: aspects that agree, of how many that were held against them."""

    finding: Finding
    agreed: int = 0
    of: int = 0

    @property
    def share(self) -> float:
        """Aspects that agree of all, 0 to 1; a half where nothing was held against the frames."""
        return self.agreed / self.of if self.of else 0.5


def verification(held: Sequence[Held]) -> Verification:
    """Join what was held against the frames of one moment: aspect by aspect, by the sums of the confidences."""
    weights: dict[Aspect | None, float] = {}
    for one in held:
        sign = {"confirmed": 1.0, "rejected": -1.0, "unverified": 0.0}[one.finding]
        weights[one.aspect] = weights.get(one.aspect, 0.0) + sign * one.confidence
    told = {aspect: weight for aspect, weight in weights.items() if weight}
    if not told:
        return Verification("unverified")
    agreed = sum(weight > 0 for weight in told.values())
    missing = 1 - agreed / len(told)
    finding: Finding = "confirmed" if not missing else "rejected" if missing > MUCH else "unverified"
    return Verification(finding, agreed, len(told))
