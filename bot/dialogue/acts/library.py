"""What is asked of the videos themselves: which there are, how many, how long, which is the longest."""

from collections.abc import Sequence

import prompts
from bot.dialogue.acts.base import Act, Context, Material, Reply
from bot.dialogue.acts.quoting import title_of
from bot.dialogue.composing.citations import quotable
from bot.dialogue.composing.templates import KINDS, MOST_LISTED, Listed, Sentence, list_of_videos
from bot.dialogue.verdict import TOLD
from retrieval.types import TEXT_SOURCES, Video, timecode


def reply(context: Context, _: Material) -> Reply:
    """Answer from the catalogue, about the videos named or about all."""
    named = set(context.plan.videos)
    videos = [video for video in context.videos if not named or video.video_id in named]
    about = context.plan.about or "list"
    if about == "list" or not videos:
        return _listed(list_of_videos(list(map(_listed_as, videos))), videos)
    if about == "sources":
        return _listed(Sentence("\n".join(_sources(context, video) for video in videos[:MOST_LISTED])), videos)
    total = timecode(sum(video.duration for video in videos))
    count = Sentence(prompts.render("library_size", count=len(videos), total=total))
    if about == "count" or (about == "length" and len(videos) > 1):
        return _listed(count, videos)
    ordered = sorted(videos, key=_KEYS[about])
    first = ordered[0]
    told = prompts.render(
        "library_video",
        which=about,
        title=quotable(title_of(first), 100),
        length=timecode(first.duration),
        one=len(videos) == 1,
    )
    return Reply(TOLD, [Sentence(told)], video=first.video_id)


_KEYS = {
    "length": lambda video: -video.duration,
    "longest": lambda video: -video.duration,
    "shortest": lambda video: video.duration,
    "newest": lambda video: -video.generation,
}


def _listed(sentence: Sentence, videos: Sequence[Video]) -> Reply:
    return Reply(TOLD, [sentence], listed=tuple(video.video_id for video in videos[:MOST_LISTED]))


def _listed_as(video: Video) -> Listed:
    return Listed(title_of(video), video.video_id, timecode(video.duration))


def _sources(context: Context, video: Video) -> str:
    there = {text.source for moment in context.view.moments(video.video_id) for text in moment.texts}
    kinds = [KINDS[source] for source in TEXT_SOURCES if source in there]
    return prompts.render("library_sources", title=quotable(title_of(video), 100), kinds=kinds)


LIBRARY = Act(name="library", reply=reply, known=True)
