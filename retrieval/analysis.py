"""Words of a text as the keyword arm sees them. Pure.

One analysis for every index, so that keyword ranking, exclusions and the rarity of a term mean the same
everywhere: lower case, accents folded, letters and digits kept together, English stems (Snowball), common
words left out.
"""

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

_WORD = re.compile(r"[^\W_]+")

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
