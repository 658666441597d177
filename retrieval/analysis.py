"""Words of a text as the keyword arm sees them. Pure.

One analysis for every index, so that keyword ranking, exclusions, phrases and the rarity of a term mean the same
everywhere: lower case, accents folded, letters and digits kept together, English stems (Snowball) of what the
dictionary has a word under, so that `women` and `drank` are `woman` and `drink`, common words left out. One word in
several spellings is one: `Wi-Fi` gives the stems of `wi`, `fi` and `wifi`; `twenty` and `20`, `1,000` and `1000` are
the same number. `C#`, `C++` and `.NET` are words. Chinese, Japanese and Thai, written without spaces, are taken by
characters and pairs of characters.
"""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import lemminflect
import snowballstemmer

from retrieval.numerals import NUMERALS, digits

_WORD = re.compile(r"[^\W_]+")
_TOKEN = re.compile(r"[^\W_]+(?:[-',][^\W_]+)*(?:\+\+|#)?")
"""A word with what belongs to it; `_token` takes it apart."""

_DOTTED = re.compile(rf"(?:(?<![\w.])\.(?=[^\W\d_]))?{_TOKEN.pattern}")
_BEFORE_DOT = (" .", "(.", '".')

_MARKED = re.compile(r"[a-z](?:\+\+|#)")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+")
_JOINTS = re.compile(r"[-',]")
_CLITIC = re.compile(r"'(?:s|ll|re|ve|d|m)$")
_POSSESSIVE = re.compile(r"'s$")
_ELIDED = re.compile(r"^[^\W\d_]{1,2}'(?=..)")
"""As in l'eau, d'Artagnan, O'Brien."""

_UNSPACED = re.compile("([\u0e00-\u0e7f]+|[\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+)")
"""Scripts without spaces between words: Thai; Chinese and Japanese."""

_SOUNDS = frozenset("\u3099\u309a")
"""Marks that make another Japanese letter, and are no accents."""

_FLAT = str.maketrans(dict.fromkeys("\u2019\u2018\u02bc\u00b4\u0060\u2032", "'") | dict.fromkeys("\u2010\u2011", "-"))
_SOFT_HYPHEN = "\u00ad"

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


@dataclass(frozen=True, slots=True)
class AskedWord:
    """A word of a query.

    Attributes:
        spelt: the word as it is typed, lower case, accents folded.
        spellings: its stems, in each way of writing it: a text holds the word if it holds all stems of one.
    """

    spelt: str
    spellings: tuple[tuple[str, ...], ...]

    def held_by(self, stems: Collection[str]) -> bool:
        """Tell whether a text with these stems holds the word."""
        return any(all(stem in stems for stem in spelling) for spelling in self.spellings)


@dataclass(frozen=True, slots=True)
class _Token:
    """What a word gives.

    `written` are the stems that a text with it holds, `asked` the words that a query means by it, `spelt` its folded
    words as a phrase is compared by them: in one, in one but for hyphens, and apart.
    """

    written: tuple[str, ...]
    asked: tuple[AskedWord, ...]
    spelt: tuple[str, str, str]


def words(text: str) -> list[str]:
    """Return the words of a text in order: lower case, accents folded. What goes beyond `LONGEST_TEXT` is left out."""
    return _WORD.findall(_folded(text))


def terms(text: str) -> list[str]:
    """Return the stems that a text holds, in order, common words left out."""
    return list(chain.from_iterable(map(_written, _tokens(text, parts=True))))


def asked_words(text: str) -> list[AskedWord]:
    """Return the words that a query looks for, in order, common words left out."""
    return [word for token in _tokens(text) for word in _token(token).asked]


def spelt(text: str) -> tuple[str, str, str]:
    """Return the words of a text as phrases are compared by them, joined by spaces.

    With `wi-fi`, `O'Brien` and `dog's` in one word, with `wi fi` apart, and with all apart, as in `dog s`; `don't` is
    always one word, and characters of scripts without spaces always stand apart.
    """
    found = [_token(token).spelt for token in _split(_folded(text))]
    whole, hyphens, apart = (" ".join(one[place] for one in found) for place in range(3))
    return whole, hyphens, apart


def vocabulary(text: str) -> set[str]:
    """Return the words of a text that a misspelt one can be meant for: folded, compounds in one and in parts."""
    found = _split(_folded(text))
    whole = {word.spelt for token in found for word in _token(token).asked}
    parts = {part for token in found if "-" in token or "'" in token for part in _WORD.findall(token)}
    return whole | {part for part in parts if len(part) > 2 and not _is_common(part)}


def is_unspaced(text: str) -> bool:
    """Tell whether a text holds characters of a script without spaces."""
    return not text.isascii() and _UNSPACED.search(text) is not None


def _folded(text: str) -> str:
    folded = text[:LONGEST_TEXT].casefold()
    if folded.isascii():
        return folded
    folded = folded.translate(_FLAT).replace(_SOFT_HYPHEN, "")
    letters = unicodedata.normalize("NFKD", folded)
    return unicodedata.normalize("NFKC", "".join(c for c in letters if c in _SOUNDS or not _is_mark(c)))


