"""What an utterance owes to the conversation: "[2]", "the second one", "and then?", "and in blue?". Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.dialogue.conversation import Conversation
from bot.dialogue.messages import Citation
from bot.dialogue.plan import Direction
from bot.dialogue.times import ORDINALS
from retrieval.analysis import STOP_WORDS, words

Carry = Literal["nothing", "video", "query"]
"""What a follow-up takes over: nothing, the video that the talk is about, or that and the last query."""

PLACE = "\N{SYMBOL FOR NULL}"
"""Stands in the text where a reference was; no person writes it."""

LONG_QUERY = 8
"""Words from which an earlier query no longer takes the place of "it"."""

_THING = r"(?:moment|clip|scene|shot|hit|result|one)s?"
_FILM = r"(?:video|film|movie|recording)s?"
_NTH = rf"{'|'.join(ORDINALS)}|last|\d{{1,3}}(?:st|nd|rd|th)"
_END = r"(?=\s*(?:$|[?.!,;]))"

_HANDLE = re.compile(r"\[\s*(?P<a>\d{1,6})\s*\]|#(?P<b>\d{1,6})\b|\b(?:moment|number) (?P<c>\d{1,6})\b", re.I)
_ORDINAL = re.compile(
    rf"\bthe (?P<n>{_NTH}) (?:(?P<film>{_FILM})|{_THING}|of (?:them|these|those))\b"
    r"(?!\s+(?:with|about|where|who|that|of))"
    rf"|^\W*(?:(?:and|no|show me)\W+)*the (?P<bare>{_NTH}){_END}",
    re.I,
)
_BACK = re.compile(r"\bback to\b", re.I)
_THAT = re.compile(rf"\b(?:that|this|the same) {_THING}\b(?!\s+(?:with|about|where|of))", re.I)
_SAME_FILM = re.compile(
    rf"(?:\b(?:in|from|of|about)\s+)?\b(?:the same|that same|that|this) {_FILM}\b"
    rf"|\b(?:in|from) (?:that|this|the same) clip\b|\bin (?:it|there|here){_END}",
    re.I,
)
_RELATIVE = re.compile(
    r"\b(?:(?:right|just|directly|immediately|shortly|straight) )?(?P<way>before|after|following|preceding) "
    rf"(?:{PLACE}|(?:that|this|the) {_THING}\b|(?:that|this|it){_END})",
    re.I,
)
_NEXT = frozenset({"next", "then", "after", "afterwards", "later", "following", "onwards", "subsequently"})
_PREVIOUS = frozenset({"before", "previous", "previously", "earlier", "beforehand", "preceding"})
_FILLING = frozenset(
    words(
        """and so ok okay what who whats s is was are were happens happened happening happen comes came come show
        shows me us go to the one ones moment clip scene shot thing in it video did do does he she they there
        right just please that this directly immediately"""
    )
)
_POINTING = frozenset(words("show me us play see watch again that this it one moment clip please go back to open"))

_FRAGMENT = re.compile(
    r"^(?:(?:and|but|or|only|just|also|the ones?|ones|show me)\s+)*"
    r"(?P<rest>(?:in|on|at|with|without|by|near|under|from|wearing|for|about|during|outside|inside)\b.*)$",
    re.I,
)
_CONTINUED = re.compile(
    r"^(?:and|but|or|also|any|only)\b|^(?:what|how) about\b|\bthen\W*$|\bthere\W*$|^the (?:[\w-]+\s*){1,2}\W*$",
    re.I,
)
_ABOUT = re.compile(r"^(?:and\s+)?(?:what|how) about\s+", re.I)
_PRONOUN = re.compile(r"\b(?:it|he|she|they|him|them)\b(?!\s+(?:rain|snow|get|dark|night|day|late|cold)\w*)", re.I)
_POSSESSIVE = re.compile(r"\b(?:his|her|their|its)\b", re.I)


@dataclass(frozen=True, slots=True)
class Referring:
    """An utterance with its references resolved.

    Attributes:
        rest: the words that are left to be understood on their own.
        anchor: the moment pointed at.
        direction: the moment before or after the anchor is wanted.
        video: the video pointed at; a search stays in it.
        carry: what the words take over from earlier turns.
        unknown: the user's words for something that was never shown.
    """

    rest: str
    anchor: Citation | None = None
    direction: Direction | None = None
    video: str | None = None
    carry: Carry = "nothing"
    unknown: str = ""


@dataclass(frozen=True, slots=True)
class _Pointed:
    """Text with a named reference replaced by PLACE, and what it stands for."""

    text: str
    anchor: Citation | None = None
    video: str | None = None
    unknown: str = ""


def resolve(text: str, conversation: Conversation) -> Referring:
    """Resolve what an utterance points at, and tell what its words take over from earlier turns."""
    pointed = _pointed(text, conversation)
    if pointed.unknown:
        return Referring(text, unknown=pointed.unknown)
    focus = pointed.anchor or conversation.focus
    if found := _RELATIVE.search(pointed.text):
        way: Direction = "before" if found["way"].lower() in {"before", "preceding"} else "after"
        left = _cut(pointed.text, found)
        rest = "" if set(words(left)) <= _FILLING else left
        return Referring(rest, focus, way) if focus else Referring(text, unknown=found[0])
    if focus and (direction := _direction(pointed.text)):
        return Referring("", focus, direction)
    if pointed.anchor or pointed.video:
        return Referring(_plain(pointed.text), pointed.anchor, None, pointed.video)
    if _only_points(text):
        return Referring("", focus) if focus else Referring(text, unknown=text.strip(" ?.!"))
    if found := _SAME_FILM.search(text):
        video = conversation.video or (focus and focus.video_id)
        return Referring(_cut(text, found), video=video) if video else Referring(text)
    return _carried(text, conversation)


def _pointed(text: str, conversation: Conversation) -> _Pointed:
    if found := _HANDLE.search(text):
        citation = conversation.shown.get(int(found["a"] or found["b"] or found["c"]))
        if citation is None and found["c"]:
            return _Pointed(text)
        return _Pointed(_place(text, found), citation, unknown="" if citation else found[0])
    if found := _ORDINAL.search(text):
        return _numbered(text, found, conversation)
    if (found := _THAT.search(text)) and conversation.focus:
        return _Pointed(_place(text, found), conversation.focus)
    return _Pointed(text)


def _numbered(text: str, found: re.Match[str], conversation: Conversation) -> _Pointed:
    """Resolve "the second one": of a list just given, of all that was shown, or of the latest shown."""
    number = _number(found["n"] or found["bare"])
    last = conversation.last
    shown = tuple(conversation.shown.values()) if _BACK.search(text) else conversation.latest_shown
    films: Sequence[str] = ()
    if last and last.listed:
        films = last.listed
    elif found["film"]:
        films = tuple(dict.fromkeys(c.video_id for c in shown))
    if not (films or shown):
        return _Pointed(text)
    if not -1 <= number < len(films or shown):
        return _Pointed(text, unknown=found[0].strip())
    placed = _place(text, found)
    return _Pointed(placed, video=films[number]) if films else _Pointed(placed, shown[number])


def _number(ordinal: str) -> int:
    """Return the place that an ordinal names, from 0; the last is -1, and "0th" is none."""
    if ordinal.lower() == "last":
        return -1
    if ordinal[0].isdigit():
        return int(ordinal[:-2]) - 1 if int(ordinal[:-2]) else -2
    return ORDINALS.index(ordinal.lower())


def _direction(text: str) -> Direction | None:
    """Return the direction of "and then?", "who is next", "the one before": only filling words beside it."""
    said = set(words(text.replace(PLACE, " ")))
    ways = said & (_NEXT | _PREVIOUS)
    if not ways or said - ways - _FILLING:
        return None
    return "before" if ways & _PREVIOUS else "after"


def _only_points(text: str) -> bool:
    said = set(words(text))
    return bool(said & {"that", "this", "it", "again"}) and said <= _POINTING


def _carried(text: str, conversation: Conversation) -> Referring:
    if not (conversation.query or conversation.video):
        return Referring(text)
    if (found := _FRAGMENT.match(text)) and conversation.query:
        return Referring(found["rest"], carry="query")
    if (found := _PRONOUN.search(text)) and _stands_for_something(text, found):
        query = conversation.query
        if query and len(query.split()) < LONG_QUERY:
            text = f"{text[: found.start()]}{query}{text[found.end() :]}"
        return Referring(text, carry="video")
    owned = _POSSESSIVE.search(text)
    if _CONTINUED.search(text) or (owned and _stands_for_something(text, owned)):
        return Referring(_ABOUT.sub("", text), carry="video")
    return Referring(text)


def _stands_for_something(text: str, found: re.Match[str]) -> bool:
    """Tell whether a pronoun points out of its sentence: no word before it could be what it means."""
    at_end = not words(text[found.end() :]) and len(words(text)) <= 4
    return at_end or all(word in STOP_WORDS for word in words(text[: found.start()]))


def _place(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {PLACE} {text[found.end() :]}".replace("  ", " ").strip()


def _cut(text: str, found: re.Match[str]) -> str:
    return _plain(f"{text[: found.start()]} {text[found.end() :]}")


def _plain(text: str) -> str:
    """Return the words without the marked place and the preposition that led to it."""
    gone = re.sub(rf"(?:\b(?:in|at|from|of|about|to|on|during)\s+)?{PLACE}", " ", text)
    return "" if set(words(gone)) <= _POINTING else " ".join(gone.split()).strip(" ,;")
