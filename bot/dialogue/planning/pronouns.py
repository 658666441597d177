"""What a pronoun stands for: the things of the question before, where its own sentence names none. Pure."""

import re

from bot.dialogue.planning.reading import NAME, SLOT
from bot.dialogue.planning.times import NUMBERS
from bot.dialogue.planning.word_kinds import COLOURS, DETERMINERS, PLACES, PLURALS
from retrieval.analysis import STOP_WORDS, words

_PRONOUN = re.compile(r"\b(?P<who>he|she|they|him|them|it|her|his|their|its|hers|theirs)\b(?!')", re.I)


_DUMMY = re.compile(
    r"\bwhat (?:time|day|year|season) is it\b|\b(?:is|was|does|did|will|has|when|if|while|because|how long "
    r"does)\s+it\s+(?:still |really |also |ever |start |get |getting )?(?:rain|snow|dark|night|day|late|cold"
    r"|warm|hot|sunny|windy|storm|cloudy|foggy|raining|snowing|take)\w*",
    re.I,
)


_NP_BEFORE = re.compile(
    r"\b(?i:the|a|an|some|this|that|my|your|another|every|each|any)\s+(?!way\b|time\b|end\b|start\b|same\b"
    r"|other\b|only\b|one\b)(?P<noun>[\w-]+)|\b(?P<proper>(?<![.!?] )(?<!^)[A-Z][a-z]+)\b|\b(?P<any>any(?:one"
    r"|body)|some(?:one|body))\b"
)


_TOPIC = re.compile(
    r"\W*(?:(?:and|but|so|ok|now|what about|how about) )*(?P<what>(?!after|before|during|in\b|at\b"
    rf"|on\b)[^,;:?!{NAME[1:-1]}]{{3,40}}),\s*"
    r"(?:do|does|did|are|is|was|were|what|where|who|how|when|why|has|have)\b",
    re.I,
)


def things(query: str) -> str:
    """Return the things that a query names, without what they do: what a pronoun may stand for."""
    said = re.sub(rf'{SLOT}|["]', " ", query).split()
    kept: list[str] = []
    inside = _names_a_thing(said)
    for place, word in enumerate(said):
        low = (words(word) or [""])[0]
        before = (words(said[place - 1]) or [""])[0] if place else ""
        if low in STOP_WORDS or low in DETERMINERS:
            joins = low == "that" and place > 0  # "cats that sit"
            inside = (low in DETERMINERS and not joins) or low in PLACES or low in ("of", "with", "about", "for", "and")
            continue
        owner = word.endswith("'s") or word[:1].isupper()
        if owner or inside or before in COLOURS or low in COLOURS or (kept and low.endswith("s")):
            kept.append(word)
            inside = inside or owner
    return " ".join(kept) or query


MOST_THINGS = 5
"""Things of a question that a pronoun brings along; of what tells more than so many, only the one that agrees."""

_MALE = frozenset(
    """man men boy boys guy guys gentleman gentlemen father dad grandfather uncle brother son husband king prince
    waiter postman fisherman male groom""".split()  # noqa: SIM905
)
_FEMALE = frozenset(
    """woman women girl girls lady ladies mother mom mum grandmother aunt sister daughter wife queen princess waitress
    female bride""".split()  # noqa: SIM905
)
_SOMEBODY = frozenset(
    """person player dancer singer chef instructor referee coach teacher athlete gymnast performer child kid baby
    farmer doctor driver rider keeper worker swimmer skier surfer musician artist reporter host""".split()  # noqa: SIM905
)


def brought(query: str, pronoun: str, enough: bool = False) -> str:
    """Return what a pronoun brings from the question before: its things, or of many the first that agrees.

    A long description tells of so much that all of it would drown what is asked now.

    Args:
        query: what was searched for before.
        pronoun: in small letters.
        enough: whether the words around the pronoun tell enough, so that one thing will do.
    """
    said = things(query).split()
    if len(said) <= MOST_THINGS and not enough:
        return " ".join(said)
    agreeing = next((word for word in said if _agrees((words(word) or [""])[0], pronoun)), "")
    return agreeing or ("" if enough else " ".join(said[:MOST_THINGS]))


def _agrees(noun: str, pronoun: str) -> bool:
    """Tell whether somebody would say this pronoun of what the noun means."""
    if pronoun in ("he", "him", "his"):
        return noun in _MALE or noun in _SOMEBODY
    if pronoun in ("she", "her", "hers"):
        return noun in _FEMALE or noun in _SOMEBODY
    many = noun in PLURALS or noun.endswith("s")
    return many if pronoun.startswith("the") else not (many or noun in _MALE | _FEMALE | _SOMEBODY)


