"""A search as a person gives it: narrowed to what is there, and without hits where nothing matches."""

from collections.abc import Sequence
from dataclasses import replace

from bot.dialogue.plan import OPEN_END
from bot.tools.shelf import Searcher, Shelf
from retrieval.errors import NotInLibrary
from retrieval.searching.search import Found, Query
from retrieval.types import Filter, TimeSpan


def narrowed(
    shelf: Shelf,
    visible: frozenset[str],
    videos: Sequence[str] = (),
    collections: Sequence[str] = (),
    start: float | None = None,
    end: float | None = None,
) -> Filter:
    """Return what a search is narrowed to: to videos, collections, and a span of time in seconds.

    Raises:
        NotInLibrary: there is no such video or collection, or it is not visible.
        InvalidSpan: the end is not after the start.
    """
    for video in videos:
        shelf.video(video, visible)
    for collection in collections:
        if collection not in visible:
            raise NotInLibrary(f"there is no collection {collection!r}", "`vdialog videos list` shows those that are.")
    within = None
    if start is not None or end is not None:
        within = TimeSpan(min(start or 0.0, OPEN_END - 1), OPEN_END) if end is None else TimeSpan(start or 0.0, end)
    return Filter(frozenset(collections) or None, frozenset(videos) or None, within)


def search(searcher: Searcher, query: Query, visible: frozenset[str], k: int = 10) -> Found:
    """Search; what the library most likely does not hold is nothing, unless one arm's ranking is wanted.

    Raises:
        InvalidQuery: nothing is asked, or more than one thing.
        MissingModel: a picture or the frames arm is asked for, and no picture encoder is set up.
        NotInLibrary: `query.like` names no visible moment.
    """
    found = searcher.search(query, visible, k)
    return found if found.matches or query.arm else replace(found, hits=())
