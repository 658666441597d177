"""Which kind of reply the form of the words asks for. Pure."""

import re

from bot.dialogue.plan import ActName
from bot.dialogue.planning.reading import SLOT
from bot.dialogue.planning.word_kinds import FILES
from retrieval.analysis import words

_ALL_FILMS = frozenset(
    "videos films clips movies recordings files library collection catalogue catalog archive".split()  # noqa: SIM905
)
_LISTING = frozenset(
    """a again all altogether an any are available can choose collection could did do else every everything exist for
    from full get give got have here hold i in is know let library list many may me my name of offer on other our
    please s see show some stored tell the them there titles to together total us ve want watch we what whole which
    would you your contain contains complete indexed ll d ask about loaded uploaded imported saved search pick browse
    look at there right now currently so far anything stuff re""".split()  # noqa: SIM905
)
_COUNT = re.compile(
    r"\bhow (?:many|often)\b|\b(?:the )?number of (?!the\b)|\bcount (?:the|all|every|how|them|those)\b"
    r"|^\W*count\b|\bhow many times\b",
    re.I,
)
_SUMMARY = re.compile(
    r"\b(?:sum(?:s|med)? (?:it |that |this |them |these |those )?(?:all )?up|summari[sz]e[ds]?|summary|summaries"
    r"|recap(?:itulate)?|gist|tl;?\s?dr|in short"
    r"|(?<!is )(?<!are )(?<!was )(?<!were )(?<!one )(?<!looks )shorter(?! than)|briefly"
    r"|in a nutshell|in (?:one|a|two|three|four|few|a few|brief|\d) (?:short )?(?:sentences?|words?|lines?)"
    r"|(?:key|main|important) (?:points?|ideas?|facts?|things?)|shorten|overview"
    r"|outline|synopsis|digest|catch me up|up to speed|fill me in|long story short|bottom line|in brief"
    r"|r[e\u00e9]sum[e\u00e9] (?:of|from)"
    r"|condense[d]?|boil .{1,60}? down|run-?down|(?:short(?:er|est)?|quick) version|highlights|wrap "
    r"(?:it|this|that)(?: all)? up)\b",
    re.I,
)
_COMPARE = re.compile(
    r"\b(?:compare[ds]?|comparison|differences?|differ|different from|differently|in common|alike"
    r"|similar(?:it(?:y|ies))?|side by side with|versus|vs)\b"
    r"|\b(?:is|are|do|does|did|was|were|have|has|look|looks)\b.*\bthe same\b|\b(?:the )?same\b.*\b(?:as|in both"
    r"|both)\b|\bboth\b.*\b(?:same|too|also|have|show|are)\b|^(?:do|are|is|does) both\b"
    r"|\bnext to each other\b|\b(?:sets?|tells?|keeps?) (?:them |these |those |the two )?apart\b|\bcontrast\b"
    r"|\bagainst each other\b|\bdistinguish(?:es)?\b|\bdistinctions?\b|\bresembl\w+\b|\bunlike each other\b",
    re.I,
)
_MORE = re.compile(r"\b(?:more|less|fewer|most|least|[a-z]{3,}(?:er|est))\b")
_NO_MORE = frozenset(
    """water paper her other over under after ever never together summer winter tower flower letter number dinner
    river driver water corner counter member remember rather whether weather either neither butter ladder another
    super order wonder shoulder finger teacher dancer player singer baker farmer rider runner worker wear later
    answer offer enter center cover father mother brother sister daughter passenger computer poster sweater
    order matter better-off soccer conductor keeper officer reader writer swimmer
    forest guest rest chest west nest harvest interest contest test""".split()  # noqa: SIM905
)
_FIND = re.compile(
    r"\W*(?:and |but |or |so |now |then |ok |also )*(?:"
    r"where\b|when\b|show\b|find\b|look(?:ing)? for\b|search\b|i(?:'m| am) (?:looking|searching)\b|let me "
    r"see\b|let's (?:see|watch)\b"
    r"|which (?:other )?(?:"
    + FILES
    + r"|moments?|scenes?|parts?|ones?|shots?)\b|which (?:is|are|was|were) the ones?\b|which of\b|(?:in|on"
    r"|at) which (?:of|ones?)\b|in which (?:other )?(?:"
    + FILES
    + r"|moment|scene|part)\b|which "
    + SLOT
    + r"|(?:is|are|was|were|isn't|aren't|wasn't) there\b|there(?:'s| is| was)\b.*\?|have you got\b|do you "
    r"have\b|have you\b|got any\b|do we have\b"
    r"|any(?:one|body|thing|where)?\b|at (?:what|which) (?:time|point|moment)\b|play\b|open\b|go (?:back "
    r")?to\b|take me\b|jump\b|give me\b|get me\b|bring\b|repeat\b"
    r"|i (?:only |just |really )*(?:want|need|would like|'d like|wanna)\b|i'd like\b|can (?:i|you|we) (?:see"
    r"|find|show)\b|could (?:i|you|we) (?:see|find|show)\b|would you mind\b|may i see\b|back to\b|"
    r"(?:he|she) wants to see\b|do you (?:know|remember) where\b|can you (?:tell me )?where\b|tell me where\b"
    r"|tell me when\b|another\b)",
    re.I,
)
_ASK = re.compile(
    r"\W*(?:and |but |or |so |now |then |ok |also |tell me |do you know |can you tell me |i wonder )*(?:"
    r"who|whom|whose|what|why|how|which|is|are|was|were|does|do|did|has|have|had|can|could|will|would|should"
    r"|isn't|aren't|wasn't|doesn't|don't|didn't|tell me|more (?:about|on|of)|explain|"
    r"(?:at|in|for|with|on|to|from|by|of|about|under|near|behind|through) (?:whom|what|which|whose|how)|describe"
    r"|until when|since when|if|whether|name (?:the|all|every|each))\b",
    re.I,
)
_WHERE = re.compile(r"\W*(?:where|when|which|is there|are there)\b", re.I)
_STATED = re.compile(
    r"^\W*(?:so |and |but )?[A-Z]?\w+ (?:is|isn't|are|aren't|was|wasn't|does|doesn't|did|didn't|can|can't)\b"
)
_WITHIN = re.compile(
    r"[,:.!?]+\s*(?:and |so )?(?P<rest>(?:what|who|where|when|which|how|why|whose|is|are|does|do|did|can|whats"
    r"|has|was|were|show|find)\b.*)$",
    re.I,
)


