"""The words that point: "the second one", "that clip", "which of these", "the other film". Patterns only."""

import re

from bot.dialogue.planning.reading import REFERENCE
from bot.dialogue.planning.times import NUMBERS, ORDINALS

THING = r"(?:moment|clip|scene|shot|hit|result|one|part|bit|picture|match|point|sequence|section|passage)s?"


FILM = r"(?:video|film|movie|recording)s?"


ANY = rf"(?:{THING}|{FILM}|clip)"


NTH = rf"(?:{'|'.join(ORDINALS)}|last|latest|final|\d{{1,3}}(?:st|nd|rd|th))"


TO_THEM = r"(?:of (?:them|these|those|the (?:list|lot|bunch|three|two|four|five)|all))"


YOU_SHOWED = (
    r"(?:(?:that )?(?:you|u)(?:'ve| have)?(?: just)? (?:showed|shown|found|gave|given|mentioned|listed)(?: me| us)?)"
)


ON_LIST = r"(?:(?:on|in|from|of) (?:the|that|your|this) (?:list|results?))"


END = (
    r"(?=\s*(?:$|[?.!,;:)]|(?:too|again|please|now|then|instead|only|as well|though|do|does|did|is|are|was|were"
    r"|and|or|than|vs|versus|has|have|differ\w*|looks?|compared?|in there)\b))"
)


NOT_OF = (
    r"(?!\s+(?:with(?! (?:the |\[|#|number))|about(?!\W*$)|where|who|that|of|to|on|in which|wearing|time|minute|half"
    r"|second)\b)"
)


CARDINAL = "|".join(NUMBERS[1:])


HANDLE = re.compile(
    r"\[\s*(?P<a>\d{1,6})\s*\]|#\s?(?P<b>\d{1,6})\b|\b(?:moment|handle|citation)(?: number)? (?P<c>\d{1,6})\b", re.I
)


NUMBER = re.compile(
    rf"\b(?:the )?(?:(?:clip|scene|video|film|movie|result|hit) )?(?:number|no\.|nr\.?|result|hit|option|match)"
    rf" ?(?P<n>\d{{1,4}}|{CARDINAL})\b",
    re.I,
)


ORDINAL = re.compile(
    rf"\b(?:the |that |your |ur )?(?:very )?(?P<n>{NTH})(?:"
    rf" {ANY}(?: {TO_THEM})?(?: {YOU_SHOWED})?(?: {ON_LIST})?{NOT_OF}| {TO_THEM}| {YOU_SHOWED}| {ON_LIST})"
    rf"|\bthe (?P<several>first|last) (?P<count>two|three|four|five|{CARDINAL})(?: {ANY})?{END}|\bthe "
    rf"(?P<middle>middle|mid|second[ -](?:to[ -])?last|next[ -]to[ -]last)(?: (?:one|{ANY})\b|(?=\W*$))|\bthe "
    rf"(?P<bare>{NTH})(?: two)?{END}|^\W*(?:(?:show me|play"
    rf"|open|only|just) )?(?P<alone>{NTH})\W*$",
    re.I,
)


ALL = re.compile(
    r"\b(?:all|everything|what|whatever|all of what|the things|the (?:moments|clips|scenes)|all the (?:moments"
    r"|clips|scenes))"
    r" (?:of )?(?:that )?(?:you(?:'ve| have)?|we(?:'ve| have)?|i(?:'ve| have)?)(?: just| already)?"
    r" (?:shown|showed|found|seen|saw|looked at|listed)(?: me| us)?(?: so far| until now| till now| up to now)?",
    re.I,
)


AMONG = re.compile(
    r"\b(?P<which>(?:which|any|some|none|all|each|either|neither|most|how many|who|one)(?: ones?)?) (?:of"
    r"|among|out of) "
    rf"(?:these|those|them|both|the (?:two|three|four|five|{CARDINAL}|ones)|the {ANY})(?: {ANY})?\b"
    rf"|\b(?P<one>which (?:one|ones))\b(?! of)|^\W*(?:(?:and|so|but) )?which\b(?= (?:is|are|was|were) (?:the|an?)\b)"
    rf"|\b(?:in|among|from|of) (?:those|these|them)\b(?= (?:which|who|where|is|are|any|with|\w+ing)|,|\W*$)",
    re.I,
)


