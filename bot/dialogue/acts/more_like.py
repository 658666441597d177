"""Further moments like one that was shown, those shown before left out. Asked by a command, not planned from words."""

import prompts
from bot.dialogue.acts.base import Act, Context, Material, Reply
from bot.dialogue.acts.gathering import Gathered
from bot.dialogue.composing import templates
from bot.dialogue.composing.templates import Sentence
from bot.dialogue.conversation import Conversation
from bot.dialogue.plan import Plan, Reference
from bot.dialogue.verdict import Judgement, nothing_found
from bot.errors import UnknownMoment
from bot.tools.moments import moments_like
from bot.tools.pieces import piece_of_hit

MOST = 5
"""Further moments that are shown at once; asking again shows others."""

SEARCHED = 50
"""Moments that are searched for beside those shown before."""


def plan_of(handle: int, conversation: Conversation) -> Plan:
    """Return the plan that asks for moments like the one of a handle.

    Raises:
        UnknownMoment: the conversation has shown no moment of that handle.
    """
    if handle not in conversation.shown:
        raise UnknownMoment(handle)
    meant = Reference("handle", f"[{handle}]", (conversation.shown[handle].moment_id,))
    return Plan("more_like", f"more like {meant.words}", references=(meant,))


def gather(context: Context) -> Gathered:
    """Return the likest moments."""
    known = {citation.moment_id for citation in context.conversation.shown.values()}
    found = moments_like(context.view, context.plan.pointed[0], SEARCHED + min(len(known), SEARCHED))
    hits = [hit for hit in found.hits if hit.moment.moment_id not in known][:MOST]
    return Gathered("found", tuple(piece_of_hit(hit, "") for hit in hits))


def reply(context: Context, material: Material) -> Reply:
    """Quote them."""
    citations = context.conversation.shown.values()
    handle = next(citation.handle for citation in citations if citation.moment_id == context.plan.pointed[0])
    shown = material.shown
    opening = Sentence(prompts.render("more_like", handle=handle, count=len(shown)), names=frozenset({handle}))
    judgement = Judgement("answered") if shown else nothing_found()
    return Reply(judgement, [opening, *templates.quote_moments(shown, "")], shown)


MORE_LIKE = Act(name="more_like", gather=gather, reply=reply)
