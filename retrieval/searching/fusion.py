"""From the arms' own rankings to one. Pure.

    fused(m) = meaning(m) + w / scale * words(m) + .3 * frames(m)

`words` is BM25 of the moment, helped by its neighbours and its video; `scale` makes it spread over the library as
cosines of meaning do (`retrieval.searching.spread`), so that the sum is one of z-scores. Frames count by their place
between the weakest and the best candidate; where texts tell of every moment, only if the best stands out. A moment that
the meaning arm did not return gets at most its lowest score,
since it is known to be no better. Reciprocal rank fusion is there to compare with. Why: docs/decisions/fusion.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from statistics import fmean, pstdev

from retrieval.index.base import Scored
from retrieval.spaces import FRAMES_ARM, KEYWORDS_ARM, MEANING_ARM, Arm
from retrieval.types import Moment, TimeSpan

NEIGHBOUR = 0.3
"""How much of the BM25 of each moment beside it a moment gets."""

OF_VIDEO = 0.3
"""How much it gets of the best BM25 of its video. Both as tuned by `benchmarks/fusion.py`."""


def weights(arms: Sequence[Arm], asked: int, heard: float = 0.0, only_seen: bool = False) -> dict[str, float]:
    """Return how much each arm counts.

    Who describes a picture says it in words of their own, who asks says it in others; what was spoken or stands on the
    screen is asked for in its own words. And the fewer words somebody gives, the more they mean just these: of one word
    alone, what holds it goes first. Where nobody but a vision model tells of the moments there are plain words of few
    kinds, of which each counts.

    Args:
        arms: those that are asked.
        asked: how many stems the query has.
        heard: the share of the moments at hand that have words spoken or read on screen, 0 to 1.
        only_seen: whether nobody but a vision model tells of them.
    """
    if only_seen:
        return {arm.name: arm.weight_seen for arm in arms}
    found = {}
    for arm in arms:
        told = 0.0 if arm.weight_heard is None else arm.weight_heard - arm.weight
        found[arm.name] = arm.weight + heard * told
    if KEYWORDS_ARM.name in found:
        found[KEYWORDS_ARM.name] = max(found[KEYWORDS_ARM.name], 1 / max(1, asked) ** 2)
    return found


def weighted(
    arms: Mapping[str, Sequence[Scored]],
    weights: Mapping[str, float],
    scales: Mapping[str, float],
) -> list[tuple[str, float]]:
    """Return (moment id, fused score), best first; ties by id.

    Args:
        arms: each arm's ranking, best first.
        weights: how much each arm counts.
        scales: what an arm's scores are divided by, where they are not those of the meaning arm or 0 to 1.
    """
    fused: dict[str, float] = {}
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
    return _ranked(fused)


def lifted(ranked: Sequence[tuple[str, float]], video: str | None, by: float) -> list[tuple[str, float]]:
    """Return a ranking with the moments of one video lifted, best first."""
    if video is None:
        return list(ranked)
    raised = [(name, score + by * (_place(name)[0] == video)) for name, score in ranked]
    return sorted(raised, key=lambda one: (-one[1], one[0]))


def supported(
    words: Sequence[Scored], others: Iterable[str], titles: Mapping[str, float] | None = None
) -> list[Scored]:
    """Return the scores of words of all moments given, helped by what stands around them, best first.

    Speech says in one breath what stands in two moments, and a subject is named once and talked of for minutes: a
    moment gets part of the scores of its neighbours, and of the best of its video, its title included.

    Args:
        words: the ranking of the arm of words.
        others: ids of moments that other arms found.
        titles: what the words are worth that stand in the names of each video.
    """
    own = {_place(hit.moment_id): hit.score for hit in words}
    best: dict[str, float] = dict(titles or {})
    for (video, _), score in own.items():
        best[video] = max(score, best.get(video, 0.0))
    found = []
    for name in dict.fromkeys((*(hit.moment_id for hit in words), *others)):
        video, number = place = _place(name)
        beside = own.get((video, number - 1), 0.0) + own.get((video, number + 1), 0.0)
        score = own.get(place, 0.0) + NEIGHBOUR * beside + OF_VIDEO * best.get(video, 0.0)
        if score > 0:
            found.append(Scored(name, score))
    return sorted(found, key=lambda hit: (-hit.score, hit.moment_id))


@lru_cache(maxsize=65_536)
def _place(name: str) -> tuple[str, int]:
    video, _, number = name.rpartition(":")
    return video, int(number) if number.isdecimal() else 0


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


STANDS_OUT = 2.5
"""By how many deviations the best picture must lie above the mean of the candidates for pictures to count."""


def standing_out(scored: Sequence[Scored]) -> list[Scored]:
    """Return an arm's scores as 0 to 1, all 0 where the best does not stand out: then no picture is like the words."""
    values = [hit.score for hit in scored]
    spread = pstdev(values) if values else 0.0
    if spread and max(values) - fmean(values) >= STANDS_OUT * spread:
        return standardised(scored)
    return [Scored(hit.moment_id, 0.0, hit.frame_time) for hit in scored]


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


def each_film_once(
    ranked: Sequence[tuple[Moment, float]], copies: Mapping[str, Sequence[str]], seen: Moment | None = None
) -> list[tuple[Moment, float]]:
    """Leave out moments that show what a better one shows, in another copy of the same film.

    Args:
        ranked: moments with scores, best first.
        copies: the videos with the same bytes as each that has copies, itself among them.
        seen: a moment that is known already.
    """
    if not copies:
        return list(ranked)
    kept: list[tuple[Moment, float]] = []
    spans: dict[str, list[Moment]] = {} if seen is None else {seen.video_id: [seen]}
    for moment, score in ranked:
        same = [first for copy in copies.get(moment.video_id, ()) for first in spans.get(copy, ())]
        if not any(_same_in_a_copy(moment, first) for first in same):
            kept.append((moment, score))
            spans.setdefault(moment.video_id, []).append(moment)
    return kept


def _same_in_a_copy(moment: Moment, first: Moment) -> bool:
    shorter = min(moment.span.duration, first.span.duration)
    return moment.video_id != first.video_id and moment.span.overlap(first.span) >= shorter / 2


def _ranked(fused: Mapping[str, float]) -> list[tuple[str, float]]:
    return sorted(fused.items(), key=lambda item: (-item[1], item[0]))
