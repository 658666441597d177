"""From scores to "this is in the library" or "nothing matches". Pure; the constants are fitted and stored here."""

import math
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a search shows about the library holding what was asked.

    Attributes:
        scores: the meaning arm's similarities, best first.
        rarity: the stems asked for, each with its weight (log of how rare it is).
        held: the stems of the best hit.
        known: the stems asked for that occur anywhere in the library.
    """

    scores: tuple[float, ...]
    rarity: Mapping[str, float]
    held: frozenset[str]
    known: frozenset[str]


@dataclass(frozen=True, slots=True)
class Judgement:
    """How sure it is, 0 to 1, that the library holds what was asked, and the decision."""

    confidence: float
    matches: bool


def judge(evidence: Evidence) -> Judgement:
    """Judge a search."""
    best = evidence.scores[0] if evidence.scores else 0.0
    total = sum(evidence.rarity.values()) or 1.0
    covered = sum(weight for term, weight in evidence.rarity.items() if term in evidence.held) / total
    confidence = 1 / (1 + math.exp(-(6 * (best - 0.8) + 3 * (covered - 0.3))))
    return Judgement(confidence, confidence >= 0.5)
