"""From the arms' own rankings to one. Pure.

The default adds weighted, normalised scores; a moment that an arm did not return gets that arm's lowest score, since
it is known to be no better. Reciprocal rank fusion is there to compare with.
Why: docs/decisions/fusion.md.
"""

from collections.abc import Mapping, Sequence

from retrieval.index.base import Scored
from retrieval.spaces import FRAMES_ARM, MEANING_ARM, Arm
from retrieval.types import Moment, TimeSpan

RARE = 0.8
"""What a rare word adds that is spoken or read on screen."""

RARE_CAPTION = 0.05
"""What it adds in a caption or in words of a vision model, where paraphrase is common and a rare word says less.

Both as tuned by `benchmarks/rare.py`.
"""


def weights(arms: Sequence[Arm], only_seen: bool) -> dict[str, float]:
    """Return how much each arm's normalised score counts.

    Where nobody but a vision model tells of the moments there are plain words of few kinds, of which each counts.
    """
    return {arm.name: arm.weight_seen if only_seen else arm.weight for arm in arms}


def weighted(
    arms: Mapping[str, Sequence[Scored]],
    weights: Mapping[str, float],
    scales: Mapping[str, float],
    bonus: Mapping[str, float],
) -> list[tuple[str, float]]:
    """Return (moment id, fused score), best first; ties by id.

    Args:
        arms: each arm's ranking, best first.
        weights: how much each arm counts.
        scales: what an arm's scores are divided by, where they are not 0 to 1, so that a perfect match is about 1.
        bonus: what is added besides, by moment id.
    """
    fused = dict.fromkeys(bonus, 0.0)
    shares = {MEANING_ARM.name: _told(arms)}
    for scored in arms.values():
        fused.update(dict.fromkeys((hit.moment_id for hit in scored), 0.0))
    for arm, scored in arms.items():
        if scored:
            lookup = {hit.moment_id: hit.score for hit in scored}
            floor = min(lookup.values()) if arm == MEANING_ARM.name else 0.0
            share, scale = weights[arm] * shares.get(arm, 1.0), scales.get(arm, 1.0)
            for moment_id in fused if floor else lookup:
                fused[moment_id] += share * (lookup.get(moment_id, floor) / scale)
    for moment_id, extra in bonus.items():
        fused[moment_id] += extra
    return _ranked(fused)


def _told(arms: Mapping[str, Sequence[Scored]]) -> float:
    """Return which share of what the frames arm found has any text, 0 to 1.

    Where most moments have none, a chance likeness of the few texts must not go before what is seen. It is known only
    where the meaning arm returned fewer moments than the frames arm, so all that have text; else it counts as 1.
    """
    meaning, frames = arms.get(MEANING_ARM.name, ()), arms.get(FRAMES_ARM.name, ())
    if len(meaning) >= len(frames):
        return 1.0
    texts = {hit.moment_id for hit in meaning}
    return sum(hit.moment_id in texts for hit in frames) / len(frames)


def reciprocal(arms: Mapping[str, Sequence[Scored]], k: int = 60) -> list[tuple[str, float]]:
    """Return (moment id, sum over arms of 1 / (k + rank)), best first (Cormack et al. 2009)."""
    fused: dict[str, float] = {}
    for scored in arms.values():
        for rank, hit in enumerate(scored, start=1):
            fused[hit.moment_id] = fused.get(hit.moment_id, 0.0) + 1.0 / (k + rank)
    return _ranked(fused)


def standardised(scored: Sequence[Scored]) -> list[Scored]:
    """Return an arm's scores as 0 (its weakest candidate) to 1 (its best): for scores without a scale of their own.

    CLIP's cosines of a text with pictures differ more between queries than between good and bad hits.
    """
    if not scored:
        return []
    low, high = scored[-1].score, scored[0].score
    width = max(high - low, 1e-6)
    return [Scored(hit.moment_id, (hit.score - low) / width, hit.frame_time) for hit in scored]


MERGE_OVERLAP = 0.8
MERGE_SCORE = 0.03


def merged(ranked: Sequence[tuple[Moment, float]]) -> list[tuple[Moment, TimeSpan, float]]:
    """Join hits that show the same stretch of a video: (best moment, span, its score), best first.

    A hit joins an earlier one of its video if their spans overlap by IoU >= 0.8 and the scores are within 0.03. It
    must overlap so with the earlier one's own moment, never with what was joined to it: no hit bridges two others.
    """
    kept: list[tuple[Moment, TimeSpan, float]] = []
    for moment, score in ranked:
        for place, (first, span, best) in enumerate(kept):
            same = first.video_id == moment.video_id and first.span.iou(moment.span) >= MERGE_OVERLAP
            if same and best - score <= MERGE_SCORE:
                union = TimeSpan(min(span.start, moment.span.start), max(span.end, moment.span.end))
                kept[place] = (first, union, best)
                break
        else:
            kept.append((moment, moment.span, score))
    return kept


def _ranked(fused: Mapping[str, float]) -> list[tuple[str, float]]:
    return sorted(fused.items(), key=lambda item: (-item[1], item[0]))
