"""Turns and citations with other names of their videos and moments."""

from collections.abc import Callable
from dataclasses import replace

from bot.dialogue.conversation import Turn
from bot.dialogue.messages import Citation, Filters

Rename = Callable[[str], str]


def renamed(turn: Turn, video: Rename, moment: Rename) -> Turn:
    """Return a turn with other names of its videos and moments."""
    return replace(
        turn,
        citations=tuple(called(one, video, moment) for one in turn.citations),
        video=None if turn.video is None else video(turn.video),
        listed=tuple(map(video, turn.listed)),
        filters=_filters(turn.filters, video, moment),
    )


def called(citation: Citation, video: Rename, moment: Rename) -> Citation:
    """Return a citation with other names of its video and moment."""
    return replace(citation, moment_id=moment(citation.moment_id), video_id=video(citation.video_id))


def _filters(filters: Filters, video: Rename, moment: Rename) -> Filters:
    def one(moment_id: str | None) -> str | None:
        return None if moment_id is None else moment(moment_id)

    return replace(
        filters,
        videos=tuple(map(video, filters.videos)),
        not_videos=tuple(map(video, filters.not_videos)),
        before=one(filters.before),
        after=one(filters.after),
        during=one(filters.during),
        not_moments=tuple(map(moment, filters.not_moments)),
    )
