"""By what videos can be found: those of an ingest together, or each of them."""

from collections.abc import Iterable, Mapping, Sequence

from bot.rights import owner_sees
from retrieval.catalogue.catalogue import Catalogue
from retrieval.catalogue.findable import Coverage, Findable, coverage, findable
from retrieval.ingest.reports import TAKEN, FileReport
from retrieval.types import Video

__all__ = ["Coverage", "Findable", "TAKEN", "coverage_of", "found_of", "taken"]


def found_of(catalogue: Catalogue, videos: Iterable[Video]) -> Mapping[int, Findable]:
    """Return what videos can be found by, by their generations."""
    return findable(catalogue.database, videos)


def coverage_of(catalogue: Catalogue, videos: Sequence[Video]) -> Coverage:
    """Return how many of some videos can be found by what."""
    known = found_of(catalogue, videos)
    return coverage([known[video.generation] for video in videos])


def taken(catalogue: Catalogue, reports: Sequence[FileReport]) -> list[Video]:
    """Return the videos of files that are in the library, each once."""
    ids = {report.video_id for report in reports if report.verdict in TAKEN}
    return [video for video in catalogue.videos(owner_sees(catalogue)) if video.video_id in ids]
