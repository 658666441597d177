"""What a person wraps around a request: who they are, how politely they ask, which verb of showing they take. Pure.

A request is `[able] [soft] verb [of what]`: "could you / please / pull up / the bit where". Each place is a class of
words, so that what was never heard in this order is understood as well. What is left is "show me", "go to" or the
question itself. Of several sentences, those stay that ask: "I teach geography. Which films ...".
"""

import re

_SOFT = (
    r"(?:(?:please|kindly|just|only|quickly|maybe|perhaps|possibly|really|ever|still|actually|simply|also|then|now"
    r"|by any chance|happen to|at least|briefly|first|for me) )*"
)
_WHO = r"(?:you|u|we|i|one|someone|somebody|anyone|anybody)"
_ME = r"(?: (?:me|us))?"
_ABLE = "|".join(
    (
        rf"(?:can|could|will|would|may|might|should)(?:n't| not)? {_WHO} {_SOFT}"
        rf"(?:be able to |be so (?:kind|good|nice)(?: as)? to |manage to |try (?:to|and) )?(?:help{_ME} )?(?:to )?",
        r"(?:is|would) (?:it|there) (?:be )?(?:possible|any way|a way|ok|okay|alright)(?: for (?:you|me|us))? to ",
        r"are you able to ",
        rf"(?:do|would) you (?:think|suppose|reckon) {_WHO} (?:can|could|might) ",
        r"(?:please )?be so (?:kind|good) (?:as )?to ",
        rf"(?:i|we)(?:'d| would)? {_SOFT}(?:like|love|want|need|wish|prefer|hope|wanna)(?: (?:you|us|me))?(?: to)? ",
        rf"(?:i|we)(?:'m| am|'re| are| was| were)? (?:hoping|wondering|thinking)(?: (?:if|whether|that))?"
        rf" {_WHO} (?:can|could|might) ",
        r"(?:i|we) (?:have|need|ought|must|'ve got|have got)(?: to)? ",
        r"(?:i )?(?:bet|guess) (?:you|u) (?:can't|cannot|can not|won't|couldn't) (?:even )?",
        r"(?:i (?:dare|challenge) you to|try (?:to|and)|go (?:and|ahead and)|feel free to|your (?:task|job) is to) ",
        rf"(?:help{_ME}(?: to)?|let(?:'s| me| us)|let us) ",
        rf"(?:is there )?(?:any )?chance (?:that )?{_WHO} (?:can|could) ",
    )
)
_SHOW = (
    rf"(?:(?:find|locate|spot|identify|retrieve|fetch|get|show|give|display|present|bring up|pull up|pull out|dig up"
    rf"|dig out|turn up|call up|track down|hunt down|pick out|single out|look up|look for|search for|search|scan for"
    rf"|check for|put on|see|watch|view|play|replay|open|list|zoom in on|grab){_ME}"
    rf"|(?:have|take|get) (?:a|another) (?:quick |closer )?(?:look|peek|glance) at|look at"
    rf"|point(?: (?:me|us))? (?:to|at|out|towards))"
)
_GO = (
    r"(?:(?:jump|skip|go|fast[- ]?forward|forward|wind|rewind|scroll|cut|switch|seek|move|head|navigate)"
    r"(?: (?:me|us|it|on|over|ahead|forward|straight|right|directly|quickly|down))* to"
    r"|(?:take|bring|lead|direct|get|send) (?:me|us)(?: (?:straight|right|directly))? to)"
)
_BACK = r"(?:(?:jump|skip|go|rewind|wind|take me|bring me|get) back to)"
_TELL = (
    rf"(?:(?:remind|inform|show|teach) (?:me|us)|tell{_ME}|state|specify|indicate|clarify|explain(?: to (?:me|us))?|say"
    rf"|let (?:me|us) know|(?:find|figure|work) out|determine|check|verify|confirm|make out|remember|recall|know"
    rf"|understand|describe|answer{_ME})(?: (?:exactly|precisely))?"
)
_TRYING = (
    rf"(?:(?:(?:i|we)(?:'m| am|'re| are| was| were) )?{_SOFT}(?:trying to (?:find|see|locate|get)|hunting (?:for|down)"
    rf"|looking (?:out )?for|searching for|in search of)|(?:i|we)(?:'m| am|'re| are| was| were) {_SOFT}(?:after"
    r"|interested in|keen on))"
)
_WH = r"(?:who|whom|whose|what|where|when|why|how|which|(?:in|at|to|for|with|from|by|on) (?:which|what|whom))\b"
_LEAD = (
    r"^(?P<lead>(?:(?:and|but|so|then|ok|okay|now|also|well|please|yes|no)[\s,]+)*"
    r"(?:(?:in|from|within|for) [^,.?!]{2,40},\s*)?)"
)
_WISH = r"(?:would you mind|do you mind|mind|how about|any chance of|what about) "
_DOING = r"(?:showing|finding|giving|getting|playing|opening|pulling up|bringing up|locating|looking for|looking up)"

