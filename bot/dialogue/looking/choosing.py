"""Which of the moments found are shown, and in which order, after their frames were looked at. Pure."""

from dataclasses import replace

from bot.dialogue.gather import QUOTED, Gathered
from bot.dialogue.looking.confidence import ANSWERED_FROM, FOUND_FROM, NOT_SEEN, shows
from bot.dialogue.looking.looker import Looked
from bot.dialogue.looking.wanted import COVERED
from bot.dialogue.plan import Plan
from bot.tools.shelf import Piece
from bot.tools.telling import covered


def chosen(plan: Plan, gathered: Gathered, looked: Looked) -> Gathered:
    """Return the moments to show: those first whose frames show what was searched for and tell what was asked.

    None is shown that hardly is what was searched for: perhaps none at all. What a search did not think to be there is
    shown all the same where the frames agree. Where nobody looked the moments stay as they were found.
    """
    if not looked.happened:
        return gathered
    if not gathered.candidates:
        told = sorted(gathered.pieces, key=lambda piece: not looked.vote(piece.moment.moment_id).text)
        return replace(gathered, pieces=tuple(told)) if plan.act == "ask" else gathered
    if not looked.held:
        return gathered
    if any(covered(piece.moment, plan.query) >= COVERED for piece in gathered.candidates):
        return gathered  # a text tells it, whatever the frames show
    likely = {
        piece.moment.moment_id: shows(looked.verification(piece.moment.moment_id), place)
        for place, piece in enumerate(gathered.candidates)
    }

    def worth(piece: Piece) -> float:
        silent = looked.observations and not looked.vote(piece.moment.moment_id).text
        return likely[piece.moment.moment_id] * (NOT_SEEN if silent else 1.0)

    best = sorted(gathered.candidates, key=worth, reverse=True)
    sure = likely[best[0].moment.moment_id]
    if looked.concluded and sure < FOUND_FROM:
        return replace(gathered, outcome="found", pieces=tuple(best[:1]), confidence=1 - sure)
    if sure < (FOUND_FROM if gathered.outcome == "found" else ANSWERED_FROM):
        return Gathered("nothing", confidence=1 - sure)
    found = replace(gathered, outcome="found", confidence=sure)
    kept = [piece for piece in best if likely[piece.moment.moment_id] >= FOUND_FROM]
    if plan.act == "count":
        gone = {kept[0].moment.moment_id, *(name for name, chance in likely.items() if chance < FOUND_FROM)}
        return replace(found, pieces=(kept[0], *(p for p in gathered.pieces if p.moment.moment_id not in gone)))
    return replace(found, pieces=tuple(kept[: QUOTED.get(plan.act, 3)]))
