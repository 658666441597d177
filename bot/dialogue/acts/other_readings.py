"""What other ways to take the words find, shown beside what the likeliest finds."""

from collections.abc import Sequence
from dataclasses import replace

from bot.dialogue.acts.gathering import Gathered, gathered_for
from bot.dialogue.plan import Plan
from bot.tools.pieces import Piece
from bot.tools.view import View


def with_others(gathered: Gathered, others: Sequence[Plan], view: View) -> Gathered:
    """Return what was gathered with the best moment of other readings after the first, each once."""
    if gathered.outcome not in ("found", "closest") or not gathered.candidates:
        return gathered
    known = {gathered.pieces[0].moment.moment_id}
    beside: list[Piece] = []
    for plan in others:
        found = gathered_for(plan, view, 1)
        if found.pieces and found.pieces[0].moment.moment_id not in known:
            beside.append(found.pieces[0])
            known.add(found.pieces[0].moment.moment_id)
            break
    left = [piece for piece in gathered.pieces[1:] if piece.moment.moment_id not in known]
    pieces = (gathered.pieces[0], *beside, *left)
    return replace(gathered, pieces=pieces[: max(len(gathered.pieces), 2)], count=max(gathered.count, len(pieces)))
