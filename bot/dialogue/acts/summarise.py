"""A stretch of a video, what was shown, or all that is found on something: told moment by moment, in order."""

from dataclasses import replace

import prompts
from bot.dialogue.acts.base import Act, Context, Material, Reply
from bot.dialogue.acts.gathering import Gathered, best_in, complete, gathered_for, moments_of, referenced_moments
from bot.dialogue.acts.quoting import further, nothing, opened
from bot.dialogue.composing.citations import quotable
from bot.dialogue.composing.templates import tell_moments
from bot.dialogue.plan import OPEN_END
from retrieval.types import films, timecode


def gather(context: Context) -> Gathered:
    """Return the moments of what is pointed at or named, all that the words find, or one of every video."""
    plan, view = context.plan, context.view
    if plan.pointed:
        return complete(referenced_moments(plan, view))
    if plan.query:
        return gathered_for(plan, view, everything=True, image=context.image)
    if plan.videos:
        return complete(moments_of(plan, view))
    told = [best_in(plan, video.video_id, view) for video in films(context.videos)]
    return complete([piece for piece in told if piece])


def reply(context: Context, material: Material) -> Reply:
    """Say what is told, and quote each moment."""
    if not material.shown:
        return nothing(context, material)
    titles = {quotable(one.citation.title, 100) for one in material.shown}
    span, count = context.plan.within, len(material.shown)
    when = span.timecode if span and span.end < OPEN_END else f"{timecode(span.start)} and later" if span else ""
    title = titles.pop() if len(titles) == 1 else ""
    said = opened(prompts.render("summarise_moments", title=title, timecode=when, count=count), context, material)
    first, *quoted = said.sentences
    told = tell_moments(said.shown, context.plan.query) if title else quoted
    return replace(said, sentences=[first, *told, *further(material.gathered.count - count)])


SUMMARISE = Act(name="summarise", gather=gather, reply=reply, by_tools=True, whole=True)
