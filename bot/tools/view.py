"""A library as one answer may see it: the collections are bound here, once, by whoever serves the answer.

No tool takes collections as an argument. So nothing that a person or a model says can widen what is seen, and what is
not visible is answered like what does not exist.
Why: docs/decisions/rights.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from bot.tools.pieces import CatalogueReader, Piece, Searcher, piece_of
from retrieval.errors import NotInLibrary
from retrieval.searching.query import Query
from retrieval.searching.search import SearchResult
from retrieval.types import Filter, Moment, TimeSpan, Video

EVERYWHERE = Filter()


class View:
    """The visible part of a library, for the time of one answer: each video and its moments are read once.

    Args:
        shelf: the catalogue.
        searcher: the search.
        visible: the collections that the place of the answer may see.
        within: what of them the question is limited to; what lies outside is answered like what does not exist, too.
    """

    def __init__(
        self, shelf: CatalogueReader, searcher: Searcher, visible: frozenset[str], within: Filter = EVERYWHERE
    ) -> None:
        self._shelf = shelf
        self._searcher = searcher
        self._visible = visible
        self._within = within
        self._videos: dict[str, Video] = {}
        self._moments: dict[str, list[Moment]] = {}
        self._found: dict[tuple[Query, int], SearchResult] = {}

    def videos(self) -> list[Video]:
        """Return the videos, by id."""
        found = self._shelf.videos(self._visible)
        only = self._within.videos
        return found if only is None else [replace(video, copies=()) for video in found if video.video_id in only]

    def video(self, video_id: str) -> Video:
        """Return one video.

        Raises:
            NotInLibrary: there is none of that id, or it is not visible.
        """
        if self._within.videos is not None and video_id not in self._within.videos:
            raise _outside(video_id)
        if video_id not in self._videos:
            self._videos[video_id] = self._shelf.video(video_id, self._visible)
        return self._videos[video_id]

    def moments(self, video_id: str) -> list[Moment]:
        """Return a video's moments in order of time.

        Raises:
            NotInLibrary: there is no such video, or it is not visible.
        """
        if video_id not in self._moments:
            self.video(video_id)
            there = self._shelf.moments(video_id, self._visible)
            self._moments[video_id] = [moment for moment in there if self._admits(moment)]
        return self._moments[video_id]

    def moment(self, moment_id: str) -> Moment:
        """Return one moment.

        Raises:
            NotInLibrary: there is none of that id, or it is not visible.
        """
        found = self._shelf.moment(moment_id, self._visible)
        if not self._admits(found):
            raise _outside(moment_id)
        return found

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
        limits = shared(query.filter, self._within)
        if limits is None:
            return SearchResult((), 0.0, 0.0, {})
        asked = replace(query, filter=limits)
        if query.image is not None:
            return self._searched(asked, k)
        if (asked, k) not in self._found:
            self._found[asked, k] = self._searched(asked, k)
        return self._found[asked, k]

    def _searched(self, query: Query, k: int) -> SearchResult:
        found = self._searcher.search(query, self._visible, k)
        return replace(found, hits=tuple(hit for hit in found.hits if self._admits(hit.moment)))

    def _admits(self, moment: Moment) -> bool:
        """Tell whether a moment reaches into what the question is limited to."""
        if self._within.videos is not None and moment.video_id not in self._within.videos:
            return False
        return self._within.within is None or moment.span.overlap(self._within.within) > 0


def shared(one: Filter, other: Filter) -> Filter | None:
    """Return what two limits both let through; None for nothing."""
    videos = one.videos if other.videos is None else other.videos if one.videos is None else one.videos & other.videos
    within = one.within or other.within
    if one.within and other.within:
        if one.within.overlap(other.within) <= 0:
            return None
        within = TimeSpan(max(one.within.start, other.within.start), min(one.within.end, other.within.end))
    return None if videos is not None and not videos else replace(one, videos=videos, within=within)


def _outside(name: str) -> NotInLibrary:
    return NotInLibrary(f"{name!r} is not in what the question is limited to", "Ask without the limit.")


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
