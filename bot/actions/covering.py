"""By what videos can be found: those of an ingest together, or each of them."""

from collections.abc import Iterable, Mapping, Sequence

from retrieval.catalogue.catalogue import Catalogue
from retrieval.catalogue.findable import Coverage, Findable, coverage, findable
from retrieval.types import Video

__all__ = ["Coverage", "Findable", "coverage_of", "found_of"]


def found_of(catalogue: Catalogue, videos: Iterable[Video]) -> Mapping[int, Findable]:
    """Return what videos can be found by, by their generations."""
    return findable(catalogue.database, videos)


def coverage_of(catalogue: Catalogue, videos: Sequence[Video]) -> Coverage:
    """Return how many of some videos can be found by what."""
    known = found_of(catalogue, videos)
    return coverage([known[video.generation] for video in videos])
