"""What must not be shown: "not on the beach", "without a hat", "no cats", "apart from [2]", "skip the ending". Pure."""

import re
from dataclasses import dataclass
from typing import Literal

from bot.dialogue.planning.reading import NAME, SLOT, Reading
from retrieval.analysis import STOP_WORDS, words

Part = Literal["start", "end"]

_WAYS = (
    r"(?:without(?: any| the| a| an)?|except(?:ing)?(?: for)?|apart from|aside from|other than"
    r"|leav(?:e|ing) (?:out|aside|off)|(?:skip|dropp?|omit|ignor|disregard|discard|exclud|scrap|remov"
    r"|ditch)(?:e|t?ing|ping)?"
    r"(?= )|(?:tak(?:e|ing)|filter(?:ing)?|rul(?:e|ing)) (?:away|out)|(?:get|getting) rid of|not (?:counting"
    r"|including|from)|(?:any|every)(?:where|thing"
    r"|one) (?:but|except)"
    rf"|outside(?: of)?(?= (?:in )?{NAME})"
    r"|besides|minus|but (?:not|no|without|never)|and (?:not|no|without)|anything but|rather "
    r"than|instead of)"
)
_NOT = (
    r"(?:(?:^|[,;:.!?]\s*|\b(?:with|only|just|one|that|them|ones|please|film|it|there|(?:which|that|who) "
    r"(?:is|are|do|does)) )(?:not|no(?! one| more| longer|body|where|thing))(?: any)?)"
)
_EXCLUDED = re.compile(
    rf"(?:[,;.]?\s*(?:but |and |only |just )?\b(?P<way>{_WAYS})|(?P<not>{_NOT}))\s+(?!to\b|only\b|just\b"
    r"|sure\b|really\b|much\b|what\b|that\b(?! \w)|yet\b|i\b|more than\b|[a-z]+ing yet)"
    r"(?P<what>[^,;:.!?]+)",
    re.I,
)
_STOPS = re.compile(
    rf"(?<=\w)\s+(?:(?:in|from|on|at|of)\s+)?{SLOT}.*$"
    r"|\s+(?:would|could|is|are|was|were|will|please|either|thanks|though|anymore|any more|if possible|which is"
    r"|in any"
    r"|and (?=who|what|where|when|how|which|show|find|tell|give|look|list|count|is|are|does)|but |too|as well"
    r"|also)\b.*$",
    re.I,
)
_RELATIVE = re.compile(
    r"(?<=\w )(?<!\band )(?<!\bbut )(?<!\bor )(?:who|which|that) (?:(?:isn't|is not|aren't|are not|wasn't"
    r"|doesn't|don't|does not|do not)(?: (?:have"
    r"|has|wear|wearing|holding|carrying))?|has no|have no) (?P<what>[^,;:.!?]+)",
    re.I,
)
_START = r"(?:intro(?:duction)?|opening|beginning|start|first (?:scene|shot|moment|part)|title)s?"
_ENDING = r"(?:ending|end|outro|credits|finale|closing|last (?:scene|shot|moment|part)|conclusion)s?"
_PART = re.compile(
    rf"^\W*(?:in |at |from )?(?:the |its )?(?:very )?(?:(?P<start>{_START})|(?P<end>{_ENDING}))(?: credits| scene)?\b",
    re.I,
)
_FILLING = frozenset(
    [
        "the",
        "a",
        "an",
        "any",
        "one",
        "ones",
        "in",
        "on",
        "at",
        "from",
        "with",
        "of",
        "clip",
        "moment",
        "scene",
        "film",
        "video",
        "man's",
        "by",
        "please",
        "wearing",
        "having",
        "containing",
        "showing",
        "there",
        "it",
        "them",
        "shown",
        "anyone",
        "anybody",
        "anything",
        "everyone",
        "everything",
        "somebody",
        "someone",
        "stuff",
    ]
)


@dataclass(frozen=True, slots=True)
class Excluded:
    """What an utterance excludes: words, videos, moments, a part of the film; `named` the nouns as they were said."""

    words: tuple[str, ...] = ()
    videos: tuple[str, ...] = ()
    moments: tuple[str, ...] = ()
    part: Part | None = None

    @property
    def anything(self) -> bool:
        """Whether anything is excluded."""
        return bool(self.words or self.videos or self.moments or self.part)


def take_exclusions(reading: Reading) -> Excluded:
    """Take every exclusion out of the words."""
    without: list[str] = []
    videos: list[str] = []
    moments: list[str] = []
    part: Part | None = None
    for _ in range(5):
        found = _EXCLUDED.search(reading.text) or _RELATIVE.search(reading.text)
        if found is None:
            break
        what = _until(found["what"])
        pointed = reading.references(what)
        named = reading.names(what)
        videos += [*named, *(video for reference in pointed for video in reference.videos)]
        moments += [moment for reference in pointed for moment in reference.moments if reference.kind != "among"]
        if reading.leave_out(what):
            reading.text = f"{reading.text[: found.start()].rstrip()} {''.join(re.findall(SLOT, what))}".strip()
            continue
        if not named and (whole := _PART.match(what)):
            part = "start" if whole["start"] else "end"
        elif not named and not (pointed and all(reference.kind != "among" for reference in pointed)):
            without += [word for word in words(re.sub(SLOT, " ", what)) if word not in _FILLING | STOP_WORDS]
        among = "".join(c for c in what if any(r.kind == "among" for r in reading.references(c)))
        end = found.start("what") + len(what)
        if tail := re.match(r"\s*(?:either|please|anymore|any more|too|as well|also)\b", reading.text[end:], re.I):
            end += tail.end()
        reading.text = f"{reading.text[: found.start()].rstrip()} {among} {reading.text[end:].lstrip()}".strip()
    return Excluded(tuple(dict.fromkeys(without)), tuple(dict.fromkeys(videos)), tuple(dict.fromkeys(moments)), part)


def _until(what: str) -> str:
    """Return what is excluded, up to where something else begins."""
    for found in _STOPS.finditer(what):
        if set(words(re.sub(SLOT, " ", what[: found.start()]))) - STOP_WORDS - _FILLING:
            return what[: found.start()]
    return what
