"""What asks nothing of the library: greetings, thanks, remarks; and the "ok, so" before a question. Pure."""

import re
from dataclasses import dataclass

from bot.dialogue.plan import Chat
from bot.dialogue.planning.paraphrases import plainly
from bot.dialogue.planning.requests import asking, plain_request

_GREETING = (
    r"(?:hi+|hello|hey+|hiya|howdy|good (?:morning|afternoon|evening|day))(?:\s+(?:there|all|everyone"
    r"|again|you))?|(?:is )?any(?:one|body) (?:there|here|home)|how(?:'s| is) it going|what(?:'s| is) "
    r"up"
)
_THANKS = (
    r"(?:many thanks|(?:no,? )?thanks|no,? thank you|thank you|thank u|thx|ty|cheers|much (?:appreciated"
    r"|obliged)|i appreciate (?:it|that))"
    r"(?:\s+(?:a (?:lot|million|ton|bunch)|so much|very much|again|a bunch|you|anyway))?"
)
_FAREWELL = (
    r"(?:(?:good)?bye(?: bye| now)?|see (?:you|ya)(?: later| soon| around| tomorrow| next time| again)?|until "
    r"(?:next time|tomorrow)|take care|have a (?:nice|good|great) (?:day|evening|one|weekend)|good night"
    r"|that(?:'s| is| was) "
    r"(?:all|it)(?: for (?:now|today))?|ciao)"
)
_HELP = (
    r"(?:help|(?:help me\W+)?what (?:can|do) (?:you|i) (?:do|ask)(?: you)?(?: here)?|how (?:does|do) (?:this"
    r"|it|you) work"
    r"|(?:who|what) are you|how can you help(?: me)?|what (?:is|can) this(?: thing)?(?: do)?)"
)
_ABOUT_YOU = (
    r"(?:are you (?:an? )?(?:robot|human|person|bot|machine|ai|real|there|ok|sure|serious|kidding)(?: person)?"
    r"|how are you(?: doing)?(?: today)?|do you (?:like|enjoy|speak|understand|sleep|dream)\b.{0,30}"
    r"|(?:tell me|do you know) (?:a|any) (?:good )?jokes?|what(?:'s| is) (?:up|new)|(?:can|do) you (?:hear"
    r"|understand) me|who (?:made|built|created) you|what(?:'s| is) your name)"
)
_QUALITY = (
    r"(?:use(?:less|ful)|great|good|bad|better|fine|nice|cool|awesome|amazing|perfect|brilliant|excellent|lovely"
    r"|super"
    r"|funny|hilarious|impressive|wonderful|fantastic|helpful|interesting|terrible|awful|annoying|boring|slow|fast"
    r"|wrong|right|rubbish|nonsense|weird|strange|sweet|cute|beautiful|best|smart|clever|stupid|worse|more like it"
    r"|enough|quick|fun|neat|sad|odd|true|clear|handy|ridiculous|crazy|silly|easy|hard|all i (?:need|wanted)"
    r"|ok(?:ay)?|all right|alright|not (?:helpful|bad|good|great|right)|what i (?:wanted|meant|needed))"
)
_REMARK = (
    r"(?:(?:this|that|it|you|they)(?:'s| is| was|'re| are| were)\s+(?:(?:so|very|really|quite|pretty|just|not"
    r"|the|a|an|all"
    rf"|exactly|much|too|completely|totally|absolutely|such)\s+)*{_QUALITY}(?:\s+(?:one|help|job|answer|thing"
    rf"|stuff))?"
    rf"|(?:how|very|really|so|pretty|well|not|that's)?\s*(?:{_QUALITY}|done|job)(?:\s+(?:one|job|work|stuff|answer))?"
    r"|(?:that|this|it|you) (?:really )?(?:helps?|helped|works?|worked|rocks?|sucks?|will do|did it|does it"
    r"|made my day)(?: me)?(?: a lot)?"
    r"|i(?:'m| am) (?:so |very |really |a bit |just )?(?:bored|tired|confused|lost|done|fine|sorry|impressed"
    r"|happy|sad|new here|back|ready|good|glad)"
    r"|(?:much |way |a bit |far )?too (?:long|short|much|many|little|few|detailed|vague|fast|slow)"
    r"|let me (?:think|see)|i (?:don't |do not )?(?:think|guess|suppose|believe|hope) (?:so|not)"
    r"|(?:oh|my) (?:dear|no|boy|man|my|well)|not (?:really|at all|quite|exactly|yet|necessarily|much)"
    rf"|(?:what|such) an? {_QUALITY} \w+|{_QUALITY} (?:bot|boy|girl|robot|assistant)"
    r"|i (?:love|like|hate|see|know|understand|agree|get it|got it|don't (?:care|know))(?: (?:it|this|that|you))?"
    r"|(?:oh )?(?:wow|whatever|never mind|nevermind|no way|lol|haha+|hmm*|ugh|oops|ah|oh|aw+|yay|yum|sorry|my "
    r"bad|got it"
    r"|makes sense|fair enough|no problem|no worries|good to know|bravo|congrats|same here))"
)
_YES = r"(?:ok(?:ay)?|k|yes|yeah|yep|yup|sure|right|alright|all right|nope|no|well|so|now then)"

