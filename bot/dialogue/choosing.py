"""Which of the moments found are shown, and in which order, after their frames were looked at. Pure."""

from dataclasses import replace

from bot.dialogue.gather import NEAR, QUOTED, Gathered
from bot.dialogue.looking import Looked
from bot.dialogue.plan import Plan
from bot.tools.shelf import Piece


def chosen(plan: Plan, gathered: Gathered, looked: Looked) -> Gathered:
    """Return the moments to show: those first whose frames show what was searched for and tell what was asked.

    None is shown whose frames show something else; where all do, the nearest stays: the verdict says what it is
    worth. Where nobody looked the moments stay as they were found.
    """
    if not looked.happened:
        return gathered
    pieces = gathered.candidates or gathered.pieces
    findings = {piece.moment.moment_id: looked.verification(piece.moment.moment_id) for piece in pieces}

    def silent(piece: Piece) -> bool:
        return bool(looked.observations) and not looked.vote(piece.moment.moment_id).text

    def rejected(piece: Piece) -> bool:
        known = findings.get(piece.moment.moment_id)
        return known is not None and known.finding == "rejected"

    best = sorted(pieces, key=lambda piece: (-findings[piece.moment.moment_id].share, silent(piece)))
    if not gathered.candidates:
        return replace(gathered, pieces=tuple(best)) if plan.act == "ask" else gathered
    kept = [piece for piece in best if not rejected(piece)] or best[:1]
    if plan.act == "count":
        others = [piece for piece in gathered.pieces if piece != kept[0] and not rejected(piece)]
        return replace(gathered, pieces=(kept[0], *others))
    top = max(_score(piece) for piece in best)
    near = [
        piece
        for piece in kept
        if _score(piece) >= NEAR * top or findings[piece.moment.moment_id].finding == "confirmed" or piece is kept[0]
    ]
    return replace(gathered, pieces=tuple(near[: QUOTED.get(plan.act, 3)]))


def _score(piece: Piece) -> float:
    return piece.ranking.score if piece.ranking else 0.0
