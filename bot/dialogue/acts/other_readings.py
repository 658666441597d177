"""What other ways to take the words find, shown beside what the likeliest finds."""

from collections.abc import Sequence
from dataclasses import replace

from bot.dialogue.acts.gathering import Gathered, gathered_for
from bot.dialogue.plan import Plan
from bot.tools.view import View


def with_others(gathered: Gathered, others: Sequence[Plan], view: View) -> Gathered:
    """Return what was gathered with the best moment of other readings after the first, each once."""
    if gathered.outcome not in ("found", "closest") or not gathered.candidates:
        return gathered
    first, *left = gathered.pieces
    found = (piece for plan in others for piece in gathered_for(plan, view, 1).pieces[:1])
    second = next((piece for piece in found if piece.moment.moment_id != first.moment.moment_id), None)
    if second is not None:
        left = [second, *(piece for piece in left if piece.moment.moment_id != second.moment.moment_id)]
    pieces = (first, *left)
    return replace(gathered, pieces=pieces[: max(len(gathered.pieces), 2)], count=max(gathered.count, len(pieces)))