def _names_a_thing(said: list[str]) -> bool:
    """Tell whether a query begins with a thing: "dogs jumping", and not "plays the guitar"."""
    low = [(words(word) or [""])[0] for word in said[:2]]
    if len(low) < 2:
        return True
    return not (
        (low[1] in DETERMINERS and low[1] != "that")
        or (low[1] in STOP_WORDS and not low[0].endswith("s"))
        or low[0].endswith("ing")
    )


def pronoun_of(text: str) -> re.Match[str] | None:
    """Return the first pronoun that stands for nothing in its own sentence."""
    dummy = _DUMMY.search(text)
    topic = _TOPIC.match(text)
    text = re.sub(
        rf"\b(?:{'|'.join(NUMBERS[1:])}|which|any|some|all|both|most) of (?:them|it)\b",
        lambda of: " " * len(of[0]),
        text,
    )
    for found in _PRONOUN.finditer(text):
        if dummy and dummy.start() <= found.start() <= dummy.end():
            continue
        if (
            topic
            and topic.end() <= found.start()
            and words(topic["what"])
            and found["who"].lower() not in ("her", "him")
        ):
            continue
        if re.search(NAME, text[: found.start()]) and found["who"].lower() in ("it", "its"):
            continue
        before = text[: found.start()]
        if _is_object(text, found) and (asked := _SUBJECT.match(before)):
            before = f"{' ' * asked.end('noun')}{before[asked.end('noun') :]}"  # nobody is angry with himself
        if not _has_noun(before, found["who"].lower()):
            return found
    return None


_SUBJECT = re.compile(
    r"\W*(?:(?:and|but|so|then|what|why|how|where|when|who|whom|which|to|with|ok)\s+)*(?:(?:what|who|where"
    r"|how)'s|is|are|was|were|does"
    r"|do|did|has|have"
    r"|can|could|will|would)(?:n't)?\s+(?P<noun>(?:the|a|an|some|this|that|my|your)\s+[\w-]+)\s",
    re.I,
)
_WITHIN = re.compile(
    r"\b(?:in|on|inside|under|around|behind|beside|of|and|but|or|when|while|before|after|if|that|,)\s*$", re.I
)


def _is_object(text: str, found: re.Match[str]) -> bool:
    """Tell whether something is done to whom a pronoun means: "with him", "eat it", and not "her hat" or "in it"."""
    if found["who"].lower() not in ("him", "her", "them", "it") or _WITHIN.search(text[: found.start()]):
        return False
    alone = re.match(
        r"\s*(?:$|[?.!,;]|(?:in|on|at|with|to|for|from|up|down|off|out|away|back|by)\b)", text[found.end() :]
    )
    return alone is not None


def weather(text: str) -> bool:
    """Tell whether "it" stands for nothing: "is it raining?"."""
    return _DUMMY.search(text) is not None


def _has_noun(before: str, pronoun: str) -> bool:
    """Tell whether the words before a pronoun hold a noun that it may stand for."""
    for found in _NP_BEFORE.finditer(before):
        if found["proper"] and found["proper"].lower() in STOP_WORDS:
            continue
        if found["any"] and pronoun in ("he", "she", "him", "her"):
            continue
        noun = (found["noun"] or found["proper"] or found["any"]).lower()
        if noun in PLACES or noun in (
            _FEMALE if pronoun in ("he", "him", "his") else _MALE if pronoun in ("she", "her") else ()
        ):
            continue
        if pronoun in ("he", "she", "him", "his", "her") and noun.endswith("s") and not found["proper"]:
            continue
        if (
            pronoun in ("they", "them", "their")
            and not noun.endswith(("s", "body", "one", "people", "children", "men", "women"))
            and found["noun"]
        ):
            continue
        return True
    if pronoun in ("they", "them", "their"):
        return re.search(
            r"\b(?:which|what|two|three|how many|these|those|do|are|were)\s+(?:\w+\s+)?(?!does\b"
            r"|is\b)[a-z]{2,}s\b(?!\s*$)|\b(?:people|children|women|men)\b",
            before,
            re.I,
        ) is not None and not re.search(r"\b(?:do|does|did|are|were)\s*$", before)
    return False