_FRAMES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.I), put)
    for pattern, put in (
        (rf"{_LEAD}{_WISH}{_DOING}{_ME} (?=\w)", r"\g<lead>show me "),
        (rf"{_LEAD}(?:{_ABLE})?{_SOFT}{_TELL},?\s+(?={_WH})", r"\g<lead>"),
        (
            rf"{_LEAD}(?:i|we)(?:'m| am|'re| are| was| were|'ve been)? {_SOFT}(?:wonder(?:ing)?|curious|not sure|unsure"
            rf"|dying to know|asking (?:myself|ourselves))(?: about)?,?\s+(?={_WH})",
            r"\g<lead>",
        ),
        (rf"{_LEAD}(?:{_ABLE}){_SOFT}{_TELL},?\s+(?:if|whether)\s+", r"\g<lead>tell me if "),
        (rf"{_LEAD}(?:{_ABLE})?{_SOFT}{_GO} (?=\w)", r"\g<lead>go to "),
        (rf"{_LEAD}(?:{_ABLE})?{_SOFT}{_BACK} (?=\w)", r"\g<lead>go back to "),
        (rf"{_LEAD}(?:{_ABLE}){_SOFT}{_SHOW} (?!{_WH}|up\b|out\b|for\b)(?=\S)", r"\g<lead>show me "),
        (
            rf"{_LEAD}{_SOFT}(?:identify|locate|retrieve|fetch|spot|pull up|bring up|dig (?:up|out)|track down|pick out"
            rf"|look up|put on|zoom in on|display|point(?: (?:me|us))? (?:to|at)|grab){_ME} (?=\w)",
            r"\g<lead>find ",
        ),
        (rf"{_LEAD}{_TRYING} (?!it\b|that\W*$)", r"\g<lead>find "),
        (
            rf"{_LEAD}(?:(?:i|we)(?:'d| would| could)? {_SOFT})?(?:need|could use|could do with|fancy) "
            r"(?=an?\b|some\b|any\b|the\b)",
            r"\g<lead>find ",
        ),
        (
            rf"{_LEAD}(?:{_ABLE}){_SOFT}(?=(?:summari|sum |recap|describe|compare|count|list|walk|talk|run|take|guide"
            r"|explain|tell|name|give|provide|make|write|put|boil|shorten|condense|outline|repeat|skip|leave|exclude"
            r"|ignore|remove|drop)\w*)",
            r"\g<lead>",
        ),
        (
            rf"{_LEAD}(?:provide|offer|supply|write|prepare|make|draw up)(?: (?:me|us))? (?=an?\b|some\b|the\b)",
            r"\g<lead>give me ",
        ),
        (rf"{_LEAD}whereabouts\b", r"\g<lead>where"),
        (
            r"\s*[,;.?!]\s*(?:(?:have|do) you )?(?:got|have|is there|are there) (?:one|any|some|anything|something)"
            r"(?: like that| of that)?\W*$",
            "",
        ),
    )
)
"""Frames, each tried once, in this order."""


def plain_request(text: str) -> str:
    """Return a request without what is wrapped around it."""
    for pattern, put in _FRAMES:
        text = pattern.sub(put, text)
    return text.strip()


