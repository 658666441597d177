"""How sure an answer is that rests on looking, from what was held against the frames and how they voted. Pure.

The constants are fitted by logistic regression on whole questions about films drawn from seeds of their own, which no
reported figure uses, asked of the small models: `benchmarks/confidence.py` fits them and prints them. Half of the
questions about what is not there are one thing away from what is.
"""

import math

from bot.dialogue.looking.verifying import Verification
from bot.dialogue.looking.votes import Vote
from bot.dialogue.reading.aspects import Aspect

MATCH_OFFSET = 2.00
MATCH_MISSED = -5.35
MATCH_AGREED = 0.20
MATCH_PLACE = -1.03

ANSWER_OFFSET = -10.94
ANSWER_SHARE = 1.48
ANSWER_SURE = 13.47

DOUBTED: dict[Aspect | None, float] = {"weather": 0.9}
"""Share of the answers that are true of aspects in which models err without being unsure."""


def match_confidence(known: Verification, place: int) -> float:
    """Return how likely a moment is the one that was described, 0 to 1.

    Args:
        known: what was held against its frames.
        place: how many hits of the search came before it.
    """
    return _logistic(
        MATCH_OFFSET + MATCH_MISSED * known.missed + MATCH_AGREED * known.agreed + MATCH_PLACE * min(place, 4)
    )


def answer_confidence(vote: Vote, aspect: Aspect | None = None) -> float:
    """Return how likely what frames said of a moment to a question about this aspect is true of it, 0 to 1."""
    if not vote.text:
        return 0.0
    likely = _logistic(ANSWER_OFFSET + ANSWER_SHARE * vote.share + ANSWER_SURE * vote.confidence)
    return likely * DOUBTED.get(aspect, 1.0)


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x))
