"""What a description says of a picture, aspect by aspect, and whether an answer about one says the same.

A small vision model answers short questions about one aspect, and no others. So each aspect that is asked or described
is asked for in its plainest form, and the answer is held against the words. An open question, not "is it so?": models
like to say yes. Pure; English, as the reading.
Why: docs/decisions/looking.md.
"""

import re
from dataclasses import dataclass

import prompts
from bot.dialogue.reading.aspects import Aspect
from bot.dialogue.reading.closed_words import CARDINALS, COLOURS, INTRODUCING
from bot.dialogue.reading.commands import OF_PICTURES
from retrieval.analysis import STOP_WORDS, terms

NUMBERS = {word: number for number, word in enumerate(CARDINALS[:13])} | {"no": 0, "a": 1, "an": 1}
MOST = 0.5
"""Share of a description's words, one for each aspect, above which a frame can be held against the whole."""

_WEATHER = re.compile(
    r"\b(?:rain(?:ing|y)?|snow(?:ing|s)|(?:falling|the|in|thick|heavy) snow|fog(?:gy)?|sunny|storm\w*)\b"
)
_IN_WEATHER = re.compile(rf"(?:\bin\s+)?{_WEATHER.pattern}")
_BESIDE = re.compile(r"\b(?:beside|next to|close to)\s+(?:the |an? |some )?[a-z]+")
_BESIDE_WHOM = re.compile(
    rf"^\W*(?:(?:{'|'.join(sorted(OF_PICTURES))}|is|are|do|does)\s+)*(?:beside|next to|close to)\s+"
)
"""Opens a description in which what stands beside somebody was asked, and is not said."""
_PLACED = re.compile(r"\b(?:on|in|at|by|inside|near|under|along|through|across)\s+(?:the |an? |some )?(?P<word>[a-z]+)")
_CARRIED = re.compile(r"\b\w+ing (?:on|in|at) (?:the |an? )?(?:chairs?|air|rope|horse|back)\b")
_PARTICIPLE = re.compile(
    r"\b(?!(?:falling|morning|evening|building|thing|nothing|something|swimming (?:pool))\b)[a-z]{2,}ing\b"
)
_SAYS_NOTHING = frozenset("wearing doing happening being having dressed going show showing".split())  # noqa: SIM905
_PLURALS = {"men": "man", "women": "woman", "children": "child", "people": "person", "mice": "mouse", "feet": "foot"}
_MANY = {one: many for many, one in _PLURALS.items()}
_KINDS_OF = {
    "person": frozenset("man woman child boy girl baby lady guy player".split()),  # noqa: SIM905
    "animal": frozenset("dog cat bird horse cow sheep pig fish rabbit mouse".split()),  # noqa: SIM905
}
_SOMEBODY = {"somebody": "person", "someone": "person", "anybody": "person", "anyone": "person", "pet": "animal"}
_STANDING = frozenset("in on at by inside near under along through across".split())  # noqa: SIM905
"""Words before a place; what follows one at the beginning is nobody's name."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Who or what a text is about: its noun as it stands, whether that means several, and how many are said to be."""

    noun: str
    several: bool
    count: int | None


def subject(text: str) -> Subject | None:
    """Return whom or what a description is about: the first noun before any preposition or participle."""
    tokens = re.findall(r"[a-z]+", _flat(text))
    while tokens and (tokens[0] in INTRODUCING or tokens[0] in OF_PICTURES) and tokens[0] not in NUMBERS:
        if tokens.pop(0) in _STANDING and not OF_PICTURES & set(tokens[:1]) - {"the"}:
            return None  # "at the station": a place, and nobody in it
    if tokens and _PARTICIPLE.fullmatch(tokens[0]):
        return None  # "who is waving in red": nobody is named
    phrase: list[str] = []
    for token in tokens:
        if token in INTRODUCING or (phrase and _PARTICIPLE.fullmatch(token)):
            break
        phrase.append(token)
    if not phrase:
        return None
    nouns = [token for token in phrase if token not in NUMBERS and token not in STOP_WORDS and token not in COLOURS]
    if not nouns:
        return None
    noun = nouns[0]
    count = next((NUMBERS[token] for token in phrase if token in NUMBERS), None)
    return Subject(noun, is_plural(noun), count)


