"""Where is it? The moments that fit, best first."""

import prompts
from bot.dialogue.acts.base import Act, Context, Material, Reply
from bot.dialogue.acts.choosing import chosen, described
from bot.dialogue.acts.gathering import Gathered, asks_for_something, gathered_for
from bot.dialogue.acts.other_readings import with_others
from bot.dialogue.acts.quoting import quoting
from bot.dialogue.looking.visual_answerer import VqaResult
from bot.dialogue.looking.visual_question import VisualQuestion

MOST = 5
"""Moments quoted at most: somebody who looks for moments gets more than somebody who asks for a fact."""


def gather(context: Context) -> Gathered:
    """Return the best moments."""
    gathered = gathered_for(context.plan, context.view, MOST, image=context.image)
    return with_others(gathered, context.others, context.view)


def look(context: Context, gathered: Gathered) -> VisualQuestion | None:
    """Return what describes the frames, unless a text tells that the moment is the right one."""
    plan = context.plan
    if gathered.told(plan.query):
        return None
    aspect = plan.aspect if plan.aspect in ("place", "kind") else "describe"
    return VisualQuestion(prompts.render("caption_frame"), aspect, described(plan, gathered), plan.query)


def choose(context: Context, gathered: Gathered, looked: VqaResult) -> Gathered:
    """Return the moments whose frames show what was searched for."""
    return chosen(context.plan.query, gathered, looked, MOST)


def reply(context: Context, material: Material) -> Reply:
    """Quote them. Nothing was asked of them but which they are."""
    return quoting(context, material, fact=False)


FIND = Act(
    name="find",
    gather=gather,
    look=look,
    choose=choose,
    reply=reply,
    fault=asks_for_something,
    by_tools=True,
)
