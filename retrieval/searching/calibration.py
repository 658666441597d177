"""How sure a search is that the library holds what was asked. Pure; the constants are fitted and stored here.

Fitted by logistic regression (`benchmarks/search_confidence.py --fit`) on questions in many forms, from single words to
questions with talk around them, about what is there and what is not: ActivityNet Captions in libraries of 12, 60 and
600 videos, and tutorial films. One set serves all: how near the nearest moment is and by how much nearer than the
tenth, what the first hit holds of the words, how few these are, how many nobody says, and how large the library is.
`benchmarks/refusal.py` measures both kinds of mistake. Why: docs/decisions/words-and-vectors.md.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from retrieval.analysis import AskedWord
from retrieval.catalogue.vocabulary import EVERY_MOMENT

OFFSET = -2.32
CONSTANTS = (1.73, 0.85, 0.96, -0.24, -0.21, 2.56, -0.71)
"""Of what `signs` returns, in its order."""

SAID_OFFSET = -4.45
SAID_CONSTANTS = (2.6, 1.9, 1.5, 1.4, -0.15, 0.25, 0.12)
"""The same of `said_signs`, for what people say in a talk: whole sentences, wordy ones, with more words than any moment
holds. Halfway between two fits: to whether the library holds it, on the first round by fresh writers, and to whether
one of the first two hits is right, on four rounds (`docs/fresh-rounds.md`) and the questions of the benchmark. Either
alone is worse where the other was fitted."""

USUAL_LIKENESS = 0.43
"""How like the words of a best hit usually are: taken where it is not known."""

MOST_WORDS = 10
"""Words beyond which a longer question is no harder to cover."""

USUAL_MOMENTS = 100
"""Moments of a library by which others are measured."""

FEWEST_MOMENTS = 40
"""Moments of the smallest library that was fitted; nothing is known of how sure a smaller one is."""

TENTH = 10

SEEN_NEARNESS = 1.3
SEEN_COVERED = 4.7
SEEN_LIKENESS = 8.6
SEEN_OFFSET = -2.8

NAMED = 0.6
"""How sure it is at least that what bears the name asked for is there."""

FEW, WHOLLY, HELD = 3, 0.999, 0.6
"""Words that say no more than what to look for, the share of them that the best hit must hold, and how sure it is then
at least: who says a word that stands there is shown where."""

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
        margin: by how much the nearest moment is nearer than the tenth, 0 to 2.2.
        words: how many words are asked for, common ones left out.
        said: how many words somebody said in a talk, common ones included; 0 where it is words to search for.
        unknown: how many of them no visible moment holds.
        moments: how many moments are visible.
        named: whether a title, or the name of a file or folder, of one of the first hits holds all that is asked.
        quoted: whether all that is asked is phrases, which each hit holds word for word.
        alike: how like the words of the best hit are to those asked for, -1 to 1; None where that is not known.
        inside: whether the best hit is in the video that a talk is at.
    """

    nearness: float | None
    covered: float
    seen: bool = False
    told: bool = True
    likeness: float | None = None
    only_seen: bool = False
    named: bool = False
    quoted: bool = False
    margin: float = 0.0
    words: int = 3
    said: int = 0
    unknown: int = 0
    moments: int = USUAL_MOMENTS
    alike: float | None = None
    inside: bool = False


def confidence(evidence: Evidence) -> float:
    """Judge a search, 0 to 1, by its nearest moment and the share of the query's words, by rarity, that it holds.

    Where the best hit was found by its frames alone the answer is open, whatever texts other moments have: scores of
    frames are not comparable between queries. Where its frame was described, either the texts or the frame can tell
    that it is what was asked for; where nobody else told of it, the frame must.
    """
    sure = _by_moments(evidence)
    held = 0 < evidence.said <= FEW and evidence.words and evidence.covered > WHOLLY
    return max(sure, HELD if held else 0.0, NAMED if evidence.named else 0.0, QUOTED if evidence.quoted else 0.0)


def signs(evidence: Evidence) -> tuple[float, ...]:
    """Return what tells whether the library holds what was asked: numbers that the constants weigh."""
    words = max(1, evidence.words)
    size = math.log(max(FEWEST_MOMENTS, evidence.moments) / USUAL_MOMENTS)
    near, covered = evidence.nearness or 0.0, evidence.covered
    return (near, covered, evidence.margin, size, 1 / words, covered / words, evidence.unknown / words)


def said_signs(evidence: Evidence) -> tuple[float, ...]:
    """Return what tells whether the best hits are what somebody asks for in a talk: numbers for `SAID_CONSTANTS`."""
    near, covered, margin, size, *_ = signs(evidence)
    alike = USUAL_LIKENESS if evidence.alike is None else evidence.alike
    return (near, covered, alike, margin, size, min(evidence.words, MOST_WORDS), evidence.inside)


def _by_moments(evidence: Evidence) -> float:
    if evidence.seen and not evidence.told:
        return 0.5
    if evidence.nearness is None:
        return 0.5 if evidence.seen else 0.0
    if evidence.said:
        logit = SAID_OFFSET + _weighed(SAID_CONSTANTS, said_signs(evidence))
    else:
        logit = OFFSET + _weighed(CONSTANTS, signs(evidence))
    sure = _logistic(logit)
    if evidence.likeness is not None:
        told = SEEN_NEARNESS * evidence.nearness + SEEN_COVERED * evidence.covered
        by_frame = _logistic(told + SEEN_LIKENESS * evidence.likeness + SEEN_OFFSET)
        sure = by_frame if evidence.only_seen else max(sure, by_frame)
    return sure


def _weighed(constants: Sequence[float], found: Sequence[float]) -> float:
    return sum(by * sign for by, sign in zip(constants, found, strict=True))


def _logistic(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))


def covered(asked: Sequence[AskedWord], held: Collection[AskedWord], counted: Mapping[str, int]) -> float:
    """Return the share of the words asked for that are held, each by how rare it is; 0 where nothing is asked."""
    total = counted.get(EVERY_MOMENT, 1)
    rare = {
        stem: math.log(1 + total / (counted.get(stem, 0) + 0.5)) for word in asked for stem in sum(word.spellings, ())
    }
    worth = [(word, min(sum(rare[stem] for stem in stems) for stems in word.spellings)) for word in asked]
    return sum(r for word, r in worth if word in held) / (sum(r for _, r in worth) or 1.0)
