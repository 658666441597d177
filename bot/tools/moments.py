"""Tools for moments: found by words, a picture, likeness, or what comes beside them; compared, and looked at."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, Protocol

from bot.tools.pieces import Piece
from bot.tools.view import SearchLimits, View
from retrieval.searching.query import Query
from retrieval.searching.search import SearchResult
from retrieval.types import Filter

Side = Literal["before", "after", "during"]

ANYWHERE = SearchLimits()


class FrameQuestion(Protocol):
    """Looks at frames of a moment for a question, and returns what was seen; empty where they do not show it."""

    def __call__(self, piece: Piece, question: str) -> str:
        """Return what was seen.

        Raises:
            AssistantError: nobody could look.
        """
        ...


def search_moments(view: View, query: Query, limits: SearchLimits = ANYWHERE, k: int = 10) -> SearchResult:
    """Return the k best moments for a query, with what is excluded left out.

    Args:
        view: what may be seen.
        query: what to look for; its filter is that of the limits.
        limits: where to look, and what to leave out.
        k: how many hits at most.

    Raises:
        InvalidQuery: the query asks for nothing, or for what is switched off.
    """
    videos = limits.videos
    if limits.not_videos:
        there = view.videos()
        seen = videos if videos is not None else {video.video_id for video in there}
        films = (video for video in there if video.video_id in limits.not_videos)
        videos = frozenset(seen) - {one.video_id for video in films for one in (video, *video.copies)}
    narrowed = Filter(videos=videos, within=limits.within)
    asked = replace(query, excluded=(*query.excluded, *limits.without), filter=narrowed)
    found = view.search(asked, k + len(limits.not_moments))
    return replace(found, hits=tuple(hit for hit in found.hits if limits.admit(hit.moment, view)))


def moments_like(view: View, moment_id: str, k: int) -> SearchResult:
    """Return the k moments that are most like one, without it.

    Raises:
        NotInLibrary: there is no such moment, or it is not visible.
    """
    return view.search(Query(like=view.moment(moment_id).moment_id), k)


def moments_around(view: View, moment_id: str, side: Side) -> Piece | None:
    """Return the next moment of the same video, the previous one, or with "during" the moment itself.

    Of those on a side the nearest that has text, else the nearest; None at the edge of the video.

    Raises:
        NotInLibrary: there is no such moment, or it is not visible.
    """
    anchor = view.moment(moment_id)
    if side == "during":
        return view.piece(anchor)
    moments = view.moments(anchor.video_id)
    if side == "after":
        beside = [moment for moment in moments if moment.span.start > anchor.span.start]
    else:
        beside = [moment for moment in reversed(moments) if moment.span.start < anchor.span.start]
    nearest = next((moment for moment in beside if moment.texts), beside[0] if beside else None)
    return None if nearest is None else view.piece(nearest)


def compare_moments(view: View, moment_ids: Sequence[str]) -> list[Piece]:
    """Return moments to be put side by side, each once, in the order given.

    Raises:
        NotInLibrary: one of them is not there, or not visible.
    """
    return [view.piece(moment_id) for moment_id in dict.fromkeys(moment_ids)]


def look_at_moment(view: View, look: FrameQuestion, moment_id: str, question: str) -> tuple[Piece, str]:
    """Return a moment, and what was seen in its frames to a question; empty where they do not show it.

    Raises:
        NotInLibrary: there is no such moment, or it is not visible.
        AssistantError: nobody could look.
    """
    piece = view.piece(moment_id)
    return piece, look(piece, question) if piece.keyframe is not None else ""