def short_question(aspect: Aspect, noun: str, several: bool) -> str:
    """Return the plainest question for an aspect, as a small model knows it.

    Args:
        aspect: what is asked.
        noun: whom or what it is asked of, in the plural where there are several.
        several: whether the noun stands for several.
    """
    nouns = noun if several else _MANY.get(noun, f"{noun}s")
    return prompts.render("short_question", aspect=aspect, noun=noun, nouns=nouns, be="are" if several else "is")


def is_plural(noun: str) -> bool:
    """Tell whether a noun stands for several."""
    return noun in _PLURALS or (noun.endswith("s") and not noun.endswith("ss"))


def same_noun(one: str, other: str) -> bool:
    """Tell whether two nouns are the same but for their number, `man` and `men`, or the second means any such."""
    mine, yours = _singular(one), _singular(other)
    return bool(one) and (mine == yours or any(set(mine) <= _of_kind(noun) for noun in yours))


def said_aspects(description: str) -> list[Aspect]:
    """Return the aspects that a description says something about, who it is about first."""
    said, about = _BESIDE_WHOM.sub("", _flat(description)), subject(description)
    aspects: list[Aspect] = ["kind"] if about else []
    if about and about.count is not None:
        aspects.append("count")
    if COLOURS & set(re.findall(r"[a-z]+", said)):
        aspects.append("colour")
    if any(word not in _SAYS_NOTHING for word in _PARTICIPLE.findall(said)):
        aspects.append("action")
    if _places(said):
        aspects.append("place")
    if _BESIDE.search(said):
        aspects.append("object")
    if _WEATHER.search(said):
        aspects.append("weather")
    return aspects


def pictured(description: str) -> bool:
    """Tell whether most words of a description name an aspect of a picture: else no frame can speak against it."""
    named = [word for word in re.findall(r"[a-z]+", _flat(description)) if word not in OF_PICTURES | _SAYS_NOTHING]
    return len(said_aspects(description)) > MOST * len(set(_singular(" ".join(named))))


def agrees(aspect: Aspect, answer: str, description: str) -> bool:
    """Tell whether an answer says of its aspect what the description says."""
    if aspect == "count":
        about = subject(description)
        number = NUMBERS.get(_flat(answer).strip(" ."))
        return about is not None and number is not None and number == about.count
    told, said = set(_singular(answer)), _BESIDE_WHOM.sub("", _flat(description))
    if not told:
        return False
    if aspect == "kind" and any(told <= _of_kind(noun) for noun in _singular(said)):
        return True
    if aspect == "place" and any(set(terms(place)) <= told for place in _places(said)):
        return True  # "at a railway station" is at the station
    # "Carrying a box beside a book": what is carried is not what stands beside.
    own = " ".join(_BESIDE.findall(said)) if aspect == "object" else _BESIDE.sub(" ", said)
    return len(told & set(_singular(own))) / len(told) > 0.5


def _places(said: str) -> list[str]:
    """Return the places that a text names: what follows "on a" or "in the" is no colour, no weather, no seat."""
    left = _CARRIED.sub(" ", _IN_WEATHER.sub(" ", said))
    found = (match["word"] for match in _PLACED.finditer(left))
    return [word for word in found if word not in COLOURS and word not in STOP_WORDS and word not in ("coat", "coats")]


def _of_kind(noun: str) -> frozenset[str]:
    """Return the nouns, each as a stem, of those that a noun such as `person` means."""
    return _STEMS_OF.get(noun, frozenset())


def _singular(text: str) -> list[str]:
    named = (_PLURALS.get(word, word) for word in re.findall(r"[a-z]+", _flat(text)))
    return terms(" ".join(_SOMEBODY.get(word, word) for word in named))


def _flat(text: str) -> str:
    return " ".join(text.lower().split())


_STEMS_OF = {
    stem: frozenset(_singular(" ".join(kinds))) for kind, kinds in _KINDS_OF.items() for stem in _singular(kind)
}