@lru_cache(maxsize=4_096)
def _is_mark(letter: str) -> bool:
    return unicodedata.category(letter)[0] == "M"


def _is_common(word: str) -> bool:
    """Tell whether a word is left out: a common one, or one with `nt` for not."""
    return word in STOP_WORDS or (len(word) > 4 and word[-2:] == "nt" and word[:-2] in STOP_WORDS)


def _split(folded: str) -> list[str]:
    dotted = folded[:1] == "." or any(mark in folded for mark in _BEFORE_DOT)
    return (_DOTTED if dotted else _TOKEN).findall(folded)


def _tokens(text: str, parts: bool = False) -> list[str]:
    """Return the tokens of a text, numbers that are written out as digits, perhaps with their parts."""
    folded = _folded(text)
    found = _split(folded)
    if "ty-" in folded:  # as in "twenty-five"
        found = [part for token in found for part in (token.split("-") if _is_numeral(token) else (token,))]
    return found if NUMERALS.isdisjoint(found) else list(digits(found, parts))


def _is_numeral(token: str) -> bool:
    return "-" in token and NUMERALS.issuperset(token.split("-"))


@lru_cache(maxsize=65_536)
def _stem(word: str) -> str:
    return str(snowballstemmer.stemmer("english").stemWord(_plain_form(word)))


def _plain_form(word: str) -> str:
    """Return what the dictionary has a word under, where that is one word and no other: `saw` may be itself."""
    forms = {form for found in lemminflect.getAllLemmas(word).values() for form in found}
    return forms.pop() if len(forms) == 1 else word


@lru_cache(maxsize=65_536)
def _token(token: str) -> _Token:
    """Take a token apart; the same ones come again and again."""
    if token[-1] in "+#":
        return _plain(token) if _MARKED.fullmatch(token) else _token(token.rstrip("+#"))
    if token[0] == ".":
        name, dotless = str(_JOINTS.split(token)[0]), _token(token[1:])
        return _Token((name, *dotless.written), (AskedWord(name, ((name,),)),), dotless.spelt)
    if "," in token:
        return _plain(token.replace(",", "")) if _THOUSANDS.fullmatch(token) else _together(token.split(","))
    if token.isascii():
        return _compound(token)
    pieces = [bare for piece in _UNSPACED.split(token) if (bare := piece.strip("-'"))]
    if len(pieces) > 1:
        return _together(pieces)
    return _unspaced(pieces[0]) if _UNSPACED.fullmatch(pieces[0]) else _compound(token)


@lru_cache(maxsize=65_536)
def _written(token: str) -> tuple[str, ...]:
    return _token(token).written


def _plain(word: str) -> _Token:
    return _Token((word,), (AskedWord(word, ((word,),)),), (word, word, word))


def _together(tokens: Sequence[str]) -> _Token:
    parts = [_token(token) for token in tokens]
    return _Token(
        tuple(stem for part in parts for stem in part.written),
        tuple(word for part in parts for word in part.asked),
        tuple(" ".join(part.spelt[place] for part in parts) for place in range(3)),  # type: ignore[arg-type]
    )


def _compound(token: str) -> _Token:
    """Take apart what may hold hyphens and apostrophes: a text holds its parts and the whole, a query means either."""
    unquoted = token.replace("'", "")
    bare = _CLITIC.sub("", token)
    elision = _ELIDED.match(bare)
    elided = token if elision is None else f"{elision[0][:-1]} {token[elision.end() :]}"
    elided = _POSSESSIVE.sub(" s", elided)
    spelt_so = (_JOINTS.sub("", token), unquoted.replace("-", " "), elided.replace("'", "").replace("-", " "))
    parts, whole = _JOINTS.split(_ELIDED.sub("", bare)), _JOINTS.sub("", bare)
    stems = tuple(_stem(part) for part in parts if not _is_common(part))
    if parts == [whole]:
        return _Token(stems, (AskedWord(whole, (stems,)),) if stems else (), spelt_so)
    if all(part.isdecimal() for part in parts):
        return _Token(stems, tuple(AskedWord(part, ((part,),)) for part in parts), spelt_so)
    if parts[-1] == "t":  # "don't" is no "don"
        stems = ()
        if whole[:-2] in STOP_WORDS or whole[:-1] in STOP_WORDS:
            return _Token((), (), spelt_so)
    spellings = tuple(dict.fromkeys(filter(None, ((_stem(whole),), stems))))
    return _Token((*stems, _stem(whole)), (AskedWord(whole, spellings),), spelt_so)


def _unspaced(run: str) -> _Token:
    """Take a run of characters without spaces: a text holds each and each pair, a query asks for pairs."""
    pairs = tuple(run[at : at + 2] for at in range(len(run) - 1)) or (run,)
    letters = " ".join(run)
    return _Token((*dict.fromkeys((*run, *pairs)),), (AskedWord(run, (pairs,)),), (letters, letters, letters))
