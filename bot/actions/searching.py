"""A search as a person gives it: narrowed to what is there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from PIL import Image

from bot.actions.access import Access
from bot.actions.meaning import meant
from bot.dialogue.messages import OPEN_END
from bot.dialogue.reading.queries import read_query
from bot.dialogue.verdict import Judgement, nothing_found, of_search
from bot.errors import UsageError
from bot.tools.pieces import CatalogueReader, Searcher
from bot.tools.view import EVERYWHERE
from retrieval.errors import InvalidQuery, NotInLibrary
from retrieval.types import Filter, Hit, TimeSpan


@dataclass(frozen=True, slots=True)
class Searched:
    """Hits, best first, the seconds that they took, and what they are worth; one arm that is asked alone only ranks.

    `mended` maps misspelt words, as they were typed, to those of the texts that were looked for instead.
    """

    hits: tuple[Hit, ...]
    seconds: float
    judgement: Judgement
    mended: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_certain(self) -> bool:
        """Whether the hits may be what was asked for, and not only what is nearest to it."""
        return bool(self.hits) and self.judgement.verdict != "not_found"


MOST_HITS = 1000
"""Hits of one search at most."""

NOT_SEARCHED = Searched((), 0.0, nothing_found(0.0))
"""What comes of a query that asks for nothing."""


def narrowed(
    shelf: CatalogueReader,
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
    videos = [meant(shelf, visible, video) for video in videos]
    check_collections(collections, visible)
    within = None
    if start is not None or end is not None:
        within = TimeSpan(min(start or 0.0, OPEN_END - 1), OPEN_END) if end is None else TimeSpan(start or 0.0, end)
    return Filter(frozenset(collections) or None, frozenset(videos) or None, within)


def limited(
    access: Access,
    shelf: CatalogueReader,
    videos: Sequence[str] = (),
    collections: Sequence[str] = (),
    start: float | None = None,
    end: float | None = None,
) -> tuple[Access, Filter]:
    """Return the access of a question that is limited, and to what in it; see `narrowed`.

    Raises:
        NotInLibrary: there is no such video or collection, or it is not visible.
        InvalidSpan: the end is not after the start.
        UsageError: a time is given, and no video that it is a time of.
    """
    if (start is not None or end is not None) and not videos:
        raise UsageError("--from and --to are times of a video, and none is named", "Give --video ID too.")
    check_collections(collections, access.visible)
    inside = access.within(frozenset(collections)) if collections else access
    return inside, replace(narrowed(shelf, inside.visible, videos, (), start, end), collections=None)


def check_collections(collections: Iterable[str], visible: frozenset[str]) -> None:
    """Check that collections are there.

    Raises:
        NotInLibrary: one is not, or it is not visible.
    """
    for collection in sorted(collections):
        if collection not in visible:
            raise NotInLibrary(
                f"there is no collection {collection!r}",
                f"There are: {', '.join(map(repr, sorted(visible))) or 'none'}. An ingest makes new ones.",
            )


def search(
    searcher: Searcher,
    visible: frozenset[str],
    k: int,
    text: str = "",
    image: Image.Image | None = None,
    like: str | None = None,
    within: Filter = EVERYWHERE,
    arm: str | None = None,
) -> Searched:
    """Return the k best moments, also where they are only the nearest, and what they are worth.

    Args:
        searcher: the search.
        visible: the collections that the place of the answer may see.
        k: how many hits at most.
        text: words to look for, with "exact phrases" in quotes and -words that exclude.
        image: a picture to look for instead.
        like: the id of a moment that others should be like, instead.
        within: what the search is narrowed to.
        arm: the one arm to rank by; all where None.

    Raises:
        InvalidQuery: nothing is asked, or more than one thing, or for no hits or too many.
        MissingModel: a picture or the frames arm is asked for, and no picture encoder is set up.
        NotInLibrary: `like` names no visible moment.
    """
    if not 1 <= k <= MOST_HITS:
        raise InvalidQuery(f"the number of hits must be from 1 to {MOST_HITS}, not {k}", "Ask for another number.")
    if (bool(text.strip()), image is not None, like is not None).count(True) > 1:
        raise InvalidQuery(
            "a search is by a text, by a picture, or by a moment, not by two of them", "Give one of them."
        )
    found = searcher.search(replace(read_query(text), image=image, like=like, filter=within, arm=arm), visible, k)
    judgement = Judgement("answered", found.confidence) if arm else of_search(found)
    return Searched(found.hits, found.seconds, judgement, found.mended)
