"""A library as one answer may see it: the collections are bound here, once, by whoever serves the answer.

No tool takes collections as an argument. So nothing that a person or a model says can widen what is seen, and what is
not visible is answered like what does not exist.
Why: docs/decisions/rights.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from bot.tools.pieces import CatalogueReader, Piece, Searcher, piece_of
from retrieval.searching.query import Query
from retrieval.searching.search import SearchResult
from retrieval.types import Moment, TimeSpan, Video


class View:
    """The visible part of a library, for the time of one answer: each video and its moments are read once.

    Args:
        shelf: the catalogue.
        searcher: the search.
        visible: the collections that the place of the answer may see.
    """

    def __init__(self, shelf: CatalogueReader, searcher: Searcher, visible: frozenset[str]) -> None:
        self._shelf = shelf
        self._searcher = searcher
        self._visible = visible
        self._videos: dict[str, Video] = {}
        self._moments: dict[str, list[Moment]] = {}
        self._found: dict[tuple[Query, int], SearchResult] = {}

    def videos(self) -> list[Video]:
        """Return the videos, by id."""
        return self._shelf.videos(self._visible)

    def video(self, video_id: str) -> Video:
        """Return one video.

        Raises:
            NotInLibrary: there is none of that id, or it is not visible.
        """
        if video_id not in self._videos:
            self._videos[video_id] = self._shelf.video(video_id, self._visible)
        return self._videos[video_id]

    def moments(self, video_id: str) -> list[Moment]:
        """Return a video's moments in order of time.

        Raises:
            NotInLibrary: there is no such video, or it is not visible.
        """
        if video_id not in self._moments:
            self._moments[video_id] = self._shelf.moments(video_id, self._visible)
        return self._moments[video_id]

    def moment(self, moment_id: str) -> Moment:
        """Return one moment.

        Raises:
            NotInLibrary: there is none of that id, or it is not visible.
        """
        return self._shelf.moment(moment_id, self._visible)

    def piece(self, moment: Moment | str) -> Piece:
        """Return a moment, or the one of that id, as a piece.

        Raises:
            NotInLibrary: as above.
        """
        found = self.moment(moment) if isinstance(moment, str) else moment
        return piece_of(found, self.video(found.video_id).title)

    @property
    def mended(self) -> dict[str, str]:
        """The misspelt words of all that was searched for, each with what was searched for instead."""
        return {typed: word for found in self._found.values() for typed, word in found.mended.items()}

    def search(self, query: Query, k: int) -> SearchResult:
        """Return the k best moments; what was searched for before is not searched again.

        Raises:
            InvalidQuery: nothing is asked, or what is switched off.
        """
        if query.image is not None:
            return self._searcher.search(query, self._visible, k)
        if (query, k) not in self._found:
            self._found[query, k] = self._searcher.search(query, self._visible, k)
        return self._found[query, k]


@dataclass(frozen=True, slots=True)
class SearchLimits:
    """What moments are wanted from, and which are left out.

    Attributes:
        videos: ids of the videos to stay in, None for all.
        within: the stretch of time, in seconds of each video.
        without: words that must not occur.
        not_videos: ids of videos left out.
        not_moments: ids of moments left out.
        not_part: the first or the last moment of each video, left out.
    """

    videos: frozenset[str] | None = None
    within: TimeSpan | None = None
    without: tuple[str, ...] = ()
    not_videos: tuple[str, ...] = ()
    not_moments: tuple[str, ...] = ()
    not_part: Literal["start", "end"] | None = None

    def only(self, *videos: str) -> "SearchLimits":
        """Return the limits with these videos to stay in, whatever they were before."""
        return replace(self, videos=frozenset(videos))

    def admit(self, moment: Moment, view: View) -> bool:
        """Tell whether a moment is wanted from its place; words are not looked at."""
        if self.videos is not None and moment.video_id not in self.videos:
            return False
        if moment.moment_id in self.not_moments or moment.video_id in self.not_videos:
            return False
        if self.within is not None and moment.span.overlap(self.within) <= 0:
            return False
        return self.not_part is None or edge(view, moment.video_id, self.not_part) != moment


def edge(view: View, video_id: str, side: Literal["start", "end"]) -> Moment | None:
    """Return a video's first or last moment, None where it has none.

    Raises:
        NotInLibrary: there is no such video, or it is not visible.
    """
    moments = view.moments(video_id)
    return moments[0 if side == "start" else -1] if moments else None


T = TypeVar("T")


def spread(items: Sequence[T], most: int) -> list[T]:
    """Return at most so many items, two or more, evenly spread over the whole."""
    if len(items) <= most:
        return list(items)
    return [items[round(i * (len(items) - 1) / (most - 1))] for i in range(most)]