_KINDS: tuple[tuple[str, Chat], ...] = (
    (_GREETING, "greeting"),
    (_THANKS, "thanks"),
    (_FAREWELL, "farewell"),
    (_HELP, "help"),
    (_ABOUT_YOU, "remark"),
    (_REMARK, "remark"),
    (_YES, "remark"),
)
_WHOLE = tuple((re.compile(pattern, re.I), kind) for pattern, kind in _KINDS)
_LEAVING = re.compile(
    r"\b(?:see|talk to|catch|meet) (?:you|u|ya)\b|\b(?:have|got|gotta|need|must|off) (?:to )?(?:go|run|leave|dash"
    r"|head off)\b"
    r"|\bthat(?:'s| is| was| will be|'ll be|'d be)? (?:all|it|everything)\b(?! (?:that|you|he|she|they|we)\b)"
    r"|\bi(?:'m| am) (?:done|off|out)\b"
    r"|\b(?:(?:good)?bye|good ?night)\b|\bcya\b|\bso long\b|\b(?:speak|later|laters)\W*$",
    re.I,
)
_HELPING = re.compile(
    r"\bhow (?:can|do|does|should|would|to) (?:i|you|this|one|we)?(?: \w+){0,2}? ?(?:use|work|ask|search|function"
    r"|operate)\b"
    r"|\bwhat (?:can|do|could|should|may|am|are) (?:you|i|we)(?: \w+){0,2} (?:do|ask|type|say|write|able to do"
    r"|supposed to \w+)\b"
    r"|\bwhat (?:kinds?|sorts?|types?) of (?:questions?|things?) (?:can|do|should|could)\b|\b(?:need|want|some)"
    r" help\b"
    r"|\bexplain (?:how|what) (?:you|this|it) (?:do|works?|does|is)\b|\bexamples? of (?:what|questions?|things)\b"
    r"|\bhow to use\b",
    re.I,
)
_SOCIAL = frozenset(
    """
    thanks thank thx ty cheers ta obliged appreciate appreciated grateful bye goodbye cya farewell ciao ok okay
    alright fine
    good great nice cool awesome amazing brilliant perfect lovely wonderful excellent super sweet neat fab fantastic
    terrific superb splendid magic impressive helpful helps helped useful useless sense wow whoa haha hahaha lol hmm hm
    ooh aha ah oh yay yeah yep yup nope nah sorry oops pity shame worries worry matter mind nevermind forget kidding
    joke funny hilarious interesting surprising weird strange odd true exactly indeed agreed understood gotcha noted
    sounds fair enough congrats bravo kudos legend star genius welcome hello hi hey yo greetings hopeless terrible
    awful rubbish nonsense annoying disappointing boring ugh damn
    """.split()  # noqa: SIM905
)
_FILLING = frozenset(
    """
    i me my you your u it its this that these those is was are were be been am a an the so very really too quite just
    all for to of and but or do does did not no yes can could will would have has had much many lot lots bit at than
    then out up on in as well job work stuff man mate dude buddy pal friend folks everyone guys guy bot there now
    today tonight tomorrow soon already again morning afternoon evening night day week weekend know think guess hope
    see like love right wrong sure got get done best better more most what s m re ve ll d t don doesn didn isn wasn
    won been help helping let dear talk catch meet speak go run leave dash head off later
    im here thats whats say said mean nothing never ever everything else one
    """.split()  # noqa: SIM905
)
_ASKING = re.compile(
    r"\W*(?:and |so |but )?(?:who|where|when|why|which|whose|is|are|was|were|does|do|did|has|have|can|could|will"
    r"|would|any"
    r"|not|no|the|what(?! a\b| an\b)|a|an|more|another)\b",
    re.I,
)
"""Fronts of what is no small talk, whatever its words: a question, a correction, something looked for."""
_ASKS_NEXT = re.compile(
    r"[,.!;:]\s*(?:and |so |but )?(?:who|where|when|why|which|whose|how|is|are|does|did|can|could|what(?! a\b"
    r"| an\b))\b",
    re.I,
)
_LEAD = re.compile(
    rf"(?:(?:{_GREETING}|{_THANKS}|{_REMARK})\s*[,.!;:\u2026]+\s+"
    r"|(?:ok(?:ay)?|k|hm+|mh+|oh|ah+|aw+|haha+|hehe+|lol|well|yes|yeah|yep|hey|hi|hello|um+|uhm?|uh|er+m*|wow"
    r"|yum|ugh|please|so"
    r"|alright|all right|thanks|thank you|sorry|sry|btw|by the way|listen|look|anyway|right so|ok so|and "
    r"btw)\b[\s,.!;:\u2026]+"
    r"|(?:now|great|cool|right|nice|good|super|perfect)\b(?!\s+(?:is|are|was|were|much|many|before"
    r"|after)\b)[\s,.!;:\u2026]+)",
    re.I,
)
_TAIL = re.compile(
    r"(?<=\w)[\s,.!?;:\u2026]*(?:\b(?:please|pls|plz|lol|rofl|haha+|hehe+|thanks|thank you|thx|cheers|by the "
    r"way|btw|i wonder"
    r"|if (?:you (?:can|could|would|please|know)|possible|i may ask)|real quick|or something)|:-?\)|;-?\))[?!.\s]*$"
    r"|(?<=\w)\s*[,;]\s*(?:mate|man|dude|buddy|right|ok(?:ay)?|hm+|you know|i guess|i think|or not|tell me|for "
    r"me|quickly)[?!.\s]*$",
    re.I,
)
_MEANT = re.compile(r"(?<=\S)[\s,]+i (?:mean|meant)\W*$", re.I)
_WH = r"(?:who|whom|whose|what|where|when|why|how|which|in which|at what)\b"
_INDIRECT = re.compile(
    r"^(?:(?:(?:can|could|would|will) (?:you|u) )?(?:please )?(?:tell|remind|explain to) (?:me|us)|(?:do|would"
    r"|did) (?:you|u) (?:happen to )?"
    r"(?:know|remember|recall)|(?:i(?:'d| would) (?:like|love) to|i want to|i wanna|i need to) know|i(?:'m| "
    r"am)? (?:just )?wonder(?:ing)?"
    rf"|any idea|no idea|do you have any idea|and do you know)\s+(?={_WH}|what's|who's|where's|how's|when's)",
    re.I,
)
_TOPIC = re.compile(
    r"(?:(?:something|now (?:for )?something) (?:completely |totally |entirely )?(?:different|else|new)"
    r"|(?:a )?(?:new|different|another|next) (?:question|topic|subject)|different question|change of (?:topic"
    r"|subject))"
    r"\s*[:,.!-]+(?!\s*not\b)\s*",
    re.I,
)
_CORRECTION = re.compile(
    r"(?:(?:no+|nope|nah|not that|actually|oops|wait|rather)\b(?=[\s,.!;:]+(?:i\b|no\b|not\b|the\b|that|sorry"
    r"|wait|actually|in\b"
    r"|show|only|just|it\b)|[,.!;:])[\s,.!;:]+"
    r"|(?:i'm|i am|i was|i've been|i must be) (?:mixing|confusing|mistaken|wrong|mixed)\b[^,.!;]*[,.!;]\s*"
    r"|it(?:'s| is| was) (?=(?:in )?(?:the|that) [^,.?]*\b(?:film|video|clip|movie|one)\W*$)"
    r"|(?:actually|wait|rather)\b[\s,.!;:]+"
    r"|i (?:really |actually )?(?:mean|meant|was (?:asking|talking|thinking|speaking) (?:about|of)|was referring to"
    r"|asked (?:for|about)|was looking for"
    r"|said)\b[\s,:]*(?!is\b)"
    r"|(?:(?:that|this|it)(?:'s| is| was) )?(?:the )?wrong (?:film|video|movie|clip|one|scene|person|moment"
    r"|place)[\s,.!;:]+"
    r"|(?:that|this|it)(?:'s| is| was)(?: not|n't)? (?:not it|it|what i (?:meant|wanted)|right|the one"
    r"|wrong)[\s,.!;:]+)",
    re.I,
)
_REJECTS = re.compile(r"(?:that|this|it)(?:(?:'s| is| was) (?:not|wrong)|isn't|wasn't)\b[^,.!;:]*[,.!;:]", re.I)


