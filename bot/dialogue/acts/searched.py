"""What a search finds for a plan: in its videos, in the moments that it points at, without what it leaves out."""

from dataclasses import replace

from PIL import Image

from bot.dialogue.plan import ANCHORED, Plan
from bot.tools.moments import search_moments
from bot.tools.view import SearchLimits, View
from retrieval.searching.query import Query
from retrieval.searching.search import SearchResult


def limits_of(plan: Plan) -> SearchLimits:
    """Return where a plan looks, and what it leaves out."""
    videos = frozenset(plan.videos) if plan.videos else None
    return SearchLimits(videos, plan.within, plan.without, plan.not_videos, plan.not_moments, plan.not_part)


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
    here = [view.moment(name) for name in plan.pointed] or ([view.moment(plan.counts_from)] if plan.counts_from else [])
    if here:
        limits = replace(limits, videos=frozenset(moment.video_id for moment in here))
        beside = plan.relation in ANCHORED
        limits = replace(limits, within=here[0].span) if len(here) == 1 and not beside else limits
        here = [] if beside else here
    found = search_moments(view, plan.sought, limits, k)
    if here:
        names = {moment.moment_id for moment in here}
        found = replace(found, hits=tuple(hit for hit in found.hits if hit.moment.moment_id in names))
    if plan.owned is None or not found.hits:
        return found
    best = found.hits[0].moment
    there = replace(limits, videos=frozenset([best.video_id]), within=best.span)
    return replace(found, confidence=search_moments(view, plan.owned, there, 1).confidence)
