"""Mending what is misspelt in a query, by the words that the visible texts hold.

A word of the texts is never mended, nor a short one, nor one that the text encoder knows as a word: who asks for a
shower in a library without one does not mean what somebody showed. Among the words that are near enough the nearest is
taken, then one with the same first letter, then the most frequent. Two words that the texts hold as one are joined, and
one that they hold as two is taken apart.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import process
from rapidfuzz.distance import OSA

from retrieval.analysis import AskedWord, asked_words, is_unspaced

SHORTEST = 5
"""Letters of a word that is mended, at least."""

TWICE_FROM = 8
"""Letters from which a word may have two faults."""

_PIECE = 3
"""Letters of each half of a word that is taken apart, at least."""

_WRITTEN = re.compile(r"[^\W_]+(?:[-',\u2019][^\W_]+)*")

IsKnown = Callable[[Iterable[str]], Collection[str]]


@dataclass(frozen=True, slots=True)
class Mending:
    """A text with its misspelt words mended; `words` maps each as it was typed to what stands in its place."""

    text: str
    words: Mapping[str, str] = field(default_factory=dict)

    def of(self, text: str) -> str:
        """Return another text with the same words mended."""
        for typed, meant in self.words.items():
            text = re.sub(rf"(?<!\w){re.escape(typed)}(?!\w)", lambda _, meant=meant: meant, text)  # type: ignore[misc]
        return text


@dataclass(frozen=True, slots=True)
class Spellings:
    """Words that a misspelt one can be mended to, and in how many moments each occurs."""

    moments: Mapping[str, int]

    def nearest(self, word: str) -> str | None:
        """Return the word that is meant by a misspelt one, None where none is near enough."""
        faults = 2 if len(word) >= TWICE_FROM else 1
        near = process.extract(word, list(self.moments), scorer=OSA.distance, score_cutoff=faults, limit=None)
        ranked = sorted((faults, other[0] != word[0], -self.moments[other], other) for other, faults, _ in near)
        return ranked[0][-1] if ranked else None


@dataclass(frozen=True, slots=True)
class Said:
    """What the visible texts tell of words.

    Attributes:
        known: returns the stems, of those given, that some moment holds.
        holds: tells whether some moment holds a phrase.
        spellings: returns the words to mend to; asked only where some word is not there.
        is_word: tells whether a word is one of the language, in the texts or not.
    """

    known: IsKnown
    holds: Callable[[str], bool]
    spellings: Callable[[], Spellings]
    is_word: Callable[[str], bool]


def mended(text: str, said: Said, kept: Collection[str] = ()) -> Mending:
    """Mend the words of a text that no moment holds.

    Args:
        text: as it was typed.
        said: what the texts tell of words.
        kept: words that stay as they are, folded.
    """
    typed = [found for found in _WRITTEN.finditer(text) if len(asked_words(found[0])) == 1]
    words = [asked_words(found[0])[0] for found in typed]
    pairs = {at: _joined(words[at].spelt, words[at + 1].spelt) for at in _neighbours(text, typed)}
    stems = {stem for word in (*words, *pairs.values()) for stems in word.spellings for stem in stems}
    known = frozenset(said.known(stems)) if stems else frozenset()
    there = [any(known.issuperset(stems) for stems in word.spellings) for word in words]
    found: dict[str, str] = {}
    taken: set[int] = set()
    for at, pair in pairs.items():
        if not (there[at] and there[at + 1]) and at not in taken and known.issuperset(pair.spellings[0]):
            found[text[typed[at].start() : typed[at + 1].end()]] = pair.spelt
            taken |= {at, at + 1}
    for at, word in enumerate(words):
        if not there[at] and at not in taken and word.spelt not in kept and _may_be_misspelt(word.spelt):
            meant = _apart(word.spelt, said) or _respelt(word.spelt, said)
            if meant is not None:
                found[typed[at][0]] = meant
    mending = Mending(text, found)
    return Mending(mending.of(text), found)


def as_written(word: str, texts: Iterable[str]) -> str:
    """Return a word as some text writes it, with its capital letters and accents; as it is, where none holds it."""
    for text in texts:
        for found in _WRITTEN.finditer(text):
            bare = re.sub(r"['\u2019]s$", "", found[0])
            for written in (bare, *re.split(r"[-',\u2019]", bare)):
                if [asked.spelt for asked in asked_words(written)] == [word]:
                    return written
    return word


def _neighbours(text: str, typed: Sequence[re.Match[str]]) -> Iterator[int]:
    """Yield the places of words that stand beside the next one with nothing but a space between them."""
    for at in range(len(typed) - 1):
        if text[typed[at].end() : typed[at + 1].start()] == " ":
            yield at


def _joined(first: str, second: str) -> AskedWord:
    """Return the word that two make together; none of it is held where they make none."""
    return next(iter(asked_words(first + second)), AskedWord(first + second, ((first + second,),)))


def _respelt(word: str, said: Said) -> str | None:
    return None if said.is_word(word) else said.spellings().nearest(word)


def _may_be_misspelt(word: str) -> bool:
    return len(word) >= SHORTEST and word.isalpha() and len(asked_words(word)) == 1 and not is_unspaced(word)


def _apart(word: str, said: Said) -> str | None:
    """Return a word as the two that some moment holds side by side, None where it is not two."""
    places = range(_PIECE, len(word) - _PIECE + 1)
    halves = {at: [*asked_words(word[:at]), *asked_words(word[at:])] for at in places}
    stems = {stem for both in halves.values() for half in both for stem in half.spellings[0]}
    there = frozenset(said.known(stems)) if stems else frozenset()
    for at, both in halves.items():
        if len(both) == 2 and all(there.issuperset(half.spellings[0]) for half in both):
            pair = f"{word[:at]} {word[at:]}"
            if said.holds(pair):
                return pair
    return None
