"""A question about what is seen or said: the moments that answer it, and what their frames show of it."""

from dataclasses import replace

from bot.dialogue.acts.base import Act, Context
from bot.dialogue.acts.choosing import chosen, described
from bot.dialogue.acts.gathering import Gathered, asks_for_something, gathered_for
from bot.dialogue.acts.other_readings import with_others
from bot.dialogue.acts.quoting import quoting
from bot.dialogue.composing.opening import answered_by
from bot.dialogue.looking.visual_answerer import VqaResult
from bot.dialogue.looking.visual_question import VisualQuestion

MOST = 3
"""Moments quoted at most."""


def gather(context: Context) -> Gathered:
    """Return the best moments."""
    gathered = gathered_for(context.plan, context.view, MOST, image=context.image)
    return with_others(gathered, context.others, context.view)


def look(context: Context, gathered: Gathered) -> VisualQuestion | None:
    """Return what the question asks of a frame, None where what is said answers it and a text was found."""
    plan = context.plan
    aspect = plan.aspect or plan.aspect_before
    if answered_by(plan, [piece.moment for piece in gathered.at_hand[:1]]):
        return None
    if aspect is None and plan.heard and gathered.told(plan.query):
        return None
    goes_on = bool(plan.carried and plan.query) and plan.query.lower() not in plan.words.lower()
    question = f"{plan.words} ({plan.query})" if goes_on else plan.words
    return VisualQuestion(question, aspect, described(plan, gathered), plan.query or plan.words)


def choose(context: Context, gathered: Gathered, looked: VqaResult) -> Gathered:
    """Return those first whose frames tell what was asked, and of those searched for only what their frames show."""
    if not gathered.candidates:
        told = sorted(gathered.pieces, key=lambda piece: not looked.vote(piece.moment.moment_id).text)
        return replace(gathered, pieces=tuple(told))
    return chosen(context.plan.query, gathered, looked, MOST)


ASK = Act(
    name="ask",
    gather=gather,
    look=look,
    choose=choose,
    reply=quoting,
    fault=asks_for_something,
    by_tools=True,
    writable=True,
)
