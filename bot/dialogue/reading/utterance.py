"""An utterance taken apart: the sentences that ask, the words that name something, and how it hangs on the talk. Pure.

Nothing here decides what is meant. Greetings, reasons and a mail pasted around a question are told from it by the form
of their sentences alone.
"""

import re
from dataclasses import dataclass

from bot.dialogue.reading.closed_words import (
    AUXILIARY,
    DEMONSTRATIVE,
    DETERMINER,
    FUNCTION,
    PERSONAL,
    QUESTION,
    SPEAKERS,
)
from bot.dialogue.reading.commands import OWN, REQUEST, SMALL_TALK
from retrieval.analysis import words

LONGEST_READ = 2_000
"""Characters of an utterance that are read: nobody asks at such length, and patterns take their time."""

SHORT = 4
"""Words of a turn that is no whole sentence."""

LONG = 12
"""Words from which a sentence may hold a reason before its question."""

LONGEST_WHOLE = 400
"""Characters of all that was said that are searched for as they stand; encoders read no more."""

_SENTENCE = re.compile(r"(?<=[.!?;\u2026])\s+|\n+")
_TOKEN = re.compile(
    r'(?:(?<!\S)-)?"[^"]+"|(?<!\S)-?[^\W_](?:[\w.\'\u2019+#&-]*[\w+#])?|[^\W_](?:[\w.\'\u2019+#&-]*[\w+#])?'
)
_STRAIGHT = str.maketrans({"\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"', "\u2019": "'"})
_FRAGMENT = re.compile(r"\W*(?:(?:and|but|or|only|just|also|so)\b|(?:what|how) about\b)", re.I)
_CLAUSE = re.compile(r"(?:[,:;\u2013\u2014(]|\s-|\b(?:and|so|but|or|because))\s+", re.I)
_ASIDE = re.compile(r"\W*(?:(?:and|so|but|now|then|ok|okay|well|please)\W+)*", re.I)
_IT_WEATHER = re.compile(
    r"\bit(?:'s| is| was| will)? (?:\w+ )?(?:rain|snow|dark|night|late|cold|warm|hot|sunny|foggy)\w*", re.I
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was said.

    Attributes:
        words: the user's own words, with single spaces.
        wording: the sentences that ask, as they stand.
        told: the words of the other sentences that name something; quoted phrases and `-word` stay as they are.
        asks: whether it is a question or a request by its form.
        anaphoric: whether it has a pronoun or a demonstrative, which stand for something said before.
        fragment: whether it is no whole sentence, and goes on with the one before.
        goes_on: whether its first word says so: "and", "but", "only".
        whole: all that was said but small talk, as far as it is searched for.
    """

    words: str
    wording: str
    told: str
    asks: bool
    anaphoric: bool
    fragment: bool
    goes_on: bool
    whole: str


def mended(text: str) -> str:
    """Return a text with two swapped letters put right in words that many mistype; no swap makes another word."""
    return _LETTERS.sub(lambda found: _MISTYPED.get(found[0].lower(), found[0]), text)


_OFTEN_MISTYPED = ("the", "that", "they", "what", "when", "where", "which", "who", "right", "this", "show", "find")
_MISTYPED = {
    word[:place] + word[place + 1] + word[place] + word[place + 2 :]: word
    for word in _OFTEN_MISTYPED
    for place in range(len(word) - 1)
}
_LETTERS = re.compile(r'"[^"]*"|[A-Za-z]{2,}')


def straight(text: str) -> str:
    """Return an utterance as it is read: at most `LONGEST_READ` characters, single spaces, straight quotation marks."""
    return " ".join(text[:LONGEST_READ].translate(_STRAIGHT).split())


def asked(text: str) -> Asked:
    """Take an utterance apart."""
    lines = mended(text[:LONGEST_READ].translate(_STRAIGHT))
    sentences = [" ".join(part.split()) for part in _SENTENCE.split(lines) if words(part)]
    said = [sentence for sentence in sentences if not is_small_talk(sentence)]
    asking = [sentence for sentence in said if asks(sentence)]
    asking = [sentence for sentence in asking if not _wishes(sentence)] or asking
    said = [sentence for sentence in said if sentence in asking or len(words(sentence)) > 1 or not asking]
    wording = " ".join(map(clause, asking)) or " ".join(said) or straight(text)
    whole = " ".join(said)
    told = [content_of(sentence) for sentence in said if sentence not in asking] if asking else []
    tokens = words(wording)
    return Asked(
        straight(text),
        wording,
        " ".join(filter(None, told)),
        bool(asking),
        is_anaphoric(wording),
        (goes_on := bool(_FRAGMENT.match(wording))) or (len(tokens) <= SHORT and not set(tokens) & (AUXILIARY - {"s"})),
        goes_on,
        whole[:LONGEST_WHOLE],
    )


def is_anaphoric(text: str) -> bool:
    """Tell whether a text has a word that stands for something said before; the "it" of "it rains" is none."""
    said = set(words(_IT_WEATHER.sub(" ", text)))
    return (
        bool(said & (PERSONAL | DEMONSTRATIVE))
        and not re.match(r"\W*(?:is|are|was|were) there\b", text, re.I)
        or bool(said & PERSONAL)
    )


def asks(sentence: str) -> bool:
    """Tell whether a sentence is a question or a request by its form."""
    if sentence.rstrip("\"') ").endswith("?"):
        return True
    return _opens(clause(sentence))


def _opens(text: str) -> bool:
    """Tell whether a clause opens as a question or a request does."""
    said = words(_ASIDE.sub("", text, count=1))
    if not said:
        return False
    first, second = said[0], said[1] if len(said) > 1 else ""
    if first in QUESTION:
        return True
    if first in AUXILIARY:
        return second in PERSONAL | SPEAKERS | DETERMINER | DEMONSTRATIVE
    if first in REQUEST and second in DETERMINER | SPEAKERS | PERSONAL | DEMONSTRATIVE | QUESTION:
        return True
    return first in SPEAKERS and bool(
        {*said[1:5]} & {"want", "need", "like", "looking", "wonder", "wondering", "search"}
    )


def _wishes(sentence: str) -> bool:
    """Tell whether a sentence says what somebody needs and is no question: beside one it is a reason."""
    first = words(_ASIDE.sub("", clause(sentence), count=1))[:1]
    return set(first) <= SPEAKERS and not sentence.rstrip("\"') ").endswith("?")


def clause(sentence: str) -> str:
    """Return a sentence from the clause on that asks, where a reason or a greeting stands before it."""
    if len(words(sentence)) < LONG and not set(words(sentence)[:2]) & SMALL_TALK:
        return sentence
    if _opens(sentence):
        return sentence
    for found in _CLAUSE.finditer(sentence):
        rest = sentence[found.end() :]
        if _opens(rest) and content_of(rest):
            return rest
    return sentence


def tokens_of(text: str) -> list[str]:
    """Return the words, quoted phrases and `-word` exclusions of a text as they stand."""
    return _TOKEN.findall(text)


def content_of(text: str) -> str:
    """Return the words of one sentence that name something; small talk at either end is none."""
    tokens = tokens_of(text)
    while tokens and _names_nothing(tokens[0], FUNCTION | SMALL_TALK):
        tokens.pop(0)
    while tokens and _names_nothing(tokens[-1], FUNCTION | SMALL_TALK):
        tokens.pop()
    return " ".join(token for token in tokens if not _names_nothing(token, FUNCTION | OWN))


def own_words_of(text: str) -> str:
    """Return the words of a text that are not of a closed class: what is left to search for where nothing is named."""
    return " ".join(token for token in tokens_of(text) if not _names_nothing(token, FUNCTION))


def _names_nothing(token: str, known: frozenset[str]) -> bool:
    return not token.startswith(('"', "-")) and set(words(token)) <= known


def is_small_talk(text: str) -> bool:
    """Tell whether a text holds nothing but small talk."""
    said = set(words(text))
    return (
        bool(said & SMALL_TALK)
        and said <= SMALL_TALK | FUNCTION | {"way", "much", "job", "morning", "evening"}
        and not (text.rstrip().endswith("?") or said & (QUESTION - {"what", "how"}))
    )


def is_remark(text: str) -> bool:
    """Tell whether a text states something about this talk, "that was funny", and asks nothing."""
    said = words(text)
    return not asks(text) and bool(said) and said[0] in PERSONAL | SPEAKERS | {"that", "this"} and len(said) > 1
