"""Quoted phrases: how a row holds its words in order, and in which ways it can hold a phrase. Pure.

A row holds the texts of each source apart, in each spelling of compounds (see `retrieval.analysis.spelt`). Around them
stand a few words of what is said before and after in other moments, marked `<before` and `>after`: so a phrase across
the border of two moments is found in both, and one that only the neighbour holds in neither. A phrase is found where
one of its forms is there as a run of whole words.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from retrieval.analysis import spelt

BORDER = 12
"""Words of a neighbour that a row holds: a phrase may reach so far into another moment."""

SHORT = 8
"""Words up to which a phrase may reach into both neighbours of a moment."""

_APART = " | "
"""Stands between what is no run of words; no word is like it."""


@dataclass(frozen=True, slots=True)
class Passage:
    """What one source tells in a moment, and what it tells before and after in others."""

    own: str
    before: str = ""
    after: str = ""


def written(passages: Iterable[Passage]) -> str:
    """Return the words of a moment as a row holds them."""
    return _APART.join(dict.fromkeys(form for passage in passages for form in _spellings(passage)))


def _spellings(passage: Passage) -> Iterator[str]:
    sides = [spelt(text) for text in (passage.before, passage.own, passage.after)]
    for before, own, after in zip(*sides, strict=True):
        if own:
            marked = (f"<{word}" for word in before.split()[-BORDER:])
            yield " ".join((*marked, own, *(f">{word}" for word in after.split()[:BORDER])))


def forms(phrase: str) -> list[str]:
    """Return the ways in which a row can hold a phrase: in each spelling, whole or with words of the neighbours."""
    found: dict[str, None] = {}
    for spelling in spelt(phrase):
        words = spelling.split()
        for before, after in _splits(len(words)):
            end = len(words) - after
            head, own, tail = words[:before], words[before:end], words[end:]
            found[" ".join((*(f"<{word}" for word in head), *own, *(f">{word}" for word in tail)))] = None
    return list(found)


def _splits(words: int) -> Iterator[tuple[int, int]]:
    """Yield how many words of a phrase may stand before a moment and after it; one at least stands in it."""
    for before in range(min(words, BORDER + 1)):
        for after in range(min(words - before, BORDER + 1)):
            if words <= SHORT or not (before and after):
                yield before, after