_CONTENT = re.compile(
    r"\W*(?:ok(?:ay)?|great|perfect|nice|cool|good|super|lovely|awesome|excellent|brilliant)\W*", re.I
)


@dataclass(frozen=True, slots=True)
class Opened:
    """An utterance without what came before its question.

    `corrects` tells that the user takes something back, `rejects` that what was last shown is wrong, `anew` that a new
    topic begins.
    """

    text: str
    corrects: bool = False
    rejects: bool = False
    anew: bool = False


def small_talk(text: str) -> Chat | None:
    """Return which small talk this is, None where anything else is said."""
    return _by_pattern(text) or _by_words(text)


def _by_words(text: str) -> Chat | None:
    """Return which small talk it is by its words alone: they are those of small talk, and nothing is looked for."""
    said = [word for word in re.findall(r"[a-z]+", text.lower()) if word]
    known = set(said) <= _SOCIAL | _FILLING
    if len(said) <= 8 and known and _LEAVING.search(text) and not _ASKING.match(text):
        return "farewell"
    if _HELPING.search(text) and len(said) <= 9:
        return "help"
    if len(said) > 9 or not known or not set(said) & _SOCIAL or _ASKING.match(text) or _ASKS_NEXT.search(text):
        return None
    return "thanks" if set(said) & {"thanks", "thank", "thx", "cheers", "ta", "appreciate", "appreciated"} else "remark"


