"""Which of the moments found are shown, and in which order, after their frames were looked at. Pure."""

from dataclasses import replace

from bot.dialogue.acts.gathering import Gathered
from bot.dialogue.looking.confidence import match_confidence
from bot.dialogue.looking.visual_answerer import VqaResult
from bot.dialogue.plan import Plan
from bot.dialogue.verdict import NOT_SEEN, refused, worth_showing
from bot.tools.pieces import Piece


def described(plan: Plan, gathered: Gathered) -> str:
    """Return the words to be held against frames: the sentence that asks, unless it goes on from earlier words."""
    searched = gathered.described(plan.query)
    return plan.wording if searched and plan.wording and not plan.own else searched


def chosen(query: str, gathered: Gathered, looked: VqaResult, most: int | None) -> Gathered:
    """Return the moments to show: of those found by what is seen, those first whose frames show what was searched for.

    Of these none is shown that hardly is it: perhaps none at all. What a search did not think to be there is shown all
    the same where the frames agree. A moment that texts found stays where it is, whatever its frames show: what is said
    is seldom to be seen. So does what was not searched for.

    Args:
        query: what was searched for.
        gathered: what was found.
        looked: what came of looking.
        most: moments shown at most; None for all that were found, but for those that hardly are it.
    """
    candidates = gathered.candidates
    if not (candidates and looked.checks) or candidates[0].found_by_texts(query):
        return gathered
    likely = {
        piece.moment.moment_id: match_confidence(looked.verification(piece.moment.moment_id), place)
        for place, piece in enumerate(candidates)
    }

    def worth(piece: Piece) -> float:
        silent = looked.observations and not looked.vote(piece.moment.moment_id).text
        return likely[piece.moment.moment_id] * (NOT_SEEN if silent else 1.0)

    best = sorted(candidates, key=worth, reverse=True)
    sure = likely[best[0].moment.moment_id]
    if looked.concluded and not worth_showing(sure) and gathered.outcome != "nothing":
        return replace(gathered, outcome="found", pieces=tuple(best[:1]), confidence=1 - sure)
    if refused(sure, gathered.outcome == "found"):
        told = tuple(piece for piece in gathered.pieces if piece.found_by_texts(query))
        return replace(gathered, outcome="closest", pieces=told) if told else Gathered("nothing", confidence=1 - sure)
    kept = [piece for piece in best if worth_showing(likely[piece.moment.moment_id])]
    if most is None:
        gone = {kept[0].moment.moment_id, *(name for name, chance in likely.items() if not worth_showing(chance))}
        kept = [kept[0], *(piece for piece in gathered.pieces if piece.moment.moment_id not in gone)]
    return replace(gathered, outcome="found", confidence=sure, pieces=tuple(kept[:most]))
