"""What an evaluation counts: ranks of the right moment, and right answers of how many. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

CUTOFFS = (1, 3, 5, 10)
DEPTH = max(CUTOFFS)
"""Hits that are looked at."""


@dataclass(frozen=True, slots=True)
class RankingScore:
    """How far up the first right hit was: the share of questions with it among the first k, and the mean of 1 / rank.

    A question without a right hit among the first `DEPTH` counts as 0 everywhere.
    """

    asked: int
    recall: dict[int, float]
    mrr: float


@dataclass(frozen=True, slots=True)
class Share:
    """So many right of so many."""

    right: int
    of: int

    @property
    def share(self) -> float | None:
        """Right of all, 0 to 1; None of nothing."""
        return self.right / self.of if self.of else None


def ranking(ranks: Sequence[int | None]) -> RankingScore:
    """Return how well questions were answered whose first right hits had these ranks, counted from 1."""
    asked = len(ranks)
    within = {k: sum(rank is not None and rank <= k for rank in ranks) for k in CUTOFFS}
    inverse = sum(1 / rank for rank in ranks if rank is not None)
    return RankingScore(asked, {k: count / max(1, asked) for k, count in within.items()}, inverse / max(1, asked))


def share(right: Sequence[bool]) -> Share:
    """Count what is right."""
    return Share(sum(right), len(right))


def calibration_error(marked: Sequence[tuple[float, bool]], bins: int = 10) -> float:
    """Return how far confidences are from the share that is right, 0 to 1: 0 where they say what comes true.

    The pairs of confidence and right are put in order and into bins of equal count; the mean over them of the
    distance between mean confidence and share (Naeini et al. 2015, with equal counts).
    """
    ordered = sorted(marked)
    error = 0.0
    for number in range(bins):
        part = ordered[number * len(ordered) // bins : (number + 1) * len(ordered) // bins]
        if part:
            gap = sum(confidence for confidence, _ in part) / len(part) - sum(right for _, right in part) / len(part)
            error += abs(gap) * len(part) / len(ordered)
    return error
