"""Which aspect of a picture a question asks for, and whether it is answered by what is said. Pure; English."""

import re
from typing import Literal

Aspect = Literal["kind", "count", "colour", "action", "place", "object", "weather", "happening", "describe", "holds"]
"""`holds` asks whether all that is said is so."""

_ASKED: tuple[tuple[Aspect, re.Pattern[str]], ...] = (
    ("colour", re.compile(r"\b(?:what|which) colou?rs?\b")),
    ("count", re.compile(r"\bhow many\b|\bthe number of\b|^count\b")),
    ("weather", re.compile(r"\bweather\b")),
    ("place", re.compile(r"^\W*where (?:is|are|do|does|can)\b|\b(?:in|at) (?:what|which) (?:kind of )?place\b")),
    ("happening", re.compile(r"\bwhat (?:is |are |was )?(?:happen\w*|going on)\b|\bwhat do we see happening\b")),
    ("action", re.compile(r"\bwhat\b.*\b(?:doing|do)\W*$|\bwhat (?:is|are|does|do|did|can we see)\b.*\bdoing\b")),
    (
        "object",
        re.compile(
            r"\b(?:what|which (?:thing|object)) (?:is |are |do we see |can we see |there |lies |stands )*"
            r"(?:beside|next to|close to)\b"
        ),
    ),
    ("describe", re.compile(r"^(?:please )?describe\b|\bwhat (?:is|do we see|can be seen) in the (?:picture|frame)\b")),
    ("kind", re.compile(r"^\W*(?:and )?who\b")),
    ("holds", re.compile(r"^\W*(?:is|are|was|were|does|do|can) (?!you\b|i\b)")),
)

_HEARD = re.compile(
    r"\b(?:when|why|what time|how (?:long|old|much|far|often|come)|says?|said|saying|tells?|told|asks?|asked|called"
    r"|named?|costs?|mentions?|mentioned|explains?|explained|announced?|announcement)\b",
    re.IGNORECASE,
)


def asked_aspect(question: str) -> Aspect | None:
    """Return what a question wants to know of a picture; None where no picture can tell (when, why, how long)."""
    said = " ".join(question.lower().split())
    return next((aspect for aspect, pattern in _ASKED if pattern.search(said)), None)


def answered_by_words(question: str) -> bool:
    """Tell whether a question is answered by what is said or written, and hardly by a frame."""
    return _HEARD.search(question) is not None
