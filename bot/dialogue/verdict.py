"""From what a search found and what was seen to the verdict of an answer and how sure it is; nowhere else. Pure.

A search and a look at frames say how likely something is. What follows from that is decided here: whether moments are
shown at all, and whether what they tell is an answer.
"""

from dataclasses import dataclass, replace

from bot.dialogue.messages import Verdict
from retrieval.searching.search import SearchResult

MATCHES_FROM = 0.25
"""Confidence from which hits are shown: refusing what is there is the worse mistake."""

SAID_FROM = 0.35
"""The same for what is said in a talk: what is nearest is named there, too, where nothing is found."""

LIKELY_FROM = 0.5
"""Confidence from which a search more likely than not holds what was asked."""

ANSWERED_FROM = 0.8
"""Confidence from which an answer is given for sure."""

NEAR_FROM = 0.05
"""Confidence from which the two moments nearest to what was not found are named; below it they are like nothing."""

FOUND_FROM = 0.2
"""Confidence from which a moment is shown at all, where its frames were looked at."""

NOT_SEEN = 0.05
"""How sure an answer is that shows moments whose frames do not tell what was asked."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What an answer is worth, and how sure that is, 0 to 1."""

    verdict: Verdict
    confidence: float = 1.0

    def at_most_unsure(self) -> "Judgement":
        """Return the judgement of an answer that cannot be sure, whatever it rests on."""
        return replace(self, verdict="unsure")


TOLD = Judgement("told")
ASKED_BACK = Judgement("clarify", 0.0)


@dataclass(frozen=True, slots=True)
class Grounds:
    """What an answer that shows moments rests on.

    Attributes:
        asked: whether they are what was asked for, and not what comes where it was asked for.
        confidence: how likely they are the moments meant.
        told: whether they have any text.
        covered: whether the texts of one hold what was asked.
        looked: whether frames were asked.
        seen: whether any frame told something.
        tells: how likely what the frames told is true.
    """

    asked: bool
    confidence: float
    told: bool
    covered: bool = False
    looked: bool = False
    seen: bool = False
    tells: float = 1.0


def matches(found: SearchResult) -> bool:
    """Tell whether a search found what was asked; if not, the honest answer is "not in your library"."""
    is_said = found.evidence is not None and found.evidence.said and not found.evidence.seen
    return bool(found.hits) and found.confidence >= (SAID_FROM if is_said else MATCHES_FROM)


def likely(found: SearchResult) -> bool:
    """Tell whether a search more likely than not found what was asked; if not, its hits are only the closest."""
    return matches(found) and found.confidence >= LIKELY_FROM


def of_search(found: SearchResult) -> Judgement:
    """Judge a search alone: its hits are an answer, perhaps one, or only what is nearest to what is not there."""
    if not matches(found):
        return nothing_found(found.confidence)
    return Judgement("answered" if found.confidence >= LIKELY_FROM else "unsure", found.confidence)


def nearest_shown(confidence: float) -> int:
    """Return how many of the moments nearest to what was not found are named."""
    return 2 if confidence >= NEAR_FROM else 0


def worth_showing(likely: float) -> bool:
    """Tell whether a moment may be shown beside others after its frames were looked at."""
    return likely >= FOUND_FROM


def refused(likely: float, found: bool) -> bool:
    """Tell whether nothing is shown: the frames of even the best moment make it unlikely.

    What a search did not think to be there (`found` is false) is shown all the same where the frames are sure.
    """
    return likely < (FOUND_FROM if found else ANSWERED_FROM)


def of_moments(grounds: Grounds) -> Judgement:
    """Judge an answer that shows moments.

    Without anything told or seen, or beside what was asked, nothing is sure. Where frames were asked, what they say
    counts as much as that the moment is the right one.
    """
    sure = grounds.confidence
    if not grounds.asked or not (grounds.told or grounds.seen):
        return Judgement("unsure", sure)
    if not grounds.looked:
        return Judgement("answered", sure)
    if not grounds.seen:
        return Judgement("answered", sure) if grounds.covered else Judgement("unsure", NOT_SEEN)
    sure *= grounds.tells
    return Judgement("answered" if grounds.covered or sure >= ANSWERED_FROM else "unsure", sure)


def of_sentences(supported: int, written: int, confidence: float) -> Judgement:
    """Judge an answer of a language model's own: all its sentences must rest on moments."""
    return Judgement("answered" if supported == written else "unsure", confidence * supported / written)


def of_telling(anything: bool) -> Judgement:
    """Judge a description of a whole video, which needs no search: it is an answer if anything can be told."""
    return Judgement("answered" if anything else "unsure")


def nothing_found(confidence: float = 1.0) -> Judgement:
    """Judge an answer that has nothing to show, or too little."""
    return Judgement("not_found", confidence)
