"""The last step of reading, after any planner: what search, looking and choosing need to know of a plan's words.

So nobody after it reads words again.
"""

from dataclasses import replace

from bot.dialogue.conversation import Conversation
from bot.dialogue.plan import Plan
from bot.dialogue.reading.aspects import answered_by_words, asked_aspect
from bot.dialogue.reading.forms import asks_yes_no, two_described, wanted_in
from bot.dialogue.reading.queries import part_of, read_query
from bot.dialogue.reading.utterance import asked


def completed(plan: Plan, conversation: Conversation) -> Plan:
    """Return a plan with all that its words mean."""
    last, asking, said = conversation.last, plan.wording or plan.words, asked(plan.words).wording
    two = two_described(plan.wording) if plan.act == "compare" else None
    wordings = tuple(filter(None, (plan.wording, plan.whole)))
    return replace(
        plan,
        sought=replace(
            read_query(plan.query),
            wordings=wordings,
            part=part_of(asking),
            favoured=plan.favoured,
            favour=plan.favour,
        ),
        owned=replace(read_query(plan.own), wordings=wordings) if plan.own else None,
        anchored=read_query(plan.anchor),
        compared=tuple(map(read_query, two or ())),
        aspect=asked_aspect(asking),
        aspect_before=asked_aspect(last.asked) if plan.carried and last else None,
        heard=answered_by_words(asking),
        yes_no=asks_yes_no(said),
        wanted=wanted_in(said),
    )
