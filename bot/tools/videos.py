"""Tools that tell of whole videos."""

from dataclasses import dataclass

from bot.tools.pieces import Piece
from bot.tools.view import View, spread
from retrieval.types import Moment, TimeSpan, Video, films

MOST_DESCRIBED = 8
"""Moments that a description of a video quotes."""


@dataclass(frozen=True, slots=True)
class VideoDescription:
    """A video, or a stretch of it, by its moments.

    `moments` are all of them, `pieces` those worth quoting, `more` how many others have text.
    """

    video: Video
    moments: tuple[Moment, ...]
    pieces: tuple[Piece, ...]
    more: int


def list_videos(view: View) -> list[Video]:
    """Return the videos, by id, each film once."""
    return films(view.videos())


def describe_video(
    view: View, video_id: str, within: TimeSpan | None = None, most: int = MOST_DESCRIBED
) -> VideoDescription:
    """Return what a video shows, told by moments that are evenly spread over it.

    Raises:
        NotInLibrary: there is no such video, or it is not visible.
    """
    video = view.video(video_id)
    moments = [moment for moment in view.moments(video_id) if within is None or moment.span.overlap(within) > 0]
    telling = [moment for moment in moments if moment.texts]
    chosen = tuple(view.piece(moment) for moment in spread(telling, most))
    return VideoDescription(video, tuple(moments), chosen, len(telling) - len(chosen))
