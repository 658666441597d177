"""What is asked of the videos themselves: which there are, how many, how long, which is the longest."""

import re
from collections.abc import Sequence

import prompts
from bot.dialogue.acts.base import Act, Context, Material, Reply
from bot.dialogue.acts.quoting import title_of
from bot.dialogue.composing import templates
from bot.dialogue.composing.templates import KINDS, MOST_LISTED, Listed, Sentence
from bot.dialogue.reading.library import HOW_MANY
from bot.dialogue.reading.utterance import content_of
from bot.dialogue.verdict import TOLD
from retrieval.analysis import terms
from retrieval.types import TEXT_SOURCES, Video, films, timecode

_DENIED = re.compile(r"(?:\b(?:no|not|without|lack(?:s|ing)?)\b|n['\u2019]t\b)((?:(?!\bbut\b).)*)", re.I | re.S)

MOST_READ = 500
"""Videos whose texts are all read for a word that none of them says."""


def reply(context: Context, _: Material) -> Reply:
    """Answer from the catalogue, about the videos named or about all."""
    named = set(context.plan.videos)
    videos = [video for video in context.videos if video.video_id in named] if named else films(context.videos)
    about = context.plan.about or "list"
    denied = content_of(" ".join(_DENIED.findall(context.plan.words)))
    if about == "list" and denied and not named and len(videos) <= MOST_READ:
        without = [video for video in videos if not _says(context, video, denied)]
        return _listed(templates.list_not_saying(denied, list(map(_listed_as, without))), without)
    if about == "list" or not videos:
        return _listed(templates.list_of_videos(list(map(_listed_as, videos))), videos)
    if about == "sources":
        return _with_texts(context, videos)
    if about == "count" or (about == "length" and len(videos) > 1):
        total = timecode(sum(video.duration for video in videos), is_end=True)
        return _listed(Sentence(prompts.render("library_size", count=len(videos), total=total)), videos)
    ordered = sorted(videos, key=_KEYS[about])
    told = templates.first_of(list(map(_listed_as, ordered)), about, named=bool(named))
    return Reply(TOLD, [told], video=ordered[0].video_id)


_KEYS = {
    "length": lambda video: -video.duration,
    "longest": lambda video: -video.duration,
    "shortest": lambda video: video.duration,
    "newest": lambda video: -video.generation,
}


def _listed(sentence: Sentence, videos: Sequence[Video]) -> Reply:
    return Reply(TOLD, [sentence], listed=tuple(video.video_id for video in videos[:MOST_LISTED]))


def _listed_as(video: Video) -> Listed:
    everywhere = ", ".join(one.video_id for one in (video, *video.copies))
    return Listed(title_of(video), everywhere, timecode(video.duration, is_end=True))


def _with_texts(context: Context, videos: Sequence[Video]) -> Reply:
    """Tell which kinds of text videos have; where it is asked which of all lack some, list only those."""
    lacking = templates.kinds_named(" ".join(_DENIED.findall(context.plan.words)))
    if lacking and not context.plan.videos:
        without = [video for video in videos if not lacking.intersection(_kinds(context, video))]
        return _listed(templates.list_without(sorted(lacking), list(map(_listed_as, without))), without)
    asked = templates.kinds_named(context.plan.words)
    if asked and not context.plan.videos and HOW_MANY.search(context.plan.words):
        having = [video for video in videos if asked.intersection(_kinds(context, video))]
        return _listed(templates.count_having(sorted(asked), len(having), len(videos)), having)
    told = [templates.kinds_of(title_of(video), _kinds(context, video)).text for video in videos[:MOST_LISTED]]
    return _listed(Sentence("\n".join(told)), videos)


def _says(context: Context, video: Video, words: str) -> bool:
    """Tell whether a text of a video holds one of these words."""
    wanted = set(terms(words))
    return any(wanted.intersection(terms(moment.text)) for moment in context.view.moments(video.video_id))


def _kinds(context: Context, video: Video) -> list[str]:
    there = {text.source for moment in context.view.moments(video.video_id) for text in moment.texts}
    return [KINDS[source] for source in TEXT_SOURCES if source in there]


LIBRARY = Act(name="library", reply=reply, known=True)
