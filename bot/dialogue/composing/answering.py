"""The words of a text that answer a question: a number, a name, a place, a time, a colour, yes or no. Pure; English.

They are found by their form, and quoted from what people gave, spoke or wrote: only from a sentence that holds what was
asked about. Where none does, nothing is named, and the quotation stands for itself.
"""

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.dialogue.plan import Wanted
from bot.dialogue.reading.closed_words import COLOURS, FUNCTION
from bot.dialogue.reading.commands import MOMENTS, VIDEOS
from bot.dialogue.reading.utterance import own_words_of
from retrieval.analysis import terms, words
from retrieval.numerals import NUMERALS
from retrieval.types import Moment, TimedText

HELD = 0.5
"""Share of what was asked about that a text must hold, and every name, so that its words are taken for the answer."""

NEAR = 3
"""Words within which a number or a colour belongs to what follows it."""

_NUMERAL = "|".join(sorted(NUMERALS, key=len, reverse=True))
_NUMBER = re.compile(
    rf"[$\u20ac\u00a3]?(?<![\w.])(?:\d[\d.,:]*\d|\d|(?:{_NUMERAL})\b)(?:[ -](?:and )?(?:{_NUMERAL})\b)*%?", re.I
)
_DATES = "|".join(filter(None, (*calendar.day_name, *calendar.month_name)))
_CLOCK = rf"(?:a )?(?:quarter|half|{_NUMERAL}|\d{{1,2}})(?: minutes)? (?:past|to) (?:{_NUMERAL}|\d{{1,2}})"
_TIME = re.compile(
    rf"(?:\b(?:at|by|until|from|since|before|after) )?(?:\b(?i:{_CLOCK})\b|\b\d{{1,2}}:\d{{2}}\b(?: ?[ap]m\b)?"
    rf"|\b\d{{1,2}} ?[ap]m\b)|\bat (?i:{_NUMERAL})\b(?! [a-z]+s\b)"
    rf"|(?:\b(?i:in|on|by|until|from|since|next|last|every|the|this|\w+th) )*\b(?:{_DATES})\b(?: \d{{1,2}}\b)?"
    r"(?:,? \d{4}\b)?"
    r"|\b(?i:in|since|until|from|by|before|after) (?:1[5-9]|20)\d\d\b"
    r"|\b(?i:at (?:night|noon|midnight|dawn|sunrise|sunset)|in the (?:morning|afternoon|evening))\b"
)
_NAME = r"(?:(?:Dr|Mr|Mrs|Ms)\. )?[A-Z][\w'\u2019-]*(?: (?:of )?[A-Z][\w'\u2019-]*)*"
_NAMES = re.compile(rf"(?<![\w'])({_NAME})(?: and {_NAME})*")
_PLACE = re.compile(
    rf"\b(?i:in|at|on|to|from|near|under|inside|behind|into|outside) (?P<named>{_NAME})"
    r"|\b(?i:in|at|on|near|under|inside|behind|outside) (?i:the|an?) (?P<plain>[\w'\u2019-]+(?: [\w'\u2019-]+)?)"
    r"(?=\W*$|[,.;:!?]|\s+(?P<next>\w+))"
)
_COLOUR = re.compile(rf"\b(?:(?:dark|light|bright) )?(?:{'|'.join(sorted(COLOURS))})\b", re.I)
_DENIED = re.compile(r"(?:\b(?:no|not|never|without|nobody|none)|n['\u2019]t)((?:\W+\w+){1,2})", re.I)
_ASKED = re.compile(r"\b(?:how|what|which) (\w+)", re.I)
_INNER_NAME = re.compile(r"(?<=[a-z,;] )(?:[A-Z][a-z][\w'\u2019-]+|[A-Z]+-?\d[\w-]*)")
_DENIES = re.compile(r"\b(?:not?|never|nobody|none|neither)\b|n['\u2019]t\b", re.I)
_THERE_IS = re.compile(r"\W*(?:and |but |so )?(?:is|are|was|were)(?:n['\u2019]t)? there\b", re.I)
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True, slots=True)
class Answering:
    """The words that answer, the text that holds them, and which of the moments has it."""

    words: str
    text: TimedText
    place: int


def answering(wanted: Wanted | None, asked: str, query: str, moments: Sequence[Moment]) -> Answering | None:
    """Return the words that answer a question, of the moment that holds most of what was asked about.

    Args:
        wanted: what kind of words answers.
        asked: the question as it stands.
        query: the words that it searches for; none where the moments are pointed at.
        moments: where to look, the likeliest first.
    """
    if wanted is None or (wanted == "person" and query and set(terms(query)) <= names_in(asked)):
        return None  # who somebody is, is no other name
    about = set(terms(query)) - {stem for one in _ASKED.findall(asked) for stem in terms(one)}
    found: list[tuple[float, int, Answering]] = []
    for place, moment in enumerate(moments):
        for text in moment.texts:
            held = _share(about, text.text)
            if text.source == "vision" or held < HELD or not names_in(asked) <= set(terms(text.text)):
                continue
            for sentence in _SENTENCE.split(text.text):
                named = named_in(sentence, wanted, asked)
                here = _share(about, sentence)
                if named and here:
                    found.append((held + here, -place, Answering(named, text, place)))
    return max(found, key=lambda one: one[:2])[2] if found else None


def names_in(asked: str) -> set[str]:
    """Return the stems of the names and codes in a question: words with a capital letter that open no sentence."""
    return {stem for name in _INNER_NAME.findall(asked) for stem in terms(name)}


