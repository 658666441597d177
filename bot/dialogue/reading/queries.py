"""From words as a person types them to a query: exact phrases, words that must not occur, a part of a whole. Pure.

The only place that knows this syntax; a search gets fields. English, as all of the reading.
"""

import re
from dataclasses import replace

from bot.dialogue.reading.closed_words import OF_WHOLES
from retrieval.analysis import STOP_WORDS, terms, words
from retrieval.errors import InvalidQuery
from retrieval.searching.focus import PartOf
from retrieval.searching.query import LONGEST_QUERY, Query

_QUOTED = re.compile(r'((?<!\S)-)?"([^"]*)"')
_STRAIGHT = str.maketrans(dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"'))
"""Quotation marks as phones and word processors set them."""
_MINUS = re.compile(r"(?:^|(?<=\s))-([^\W_][\w'-]*)")
_OF_THE = re.compile(
    r"\b(?P<head>[^\W_]+)\s+of\s+(?:the|this|that|these|those|his|her|its|their|my|our|your)\s+"
    r"(?P<first>[^\W_]+)(?:\s+(?P<second>[^\W_]+))?",
    re.IGNORECASE,
)


def read_query(text: str) -> Query:
    """Read `"exact phrases"` and `-word` exclusions out of a text, and the part of a whole that it asks for.

    An unclosed quotation mark is an ordinary character. What goes beyond `LONGEST_QUERY` characters is not read.

    Raises:
        InvalidQuery: a phrase of several words is to be left out; an index can leave out words alone.
    """
    text = text[:LONGEST_QUERY].translate(_STRAIGHT)
    quoted = [(minus, phrase) for minus, phrase in _QUOTED.findall(text) if words(phrase)]
    phrases = tuple(phrase for minus, phrase in quoted if not minus)
    unwanted = tuple(phrase for minus, phrase in quoted if minus)
    for phrase in unwanted:
        if len(words(phrase)) > 1:
            each = " ".join(f"-{word}" for word in words(phrase)[:5])
            raise InvalidQuery(
                f'-"{phrase}" excludes a phrase, and only words can be excluded',
                f"Exclude one of them, or each: {each}",
            )
    excluded = (*_MINUS.findall(_QUOTED.sub(" ", text)), *(word for phrase in unwanted for word in words(phrase)))
    bare = _QUOTED.sub(lambda found: " " if found[1] else found[2], text)
    plain = " ".join(_MINUS.sub(" ", bare).replace('"', " ").split())
    return replace(plain_query(plain), phrases=phrases, excluded=excluded)


def plain_query(text: str) -> Query:
    """Return what a text asks for in which quotation marks and hyphens mean nothing."""
    return Query(text, part=part_of(text))


def part_of(text: str) -> PartOf | None:
    """Return the part that a text asks for of some whole, None where it asks for no such thing.

    Places ("the front of"), amounts ("two of") and properties ("the colour of") are no parts.
    """
    found = _OF_THE.search(text)
    if found is None or found["head"].casefold() in OF_WHOLES or not terms(found["head"]):
        return None
    second_belongs = found["second"] is not None and found["second"].casefold() not in STOP_WORDS
    end = found.end("second") if second_belongs else found.end("first")
    return PartOf(found["head"], f"{text[: found.end('head')]}{text[end:]}")
