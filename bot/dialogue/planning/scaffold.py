"""Takes the scaffolding off a question, so that what is left reads like a caption. Pure.

"Is there a moment where a bird flaps its wings?" -> "a bird flaps its wings". What is quoted and every
`-exclusion` stays as the user wrote it.
"""

import re
from dataclasses import dataclass
from typing import Literal

from retrieval.analysis import STOP_WORDS, words

Kind = Literal["find", "ask"]

_MOMENT = (
    r"(?:moments?|scenes?|clips?|parts?|points?|times?|places?|spots?|shots?|frames?|segments?|sections?"
    r"|videos?|films?|movies?|footage|recordings?|ones?|bits?|sequences?)"
)
_BE = r"(?:is|are|was|were|does|do|did|has|have|had|can|could|will|would)"
_PRONOUN = r"(?:you|i|we|one|they)"

_ASKED = re.compile(
    r"\W*(?:(?:and|but|or|so|now|then|ok)\s+)*(?:(?:in|at|on|to|with|from|by|for|of) )?"
    r"(?:what|which|who|whom|whose|where|when|how|count)\b",
    re.I,
)
_SEEN = re.compile(
    r"\b(?:do|does|did|can|could|will|would|may|might|shall) (?:we|you|i|one)(?: (?:ever|actually|also|get to))*"
    r" (?:see|find|watch|notice|spot|observe|hear)\b\s*"
    r"|\b(?:can|could|may|might|is|are)(?: to)? be (?:seen|found|heard|spotted|observed)\b\s*"
    r"|(?<=\w) (?:are|is|were|was) there(?=\s+(?:in|on|at|by|near|under|beside|with|wearing|\w+ing)\b|\W*$)",
    re.I,
)
"""Whoever watches, inside a question: "which colour do we see", "can be seen"."""
_ATTRIBUTE = (
    r"(?:colou?rs?|kinds?|sorts?|types?|sizes?|shapes?|places?|locations?|settings?|weather|objects?|things?|number)"
)
_WORN = r"(?:coats?|clothes|clothing|outfits?|furs?|feathers|garments?|jackets?|dress(?:es)?|costumes?)"

_POLITE = re.compile(
    r"(?:hey|hi|hello|ok|okay|well|so|now|then|please|thanks|and|but|or|also|um|just|only)\b[\s,.!]+", re.I
)

# Each is tried at the front, again and again until none fits. "find" asks for moments, "ask" for a fact.
_SCAFFOLD: tuple[tuple[str, Kind | None], ...] = (
    (rf"(?:can|could|would|will) {_PRONOUN} (?:please )?(?:help me )?", None),
    (
        rf"{_PRONOUN}(?:'d| would)? (?:only |just |really )*(?:like|want|need|love) (?:you )?to (?:see|find"
        r"|know|watch|hear)\s+",
        None,
    ),
    (r"mind (?=(?:show|find|tell|giv|gett|look|play)\w*ing\b)", None),
    (r"(?:showing|finding|telling|giving|getting) (?:me|us)(?: about)?\s+", "find"),
    (
        r"how (?:many|often)(?: (?:times|different))?\s+(?:(?:of )?(?:the |my |your )?(?:videos|films|clips"
        r"|movies|moments|scenes|shots)\s+)(?:(?:that )?(?:have|has|show|contain|are there (?:with|of)|are "
        r"(?:about|with|of)|with|of|where|feature|include)\s+)?(?:there (?:is|are)\s+)?",
        "ask",
    ),
    (r"how (?:many|often)(?: times)?\s+(?:(?:do|can|did|does) (?:we|you|i) (?:see|find|watch|get)\s+)", "ask"),
    (r"(?:which|who)(?:'s| is| are| has| have| was| were) (?:the )?(?=\w+(?:er|est)\b)", "ask"),
    (rf"in (?:which|what) {_MOMENT}\s+(?:{_BE}\s+)?(?:there\s+)?", "find"),
    (r"whose\s+", "ask"),
    (
        r"(?:any chance (?:there is|there's|of)|i wonder(?: if| whether)?|(?:have you )?got any(?:thing)?(?: "
        r"on| about| with)?|pictures? of)\s+",
        None,
    ),
    (r"count (?:all |every )?", "ask"),
    (r"(?:what(?:'s| is) )?(?:the )?(?:total )?number of\s+", "ask"),
    (r"list (?:all )?(?:the )?(?=\S+ \S)", "find"),
    (r"compare\s+", "ask"),
    (r"(?:the |any )?(?:difference|differences|comparison) (?:between|of)\s+", "ask"),
    (r"(?:what|who|where|which|anything|anyone|anybody) else\s+", "ask"),
    (r"(?:something|anything|stuff|things) (?=(?:by|in|on|at|near|under|beside|from)\b)", None),
    (r"(?:something|anything|everything|somewhere|stuff|things) (?:with|about|where|of|like)\s+", None),
    (rf"{_PRONOUN}(?:'m| am|'re| are) (?:looking|searching) for\s+", "find"),
    (r"(?:let me|let's|let us) (?:see|find|watch)\s+", "find"),
    (r"(?:do|did|can|could) (?:you|i|we) (?:know|remember|have|see|find|spot)\s+", "find"),
    (r"(?:have you|you) (?:got|seen|have)\s+", "find"),
    (r"tell (?:me|us)(?: (?:about|if|whether))?\s+", "ask"),
    (r"(?:show|find|give|get|bring)(?: up)? (?:me|us)\s+", "find"),
    (
        r"(?:show|play|replay|watch)"
        r" (?=(?:the|an?|all|every|any|some|where|when|who|what|how|which|that|everything|everyone|anything)\b)",
        "find",
    ),
    (rf"(?:the|that) {_MOMENT} (?=(?:the|an?|he|she|they|his|her|their|two|three|somebody|someone) \S)", "find"),
    (r"(?:find|locate|search(?: for)?|look(?:ing)? for|jump to|go to|go back to|take me to)\s+", "find"),
    (r"(?:is|are|was|were) there\s+(?:anything|something)\s+(?:with|about|of|where|on)?\s*", "find"),
    (r"(?:is|are|was|were)(?:n't)? there\s+(?:ever\s+)?", "find"),
    (r"(?:we|you|i) (?:can |could )?(?:see|hear|watch|notice|spot)\s+", None),
    (
        rf"(?:which|what)(?: of (?:the|my|these|those))? {_MOMENT}\s+(?:that\s+)?"
        rf"(?:shows?|showing|has|have|had|contains?|includes?|features?|(?:is|are|was|were) about"
        rf"|talks? about|mentions?|with|where|of|in which|{_BE})?\s*(?:there\s+)?",
        "find",
    ),
    (
        rf"(?:(?:the|an?|any|some|all|every|each|those|that|this|exact|very)\s+)*{_MOMENT}\s+"
        r"(?:in (?:which|the (?:video|film|library)|my (?:videos|library))\s+)?"
        r"(?:where|when|which|that|with|about|showing|featuring|containing|in which|at which)\s+"
        r"(?:shows?|has|have|contains?|there (?:is|are)|is about)?\s*",
        "find",
    ),
    (
        r"(?:(?:the|an?|any|some|all|every)\s+)*(?:moments|scenes?|clips?|shots?|videos?|films?|footage) of\s+",
        "find",
    ),
    (
        rf"(?:where|when|at (?:what|which) (?:time|point|moment)|how often)\s+(?:exactly\s+)?"
        rf"(?:in the (?:video|film|clip|movie)\s+)?{_BE}\s+(?:(?:i|you|we) (?:see|find|hear|watch)\s+)?",
        "find",
    ),
    (r"(?:where|when)(?:'s|'re)?\s+", "find"),
    (
        r"what(?:'s| is| was| does| did)?\s+(?:happen(?:s|ed|ing)?|going on|goes on)\s*"
        r"(?:when|while|in|at|on|to|with|during|near|as)?\s+",
        "ask",
    ),
    (
        rf"(?:in |at |on |of |with )?(?:what|which)(?:'s| is| are)? (?:the |(?:kind|sort|type) of )?{_ATTRIBUTE}"
        rf"(?: of)?(?: (?:{_BE})(?= (?:the|an?|his|her|their|its|this|that|those|these|beside|next|near)\b)| (?=where\b"
        rf"|the\b|an?\b|beside\b))(?: where)?\s*",
        "ask",
    ),
    (r"(?:what|how)(?:'s| is| was)? (?:the )?weather (?:like )?(?:where|when|while|in which|as)\s+", "ask"),
    (rf"the {_WORN} of\s+", None),
    (rf"(?:who|whom|what|why|how)(?:'s|'re)?(?: (?:many times|many|much|long))?\s+(?:exactly )?(?:{_BE}\s+)?", "ask"),
    (rf"{_BE}(?:n't)? (?=\S+\s+\S)", "ask"),
    (r"any\s+", None),
)
_FRONTS = tuple((re.compile(pattern + r"(?=\S)", re.I), kind) for pattern, kind in _SCAFFOLD)