def says_so(asked: str, query: str, moment: Moment) -> bool | None:
    """Tell whether a text of a moment says yes to what a question names, or no; None where none holds all of it.

    It is a no where the text denies one of the words: "there is no saffron in the house". Of a question that denies
    something itself, neither is told.

    Args:
        asked: the question as it stands: all its words count, but where it asks what there is.
        query: the words that it searches for.
        moment: the best one.
    """
    if _DENIES.search(asked):
        return None
    own = query if _THERE_IS.match(asked) else f"{query} {own_words_of(asked)}"
    about = set(terms(own)) - set(terms(" ".join(VIDEOS | MOMENTS)))
    for text in moment.texts:
        if about and about <= set(terms(text.text)):
            denied = {stem for one in _DENIED.finditer(text.text) for stem in terms(one[1])}
            return not denied & about
    return None


def _share(about: set[str], text: str) -> float:
    """Return the share of stems that a text holds; all of none."""
    return len(about & set(terms(text))) / len(about) if about else 1.0


def share_held(query: str, moment: Moment) -> float:
    """Return the share of a query's words that a moment's texts hold, 0 to 1."""
    return _share(set(terms(query)), moment.text)


def named_in(sentence: str, wanted: Wanted, asked: str) -> str | None:
    """Return the words of a sentence that answer by their form; None where there are none, or several alike."""
    find = {"number": _numbers, "time": _times, "person": _persons, "place": _placed, "colour": _colours}[wanted]
    found = list(dict.fromkeys(find(sentence, asked)))
    return found[0] if found else None


def _numbers(sentence: str, asked: str) -> Iterator[str]:
    """Yield the number of what is counted with what follows it, or the only number that there is."""
    counted = re.search(r"\bhow many (?:(?:more|other|different) )?(\w+)", asked, re.I)
    noun = set(terms(counted[1])) if counted and counted[1].lower() not in FUNCTION else set()
    found = [one for one in _NUMBER.finditer(sentence) if ":" not in one[0]]
    found = [one for one in found if not re.match(r" ?[ap]m\b", sentence[one.end() :], re.I)]
    of_noun = [(one, end) for one in found if (end := _reaches(sentence, one.end(), noun))]
    if of_noun:
        yield from (sentence[one.start() : end] for one, end in of_noun)
    elif not counted and len(found) == 1:
        after = re.match(r"[ -]([a-z]+)", sentence[found[0].end() :], re.I)
        unit = after[0] if after and after[1].lower() not in FUNCTION else ""
        yield found[0][0] + unit


def _reaches(sentence: str, start: int, noun: set[str]) -> int | None:
    """Return where a noun ends that follows within a few words, None where it does not."""
    for count, word in enumerate(re.finditer(r"[\w'-]+", sentence[start:])):
        if count >= NEAR or re.search(r"[,;.]", sentence[start : start + word.start()]):
            return None
        if noun & set(terms(word[0])):
            return start + word.end()
    return None


def _times(sentence: str, asked: str) -> Iterator[str]:
    yield from (one[0].strip() for one in _TIME.finditer(sentence) if not _said(one[0], asked))


def _persons(sentence: str, asked: str) -> Iterator[str]:
    """Yield the names that nothing before them makes a place; a word that only opens the sentence is none."""
    for one in _NAMES.finditer(sentence):
        before = words(sentence[: one.start()])[-1:]
        name = re.sub(r"['\u2019]s$", "", one[0])
        first = words(name)[:1]
        after = words(sentence[one.end() :])
        opens = one.start() == 0 and (
            set(first) & (FUNCTION | NUMERALS)
            or _is_plural(after[:1], after[1:2])
            or _plural(first)
            or set(after[:1]) & NUMERALS
        )
        of_time = re.search(rf"\b(?:{_DATES})\b", name)
        placed = before in (["in"], ["at"], ["to"], ["from"], ["on"])
        if not (opens or placed or of_time or name.isupper() or _said(name, asked)):
            yield name


def _is_plural(noun: Sequence[str], verb: Sequence[str]) -> bool:
    """Tell whether a sentence opens with two nouns, as "City birds have" does."""
    return _plural(noun) and bool(set(verb) & FUNCTION) and not set(verb) & {"the", "a", "an", "in", "to", "of", "up"}


def _plural(noun: Sequence[str]) -> bool:
    return bool(noun) and noun[0].endswith("s") and not noun[0].endswith("ss")


def _placed(sentence: str, asked: str) -> Iterator[str]:
    """Yield the places, those with a name first; of others only what ends a phrase."""
    found = []
    for one in _PLACE.finditer(sentence):
        said, what = one[0].strip(), one["named"] or one["plain"]
        tokens = words(what)
        if one["plain"] and len(tokens) == 2 and tokens[1] in FUNCTION:
            said = said.rsplit(" ", 1)[0]
        elif one["plain"] and one["next"] and one["next"].lower() not in FUNCTION:
            continue
        if not (_TIME.search(said) or _NUMBER.search(said) or _said(what, asked)):
            found.append((one["named"] is None, said))
    yield from (said for _, said in sorted(found, key=lambda place: place[0]))


def _colours(sentence: str, asked: str) -> Iterator[str]:
    noun = set(terms(asked)) - set(terms(" ".join(COLOURS)))
    found = [one for one in _COLOUR.finditer(sentence) if not _said(one[0], asked)]
    yield from (one[0] for one in found if len(found) == 1 or _reaches(sentence, one.end(), noun))


def _said(name: str, asked: str) -> bool:
    """Tell whether the question says a name itself."""
    return set(words(name)) <= set(words(asked))
