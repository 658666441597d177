"""What is to be looked for in the frames of the moments found, if looking helps at all. Pure."""

import re
from dataclasses import dataclass

import prompts
from bot.dialogue.conversation import Conversation
from bot.dialogue.gather import Gathered
from bot.dialogue.looking.aspects import Aspect, asked_aspect
from bot.dialogue.plan import Plan
from bot.tools.telling import covered

LOOKED_FOR = frozenset({"find", "ask", "count", "compare"})
"""Acts for which frames are looked at; summaries and descriptions of whole videos rest on the texts."""

COVERED = 0.5
"""Share of the query's terms in texts that people gave, spoke or wrote, from which a moment is found by its texts."""

_HEARD = re.compile(
    r"\b(?:when|why|what time|how (?:long|old|much|far|often|come)|says?|said|saying|tells?|told|asks?|asked|called"
    r"|named?|costs?|mentions?|mentioned|explains?|explained|announced?|announcement)\b",
    re.IGNORECASE,
)
"""Words of questions that are answered by what is said or written, and hardly by a frame."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for.

    Attributes:
        question: what is asked of each frame, for a model that follows instructions.
        aspect: the one aspect of it, for a model that knows short questions alone; None where it has no such.
        description: what the moments were searched by, to be held against their frames; empty where they were not.
        about: words that name whom or what the question is about.
    """

    question: str
    aspect: Aspect | None
    description: str = ""
    about: str = ""


def wanted(plan: Plan, conversation: Conversation, gathered: Gathered) -> Wanted | None:
    """Return what to look for, None where the texts will do or no act needs it."""
    pieces = gathered.candidates or gathered.pieces
    if plan.act not in LOOKED_FOR or not any(piece.moment.keyframes for piece in pieces):
        return None
    by_text = bool(plan.query) and covered(pieces[0].moment, plan.query) >= COVERED
    searched = any(piece.ranking for piece in pieces)
    description = plan.query if searched and not by_text else ""
    if plan.act == "find":
        aspect = asked_aspect(plan.words)
        shows = aspect if aspect in ("place", "kind") else "describe"
        return None if by_text else Wanted(prompts.render("caption_frame"), shows, description, plan.query)
    aspect = asked_aspect(plan.words) or _asked_before(plan, conversation)
    if aspect is None and by_text and _HEARD.search(plan.words):
        return None
    goes_on = bool(plan.carried) and plan.query.lower() not in plan.words.lower()
    question = f"{plan.words} ({plan.query})" if goes_on and plan.query else plan.words
    return Wanted(question, aspect, description, plan.query or plan.words)


def _asked_before(plan: Plan, conversation: Conversation) -> Aspect | None:
    """Return the aspect of the question that this one goes on with: "and in the other one?"."""
    if not plan.carried or conversation.last is None:
        return None
    return asked_aspect(conversation.last.asked)
