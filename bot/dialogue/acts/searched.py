"""What a search finds for a plan: in its videos, in the moments that it points at, without what it leaves out."""

from dataclasses import dataclass, replace

from PIL import Image

from bot.dialogue.plan import OPEN_END, Plan
from bot.dialogue.verdict import matches
from bot.tools.moments import search_moments
from bot.tools.view import SearchLimits, View
from retrieval.searching.query import Query
from retrieval.searching.search import SearchResult
from retrieval.types import Moment

SEARCHED = 10
"""Hits asked of a search that wants the best."""

POINTED = 0.7
"""How sure it is that what is pointed at without a word for it is what was shown first."""


def limits_of(plan: Plan) -> SearchLimits:
    """Return where a plan looks, and what it leaves out."""
    videos = frozenset(plan.videos) if plan.videos else None
    return SearchLimits(videos, plan.within, plan.without, plan.not_videos, plan.not_moments, plan.not_part)


@dataclass(frozen=True, slots=True)
class Anchor:
    """The moment that a relation counts from, and how sure that is, 0 to 1."""

    moment: Moment
    sure: float


def anchor_of(plan: Plan, view: View) -> Anchor | None:
    """Return the moment that a plan's relation counts from, described or pointed at; None where it is not found.

    Raises:
        NotInLibrary: it points at a moment that is gone or not visible.
    """
    if plan.counts_from is not None:
        return Anchor(view.moment(plan.counts_from), POINTED)
    if not plan.anchor:
        return None
    found = search_moments(view, plan.anchored, replace(limits_of(plan), without=(), within=None), SEARCHED)
    return Anchor(found.hits[0].moment, found.confidence) if matches(found) else None


def beside(plan: Plan, anchor: Moment) -> Plan | None:
    """Return a plan for what is asked in the time before or after a moment; None where nothing is, or can be there."""
    if not plan.query:
        return None
    if plan.relation == "after":
        start, end = anchor.span.end, OPEN_END
    elif plan.relation == "before" and anchor.span.start > 0:
        start, end = 0.0, anchor.span.start
    else:
        return None
    return replace(plan, videos=(anchor.video_id,), start=start, end=end, relation="between", references=(), anchor="")


def searched_for(plan: Plan, view: View, k: int, image: Image.Image | None = None) -> SearchResult:
    """Return what a search finds for a plan, in its videos, or in the one moment that it loosely points at.

    Where earlier words say where to look, how sure it is goes by the words of this turn in the best moment alone.

    Raises:
        NotInLibrary: it points at a moment that is gone or not visible.
        InvalidQuery: the query asks for nothing, or for what is switched off.
    """
    limits = limits_of(plan)
    if image is not None:
        return search_moments(view, Query(image=image), limits, k)
    here = [view.moment(name) for name in plan.pointed]
    if here:
        limits = replace(limits, videos=frozenset(moment.video_id for moment in here))
        limits = replace(limits, within=here[0].span) if len(here) == 1 else limits
    found = search_moments(view, plan.sought, limits, k)
    if here:
        names = {moment.moment_id for moment in here}
        found = replace(found, hits=tuple(hit for hit in found.hits if hit.moment.moment_id in names))
    if plan.owned is None or not found.hits:
        return found
    best = found.hits[0].moment
    there = replace(limits, videos=frozenset([best.video_id]), within=best.span)
    return replace(found, confidence=search_moments(view, plan.owned, there, 1).confidence)
