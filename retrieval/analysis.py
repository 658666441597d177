"""Words of a text as the keyword arm sees them, and what a query asks of them. Pure.

One analysis for every index, so that keyword ranking, exclusions and the rarity of a term mean the same
everywhere: lower case, accents folded, letters and digits kept together, English stems (Snowball), common
words left out.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

_WORD = re.compile(r"[^\W_]+")
_QUOTED = re.compile(r'"([^"]*)"')
_MINUS = re.compile(r"(?:^|(?<=\s))-([^\W_][\w'-]*)")

_COMMON = """
a about above after again all also am an and any are as at be because been before being below
between both but by can could did do does doing down during each few for from further had has have
having he her here hers herself him himself his how i if in into is it its itself just me more most
my myself no nor not now of off on once only or other our ours ourselves out over own s same she
should so some such t than that the their theirs them themselves then there these they this those
through to too under until up very was we were what when where which while who whom why will with
would you your yours yourself yourselves
"""
STOP_WORDS = frozenset(_COMMON.split())


LONGEST_TEXT = 100_000
"""Characters of a text or a query that are read; a moment has some hundreds."""


def words(text: str) -> list[str]:
    """Return the words of a text in order: lower case, accents folded. What goes beyond `LONGEST_TEXT` is left out."""
    folded = text[:LONGEST_TEXT].casefold()
    if not folded.isascii():
        folded = "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
    return _WORD.findall(folded)


@lru_cache(maxsize=65_536)
def _stem(word: str) -> str:
    return str(snowballstemmer.stemmer("english").stemWord(word))


def terms(text: str) -> list[str]:
    """Return the stems of a text in order, common words left out."""
    return [_stem(word) for word in words(text) if word not in STOP_WORDS]


_OF_THE = re.compile(
    r"\b(?P<head>[^\W_]+)\s+of\s+(?:the|this|that|these|those|his|her|its|their|my|our|your)\s+"
    r"(?P<first>[^\W_]+)(?:\s+(?P<second>[^\W_]+))?",
    re.IGNORECASE,
)
_NO_PARTS = frozenset(
    """
    all back beginning bit bottom colour color centre center corner couple edge end front group half inside kind
    lot middle most name number one out outside pair part piece rest side size some sort start top two type
    """.split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Part:
    """What "the X ... of the Y" means by X: its word stemmed, and the text without the whole Y."""

    head: str
    text: str


def part(text: str) -> Part | None:
    """Return the part that a text asks for of some whole, None where it asks for no such thing.

    Places ("the front of"), amounts ("two of") and properties ("the colour of") are no parts.
    """
    found = _OF_THE.search(text)
    if found is None or found["head"].casefold() in _NO_PARTS or not terms(found["head"]):
        return None
    second_belongs = found["second"] is not None and found["second"].casefold() not in STOP_WORDS
    end = found.end("second") if second_belongs else found.end("first")
    return Part(terms(found["head"])[0], f"{text[: found.end('head')]}{text[end:]}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a query asks of the words: stems to rank by, phrases that must occur, stems that must not.

    `text` is the query without its exclusions and quotation marks, for the encoders.
    """

    text: str
    terms: tuple[str, ...]
    phrases: tuple[str, ...]
    excluded: tuple[str, ...]


def parse(query: str) -> Wanted:
    """Read `"exact phrases"` and `-word` exclusions out of a query.

    An unclosed quotation mark is an ordinary character. Repeated stems count once. What goes beyond
    `LONGEST_TEXT` characters is not read.
    """
    query = query[:LONGEST_TEXT]
    phrases = [" ".join(words(quoted)) for quoted in _QUOTED.findall(query)]
    unquoted = _QUOTED.sub(" ", query)
    excluded = [stem for word in _MINUS.findall(unquoted) for stem in terms(word)]
    text = " ".join(_MINUS.sub(" ", _QUOTED.sub(r"\1", query)).replace('"', " ").split())
    return Wanted(
        text=text,
        terms=tuple(dict.fromkeys(terms(text))),
        phrases=tuple(phrase for phrase in phrases if phrase),
        excluded=tuple(dict.fromkeys(excluded)),
    )
