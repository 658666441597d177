"""What replies are made of that quote moments, and what is said where there is nothing to quote. Pure."""

from collections.abc import Iterator
from dataclasses import replace

import prompts
from bot.dialogue.acts.base import Context, Material, Reply
from bot.dialogue.composing import opening, templates
from bot.dialogue.composing.citations import quotable
from bot.dialogue.composing.templates import Sentence
from bot.dialogue.looking.confidence import answer_confidence
from bot.dialogue.reading.closed_words import PERSONAL
from bot.dialogue.verdict import Grounds, Judgement, nearest_shown, nothing_found, of_moments
from bot.tools.pieces import Piece
from retrieval.analysis import words
from retrieval.types import Video


def title_of(video: Video) -> str:
    """Return a video's title."""
    return video.title


def empty_library() -> Reply:
    """Say that the library is empty."""
    return Reply(nothing_found(), [templates.list_of_videos([])])


def nothing(context: Context, material: Material) -> Reply:
    """Say that nothing was found, by the titles of the videos that the user named, and what is nearest to it."""
    plan, titles = context.plan, {video.video_id: title_of(video) for video in context.videos}
    narrowed = plan.within is not None or plan.not_part is not None
    sentence = templates.nothing_found(plan.query, [titles[video] for video in plan.videos], narrowed)
    gathered = material.gathered
    near = (*_spoken_of(context), *gathered.candidates[: nearest_shown(gathered.confidence)])
    once = tuple({piece.moment.moment_id: piece for piece in near}.values())
    nearest = templates.with_handles(once, context.conversation)
    told = [sentence, *(templates.nearest(one, plan.query, not place) for place, one in enumerate(nearest))]
    return Reply(nothing_found(gathered.confidence), told, nearest, looked=material.looked)


def _spoken_of(context: Context) -> Iterator[Piece]:
    """Yield the moment that was shown of somebody whom a pronoun stands for."""
    latest, plan = context.conversation.latest[:1], context.plan
    if latest and latest[0].moment and not plan.videos and PERSONAL.intersection(words(plan.words)):
        yield context.view.piece(context.view.moment(latest[0].moment))


def edge(context: Context, video_id: str) -> Reply:
    """Say that nothing comes before or after the moment pointed at."""
    title = next(title_of(video) for video in context.videos if video.video_id == video_id)
    direction = "before" if context.plan.relation in ("before", "right_before") else "after"
    said = prompts.render("edge_of_video", title=quotable(title, 100), direction=direction)
    return Reply(nothing_found(), [Sentence(said)])


def further(left: int) -> list[Sentence]:
    """Say how many moments are not quoted, if any."""
    return [Sentence(prompts.render("moments_more", more=left))] if left > 0 else []


def opened(first: str, context: Context, material: Material) -> Reply:
    """Return a reply of an opening sentence and the moments quoted."""
    reply = _quoted(context, material)
    return replace(reply, sentences=[Sentence(first), *reply.sentences])


def quoting(context: Context, material: Material, fact: bool = True) -> Reply:
    """Say what was seen in the moments found, and quote them, or say that there are none.

    `fact` tells whether something was asked of the moments, so that it counts how likely what their frames tell is.
    """
    return _quoted(context, material, fact) if material.shown else nothing(context, material)


def looking_told(reply: Reply) -> Iterator[Sentence]:
    """Say that looking showed nothing of what was asked, where no text answers it, or that it failed."""
    looked = reply.looked
    silent = reply.judgement.verdict != "answered"
    if silent and looked.observations and not any(one.citation.observation for one in reply.shown):
        yield Sentence(prompts.render("answer_unseen", frames=looked.frames))
    if looked.fault:
        reason = quotable(looked.fault).rstrip(" .")
        yield Sentence(prompts.render("looking_failed", reason=reason, some=looked.happened))


def _quoted(context: Context, material: Material, fact: bool = True) -> Reply:
    said = opening.opened(context.plan, material.shown, _judged(context.plan.query, material, fact))
    sentences, shown = [*said.sentences], said.shown
    if material.gathered.outcome == "closest" and said.judgement.verdict != "answered":
        sentences = [templates.closest(), *sentences, *templates.missing(shown, context.plan.query)]
    videos = {one.moment.video_id for one in shown}
    video = videos.pop() if len(videos) == 1 else None
    return Reply(said.judgement, sentences, shown, video, looked=material.looked)


def _judged(query: str, material: Material, fact: bool) -> Judgement:
    gathered, shown, looked = material.gathered, material.shown, material.looked
    seen = any(one.citation.observation for one in shown)
    covered = material.told_by_texts(query)
    told_true = fact and seen and not looked.concluded and not covered
    return of_moments(
        Grounds(
            asked=gathered.outcome == "found" or (seen and not query),
            confidence=gathered.confidence,
            told=any(one.moment.texts for one in shown),
            covered=covered,
            looked=bool(looked.observations and shown) and (fact or seen),
            seen=seen,
            tells=answer_confidence(looked.vote(shown[0].moment.moment_id), looked.aspect) if told_true else 1.0,
        )
    )