_SENTENCES = re.compile(r"(?<=[.!?;])\s+(?=\S)|\s+[-\u2013\u2014]+\s+")
_OF_SPEAKER = re.compile(r"\W*(?:i|i'm|i've|i'd|we|we're|we've|my|our|sorry|it's me)\b(?! (?:mean|meant)\b)", re.I)
_WISHES = re.compile(r"\W*(?:i|we)(?:'d| would| want| need| am looking|'m looking|'m after)\b", re.I)
_IN_FILM = re.compile(r"\b(?:videos?|films?|clips?|movies?|recordings?|one)\b|\[\d|#\d|\d:\d\d", re.I)
_DISMISSED = re.compile(
    r"\W*(?:forget (?:it|that|this|about (?:it|that))|never ?mind(?: (?:that|it))?|whichever|whatever|no matter"
    r"|doesn't matter|scrap that|skip that|leave (?:it|that)|ok(?:ay)?|fine|anyway|(?:rewind|go back|wind back|back up"
    r"|skip (?:ahead|forward))(?: a (?:bit|little|moment))?|wait(?: a (?:moment|second|minute))?|hang on"
    r"|hold on|(?:let's )?start (?:over|again)"
    r"|let me (?:see|think)|quick question|(?:just )?one (?:more )?(?:thing|question)|(?:ah|oh|i see|got it|right)\b.*"
    r"|only one|just one|that's it)\W*",
    re.I,
)
_TOLD = re.compile(
    r"\W*(?:(?:i|we|they|people|somebody|someone|(?:my|our|the|a) \w+(?: \w+)?) (?:(?:'ve|have|has|had|was|were|am|is"
    r"|always|just|once) )*(?:say|says|said|tells?|told|thinks?|thought|claims?|claimed|swears?|swore|believes?"
    r"|believed"
    r"|heard|hear|mentions?|mentioned|remembers?|remembered|recalls?|recalled|saw|seen|seems?|know|knows)"
    r"(?: (?:me|us|that|of|about|seeing|a film with|there being))*)\s+"
    r"(?:(?:that )?there(?:'s| is| was| are| were) )?(?P<what>.+?)"
    r"(?:\s+(?:in (?:one|some) of (?:these|those|them|the (?:films|videos|clips|movies))|somewhere))?\W*",
    re.I,
)
_FETCH = re.compile(
    r"\W*(?:(?:so|and) )?(?:(?:can|could|would|will) you )?(?:please )?(?:find|show|locate|get)(?: me)?"
    r" (?:him|her|it|them|that|this)(?: (?:for me|for us|please|again))*\W*"
    r"|\W*(?:what|which)(?: (?:film|video|clip|movie))? (?:was|is) (?:it|that|this|that (?:film|video|clip|movie|one))"
    r"(?: (?:called|again|named))*\W*|\W*where (?:is|was|were|are) (?:that|it|this|they|he|she)\W*",
    re.I,
)


_TRUE = re.compile(
    r"\W*(?:and )?(?:is|are|was) (?:he|she|it|that|this|they) (?:right|true|correct|so|wrong"
    r"|lying)(?: about that)?\W*",
    re.I,
)


def asking(text: str) -> str:
    """Return the sentences that ask something: what the speaker says of themselves, and what they drop, is left out.

    Where the last sentence only asks to find "it", what was told before it is what is to be found.
    """
    sentences = [one for one in _SENTENCES.split(text) if re.search(r"\w", one)]
    if len(sentences) < 2:
        return text
    told = _TOLD.fullmatch(sentences[0])
    if told and _TRUE.fullmatch(sentences[-1]) and len(sentences) == 2:
        return f"is there {told['what']}"
    if told and _FETCH.fullmatch(sentences[-1]) and len(sentences) == 2:
        return f"find {told['what']}"
    kept = [one for one in sentences[:-1] if not (_DISMISSED.fullmatch(one) or _tells(one))]
    return " ".join([*kept, sentences[-1]]) if len(kept) < len(sentences) - 1 else text


def _tells(sentence: str) -> bool:
    """Tell whether a sentence only tells something of the speaker, and names nothing."""
    about = (
        _OF_SPEAKER.match(sentence) is not None
        and not _WISHES.match(sentence)
        and plain_request(sentence) == sentence.strip()
    )
    return about and not sentence.rstrip().endswith("?") and not _IN_FILM.search(sentence)
