"""What an ingest took in: the videos of its files."""

from collections.abc import Sequence

from bot.rights import owner_sees
from retrieval.catalogue.catalogue import Catalogue
from retrieval.ingest.reports import TAKEN, FileReport
from retrieval.types import Video

__all__ = ["TAKEN", "taken"]


def taken(catalogue: Catalogue, reports: Sequence[FileReport]) -> list[Video]:
    """Return the videos of files that are in the library, each once."""
    ids = {report.video_id for report in reports if report.verdict in TAKEN}
    return [video for video in catalogue.videos(owner_sees(catalogue)) if video.video_id in ids]
