"""Whether the words are only a part of a question, which goes on with the question before. Pure."""

import re

from bot.dialogue.conversation import Conversation, Turn
from bot.dialogue.plan import ANCHORED, BINDING, ActName
from bot.dialogue.planning.acts import act_of
from bot.dialogue.planning.continuing import MOST_WORDS, is_fragment
from bot.dialogue.planning.hearing import Heard
from bot.dialogue.planning.pronouns import pronoun_of
from bot.dialogue.planning.reading import SLOT
from retrieval.analysis import words

WHY = re.compile(
    r"^\W*(?:and |but |so )?(?:why|how come|how so|since when|who|whom|where|when|how)(?: else| is that| was "
    r"that| so)?\W*$",
    re.I,
)


HAPPENS = re.compile(
    r"\bwhat(?:'s| is| was|s)?\b.*\b(?:happen\w*|going on|goes on|shown|to see|seen|there|take place|takes "
    r"place|comes?)\b|\bhappens\b|\bwhat (?:do|did|have|has|can|could)(?:n't)?"
    r" (?:we|you|i|one) (?:see|seen|miss|missed|get|got|witness)\b",
    re.I,
)


_LEADS = re.compile(r"and|but|or|only|just|also")
_LEADS_ON = re.compile(r"and\b|but\b|or\b|only\b|just\b|(?:what|how) about\b|also")
_OWNED = re.compile(r"(?:his|her|their|its)\b", re.I)
_PLACED = re.compile(r"\W*(?:in|on|at|with|without|by|near|under|from|wearing|outside|inside|behind|during)\b", re.I)
_INTO = re.compile(rf"\W*(?:and |but |or |also )*(?:in|for|at|with|on)\s+(?:the |that )?{SLOT}", re.I)
_IN_ONE = re.compile(rf"\W*(?:(?:any|some|one|none|anything|anyone|anybody) )?(?:in|from|of)\s+{SLOT}\W*$", re.I)
_JOINS = re.compile(rf"{SLOT}|\b(?:and|but|or|what|how|about|in|for|too|as well|also)\b|\W", re.I)
_TOO = re.compile(r"\b(?:too|as well|also|either)\b\W*$", re.I)


EVENT = re.compile(
    r"\b(?:does|did|do|will|can) (?:that|this|it|the same)(?: ever)? (?:happen|occur|take place)\b", re.I
)


def asked_before(conversation: Conversation) -> Turn | None:
    """Return the latest turn that asked something of the library."""
    talk = ("chat", "list_videos")
    return next((turn for turn in reversed(conversation.turns) if turn.act not in talk), None)


def form_of(heard: Heard, conversation: Conversation) -> ActName | None:
    """Return the act that the form of the words asks for, None for a bare phrase or a part of a question."""
    if heard.states:
        return None
    pointed = {*(meant for r in heard.references for meant in (*r.moments, *r.videos))}
    at_hand = len(conversation.latest) > 1 and not pointed
    beside = bool(heard.named) and bool(pointed or pronoun_of(heard.text))
    several = len(pointed) > 1 or len(heard.named) > 1 or at_hand or beside
    return act_of(heard.opened.text, several) or act_of(heard.text, several)


def repeats_question(heard: Heard, form: ActName | None, asked: Turn | None, conversation: Conversation) -> bool:
    """Tell whether the words are only a part of a question, or point elsewhere for the same one."""
    if asked is None or heard.opened.anew:
        return False
    if heard.content:
        return _is_part(heard, form)
    if EVENT.search(heard.opened.text) and heard.related.relation:
        return True
    if WHY.match(heard.text) and conversation.latest:
        return True
    if heard.another and form in (None, "find", "ask"):
        return True
    if heard.related.relation in ("first_time", "last_time", "every_time"):
        return True
    if heard.excluded.words and all(r.kind in ("among", "same_video") for r in heard.references):
        return form in (None, "find")
    if any(reference.kind in BINDING for reference in heard.references):
        return _points_elsewhere(heard, form)
    return _asks_again(heard, form)


def _is_part(heard: Heard, form: ActName | None) -> bool:
    """Tell whether words with a content of their own are a part of a question: "and in blue", "what about a cat"."""
    rest, mark = heard.mark.rest, heard.mark
    part = is_fragment(rest)
    if form is not None and not (mark.about or part):
        return False
    if any(reference.kind in ("among", "that", "handle") for reference in heard.references):
        return False
    if _OWNED.match(rest):
        return False
    short = len(words(rest)) <= MOST_WORDS
    return (
        part
        or mark.about
        or (short and (heard.opened.corrects or bool(_LEADS.match(mark.mark) or _PLACED.match(heard.text))))
    )


def _points_elsewhere(heard: Heard, form: ActName | None) -> bool:
    """Tell whether the same is asked of another moment or video: "and in the first?", "the third too?"."""
    if heard.related.relation in ANCHORED:
        return False
    if heard.opened.corrects and any(r.kind == "other" and r.videos for r in heard.references):
        return True
    leads = _LEADS_ON.match(heard.mark.mark) or _INTO.match(heard.text) or _TOO.search(heard.text)
    return form is None and bool(leads) and not _JOINS.sub("", heard.text)


def _asks_again(heard: Heard, form: ActName | None) -> bool:
    """Tell whether the same is asked of another place or time: "and in the first minute?", "but not in that film"."""
    relation = heard.related.relation
    elsewhere = _IN_ONE.match(heard.text) is not None or not words(heard.text)
    leads = elsewhere or _LEADS_ON.match(heard.mark.mark) is not None
    if heard.related.anchor and leads:
        return True
    if HAPPENS.search(heard.text) or form in ("summarise", "compare") or relation in ANCHORED or heard.opened.rejects:
        return False
    if heard.named and not (leads or heard.opened.corrects):
        return False
    something = heard.named or heard.stretch or heard.excluded.anything or heard.references or relation
    return bool(something) and (form is None or leads)
