"""What is said of things that were shown and are not there any more: that, and nothing of what they were.

A video may be removed, or moved where the answer may not look, between two turns.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.dialogue.plan import Plan, Reading
from bot.tools.view import View
from retrieval.errors import NotInLibrary
from retrieval.types import Video


def still_there(readings: Sequence[Reading], videos: Sequence[Video], view: View) -> list[Reading]:
    """Return the ways to take an utterance that point at what is there.

    Where the likeliest points at what is gone, that is what there is to say; others that do are left out.
    """
    known = frozenset(video.video_id for video in videos)
    first, *others = readings
    if _lost(first.plan, known, view):
        said = first.plan
        unclear = Plan("clarify", said.words, unclear="gone", reference=_words(said))
        return [Reading(unclear, first.prior, searched=False)]
    kept = [first, *(one for one in others if not _lost(one.plan, known, view))]
    return [replace(one, plan=_without_gone(one.plan, known)) for one in kept]


def _lost(plan: Plan, known: frozenset[str], view: View) -> bool:
    """Tell whether a plan needs a video or a moment that is gone."""
    needed = {*plan.videos, *plan.choices, *(video for one in plan.references for video in one.videos)}
    moments = {moment for one in plan.references for moment in one.moments}
    return not needed <= known or not all(_is_there(moment, known, view) for moment in moments)


def _is_there(moment: str, known: frozenset[str], view: View) -> bool:
    if moment.rpartition(":")[0] not in known:
        return False
    try:
        view.moment(moment)
    except NotInLibrary:
        return False
    return True


def _without_gone(plan: Plan, known: frozenset[str]) -> Plan:
    """Return a plan that leaves out, and favours, only what is there."""
    return replace(
        plan,
        favoured=plan.favoured if plan.favoured in known else None,
        not_videos=tuple(video for video in plan.not_videos if video in known),
        not_moments=tuple(moment for moment in plan.not_moments if moment.rpartition(":")[0] in known),
    )


def _words(plan: Plan) -> str:
    """Return the user's words for what is gone; none where they only go on from it."""
    return next((one.words for one in plan.references if one.words and one.kind not in ("pronoun", "implied")), "")
