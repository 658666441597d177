"""What the words point at, together with pronouns and what is not said at all. Pure."""

import re

from bot.dialogue.conversation import Conversation
from bot.dialogue.plan import ANCHORED, BINDING, ActName, Reference
from bot.dialogue.planning.acts import two_described
from bot.dialogue.planning.hearing import Heard
from bot.dialogue.planning.pronouns import pronoun_of, weather
from bot.dialogue.planning.references import reference_to
from bot.dialogue.planning.repeating import HAPPENS, WHY
from retrieval.analysis import terms

ENOUGH = 2
"""Words that can be searched for even where nobody knows who "they" are."""

_SELF = re.compile(r"\bin the same\b|\bsame\b|\bthat\b|\bthis\b|\bwhole\b", re.I)


def references_of(heard: Heard, conversation: Conversation, form: ActName | None) -> tuple[Reference, ...]:
    """Return what the words point at, pronouns and what is not said included."""
    latest, found = conversation.latest, list(heard.references)
    bound = any(r.kind in BINDING for r in found)
    if form == "summarise" and not (heard.content or bound or heard.related.relation in ANCHORED):
        return tuple(found)
    if latest and _only_asks_more(heard):
        return (reference_to("that", heard.opened.text, latest[:1]),)
    pronoun = heard.related.pronoun or ((m := pronoun_of(heard.text)) and m["who"]) or ""
    if form == "compare" and not bound and not heard.named and len(latest) > 1 and not two_described(heard.content):
        return (*found, reference_to("pronoun" if pronoun else "that", pronoun or "both", latest))
    generic = form == "find" and pronoun.lower() in ("they", "them") and bool(heard.content)
    if pronoun and (latest or (len(set(terms(heard.content))) < ENOUGH and not (heard.named or generic))):
        found.append(reference_to("pronoun", pronoun, latest[:1]))
    implied = heard.related.implied and not bound and not pronoun
    if latest and (implied or weather(heard.text) or WHY.match(heard.text)):
        found.append(reference_to("implied", "", latest[:1]))
    if (
        not found
        and len(latest) > 1
        and not heard.stretch
        and heard.excluded.words
        and _NOT_THE.match(heard.opened.text)
    ):
        found.append(reference_to("among", heard.opened.text, latest))
    return tuple(reference for reference in found if reference.resolved or _needed(reference, heard))


def _only_asks_more(heard: Heard) -> bool:
    """Tell whether only more is asked of what was shown: "tell me more", "describe it"."""
    free = not (heard.content or heard.related.relation or heard.references or heard.named or heard.stretch)
    return free and (_TELL.fullmatch(heard.text) is not None or HAPPENS.search(heard.text) is not None)


_NOT_THE = re.compile(r"\W*(?:and |but )?not (?:the|that|those)\b", re.I)
_TELL = re.compile(
    r"\W*(?:(?:can|could) you )?(?:please )?(?:tell me|describe|explain|more|give me)(?: (?:a bit |some |a "
    r"little )?(?:more|everything|something))?(?: (?:about|on|of))?"
    r"(?: (?:it|this|that|him|her|them))?(?: (?:please|in more detail|in detail|again))*\W*",
    re.I,
)


def _needed(reference: Reference, heard: Heard) -> bool:
    """Tell whether an unresolved reference leaves open what is meant."""
    if reference.kind == "other":
        return len(set(terms(heard.content))) < ENOUGH
    if reference.kind not in ("same_video", "that"):
        return True
    if reference.kind == "that":
        return not heard.content or heard.related.relation in ANCHORED
    said = _SELF.search(reference.words) is not None
    return said or not heard.content
