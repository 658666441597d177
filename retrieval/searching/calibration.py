"""How sure a search is that the library holds what was asked. Pure; the constants are fitted and stored here.

Fitted by logistic regression on ActivityNet Captions, libraries of 12 and 60 videos drawn at random, asked by the
second annotator about videos that are there and videos that are not (as many of each), none of them among the
reported half of `benchmarks/fusion.py`. In large libraries something similar is nearly always there, and the honest
answer shows it: the scale is that of small ones. `benchmarks/refusal.py` measures both kinds of mistake.
Why: docs/decisions/words-and-vectors.md.
"""

import math
from dataclasses import dataclass

NEARNESS = 3.4
COVERED = 3.4
OFFSET = -4.3

SAID_NEARNESS = 5.2
SAID_COVERED = 3.2
SAID_STEM = 0.29
SAID_OFFSET = -5.6
"""The same for what people say in a talk: whole sentences, wordy ones, with more stems than any moment holds."""

MOST_STEMS = 10
"""Stems beyond which a longer question is no harder to cover."""

SEEN_NEARNESS = 1.3
SEEN_COVERED = 4.7
SEEN_LIKENESS = 8.6
SEEN_OFFSET = -2.8


NAMED = 0.6
"""How sure it is at least that what bears the name asked for is there."""

QUOTED = 0.9
"""How sure it is at least that a phrase is there which the hits hold word for word."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a search shows about the library holding what was asked.

    Attributes:
        nearness: similarity of the query with the context sum of the nearest moment, 0 to 2.2; None where no moment
            has text.
        covered: the share of the words asked for, each weighed by how rare it is, that the best hit holds, 0 to 1.
        seen: whether keyframes were ranked.
        told: whether the best hit has a text that tells what happens; a few letters in the picture do not.
        likeness: by how much the best frame fits the question better (0 and above) or worse than it fits the
            description that a vision model gave of it, in cosines; None where there is no such description.
        only_seen: whether all that is told of the best hit comes from a vision model.
        said: how many stems are asked for, where they come from what somebody said in a talk; 0 elsewhere.
        named: whether a title, or the name of a file or folder, of one of the first hits holds all that is asked.
        quoted: whether all that is asked is phrases, which each hit holds word for word.
    """

    nearness: float | None
    covered: float
    seen: bool = False
    told: bool = True
    likeness: float | None = None
    only_seen: bool = False
    said: int = 0
    named: bool = False
    quoted: bool = False


def confidence(evidence: Evidence) -> float:
    """Judge a search, 0 to 1, by its nearest moment and the share of the query's words, by rarity, that it holds.

    Where the best hit was found by its frames alone the answer is open, whatever texts other moments have: scores of
    frames are not comparable between queries. Where its frame was described, either the texts or the frame can tell
    that it is what was asked for; where nobody else told of it, the frame must.
    """
    sure = _by_moments(evidence)
    return max(sure, NAMED if evidence.named else 0.0, QUOTED if evidence.quoted else 0.0)


def _by_moments(evidence: Evidence) -> float:
    if evidence.seen and not evidence.told:
        return 0.5
    if evidence.nearness is None:
        return 0.5 if evidence.seen else 0.0
    covered = evidence.covered
    logit = NEARNESS * evidence.nearness + COVERED * covered + OFFSET
    if evidence.said:
        stems = min(evidence.said, MOST_STEMS)
        logit = SAID_NEARNESS * evidence.nearness + SAID_COVERED * covered + SAID_STEM * stems + SAID_OFFSET
    sure = _logistic(logit)
    if evidence.likeness is not None:
        told = SEEN_NEARNESS * evidence.nearness + SEEN_COVERED * covered
        by_frame = _logistic(told + SEEN_LIKENESS * evidence.likeness + SEEN_OFFSET)
        sure = by_frame if evidence.only_seen else max(sure, by_frame)
    return sure


def _logistic(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))
