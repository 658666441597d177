"""Two moments, or two videos, side by side."""

from dataclasses import dataclass, replace

import prompts
from bot.dialogue.acts import ask
from bot.dialogue.acts.base import Act, Context, Material, Reply
from bot.dialogue.acts.gathering import Gathered, best, best_in, complete, referenced_moments
from bot.dialogue.acts.quoting import opened, title_of
from bot.dialogue.composing.citations import quotable
from bot.dialogue.composing.templates import Listed
from bot.dialogue.verdict import nothing_found
from retrieval.types import timecode


@dataclass(frozen=True, slots=True)
class MomentLength:
    """A moment's handle and how long it is, in seconds."""

    handle: int
    seconds: str


def gather(context: Context) -> Gathered:
    """Return what is pointed at, the best moment of each video named, or else of each of the two things described."""
    plan, view = context.plan, context.view
    given = referenced_moments(plan, view)
    named = [best_in(plan, video, view) for video in plan.videos]
    described = () if given or plan.videos else plan.compared
    found = [best(replace(plan, query=one.text, sought=one), view) for one in described]
    return complete([*given, *(piece for piece in (*named, *found) if piece)])


def reply(context: Context, material: Material) -> Reply:
    """Say how long each is, and what its texts say."""
    shown = material.shown
    if len(shown) < 2:
        said = opened(prompts.render("compare_one"), context, material)
        doubted = said.judgement.at_most_unsure() if shown else nothing_found(said.judgement.confidence)
        return replace(said, judgement=doubted)
    videos = [video for video in context.videos if video.video_id in context.plan.videos]
    if len(videos) > 1:
        listed = [Listed(quotable(title_of(v), 100), v.video_id, timecode(v.duration, is_end=True)) for v in videos]
        return opened(prompts.render("compare_videos", videos=listed), context, material)
    lengths = [MomentLength(one.citation.handle, f"{one.citation.span.duration:.1f}") for one in shown]
    return opened(prompts.render("compare_moments", moments=lengths), context, material)


COMPARE = Act(name="compare", gather=gather, look=ask.look, reply=reply, by_tools=True)
