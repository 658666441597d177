"""A search works with keys; who asks names videos as they see them, and is shown what was found in the same way."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from retrieval.catalogue.catalogue import Catalogue
from retrieval.catalogue.ids import split_key, split_moment_id
from retrieval.catalogue.naming import Naming
from retrieval.errors import NotInLibrary
from retrieval.searching.query import Query
from retrieval.types import Hit, Moment


def keyed(query: Query, naming: Naming, visible: frozenset[str]) -> Query:
    """Return a query with the keys of the videos and the moment that it names; what is not there is left out.

    Raises:
        NotInLibrary: the moment that others should be like is not there.
    """
    videos, favoured, like = query.filter.videos, query.favoured, query.like
    return replace(
        query,
        filter=query.filter if videos is None else replace(query.filter, videos=_keys(videos, naming, visible)),
        favoured=None if favoured is None else next(iter(_keys([favoured], naming, visible)), None),
        like=None if like is None else naming.key_of_moment(like, visible),
    )


def _keys(videos: Iterable[str], naming: Naming, visible: frozenset[str]) -> frozenset[str]:
    found = set()
    for video in videos:
        try:
            found.add(naming.key(video, visible))
        except NotInLibrary:
            continue
    return frozenset(found)


def moment(catalogue: Catalogue, key: str, visible: frozenset[str]) -> Moment:
    """Return the moment of a key, called by keys.

    Raises:
        NotInLibrary: it is not there, or not visible.
    """
    return replace(catalogue.moment(key, visible), moment_id=key, video_id=split_moment_id(key)[0])


def shown(hits: Sequence[Hit], naming: Naming, visible: frozenset[str]) -> tuple[Hit, ...]:
    """Return hits as they are called among the visible videos, with the collections that hold each one's film."""
    copies = naming.copies(visible)
    moments = naming.renamed((hit.moment for hit in hits), visible)
    return tuple(
        replace(
            hit,
            moment=moment,
            collections=tuple(split_key(key)[0] for key in copies.get(hit.video_id, (hit.video_id,))),
        )
        for hit, moment in zip(hits, moments, strict=True)
    )
