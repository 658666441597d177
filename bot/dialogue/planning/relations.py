"""How the moments wanted lie in time: after that, right before [2], at the end, the last time, every time. Pure."""

import re
from dataclasses import dataclass

from bot.dialogue.plan import Relation
from bot.dialogue.planning.reading import NAME, REFERENCE, SLOT, Reading
from retrieval.analysis import STOP_WORDS, words

_SOON = r"(?P<soon>(?:right|just|directly|immediately|shortly|straight|straightaway)\s+)?"
_FILM = r"(?:film|video|clip|movie|recording|story)"
_POINTED = re.compile(
    rf"\b{_SOON}(?P<way>before|after|following|preceding|during|while|since|until|prior to"
    rf"|up to(?=\s+{REFERENCE}))\s+(?:(?P<slot>{REFERENCE})"
    r"|(?P<it>it|him|her|them)\b(?!\s+(?!is\b|was\b|does\b|has\b)[a-z]{2,}(?:s|ed)\b))",
    re.I,
)
_FROM_POINTED = re.compile(
    rf"\bbetween (?P<start>(?:the )?(?:very )?(?:start|beginning|opening) and )?(?P<slot>{REFERENCE})"
    r"(?(start)|\s+and (?:the )?(?:very )?(?:end|ending|finish|credits)\b)",
    re.I,
)
_NEXT_TO = re.compile(
    r"\b(?P<next>next|following|coming up)\b(?!\s+to\b)|\b(?P<previous>previous|preceding|previously"
    r"|beforehand|earlier)\b"
    r"|\bthe (?:one|moment|scene|clip|part|bit|shot|thing) (?P<soon>right |just |directly |immediately )?"
    r"(?P<before>before|after)\b(?=\W*$)"
    r"|\b(?P<later>later(?: on)?|further (?:on|along|in)|afterwards?|thereafter|from (?:then|there|here) on(?:wards?)?"
    r"|subsequently|after)\b(?=\W*$|\s*[,;])"
    r"|\b(?P<then>then)\b(?=\W*$)|^(?:and |but )?(?P<first>then)\b|\b(?P<ahead>before)\b(?=\W*$)",
    re.I,
)
_GO_ON = re.compile(
    r"\W*(?:please )?(?:go on|continue|carry on|keep going|proceed|move on|skip ahead|what follows)(?: please| "
    r"then)?\W*",
    re.I,
)
_LED = re.compile(
    rf"\bwhat (?:(?P<before>(?:led|leads) (?:up )?to|preceded|precedes)|followed|follows) (?P<what>{REFERENCE}"
    r"|it|that|this)\W*$",
    re.I,
)
_ANOTHER_TIME = re.compile(r"\b(?:the )?(?:next|(?P<back>previous)) time\b(?: that\b| when\b)?(?=\s+\w)", re.I)
_WHO = re.compile(r"\b(?:he|she|they)\b", re.I)
_MEANWHILE = re.compile(
    r"\b(?:meanwhile|at the same time|at that (?:time|moment|point)|in the meantime|simultaneously|as that happens)\b",
    re.I,
)
_OPENS = re.compile(
    r"\W*(?:and |but |so |now )*(?:right |just )?(?:(?:while|after|before|during|once)\b[^,;:?]*(?:\?|\W*$"
    r"|[,;:]\s*(?:what|who|where|when|which|how|is|are|does|do|did|show|find))|in )",
    re.I,
)
_DESCRIBED = re.compile(
    rf"\b{_SOON}(?<!named )(?<!called )(?P<way>before|(?<!look )(?<!looks )(?<!looking )after|while|during|as "
    r"soon as|once)\s+"
    r"(?P<what>(?!midnight\b|dark\b|sunset\b|all\b|that\b|school\b|work\b|noon\b|dinner\b|lunch\b)[^,;?!.:]+)",
    re.I,
)
_END_OF = rf"(?:\s+(?:of|in)\s+(?:the |that |this )?(?:whole |entire )?(?:{_FILM}|it\b|(?={SLOT})))?(?!\s+of\b)"
_AT_START = re.compile(
    r"\b(?:(?:at|in|from|near|by|towards?|right at|back to|to) (?:the |its )?(?:very )?(?:start|beginning"
    rf"|opening(?: scene)?|outset|intro)\b{_END_OF}"
    rf"|(?:the |its )?(?:very )?(?:first|opening) (?:scene|shot|moment|clip|part)\b(?: (?:of|in)\b)?"
    rf"|the (?:beginning|start|opening|intro)\b{_END_OF}(?=\W*$)|to begin with\b)",
    re.I,
)
_AT_END = re.compile(
    r"\b(?:(?:at|in|near|by|towards?|until|right at|to) (?:the |its )?(?:very )?(?:end|ending|finish|close"
    rf"|finale|last)\b{_END_OF}(?!\s+(?:time|minute|second|one))"
    rf"|(?:the |its )?(?:very )?(?:last|final|closing|ending) (?:scene|shot|moment|clip|part|bit)\b(?: (?:of|in)\b)?"
    rf"|the (?:ending|finale|end)\b{_END_OF}(?=\W*$)|in the end\b|finally\b(?=\W*$))",
    re.I,
)
_BEGINS = re.compile(
    r"\bhow(?: does| do| did| will| would|'s| is)\s+(?P<who>.*?)\s+(?P<way>begin|start|open|end|finish|close"
    r"|conclude)(?: "
    r"off| up)?\b(?=\W*(?:$|then|please))"
    r"|\bhow (?:it|this|that|they) (?P<way2>begins|starts|opens|ends|finishes)\b"
    r"|\bwhat(?: does| do|'s| is)\s+(?P<who2>.*?)\s+(?P<way3>begin|start|open|end) (?:with|on)\b",
    re.I,
)
_TIMES: tuple[tuple[Relation, str], ...] = (
    (
        "every_time",
        r"(?:every|each)(?: single)? (?:time|moment|scene|occasion|clip|instance|shot|occurrence)(?: (?:that"
        r"|when|where|in which|with|of|showing))?"
        r"|all (?:the |of the )?(?:times?|moments|scenes|occasions|occurrences|instances)(?: (?:that|when"
        r"|where|in which|with|of|showing))?|whenever|all of the times|every one of them",
    ),
    (
        "first_time",
        r"(?:the )?(?:very )?first time(?: that| when)?|(?:the )?earliest(?: (?:time|moment))?|for the first "
        r"time|(?:the )?first (?:appearance|occurrence)(?: of)?|first (?=appears?|shows? up|seen|see)",
    ),
    (
        "last_time",
        r"(?:the )?(?:very )?(?:last|final) time(?: that| when)?|for the last time|(?:the )?last (?:appearance"
        r"|occurrence)(?: of)?|last (?=appears?|shows? up|seen|see)",
    ),
)
_QUESTION = re.compile(
    r"\W*(?:and |but |so |now |ok |the )*(?:what|who|where|when|which|how|why|is|are|does|do|did|was|were|has"
    r"|can|could|show|find|"
    rf"whose|whom|tell|any|list|give|look|i|in {SLOT}|{SLOT})",
    re.I,
)
_TIME_OF = tuple((relation, re.compile(rf"\b(?:at |on )?(?:{pattern})\b", re.I)) for relation, pattern in _TIMES)
_FIRST_NOUN = re.compile(
    r"\bthe (?P<way>first|last|final) (?=[a-z]+)(?!(?:time|minute|second|half|hour|two|three)\b)", re.I
)
_WHO_FIRST = re.compile(rf"\b(?P<way>first|last)(?=\W*$|\s+(?:(?:in|of)\s+)?{SLOT})", re.I)
_NOTHING_ASKED = frozenset(
    """
    what who happens happen happened happening comes come came goes go next show me us see going on is was are
    were there and the one moment scene clip thing then it do does did up in of right just please anything
    something tell about now take place takes occurs can you i we so ok to else for s describe whole more less
    roughly give two three few couple scenes moments clips shots short brief briefly good worth like any miss missed
    missing did get got witness shown shows seen contain contains or skip
    story plot play open rewind repeat replay watch again make
    directly immediately shortly straight back follows follow followed came went occurred all everything be
    """.split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Related:
    """A relation in time. `anchor` describes the moment it counts from; `implied` tells that it was not said at all."""

    relation: Relation | None = None
    anchor: str = ""
    implied: bool = False
    pronoun: str = ""


def take_relation(reading: Reading, talking: bool, video: bool) -> Related:
    """Take the relation in time out of the words.

    Args:
        reading: the words.
        talking: whether anything was shown, so that "and then?" counts from it.
        video: whether a film is named or at hand, so that "the last car" is the last in it.
    """
    if found := _FROM_POINTED.search(reading.text):
        reading.text = f"{reading.text[: found.start()]} {found['slot']} {reading.text[found.end() :]}".strip()
        return Related("before" if found["start"] else "after")
    if found := _POINTED.search(reading.text):
        return _pointed(reading, found)
    if (found := _BEGINS.search(reading.text)) and (begun := _begins(reading, found)):
        return begun
    if found := _LED.search(reading.text):
        way = "before" if found["before"] else "after"
        reading.text = f"what happens {found['what']}"
        return Related(_side(way, True), implied=not re.search(REFERENCE, reading.text))
    if placed := _in_the_film(reading):
        return placed
    if talking and (implied := _implied(reading)):
        return implied
    return _described(reading) or _by_place(reading, video)


def _in_the_film(reading: Reading) -> Related | None:
    """Take out which of all times is wanted, or a place in the film."""
    for relation, pattern in _TIME_OF:
        if (found := pattern.search(reading.text)) and _speaks_of_times(found):
            reading.cut(*found.span())
            return Related(relation)
    for start, pattern in ((True, _AT_START), (False, _AT_END)):
        if found := pattern.search(reading.text):
            reading.cut(*found.span())
            return Related("at_start" if start else "at_end")
    return None


def _implied(reading: Reading) -> Related | None:
    """Take out what counts from what was last shown without a word for it: "and then?", "meanwhile"."""
    if found := _ANOTHER_TIME.search(reading.text):
        reading.cut(*found.span())
        return Related("before" if found["back"] else "after", implied=True)
    if _GO_ON.fullmatch(reading.text):
        reading.text = "what happens"
        return Related("right_after", implied=True)
    if found := _MEANWHILE.search(reading.text):
        reading.cut(*found.span())
        return Related("during", implied=True)
    found = _NEXT_TO.search(reading.text)
    return _next(reading, found) if found else None


def _speaks_of_times(found: re.Match[str]) -> bool:
    """Tell whether "every time" and the like say what is wanted: in a question, or at either end of a phrase."""
    text = found.string
    if re.search(r"\bhow (?:often|many)\b", text, re.I):
        return False
    at_an_end = not words(text[: found.start()]) or not words(text[found.end() :])
    return at_an_end or len(words(text)) < 8 or _QUESTION.match(text) is not None


def _pointed(reading: Reading, found: re.Match[str]) -> Related:
    way, soon = found["way"].lower(), found["soon"]
    start = found.start("soon") if soon else found.start("way")
    end = found.start("slot") if found["slot"] else found.end()
    reading.cut(start, end)
    whole = re.search(r"\b(?:everything|all)\b", reading.text, re.I) is not None
    return Related(
        _side(way, bool(soon) or (asks_nothing(reading.text) and not whole)), pronoun=(found["it"] or "").lower()
    )


def asks_nothing(text: str) -> bool:
    """Tell whether nothing is asked but what happens."""
    return set(words(re.sub(SLOT, " ", text))) <= _NOTHING_ASKED


def _side(way: str, right: bool) -> Relation:
    if way in ("during", "while"):
        return "during"
    if way in ("before", "preceding", "previous", "until", "up to", "prior to"):
        return "right_before" if right else "before"
    return "right_after" if right else "after"


def _begins(reading: Reading, found: re.Match[str]) -> Related | None:
    way = (found["way"] or found["way2"] or found["way3"]).lower()
    who = found["who"] or found["who2"] or ""
    left = re.sub(rf"\b(?:the |that |this )?(?:{_FILM}|it)\b|{SLOT}", " ", who)
    if set(words(left)) - STOP_WORDS:
        return None
    kept = "".join(re.findall(SLOT, who)) + (" it" if re.search(r"\bit\b", found[0], re.I) else "")
    reading.text = f"{reading.text[: found.start()]} what happens {kept} {reading.text[found.end() :]}".strip()
    return Related("at_end" if way[:3] in ("end", "fin", "clo", "con") else "at_start")


def _next(reading: Reading, found: re.Match[str]) -> Related | None:
    """Return the relation of "and then?" where nothing else is asked, or that of "is he hurt afterwards?"."""
    back = found["previous"] or (found["before"] or "").lower() == "before" or found["ahead"]
    rest = f"{reading.text[: found.start()]} {reading.text[found.end() :]}"
    who = _WHO.search(rest)
    if (
        asks_nothing(_WHO.sub(" ", rest))
        and not re.search(r"\bagain\b", rest, re.I)
        and not ((found["first"] or found["then"]) and re.search(REFERENCE, rest))
    ):
        reading.text = (
            "the one before"
            if found["before"] and back and not found["soon"]
            else f"what happens {who[0] if who else ''} {''.join(re.findall(SLOT, rest))}"
        )
        if found["before"] and not found["soon"]:
            return Related("before" if back else "after", implied=True)
        return Related("right_before" if back else "right_after", implied=True)
    if found["later"] or (found["ahead"] and not back) or re.fullmatch(r"beforehand|previously", found[0], re.I):
        reading.cut(*found.span())
        return Related("before" if back else "after", implied=True)
    return None


def _described(reading: Reading) -> Related | None:
    if not (_QUESTION.match(reading.text) or _OPENS.match(reading.text)):
        return None
    found = _DESCRIBED.search(reading.text)
    if found is None or not set(words(found["what"])) - STOP_WORDS or found["what"].strip()[:1].isdigit():
        return None
    start = found.start("soon") if found["soon"] else found.start("way")
    left = f"{reading.text[:start]} {reading.text[found.end() :]}"
    if re.fullmatch(r"\W*(?:when|where|who|what)\W*", left, re.I):
        return None
    reading.text = left.strip()
    slots = "".join(re.findall(NAME, found["what"]))
    reading.text = f"{reading.text} {slots}".strip()
    way = "after" if found["way"].lower() in ("as soon as", "once") else found["way"].lower()
    anchor = " ".join(re.sub(SLOT, " ", found["what"]).split())
    return Related(_side(way, bool(found["soon"]) or asks_nothing(reading.text)), anchor)


def _by_place(reading: Reading, video: bool) -> Related:
    if video and _QUESTION.match(reading.text) and (found := _FIRST_NOUN.search(reading.text)):
        return Related("first_time" if found["way"].lower() == "first" else "last_time")
    asks = re.match(r"\W*(?:who|what|which|where)\b", reading.text, re.I)
    if asks and (found := _WHO_FIRST.search(reading.text)):
        reading.cut(*found.span())
        if asks_nothing(reading.text):
            return Related("at_start" if found["way"].lower() == "first" else "at_end")
        return Related("first_time" if found["way"].lower() == "first" else "last_time")
    return Related()
