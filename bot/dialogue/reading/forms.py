"""Which kind of reply the form of the words asks for. Pure."""

import re

from bot.dialogue.plan import ActName, Wanted
from bot.dialogue.reading.closed_words import AUXILIARY, DETERMINER, QUESTION
from bot.dialogue.reading.utterance import clause
from retrieval.analysis import words

_COUNT = re.compile(
    r"\bhow (?:many|often)\b|\b(?:the )?number of (?!the\b)|\bcount (?:the|all|every|how|them|those)\b|^\W*count\b",
    re.I,
)
_SUMMARY = re.compile(
    r"\b(?:sum (?:\w+ ){0,4}?up|summar\w+|recap|gist|tl;?dr|in short|in a nutshell|overview|outline"
    r"|synopsis|in (?:one|a few|two|three) (?:sentences?|words|lines))\b",
    re.I,
)
_COMPARE = re.compile(
    r"\b(?:compar\w+|differences?|differ|versus|vs|alike|in common|side by side|both of (?:them|these|those))\b"
    r"|\bthe same\b.*\b(?:as|both|in)\b",
    re.I,
)
_MORE = re.compile(
    r"\b(?:which|who|what)\b.*\b(?:longer|shorter|more|less|fewer|bigger|smaller|older|better|\w+er than)\b", re.I
)
_FIND = re.compile(
    r"\W*(?:and |but |so |now |ok |then |please )*(?:where|when|show|find|search|look|which|any|another|play"
    r"|open|go|jump|take|give|get|bring|(?:is|are|was|were) there|have you|do you have|got|can i see|let me see"
    r"|(?:in |at )?what (?:time|point|moment)|i (?:want|need|would like|'d like|search|am looking|'m looking))\b",
    re.I,
)
_YES_NO = re.compile(r"\W*(?:and |but |so |now |ok |then |well )*(?P<first>[a-z]+)\b", re.I)
_ASKS = r"(?:^\W*|[,.;:?!]\s*|\b(?:and|but|so|then|since|by|to|with|for|from|of|know|me)\s+)"
_WANTED: tuple[tuple[Wanted, re.Pattern[str]], ...] = (
    ("colour", re.compile(r"\b(?:what|which) colou?rs?\b", re.I)),
    (
        "number",
        re.compile(r"\bhow (?:many|much|old|far|long|tall|high|big|deep|fast)\b|\b(?:what|at what) price\b", re.I),
    ),
    ("time", re.compile(rf"{_ASKS}when\b|\b(?:what|which) (?:time|year|month|day|date)\b", re.I)),
    ("person", re.compile(rf"{_ASKS}who(?:m|se)?\b|\b(?:what's|what is) (?:his|her|their) name\b", re.I)),
    ("place", re.compile(rf"{_ASKS}where\b|\b(?:what|which) (?:city|town|country|place)\b", re.I)),
)
_TWO = re.compile(
    r"(?P<one>(?:the|an?|his|her|my|two|three)\s\S.*?)\s(?:and|with|to|versus|vs\.?|against|from)\s"
    r"(?P<other>(?:the|an?|his|her|my|two|three)\s\S.*)",
    re.I,
)
_DESCRIBES = re.compile(
    r"\b(?:what|tell|describe|about|explain|anything|everything|content|contents|story|plot|happen\w*|show\w*|open|play)\b",
    re.I,
)


def act_of(text: str, several: bool) -> ActName:
    """Return the act that the form of the words asks for.

    Args:
        text: what is said.
        several: whether several moments or videos are pointed at or at hand, so that they can be compared.
    """
    if _SUMMARY.search(text):
        return "summarise"
    if re.search(r"\bcompar|\bdifference|\bversus\b|\bvs\b", text, re.I) or (
        several and (_COMPARE.search(text) or _MORE.search(text))
    ):
        return "compare"
    if _COUNT.search(text):
        return "count"
    said = words(clause(text))
    if _FIND.match(text) or _FIND.match(clause(text)):
        return "find"
    opening = next((word for word in said if word in QUESTION | AUXILIARY), "")
    return (
        "ask" if opening and (text.rstrip().endswith("?") or said[:1] == [opening] or opening in QUESTION) else "find"
    )


def asks_yes_no(text: str) -> bool:
    """Tell whether a text is answered by yes or no."""
    found = _YES_NO.match(text)
    if found is None or found["first"].lower() not in AUXILIARY - {"s", "re", "ve", "ll", "d", "m", "t", "let", "lets"}:
        return False
    if re.search(r"\bor (?!not\b)|\bhow\b|\bwhat\b|\bwhy\b", text, re.I):
        return False  # "or" leaves a choice
    second = words(text[found.end() :])[:1]
    return not second or second[0] not in ("you", "i", "we") or bool(set(words(text)[:4]) & {"there", "any"})


def wanted_in(text: str) -> Wanted | None:
    """Return which kind of words answers a question, of the first thing that it asks; None where no form tells."""
    found = [(match.start(), kind) for kind, pattern in _WANTED if (match := pattern.search(text))]
    return None if asks_yes_no(text) else min(found, default=(0, None))[1]


def describes(text: str) -> bool:
    """Tell whether a text asks what a whole thing holds, where nothing else of it is asked."""
    said = set(words(text))
    return not said & {"who", "why", "when", "where"} and (
        bool(_DESCRIBES.search(text)) or said <= QUESTION | DETERMINER
    )


def two_described(text: str) -> tuple[str, str] | None:
    """Return the two things that words set side by side, "the dog with the cat"; None where they are not two."""
    found = _TWO.search(re.sub(r"^.*?\b(?:compare|between|difference of)\b\s+", "", text, flags=re.I))
    return (found["one"], found["other"].rstrip(" ?.!")) if found else None