def _by_pattern(text: str) -> Chat | None:
    parts = [part for part in re.split(r"[,.!?;:()\u2026]+|\s-\s", text) if part.strip()]
    kinds = [_kind(part) for part in parts]
    said = [kind for kind in kinds if kind]
    if not said or len(said) < len(kinds):
        return None
    if _CONTENT.fullmatch(text):
        return "thanks"
    return next((kind for kind in said if kind not in ("remark", "greeting")), said[-1])


def _kind(part: str) -> Chat | None:
    words = part.strip()
    for _ in range(4):
        if kind := next((kind for pattern, kind in _WHOLE if pattern.fullmatch(words)), None):
            return kind
        lead = re.match(
            rf"(?:{_GREETING}|{_THANKS}|ok(?:ay)?|k|great|cool|nice|well|oh|so|and|hm+|lol|haha+|lovely|super"
            r"|yes|no|perfect"
            r"|ah+|wow|but)\s+",
            words,
            re.I,
        )
        tail = re.search(
            r"\s+(?:now|then|so|though|lol|haha|friend|mate|man|buddy|please|so far|indeed|bye|thanks|thx)$",
            words,
            re.I,
        )
        if lead:
            words = words[lead.end() :]
        elif tail:
            words = words[: tail.start()]
        else:
            return None
    return None


def _without_tail(text: str) -> str:
    while (found := _TAIL.search(text)) and re.search(r"\w", text[: found.start()]):
        text = f"{text[: found.start()]}{'?' if '?' in found[0] else ''}"
    return text


def open_up(text: str) -> Opened:
    """Take greetings, remarks and corrections off the front of an utterance."""
    corrects = rejects = anew = False
    text = _without_tail(text)
    while True:
        text = asking(text)
        text = re.sub(r"^also\b[\s,]+", "and ", _INDIRECT.sub("", text), flags=re.I)
        if found := _REJECTS.match(text):
            corrects = rejects = True
        elif found := _CORRECTION.match(text):
            corrects = True
        elif found := _TOPIC.match(text):
            anew = True
        elif not (found := _LEAD.match(text)):
            break
        elif re.match(r"sorry|sry", found[0], re.I):
            corrects = True
        rest = text[found.end() :].strip()
        if not re.search(r"\w", rest):
            break
        text = rest
    if found := _MEANT.search(text):
        text, corrects = text[: found.start()], True
    return Opened(plainly(plain_request(text)), corrects, rejects, anew)
