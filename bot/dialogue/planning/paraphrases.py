"""Ways to say the same: "I'm after", "walk me through", "the same in", each put as the rules expect it. Pure.

Only the frame of an utterance is reworded, at its front or its end; what is looked for stays as it was typed.
"""

import re
from functools import partial

from bot.dialogue.planning.word_kinds import FILMS

_ME = r"(?: (?:me|us))?"
_VERY = r"(?:just |only |still |really |actually |maybe |please |kindly |quickly )*"
_SEEN = (
    r"(?:i|we) (?:think |believe |guess |know |could swear )?(?:i |we |there (?:was|were) )?(?:once |just |have "
    r"|'ve )?"
    r"(?:remember(?:ed)?|recall|saw|seen|noticed)?(?: (?:seeing|there was|there being))?"
)
_FOUND = (
    r"(?:where (?:is|was|were|are) (?:that|it|they|this)|(?:can|could|would) you (?:please )?(?:find|show"
    r"|locate)(?: me)?"
    r"(?: (?:it|that|them))?|(?:please )?(?:find|show)(?: me)?(?: (?:it|that|them))?|which (?:video|film|clip"
    r"|one) (?:is|was) (?:it|that)"
    r"|when (?:is|was) (?:that|it))(?: again)?(?: please)?"
)
_LEADING = r"^(?P<lead>(?:(?:and|but|so|then|ok|okay|now|also|well)[\s,]+)*)"

