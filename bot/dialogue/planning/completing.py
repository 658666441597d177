"""The last step of planning, after any planner: what search, looking and choosing need to know of a plan's words.

So nobody after the planning reads words again.
"""

from dataclasses import replace

from bot.dialogue.conversation import Conversation
from bot.dialogue.plan import Plan
from bot.dialogue.planning.acts import two_described
from bot.dialogue.reading.aspects import answered_by_words, asked_aspect
from bot.dialogue.reading.queries import read_query


def completed(plan: Plan, conversation: Conversation) -> Plan:
    """Return a plan with all that its words mean."""
    last = conversation.last
    return replace(
        plan,
        sought=read_query(plan.query),
        anchored=read_query(plan.anchor),
        compared=tuple(map(read_query, two_described(plan.query) or ())),
        aspect=asked_aspect(plan.words),
        aspect_before=asked_aspect(last.asked) if plan.carried and last else None,
        heard=answered_by_words(plan.words),
    )
