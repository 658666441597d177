"""What an utterance points at of what was shown: "[2]", "the second one", "that clip", "the other film". Pure.

Where something is pointed at, the text keeps a slot, a character that nobody writes, so that what comes before or after
it can be read from the place of the slot.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.dialogue.conversation import Conversation, Target
from bot.dialogue.plan import Reference, ReferenceKind
from bot.dialogue.reading.closed_words import CARDINALS, ORDINALS
from bot.dialogue.reading.commands import OF_MOMENTS, OF_VIDEOS

SLOT = "\ue000"

_NTH = rf"(?:{'|'.join(ORDINALS)}|last|latest|\d{{1,3}}(?:st|nd|rd|th))"
_CARDINAL = "|".join(CARDINALS[1:])
_OF_THEM = r"(?:of (?:them|these|those|the (?:list|two|three|four|five)|all)|(?:on|in|from) (?:the|that|your) list)"
_SHOWN = r"(?:(?:that )?you(?:'ve| have)?(?: just)? (?:showed|shown|found|gave|listed)(?: me| us)?)"
_CLOSED = (
    r"(?=\s*(?:$|[?.!,;:)\]]|(?:is|are|was|were|do|does|did|has|have|and|or|then|too|again|please|instead|than|with"
    r"|in there|before|after)\b))"
)
HANDLE = re.compile(
    r"\[\s*(?P<a>\d{1,6})\s*\]|#\s?(?P<b>\d{1,6})\b|\b(?:moment|handle)(?: number)? (?P<c>\d{1,6})\b", re.I
)
_NUMBER = re.compile(
    rf"\b(?:the )?(?:{OF_MOMENTS} )?(?:number|no\.|result|hit|option) ?(?P<n>\d{{1,4}}|{_CARDINAL})\b"
    r"|^\W*(?P<alone>\d{1,3})\W*$",
    re.I,
)
_ORDINAL = re.compile(
    rf"\b(?:the|that|your) (?:very )?(?P<n>{_NTH})(?: (?:(?P<film>{OF_VIDEOS})|{OF_MOMENTS}"
    rf"|ones?)(?: {_OF_THEM})?(?: {_SHOWN})?"
    rf"(?! (?:of|where|when|with|that|who|about|in which|time)\b)| {_OF_THEM}| {_SHOWN}|{_CLOSED})"
    rf"|^\W*(?P<alone>{_NTH})(?: one)?\W*$",
    re.I,
)
_SEVERAL = re.compile(rf"\bthe (?P<way>first|last) (?P<count>{_CARDINAL})(?: (?:{OF_MOMENTS}|ones))?{_CLOSED}", re.I)
_OTHER = re.compile(rf"\b(?:the|that) others?(?: (?:(?P<film>{OF_VIDEOS})|{OF_MOMENTS}|ones?)\b|{_CLOSED})", re.I)
_SAME = re.compile(
    rf"\b(?:the|that|this) (?:same |whole |entire )*(?!\w+s\b){OF_VIDEOS}\b(?! (?:about|of|with|where|called"
    rf"|in which|from|that|who)\b)"
    r"|\bthe whole thing\b|\bin it\b(?=\W*$)",
    re.I,
)
_AMONG = re.compile(
    rf"\b(?:which|any|some|one|none|all|each|either|neither|who|how many|most) of (?:these|those|them|both"
    rf"|the (?:{_CARDINAL}|ones))\b"
    r"|\bwhich ones?\b|\b(?:the|those|these) ones? (?=(?:with|without|in|on|at|by|near|among|from|under|where"
    r"|who|that|which|about)\b)"
    rf"|\bthe (?!(?:other|same|whole|right|wrong|previous|next|{_NTH})\b)(?P<kept>[a-z-]+) one\b",
    re.I,
)
_THAT = re.compile(
    rf"\b(?:that|this|these|those|the same) (?:{OF_MOMENTS}|ones?)\b|\b(?:these|those|that|this|them|it|there"
    rf"|here){_CLOSED}"
    r"|\bthere\b(?= (?:exactly|then|as well))",
    re.I,
)
_ALL_SHOWN = re.compile(
    rf"\b(?:all|everything|whatever|all (?:the|of the) {OF_MOMENTS}) {_SHOWN}|\bwhat you(?:'ve| have) (?:shown"
    rf"|found)(?: me)?",
    re.I,
)
_ANOTHER = re.compile(
    rf"\b(?:another|any other|some other|a different|other|different) (?:(?P<film>{OF_VIDEOS})|{OF_MOMENTS}|ones?)\b"
    r"|\b(?:anything|anyone|anybody|someone|somewhere|something|what|who|where) (?P<else>else)\b|\belsewhere\b"
    r"|\banother\b(?=\W*$)",
    re.I,
)
_PLURAL = re.compile(r"\b(?:these|those|them|all)\b", re.I)


@dataclass(frozen=True, slots=True)
class Pointed:
    """What was pointed at, the text with slots in its place, and what "another one" leaves out."""

    references: tuple[Reference, ...]
    text: str
    not_moments: tuple[str, ...] = ()
    not_videos: tuple[str, ...] = ()


def pointed(text: str, conversation: Conversation) -> Pointed:
    """Return what a text points at, each thing once, in the order of the ways to point."""
    found: list[Reference] = []
    shown = conversation.shown
    while match := HANDLE.search(text):
        citation = shown.get(int(match["a"] or match["b"] or match["c"]))
        target = (Target(citation.video_id, citation.moment_id),) if citation else ()
        found.append(reference_to("handle", match[0], target))
        text = _slotted(text, match)
    for pattern, read in _WAYS:
        for match in list(pattern.finditer(text))[::-1]:
            if (made := read(match, conversation)) is not None:
                found.append(made)
                text = _slotted(text, match, match.groupdict().get("kept") or "")
        if found and pattern in (_ORDINAL, _AMONG, _OTHER):
            break  # "the second one of those" points once
    if not found and conversation.latest and (match := _ANOTHER.search(text)):
        moments = tuple(target.moment for target in conversation.latest if target.moment)
        videos = tuple(dict.fromkeys(target.video for target in conversation.latest))
        rest = f"{text[: match.start()]} {text[match.end() :]}"
        whole = _film(match) or match[0].lower() == "elsewhere"
        return Pointed((), rest, () if whole else moments, videos if whole else ())
    return Pointed(tuple(found), text)


def unslotted(text: str) -> str:
    """Return a text without its slots."""
    return text.replace(SLOT, " ")


def reference_to(kind: ReferenceKind, words: str, targets: tuple[Target, ...]) -> Reference:
    """Return a reference to moments or whole videos."""
    moments = tuple(dict.fromkeys(t.moment for t in targets if t.moment))
    videos = tuple(dict.fromkeys(t.video for t in targets if t.moment is None))
    return Reference(kind, words.strip(), moments, videos)


def place_of(ordinal: str) -> int:
    """Return the place that an ordinal or a number names, from 0; the last is -1, and "0th" is none."""
    low = ordinal.lower()
    if low in ("last", "latest"):
        return -1
    if low in CARDINALS:
        return CARDINALS.index(low) - 1
    if low[0].isdigit():
        number = int(re.sub(r"\D", "", low))
        return number - 1 if number else -2
    return ORDINALS.index(low)


def _film(match: re.Match[str]) -> bool:
    """Tell whether whole films are meant; a moment is a clip too."""
    return match["film"] is not None and "clip" not in match["film"].lower()


def _slotted(text: str, match: re.Match[str], kept: str = "") -> str:
    return f"{text[: match.start()]} {kept} {SLOT} {text[match.end() :]}"


def _everything(match: re.Match[str], conversation: Conversation) -> Reference | None:
    return reference_to("that", match[0], conversation.all_shown)


def _numbered(match: re.Match[str], conversation: Conversation) -> Reference | None:
    if not conversation.offered:
        return None
    number = place_of(match["n"] or match["alone"])
    return reference_to("ordinal", match[0], conversation.offered[number : number + 1] if number >= 0 else ())


def _ordinal(match: re.Match[str], conversation: Conversation) -> Reference | None:
    choice, number = conversation.offered, place_of(match["n"] or match["alone"])
    if not choice:
        return None
    if _film(match) and not any(target.moment is None for target in choice):
        choice = tuple(map(Target, dict.fromkeys(target.video for target in choice)))
    elif re.search(r"\b(?:scene|shot|part)s?\b", match[0], re.I) and len(conversation.choice) < 2:
        return None  # the first scene of the film
    if number == -1:
        return reference_to("last", match[0], choice[-1:])
    return reference_to("ordinal" if number else "first", match[0], choice[number : number + 1] if number >= 0 else ())


def _several(match: re.Match[str], conversation: Conversation) -> Reference | None:
    choice, count = conversation.offered, CARDINALS.index(match["count"].lower())
    if count > len(choice):
        return None
    return reference_to("ordinal", match[0], choice[:count] if match["way"].lower() == "first" else choice[-count:])


def _other(match: re.Match[str], conversation: Conversation) -> Reference | None:
    """Return the one of two that the talk is not at: the other video, or the other moments of a choice."""
    here = conversation.latest[:1]
    choice = conversation.choice if set(here) <= set(conversation.choice) else ()
    left = tuple(target for target in choice if target not in here)
    if match["film"] or not left:
        at = {target.video for target in here}
        earlier = [video for video in conversation.named if video not in at]
        return reference_to("other", match[0], (Target(earlier[-1]),)) if earlier else None
    return reference_to("other", match[0], left)


def _among(match: re.Match[str], conversation: Conversation) -> Reference | None:
    latest = conversation.latest
    return reference_to("among", match[0], latest) if len(latest) > 1 else None


def _same(match: re.Match[str], conversation: Conversation) -> Reference | None:
    named, latest = conversation.named, conversation.latest
    if "clip" in match[0].lower() and latest and latest[0].moment:
        return None  # a moment is a clip too
    named = (*named, latest[0].video) if latest else named
    return reference_to("same_video", match[0], (Target(named[-1]),)) if named else None


def _that(match: re.Match[str], conversation: Conversation) -> Reference | None:
    latest = conversation.latest
    if not latest:
        return None
    return reference_to("that", match[0], latest if _PLURAL.search(match[0]) else latest[:1])


_WAYS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], Conversation], Reference | None]], ...] = (
    (_ALL_SHOWN, _everything),
    (_SEVERAL, _several),
    (_NUMBER, _numbered),
    (_AMONG, _among),
    (_ORDINAL, _ordinal),
    (_OTHER, _other),
    (_SAME, _same),
    (_THAT, _that),
)