THE_ONE = re.compile(
    r"(?<!\bis he )(?<!\bis she )(?<!\bis it )(?<!\bis that )(?<!\bare they )"
    r"\b(?:the (?:ones?|two|three)|(?:those|these)(?= (?:with|without|in|on|at|from|by|near|who|that"
    r"|wearing)\b)) (?!(?:in|of|from) "
    rf"{REFERENCE})"
    r"(?!(?:before|after|you|i|we|is|are|was|that comes|in it|please|again|two)\b)(?=(?:[a-z]+\b"
    r"|with|without|by|about|on|in|at|where|who|that|which|wearing|from|near|of|under|behind|next|having|"
    r"holding|showing|outside|inside|doing|\w+ing)\b)",
    re.I,
)


ADJECTIVE_ONE = re.compile(
    r"\bthe (?P<what>(?!same\b|other\b|only\b|new\b|right\b|wrong\b|next\b|previous\b|whole\b)[\w'-]+(?: "
    r"[\w'-]+)?) one\b"
    r"(?!\s+(?:before|after))",
    re.I,
)


OTHER = re.compile(
    rf"\b(?:the|that|those) others?(?: (?P<two>two|three|{CARDINAL}))?(?: (?P<film>{FILM}|clips?)|(?: "
    rf"{THING}))?\b(?! \w+ (?:with|who))"
    r"(?=(?P<rest>.*))",
    re.I,
)


OTHERS = re.compile(
    r"(?:\b(?:in|from|across) )?\b(?:(?:any|all|some)(?: of)?(?: the)? )?(?:(?<!\bthe )(?<!\bthat )(?:other"
    rf"|another|different) (?:{FILM}|clips?)|(?:the )?other (?:videos|films|movies|recordings|clips))\b"
    r"|\b(?:in|from) (?:any|some|one|all) of the others?\b|\belsewhere\b",
    re.I,
)


ANOTHER = re.compile(
    r"\b(?:another|a different|(?<!the )(?:other|different) ones?|^other(?= \w+s\b)|(?:some|any|are there|show "
    r"me)(?: (?:any|some))? (?:other|others)|(?:some|any"
    r"|show me|find) more (?=of|with|like|where)|(?:some|show me)(?: (?:any|some))? more(?=\W*$| (?:clips"
    rf"|moments|scenes)))(?: {THING})?(?=\s|\W*$)",
    re.I,
)


SAME = re.compile(
    r"\bthe (?:rest|remainder)(?: of (?:it|that|this))?(?=\W*$|\s*[,;]|\s+(?:too|please|as well|then|now|also)\b)|"
    rf"\b(?:still )?(?:in )?(?:the |that |this |teh )?(?:same|very same) (?:{FILM}|clip)\b"
    rf"|\b(?:that|this) {FILM}\b(?! (?:is|was) about)"
    rf"|\b(?:the|that|this) (?:whole|entire|full|complete) (?:{FILM}|clip|thing|story|lot)\b"
    rf"|\ball of it\b|\b(?:the )?film as a whole\b",
    re.I,
)


THE_FILM = re.compile(rf"\bthe {FILM}\b(?!\s+(?:about|with|where|of|that|called|which|who|on)\b)", re.I)


OF_A_FILM = re.compile(
    r"\b(?!(?:start|beginning|opening|middle|end|ending|close|half|part|rest|minutes?|seconds?|summary|gist|all|out)\b)"
    r"\w+ of $",
    re.I,
)
"""Where no film is at hand, "the title of the film" is no film's title."""


IN_IT = re.compile(r"\b(?:in|of|throughout|from) it\b(?!\s+(?:is|was|that)\b)(?=\s*(?:$|[?.!,;:]|\w))", re.I)


HOLDS = re.compile(r"\b(?:film|video|movie|clip|book|picture|box|bag|photo|frame|basket|bowl|cup)s?\b", re.I)


HOLDER = re.compile(
    r"\b(?:box|bag|basket|bowl|cup|suitcase|case|pot|pan|bottle|drawer|envelope|trunk|chest|jar|bucket|backpack|parcel"
    r"|crate|glass|mug|fridge|oven|cupboard)(?:es|s)?\W*$",
    re.I,
)
"""What was asked for last and can hold something: then "what is in it" is about it, and not about the film."""


