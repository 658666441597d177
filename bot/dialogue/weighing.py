"""Which of the ways to take an utterance is meant: the evidence of a search for each, and its prior.

Where two are close and find something else, the best moment of the other is shown beside the first.
Why: docs/decisions/readings.md.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bot.dialogue.acts.searched import SEARCHED, anchor_of, beside, searched_for
from bot.dialogue.plan import ANCHORED, Plan, Reading
from bot.tools.view import View
from retrieval.searching.search import SearchResult

CLOSE = 2.5
"""How much less likely another reading may be, in log-odds, of which a moment is shown too."""

LEAST, MOST = -4.0, 4.0
"""Log-odds beyond which a search tells nothing more."""


@dataclass(frozen=True, slots=True)
class Meant:
    """The plan of the reading that is meant, and those of others that are nearly as likely."""

    plan: Plan
    others: tuple[Plan, ...] = ()


def meant(readings: Sequence[Reading], view: View) -> Meant:
    """Return what is meant; of one reading alone nothing is searched.

    Raises:
        NotInLibrary: a reading points at a moment or a video that is gone or not visible.
        InvalidQuery: a query asks for nothing, or for what is switched off.
    """
    if len(readings) == 1:
        return Meant(readings[0].plan)
    weighed = sorted(((weight(one, view), -place, one) for place, one in enumerate(readings)), reverse=True)
    best = weighed[0]
    others = [
        one.plan
        for likely, _, one in weighed[1:]
        if one.searched
        and likely >= best[0] - CLOSE
        and one.plan.act in ("find", "ask")
        and one.plan.without == best[2].plan.without
    ]
    return Meant(best[2].plan, tuple(others[:2]))


def weight(reading: Reading, view: View) -> float:
    """Return how likely a reading is, in log-odds: its prior, and what a search finds for it."""
    plan = reading.plan
    if plan.relation in ANCHORED:
        return reading.prior + _beside(plan, view)
    if not (reading.searched and plan.query):
        return reading.prior
    return max(reading.prior + evidence(searched_for(plan, view, SEARCHED)), reading.at_least)


def _beside(plan: Plan, view: View) -> float:
    """Return what a search says for a relation in time: for the moment it counts from, and for what is asked there."""
    anchor = anchor_of(plan, view)
    if anchor is None:
        return LEAST
    said = min(log_odds(anchor.sure), 0.0)
    there = beside(plan, anchor.moment)
    return said if there is None else min(said, evidence(searched_for(there, view, SEARCHED)))


def evidence(found: SearchResult) -> float:
    """Return what a search says for a reading, in log-odds."""
    if not found.hits:
        return LEAST
    return log_odds(found.confidence)


def log_odds(confidence: float) -> float:
    """Return the log-odds of a confidence, within what a search can tell."""
    sure = min(max(confidence, 1e-6), 1 - 1e-6)
    return min(max(math.log(sure / (1 - sure)), LEAST), MOST)