def asks_for_list(text: str) -> bool:
    """Tell whether the words ask which videos there are, and nothing else."""
    said = words(text)
    if not said or not set(said) <= _LISTING | _ALL_FILMS | {"how"}:
        return False
    if "other" in said and not set(said) & {"what", "which", "how"} or said[:1] == ["and"]:
        return False
    if set(said) & (_ALL_FILMS - {"clips"}) or ("clips" in said and said[-2:] != ["the", "clips"]):
        return True
    if set(said) & {"list", "everything", "available"}:
        return True
    return (
        "what" in said and bool(set(said) & {"you", "we", "i"}) and bool(set(said) & {"have", "got", "watch", "offer"})
    ) or {"what", "there", "watch"} <= set(said)


def asks_summary(text: str) -> bool:
    """Tell whether the words hold a word for a summary."""
    return _SUMMARY.search(text) is not None


def act_of(text: str, several: bool, whole: bool = True) -> ActName | None:
    """Return the act that the form of the words asks for, None for a bare phrase.

    Args:
        text: the words, with slots.
        several: whether several moments are pointed at or at hand, so that they can be compared.
        whole: whether it is the whole utterance, whose last question counts.
    """
    if _SUMMARY.search(text):
        return "summarise"
    if re.search(r"\bcompar|\bdifference", text, re.I) or (several and (_COMPARE.search(text) or is_more(text))):
        return "compare"
    if _COMPARE.search(text) and re.search(r"\b(?:as in|as the one|than|in common)\b", text, re.I):
        return "compare"
    if _COUNT.search(text):
        return "count"
    if whole and not (_ASK.match(text) or _WHERE.match(text)) and (found := _WITHIN.search(text)):
        return act_of(found["rest"], several, whole=False)
    if _FIND.match(text):
        return "find"
    if _ASK.match(text) or (text.rstrip().endswith("?") and _STATED.search(text)):
        return "ask"
    return _after_slot(text, several, whole)


_LENGTH = re.compile(
    r"\W*(?:and |so |but )*(?:how (?:long|many (?:minutes|seconds|hours)) (?:is|are|was|does|do|did)"
    r"|(?:what(?:'s| is) )?the (?:length|duration|running time) of)\s+"
    r"(?P<what>\S.*?)(?:\s+(?:last|run|take|go on|in total|all together|long))*\W*",
    re.I,
)


def whose_length(text: str) -> str:
    """Return the words for what the length is asked of, empty where no length is asked."""
    found = _LENGTH.fullmatch(text)
    return found["what"] if found else ""


_TWO = re.compile(
    r"(?P<one>(?:the|an?|his|her|my|two|three)\s\S.*?)\s(?:and|with|to|versus|vs\.?|against|from)\s"
    r"(?P<other>(?:the|an?|his|her|my|two|three)\s\S.*)",
    re.I,
)


def two_described(query: str) -> tuple[str, str] | None:
    """Return the two things that words set side by side, "the dog with the cat"; None where they are not two."""
    found = _TWO.fullmatch(query)
    return (found["one"], found["other"]) if found else None


def _after_slot(text: str, several: bool, whole: bool) -> ActName | None:
    """Return the act of what follows a slot at the front: "SLOT who sings"."""
    rest = re.sub(rf"^(?:\W|\b(?:in|at|from|for|of|and|the|ok|back to|now|on|watch)\b|{SLOT})+", "", text, flags=re.I)
    if rest and rest != text:
        if found := _FIND.match(rest):
            return "find"
        if found := _ASK.match(rest):
            return "ask"
    found = re.search(r"[.!?]\s+(?=\w)(?P<rest>.+)$", text)
    return act_of(found["rest"], several, whole=False) if found and whole else None


def is_more(text: str) -> bool:
    """Tell whether the words ask which of several is longer, colder, has more."""
    if re.search(
        r"\b(?!(?:other|rather|another|later|over|after)\b)(?:more|less|fewer|[a-z]{3,}er)\b[^,.]* than\b", text, re.I
    ):
        return True
    asks = re.search(r"\b(?:which|who|what)\b(?P<rest>.*)", text, re.I)
    return asks is not None and bool(set(_MORE.findall(asks["rest"].lower())) - _NO_MORE)
