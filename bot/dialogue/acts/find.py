"""Where is it? The moments that fit, best first."""

from dataclasses import replace

import prompts
from bot.dialogue.acts.base import Act, Context, Material, Reply
from bot.dialogue.acts.choosing import chosen, described
from bot.dialogue.acts.gathering import SEARCHED_ALL, Gathered, asks_for_something, gathered_for
from bot.dialogue.acts.other_readings import with_others
from bot.dialogue.acts.quoting import further, quoting
from bot.dialogue.composing.templates import list_of_moments
from bot.dialogue.looking.visual_answerer import VqaResult
from bot.dialogue.looking.visual_question import VisualQuestion

MOST = 5
"""Moments quoted at most: somebody who looks for moments gets more than somebody who asks for a fact."""

MOST_OF_ALL = 20
"""Moments quoted at most where all are asked for."""


def gather(context: Context) -> Gathered:
    """Return the best moments, or all in their order."""
    most = MOST_OF_ALL if context.plan.relation == "every_time" else MOST
    gathered = gathered_for(context.plan, context.view, most, image=context.image)
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
    """Quote them, numbered where all are asked for. Nothing was asked of them but which they are."""
    said, shown = quoting(context, material, fact=False), material.shown
    if context.plan.relation != "every_time" or material.gathered.outcome != "found":
        return said
    count = max(material.gathered.count, len(shown))
    listed = list_of_moments(shown, context.plan.query, count, count == SEARCHED_ALL)
    return replace(said, sentences=[*listed, *further(count - len(shown))], shown=shown)


FIND = Act(name="find", gather=gather, look=look, choose=choose, reply=reply, fault=asks_for_something, by_tools=True)
