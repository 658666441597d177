"""What an evaluation counts: how far up right moments were ranked, and right answers of how many. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ir_measures import Measure

CUTOFFS = (1, 3, 5, 10)
DEPTH = max(CUTOFFS)
"""Hits that are looked at."""


@dataclass(frozen=True, slots=True)
class RankingScore:
    """How far up the first right hit was: the share of questions with it among the first k, and mean reciprocal rank.

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


def measured(judged: Sequence[Sequence[bool]], *measures: "Measure") -> "dict[Measure, list[float]]":
    """Return measures of information retrieval, each of them question by question.

    Args:
        judged: for each question whether its hits are right, best first.
        measures: of how far up right hits are, as `ir_measures` names them.
    """
    from ir_measures import iter_calc

    places = {str(number): [str(place) for place in range(len(hits))] for number, hits in enumerate(judged)}
    right = {name: dict(zip(hits, map(int, judged[int(name)]), strict=True)) for name, hits in places.items()}
    run = {name: {hit: -float(hit) for hit in hits} for name, hits in places.items()}
    values = {measure: [0.0] * len(judged) for measure in measures}
    for one in iter_calc(measures, right, run):
        values[one.measure][int(one.query_id)] = one.value
    return values


def ranking(judged: Sequence[Sequence[bool]]) -> RankingScore:
    """Return how well questions were answered, told for each of them whether its hits are right, best first."""
    from ir_measures import RR, Success

    success = {k: Success @ k for k in CUTOFFS}
    values = measured([hits[:DEPTH] for hits in judged], RR, *success.values())
    means = {measure: sum(each) / max(1, len(each)) for measure, each in values.items()}
    return RankingScore(len(judged), {k: means[measure] for k, measure in success.items()}, means[RR])


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