_TAIL = re.compile(
    r"(?:[\s?.!,;]+"
    r"|\s(?:please|anywhere|somewhere|at all|altogether|in total|all in all|overall|in all|there|again|then"
    r"|thanks|thank you|too|as well|instead|though"
    r"|in (?:it|them))"
    r"|\s(?:in|from|on|across|within|of) (?:(?:the|my|our|your|any|all(?: (?:the|my|our))?|these|those)\s+)?"
    r"(?:videos|library|collection|films|clips|movies|footage|recordings)"
    r"|\sin (?:any|the) (?:video|film|clip|movie))$",
    re.I,
)
_BARE = STOP_WORDS | {"often", "many", "find", "show", "search", "look", "something", "anything", "please"}
_STRANDED = re.compile(
    r"(?<=\w)\s+(?:wearing|dressed in|dressed|in|on|at|with|of|from|to|for|about|by|near"
    r"|next to)$",
    re.I,
)
_ACTING = re.compile(r"\s(?:do|doing|done|doing there|do there|(?:looks? )?like)$", re.I)


@dataclass(frozen=True, slots=True)
class Stripped:
    """The words left, and what kind of question the scaffolding made it."""

    query: str
    kind: Kind


def strip(question: str) -> Stripped:
    """Return a question without its scaffolding; empty where nothing but scaffolding was there.

    A bare phrase such as "telescope" is taken as a wish to find it.
    """
    text, kinds = _without_tail(" ".join(question.split())), list[Kind]()
    what = re.search(r"\bwhat\b", text, re.I) is not None
    if _ASKED.match(text):
        text = " ".join(_SEEN.sub(" ", text).split())
        text = _STRANDED.sub("", text)
    while (step := _one_front(text)) is not None:
        text, kind = step
        kinds += [kind] if kind else []
    if what:
        text = _ACTING.sub("", text)
    query = _without_tail(text)
    bare = all(word in _BARE for word in words(query))
    return Stripped("" if bare else query, kinds[0] if kinds else "find")


def _one_front(text: str) -> tuple[str, Kind | None] | None:
    if polite := _POLITE.match(text):
        return text[polite.end() :], None
    for pattern, kind in _FRONTS:
        if found := pattern.match(text):
            return text[found.end() :], kind
    return None


def _without_tail(text: str) -> str:
    while found := _TAIL.search(text):
        text = text[: found.start()]
    return text.strip()
