"""How what is wanted lies in time: "and then?", "right before that", "after the dog jumps", "how does it end". Pure."""

import re
from dataclasses import dataclass

from bot.dialogue.plan import Relation
from bot.dialogue.reading.commands import OF_MOMENTS, OF_VIDEOS
from bot.dialogue.reading.pointing import SLOT
from bot.dialogue.reading.utterance import content_of

_SOON = r"(?P<soon>right|just|directly|immediately|straight|shortly|the (?:moment|scene|bit|part|one))"
_WAY = r"(?P<way>before|after|following|preceding|prior to|until|since|during|while)"
_POINTED = re.compile(
    rf"(?:\b{_SOON}\s+)?\b{_WAY}\s+(?:(?:that|this|it|then|there|him|her|them)\b(?! \w+s\b)|{SLOT})", re.I
)
_DESCRIBED = re.compile(
    rf"(?:\b{_SOON}\s+)?\b(?P<way>before|after|during|once|as soon as|while|when)\s+(?P<what>[^,;:.?!]+)", re.I
)
_NEXT = re.compile(
    r"(?:\b(?P<soon>right|just|directly|immediately|straight|shortly)\s+)?"
    r"\b(?P<next>and then|then what|next|afterwards?|thereafter|later(?: on)?|after(?=\W*$|\s*,)|"
    r"(?:follow|come|came)(?:s|ed)?(?: next)?(?=\W*$)|(?<=\bwhat )follow(?:s|ed))\b",
    re.I,
)
_PREVIOUS = re.compile(
    r"(?:\b(?P<soon>right|just|directly|immediately|shortly)\s+)?"
    r"\b(?P<previous>before(?=\W*$|\s*,)|beforehand|previously|earlier(?: on)?|the previous (?:one|moment|scene))\b",
    re.I,
)
_THEN = re.compile(r"^\W*(?:and|so|ok|okay)?\W*then\W*$|^\W*(?:go on|continue|more|next|and|what else)\W*$", re.I)
_MEANWHILE = re.compile(r"\b(?:meanwhile|at the same time|in the meantime)\b", re.I)
_EDGE = re.compile(
    rf"\b(?:(?:in|at|from|near|towards?|by|to) )?(?:the |its )?(?:very )?(?P<edge>beginning|start|opening|outset"
    rf"|end|ending)\b"
    rf"(?: (?:scene|shot|moment|part)s?)?(?: of(?= (?:the |that |this )?(?:{OF_VIDEOS}|it)\b|\s*{SLOT}))?"
    r"|\bhow (?:does|do|did|is|it) .{0,40}?\b(?P<verb>begin|start|open|end|finish|stop|close|over)(?:s|ed)?\b(?=\W*$)"
    rf"|\b(?:the )?(?P<nth>first|last|final|opening|closing) (?:{OF_MOMENTS}|thing)\b",
    re.I,
)
_ENDS = re.compile(r"end|finish|stop|clos|last|final|over", re.I)
_TIMES: dict[Relation, str] = {
    "every_time": r"\b(?:every|each|all)(?: of)?(?: the| my| these)?(?: other)? "
    rf"(?:time|place|occasion|{OF_MOMENTS})s?\b"
    r"(?: (?:when|where|that|in which|with|of))?"
    r"|\b(?:list|name|show me|find|give me|count) (?:me )?(?:all|every|each|everything|everyone|any and all)\b"
    r"|^\W*(?:all|every) (?!you\b|that\b|of\b)"
    r"|\ball (?:the|of the|my)\b|\bevery(?: single)?\b|\ball of (?:them|it)\b|\bwhenever\b",
    "first_time": r"\b(?:for )?(?:the )?(?:very )?first (?:time|appearance|occurrence)\b(?: (?:that|when|of))?"
    r"|\bfirst(?= (?:appear|show|see|seen|come|enter|mention)|\W*$)|\bearliest\b",
    "last_time": r"\b(?:for )?(?:the )?(?:very )?last (?:time|appearance|occurrence)\b(?: (?:that|when|of))?"
    r"|\blast(?= (?:appear|show|see|seen|come|mention))",
}


@dataclass(frozen=True, slots=True)
class Related:
    """A relation in time, and the text without its words.

    `anchor` describes the moment that it counts from; without one it counts from what is pointed at, or was shown.
    `sure` tells that the words leave no other way to take them.
    """

    relation: Relation
    text: str
    anchor: str = ""
    sure: bool = True


def related(text: str, talking: bool) -> list[Related]:
    """Return the relations that a text may ask for, the likeliest first; none where it asks for none.

    Args:
        text: what is said, with slots.
        talking: whether anything was shown that "and then?" can count from.
    """
    found: list[Related] = []
    for match in _POINTED.finditer(text):
        slot = SLOT if SLOT in match[0] else ""
        rest = _without(text, match, slot)
        found.append(Related(_side(match["way"], bool(match["soon"]) or not content_of(rest)), rest))
        break
    if not found and talking:
        found += _implied(text)
    for relation, pattern in _TIMES.items():
        if time := re.search(pattern, text, re.I):
            found.append(Related(relation, _without(text, time), sure=False))
            break
    if edge := _EDGE.search(text):
        side: Relation = "at_end" if _ENDS.match(edge["edge"] or edge["verb"] or edge["nth"]) else "at_start"
        found.append(Related(side, _without(text, edge, SLOT * edge[0].count(SLOT)), sure=False))
    if not found and (described := _DESCRIBED.search(text)) and content_of(described["what"]):
        way, rest = described["way"].lower(), _without(text, described)
        if way not in ("while", "when", "during"):
            way = "after" if way in ("once", "as soon as") else way
            side = _side(way, bool(described["soon"]) or not content_of(rest))
            found.append(Related(side, rest, described["what"], sure=False))
    return found


def _implied(text: str) -> list[Related]:
    """Return what counts from what was last shown without a word for it: "and then?", "what follows"."""
    if SLOT not in text and _THEN.match(text):
        return [Related("right_after", "")]
    if match := _MEANWHILE.search(text):
        return [Related("during", _without(text, match))]
    for pattern, near, far in ((_PREVIOUS, "right_before", "before"), (_NEXT, "right_after", "after")):
        if match := pattern.search(text):
            rest = _without(text, match)
            asks_more = bool(content_of(rest))
            relation: Relation = far if asks_more and not match["soon"] else near  # type: ignore[assignment]
            return [Related(relation, rest, sure=not asks_more or bool(match["soon"]))]
    return []


def _without(text: str, match: re.Match[str], kept: str = "") -> str:
    return " ".join(f"{text[: match.start()]} {kept} {text[match.end() :]}".split())


def _side(way: str, near: bool) -> Relation:
    low = way.lower()
    if low in ("during", "while"):
        return "during"
    if low in ("before", "preceding", "until", "prior to"):
        return "right_before" if near else "before"
    return "right_after" if near else "after"