_SUM = (
    r"(?P<sum>\b(?:sum(?:ming)? up|summar(?:y of|i[sz]e)|recap(?: of)?|overview of|wrap up|go over|condense"
    r"|compress|shorten))"
)
_SHOWN_THERE = (
    r"(?:that |which )?(?:happens?|happened|appears?|(?:you|we|i|one) (?:can )?sees?|(?:is|was) (?:shown|seen))"
)
_WAYS: tuple[tuple[str, str], ...] = (
    (r"\b(?P<who>he|she|it)'s\b", "{who} is"),
    (r"\b(?P<who>they|we)'re\b", "{who} are"),
    (
        rf"{_SUM} (?:all (?:of )?(?:that|this|these|those|it)|everything|the (?:results|lot|whole lot)|it all)(?:"
        rf" so far| until now)?\W*$",
        "{sum} everything you showed me",
    ),
    (
        r"^what (?:have we (?:seen|found|looked at)|did we (?:see|find)) so far\W*$",
        "summarise everything you showed me",
    ),
    (rf"{_SUM} both(?: of them)?\W*$", "{sum} both of them"),
    (
        r"\b(?:summari[sz]e|recap|sum up|describe) (?=what (?:happen|come|follow)\w* (?:right |just )?(?:before"
        r"|after)\b)",
        "",
    ),
    (r"^(?:go on|keep going|carry on|continue|proceed)\s*(?:,|and)\s*(?=what|then|show|who)", ""),
    (r"^(?P<lead>and )?(?:then what|what then|what(?:'s| is| comes| happens)? next)\W*$", "and then?"),
    (r"^and then what\W*$", "and then?"),
    (
        rf"{_LEADING}(?:what|which) (?P<films>{FILMS}) (?:do|did|have) (?:i|we|you) (?:have|got|own|keep|store)"
        r" (?=(?:about|with|of|on|from|showing|where|that)\b)",
        "{lead}which {films} are ",
    ),
    (
        rf"(?P<which>\b(?:{FILMS}|one|anything|something|everything)"
        r" (?:has|have|had|contains?|shows?|includes?|features?|with|showing|that (?:has|have)))"
        r" (?P<what>.+?) in (?:it|them)\W*$",
        "{which} {what}",
    ),
    (rf"{_LEADING}what(?:'s| is| was) the first thing {_SHOWN_THERE}", "{lead}what happens at the start"),
    (rf"{_LEADING}what(?:'s| is| was) the last thing {_SHOWN_THERE}", "{lead}what happens at the end"),
    # a wish to see
    (
        rf"{_LEADING}(?:{_SEEN}|there (?:was|were|is|are))\s+(?P<what>.+?)[,;.]\s*(?:so |but )?{_FOUND}\W*$",
        "{lead}find {what}",
    ),
    (rf"^(?P<what>(?:does|do|did|has|have|is|are|was|were)\b.+?)[,;.]\s*{_FOUND}\W*$", "show me where {what}"),
    (
        rf"{_LEADING}let(?:'s|{_ME})? (?:have a look at|take a look at|look at|go with|take|watch)\s+",
        "{lead}show me ",
    ),
    (rf"{_LEADING}i(?:'ll| will) (?:take|have|go (?:for|with))\s+", "{lead}show me "),
    (
        rf"{_LEADING}(?:have you |you )?got (?:anything|something|any(?:thing)?) (?:with|of|about|on)\s+",
        "{lead}is there ",
    ),
    (r"\s+for me(?=\W*$)", ""),
    (rf"{_LEADING}(?P<what>(?:that|the|a|an|some|any|my) .+?)[,;]\s*{_FOUND}\W*$", "{lead}find {what}"),
    (rf"{_LEADING}(?:have you |you )?(?:ever )?seen (?=an?\b|any\b|the\b|some\b)", "{lead}is there "),
    (rf"{_LEADING}(?:do|would|did) you (?:happen to|maybe|also|still) have\s+", "{lead}do you have "),
    (rf"{_LEADING}what (?:have you got|do you have|is there) (?:on|about|with|of)\s+", "{lead}find "),
    (rf"{_LEADING}(?:i|we) can(?:'t|not) (?:find|see|locate)\s+(?!it\b|that\W*$)", "{lead}find "),
    (
        rf"{_LEADING}(?:my|our|the) \w+ (?:wants?|needs?|would like|'d like|asked|is asking|are asking) (?:to"
        rf" (?:see|watch|find)|for)\s+",
        "{lead}show me ",
    ),
    (
        rf"{_LEADING}(?:surely |i'm sure |i think |i guess )?there(?:'s| is| are| was| were| must be| has to"
        rf" be)\s+(?P<what>.+?)"
        r"(?:\s+somewhere(?:\s*,?\s*(?:right|no|isn't there|wasn't there))?|\s*,?\s*(?:right|isn't there|wasn't"
        r" there))\W*$",
        "{lead}find {what}",
    ),
    # one of those shown, or none of them
    (r"^(?P<n>\d{1,2})\W*$", "number {n}"),
    (r"(?:^|\bthe )(?:former|top (?:one|result|hit|clip))\b", "the first one"),
    (r"(?:^|\bthe )(?:latter|bottom (?:one|result|hit|clip))\b(?! half)", "the last one"),
    (r"^(?:show|play|open)(?: me)? both\b", "both"),
    (r"\bthat one (?=(?:with|in|on|at|by|where|who)\b)", "the one "),
    (r"^(?:none of (?:these|those|them)|neither(?: of (?:them|these|those))?|wrong ones?)\W*$", "not these"),
    (r"^not (?:him|her|them|it)\W*$", "not that one"),
    (
        r"^(?:(?:(?:and|any|some|got|show me|give me|find) )*more(?: (?:of|like) (?:those|these|them|that|this))?"
        r"|one more|next result"
        r"|other examples?)(?: please)?\W*$",
        "another one",
    ),
    (r"^once more\W*$", "again"),
    (rf"{_LEADING}(?P<only>only |just )the ones (?=(?:in|on|at|with|from|by|of|without|near|under)\b)", "{lead}{only}"),
    (r"^(?P<what>(?:in|on|at|from|with|by) .+?)\s+only\W*$", "only {what}"),
    (rf"{_LEADING}make (?:it|that) (?=(?:an?|in|on|at|with|two|three|one)\b)", "and "),
    # what lies beside it, and of what it is
    (r"^(?:rewind|go back)(?: a (?:bit|little))?\W*$", "what happens before that"),
    (r"^(?:skip|go|move) (?:ahead|forward|on)(?: a (?:bit|little))?\W*$", "what happens after that"),
    (r"^(?:when exactly|at what time|what time (?:is|was) (?:that|this|it)(?: at)?)\W*$", "when is that"),
    (r"^(?:what|which) (?:film|video|clip) (?:is|was) (?:that|this|it) (?:from|in|out of)\W*$", "which film is this"),
    (r"^(?:more |some |the )?(?:details?|info|explain|elaborate)(?: please)?\W*$", "tell me more"),
    (rf"{_LEADING}how come\b", "{lead}why"),
    # a fact
    (
        rf"{_LEADING}(?:(?:is|can|could) it (?:be )?(?:true |the case )?that|(?:can|could) you {_VERY}(?:check"
        rf"|see|tell{_ME}|say|find out"
        rf"|verify) (?:if|whether)|i(?:'m| am)? wonder(?:ing)? (?:if|whether))\s+",
        "{lead}tell me if ",
    ),
    (r"^(?P<what>.+?)\s*,\s*(?:yes or no|true or false|yes/no)\W*$", "tell me if {what}"),
    (r"^when (?:did|does|do) (?:that|this|it) (?P<which>first|last) happen\b.*$", "when is the {which} time"),
    (r"\s*,\s*(?:do you know|any idea|or not|or did i dream (?:it|that)|or am i wrong)(?=\W*$)", ""),
    # a whole film
    (
        rf"{_LEADING}(?:(?:walk|talk|take|run|guide) me through|what (?:can|should|do) i expect (?:from|in|of)"
        rf"|what do you know about"
        r"|(?:i(?:'d| would) (?:like|love)|i want|i need) to (?:know|hear|learn) (?:more |something |everything"
        r" )?(?:about|of)"
        r"|(?:give me|i need|got) (?:some |more |any )*(?:info(?:rmation)?|details?|background) (?:on|about|of)"
        r"|what(?:'s| is) the (?:story|plot|content|subject|topic|theme) (?:of|in|behind))\s+",
        "{lead}tell me about ",
    ),
    (rf"{_LEADING}(?:(?:give me|i need|i want) )?an? (?:\w+ )?description of\s+", "{lead}tell me about "),
    (rf"{_LEADING}explain (?:to me )?what (?P<what>.+?) (?:is|was) about\W*$", "{lead}what is {what} about"),
    (
        r"\bfrom (?:start to (?:finish|end)|beginning to end|the (?:very )?(?:start|beginning) (?:to|till"
        r"|until) the end)\b",
        "",
    ),
    (
        r"^(?P<what>(?:and |but |ok |now )*tell me about .+?) from the (?:very )?(?:start|beginning|top)(?=\W*$)",
        "{what}",
    ),
    (r"\b(?:the )?rest of (?=(?:this|that|the) (?:video|film|clip|movie)\b)", ""),
    (r"^is that all (?:that )?(?P<who>he|she|they|it) (?:do|does|did)\W*$", "what else do {who} do"),
    (
        r"^(?:something|anything|someone|somebody|anyone|anybody) (?:else|different)(?=\W*$"
        r"|\s*,\s*not\b)(?:\s*,\s*not (?:that"
        r"|this)(?: one)?)?",
        "another one",
    ),
    # the same again
    (
        rf"{_LEADING}(?:(?:let's |let me )?try|(?:(?:the )?same|ditto)(?: (?:thing|question|search|one))?(?:"
        rf" again)?(?: (?:but|only|please))*"
        r"(?: (?:for|with))?)\s+(?!(?:video|film|clip|movie|colou?r|place|time|moment|scene|person|one)\b|as\b"
        r"|again\b)",
        "and ",
    ),
    (rf"{_LEADING}(?:or |and )*(?:maybe|perhaps)\s+", "or "),
)
_REWORDED = tuple((re.compile(pattern, re.I), put) for pattern, put in _WAYS)


def plainly(text: str) -> str:
    """Return an utterance in the frame that the rules know."""
    for pattern, frame in _REWORDED:
        text = pattern.sub(partial(_framed, frame), text)
    return text


def _framed(frame: str, found: re.Match[str]) -> str:
    return frame.format(**{name: said or "" for name, said in found.groupdict().items()})