_DESCRIBES = (
    r"(?!\s+(?!(?:is|are|was|were|do|does|did|have|has|had|can|could|will|would|differ|compare|look|share|in|on"
    r"|at|and|or"
    r"|with|which|who|that|what|next|side|please|again|to|from|too|together|then|now|as|than|by|for|so|but)\b)[a-z'-]+"
    r"\s+(?!(?:is|are|was|were|do|does|did|have|has|and|which|who|what|please|again)\b)[a-z])"
)
"""Follows "the two" unless a noun with words of its own comes: "the two men in red" describes, and does not point."""


THOSE = re.compile(
    r"\b(?:(?:all|both) (?:of )?(?:those|these|the|them)|those|these|the) (?:two|three|four"
    rf"|five)\b{_DESCRIBES}(?:\s+{THING})?(?! (?:\w+ (?:clips|videos|films|movies|scenes)\b|of|\w+ (?:with|who|in|on)))"
    rf"|\b(?:those|these) {THING}\b|\b(?:all|both)(?: of (?:them|these|those))\b|\b(?:in|of) both\b"
    r"|(?<=\bdo )both(?: of them)?\b|(?<=\bare )both(?: of them)?\b|(?<=\bdid )both(?: of them)?\b"
    r"|\bthe (?:clips|moments|scenes)\b(?=\W*$)|\bthem all\b|\ball of (?:them|these|those)\b|\bthem both\b"
    r"|^\W*both(?: please)?\W*$",
    re.I,
)


THAT = re.compile(rf"\b(?:that|this|the same|teh same) {THING}\b(?!\s+(?:with|about|where|who)\b)", re.I)


AFTER_WAY = re.compile(
    r"\b(?P<way>(?:right |just |directly |immediately |shortly |straight )?(?:between|before|after|during"
    r"|following|preceding"
    r"|since|until|while|with|than|like|to|by|compare)) (?P<what>that|this|these|those|all that)"
    r"(?=\s*(?:$|[?.!,;:])|\s+(?:and|with|to|in|is|was|does|do|did|who|what|where)\b|\W*$)",
    re.I,
)


COMPARED = re.compile(
    r"\b(?:is|was|are|were|does|do|did) (?P<what>that|this|these|those)(?= (?:the same|like|different|similar"
    r"|\w+er than)\b)",
    re.I,
)


NOUN = re.compile(
    r"(?<!\ball )\b(?P<what>those|these|this) (?=(?!films\b|videos\b|movies\b)(?!is\b|are\b|was\b|the\b"
    r"|in\b)[a-z][\w'-]+)",
    re.I,
)


THAT_NOUN = re.compile(
    r"(?:^|\b(?:is|was|does|did|of|with|about|and|on|has|does|who's|what's|by|for|to)\s+)(?P<what>that) "
    r"(?=(?!is\b|are\b|was\b|has\b|the\b|a\b|he\b|she\b|it\b|they\b|you\b|i\b|in\b|with\b|again\b|please\b"
    r"|for\b|at\b|one\b|next\b|on\b|under\b|beside\b|behind\b|near\b|to\b|from\b|by\b|doing\b)[a-z][\w'-]+)",
    re.I,
)


THERE = re.compile(
    r"\b(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )(?<!n't )(?:there|here|in that)\b(?=\W*$|\s*[,;])", re.I
)


BARE = re.compile(
    r"\b(?P<what>that|this|these|those)\b(?=\W*$|\s*[,;]|\s+(?:again|for me|in|is it|please)\b)|(?:is|was|are"
    r"|do|does|about|of) (?P<too>that|this|those|these)(?= (?:the|a|an|his|her|still|really|with)\b)",
    re.I,
)


AGAIN = re.compile(
    r"^(?:(?:can you )?(?:show|play|open|repeat|see|watch|replay)(?: me)?) (?:it|that|this)\b(?: again| once "
    r"more| one more time)?(?: "
    r"please)?\W*$|^(?:can|could|may) (?:i|you|we) (?:see|show|play|watch|repeat|open)(?: me)? (?:it|that"
    r"|this)(?: again| once more| one more time)?\W*$|^(?:play|show|open|repeat|again|replay)(?: it)?(?: "
    r"again)?\W*$",
    re.I,
)


CLIP = re.compile(r"\b(?:in|from|of) (?:that|this) clip\b", re.I)


LEFT = re.compile(r"\b(?:which|what|how many|any|are there)\s*$", re.I)
