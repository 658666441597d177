"""What must not be shown: "not on the beach", "without a hat", "apart from [2]", "not the cartoon". Pure."""

import re
from dataclasses import dataclass
from typing import Literal

from bot.dialogue.plan import Reference
from bot.dialogue.reading.closed_words import DEMONSTRATIVE
from bot.dialogue.reading.names import Names, named
from bot.dialogue.reading.pointing import SLOT
from bot.dialogue.reading.utterance import content_of
from retrieval.analysis import words

_EXCLUDED = re.compile(
    r"(?:\b(?:without(?: any)?|except(?:ing)?(?: for)?|(?:apart|aside) from|other than|besides|excluding|leaving out"
    r"|skip(?:ping)?|minus|anything but|instead of|rather than|(?:but|and) (?:not|no|without)|only not"
    r"|(?:is|are|was|were)(?:n't| not) (?:wearing|holding|carrying|having))|(?:^|[,;:.!?]\s*"
    r"|\bthe one )(?:but )?(?:not|no)(?! one\b))"
    r"\s+(?P<what>[^,;:.!?]+)",
    re.I,
)
_PART = re.compile(
    r"(?:in |at |from )?(?:the |its )?(?:very )?(?:(?P<start>start|beginning|opening|intro|introduction)|end"
    r"|ending|credits|outro)\W*$",
    re.I,
)
_WRONG = re.compile(r"\b(?:the )?wrong (?:one|film|video|clip|moment|scene)\b", re.I)
_STOP = re.compile(
    r"\s+(?:please|either|but|though|thanks|is|are|was|were|who|which|that|what|where|when|how)\b.*$", re.I
)
_REJECTED = re.compile(
    r"^\W*(?:no+|nope|nah|wrong|not)\b[\s,.!]*(?:not )?(?:that|this|it|the one)?\b"
    r"|\bnot (?:that|this|the) (?:one|film|video|clip|moment)\b"
    r"|\b(?:that|this|it)(?:'s| is| was)(?: not|n't)\b|\bwrong (?:one|film|video|clip|moment|scene)\b"
    r"|\bi (?:mean|meant|said)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Excluded:
    """What is left out: words, videos, what was pointed at and a part of each film; and the text without it."""

    words: tuple[str, ...]
    videos: tuple[str, ...]
    moments: tuple[str, ...]
    text: str
    part: Literal["start", "end"] | None = None


def excluded(text: str, names: Names, references: tuple[Reference, ...]) -> Excluded | None:
    """Return what a text leaves out, None where it leaves out nothing.

    Args:
        text: what is said, with slots.
        names: the videos.
        references: what the slots stand for.
    """
    gone: list[str] = []
    videos: list[str] = []
    moments: list[str] = []
    part: Literal["start", "end"] | None = None
    while match := _EXCLUDED.search(text):
        what = _STOP.sub("", match["what"])
        if SLOT in what and references:
            videos += references[-1].videos
            moments += references[-1].moments
        elif one := named(what, names):
            videos += one.videos
        elif at := _PART.match(what):
            part = "start" if at["start"] else "end"
        else:
            gone += words(content_of(what))
        text = f"{text[: match.start()]} {text[match.start('what') + len(what) :]}"
    if not (gone or videos or moments or part):
        return None
    return Excluded(tuple(dict.fromkeys(gone)), tuple(videos), tuple(moments), " ".join(text.split()), part)


def without_rejection(text: str) -> str:
    """Return a text without "wrong one", which names nothing."""
    return _WRONG.sub(" ", text)


def rejects_one(text: str) -> bool:
    """Tell whether it says of something that it is not the one: "no, not that one", and no mere "no"."""
    said = set(words(text))
    return rejects(text) and bool(said & {"not", "t"}) and bool(said & (DEMONSTRATIVE | {"one", "it"}))


def rejects(text: str) -> bool:
    """Tell whether a text takes back what was last shown: "no, not that one", "I meant ..."."""
    return _REJECTED.search(text) is not None
