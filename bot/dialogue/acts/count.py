"""How many are there? The moments that match, counted by their texts; what one picture shows is asked of its frames."""

from dataclasses import replace

import prompts
from bot.dialogue.acts import ask
from bot.dialogue.acts.base import Act, Context, Material, Reply
from bot.dialogue.acts.choosing import chosen
from bot.dialogue.acts.gathering import MOST_QUOTED, SEARCHED_ALL, Gathered, asks_for_something, gathered_for
from bot.dialogue.acts.quoting import further, nothing, opened, quoting
from bot.dialogue.composing import templates
from bot.dialogue.composing.citations import quotable
from bot.dialogue.composing.opening import answered_by
from bot.dialogue.composing.templates import Sentence
from bot.dialogue.looking.visual_answerer import VqaResult
from bot.dialogue.plan import ANCHORED


def gather(context: Context) -> Gathered:
    """Return all that match, the best of them at hand for whoever looks."""
    return gathered_for(context.plan, context.view, everything=True, to_look_at=True, image=context.image)


def choose(context: Context, gathered: Gathered, looked: VqaResult) -> Gathered:
    """Return all that match, the best first, without those whose frames show something else."""
    return chosen(context.plan.query, gathered, looked, None)


def reply(context: Context, material: Material) -> Reply:
    """Say how many moments match, and quote them; what one picture shows is not counted from texts."""
    plan, gathered, shown = context.plan, material.gathered, material.shown
    if not shown:
        return nothing(context, material)
    seen = any(one.citation.observation for one in shown)
    if plan.pointed or plan.relation in ANCHORED:
        if seen:
            return quoting(context, material)
        opening = prompts.render("count_shown", count=len(shown), looked=material.looked.happened)
        said = opened(opening, context, material)
        return replace(said, judgement=said.judgement.at_most_unsure())
    if answered_by(plan, [one.moment for one in shown]) or shown[0].citation.observation:
        return quoting(context, material)
    titles = dict.fromkeys(f'"{quotable(one.citation.title, 100)}"' for one in shown)
    where = f"in {next(iter(titles))}" if len(titles) == 1 else f"in {len(titles)} videos"
    number = max(gathered.count, len(shown))
    most = number >= SEARCHED_ALL
    count = Sentence(prompts.render("count_moments", count=number, query=quotable(plan.query), where=where, most=most))
    first, rest = list(templates.quote_moments(shown[:1], plan.query)), templates.quote_moments(shown[1:], plan.query)
    more = further(number - MOST_QUOTED)
    return replace(quoting(context, material), sentences=[count, *first, *rest, *more])


COUNT = Act(
    name="count", gather=gather, look=ask.look, choose=choose, reply=reply, fault=asks_for_something, by_tools=True
)
