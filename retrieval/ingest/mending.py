"""Keyframes made anew from the files of their videos. What cannot be made now stays as it is."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from retrieval.catalogue.catalogue import Catalogue
from retrieval.ingest.relink import is_its_file, media
from retrieval.publishing import lost_frames
from retrieval.publishing.publisher import Publisher
from retrieval.types import Video

if TYPE_CHECKING:
    from retrieval.ingest.pipeline import Ingester


def mend_frames(
    catalogue: Catalogue, publisher: Publisher, ingester: Callable[[], "Ingester"]
) -> tuple[int, dict[str, str]]:
    """Make keyframes anew that are gone or damaged.

    Args:
        catalogue: of the library.
        publisher: of the library.
        ingester: makes what reads files, once nothing of what is gone is in the index.

    Returns:
        How many videos are whole again, and why others are not, by their keys.
    """
    gone = lost_frames.lost(catalogue.database, catalogue.home / "frames")
    wanted = sorted({key for key, _ in gone} | set(lost_frames.marked(catalogue.database)))
    videos = {key: video for key in wanted if (video := catalogue.stored(key)) is not None}
    away = {key: reason for key, video in videos.items() if (reason := _why_not(video))}
    here = {key: video for key, video in videos.items() if key not in away}
    if not here:
        return 0, away
    lost_frames.let_go(catalogue, {of: files for of, files in gone.items() if of[0] in here})
    publisher.rebuild()  # without rows of what is gone, before anything is added
    taker, failed = ingester(), {}
    for key, video in here.items():
        (report,) = taker.take([path for path in (video.entry.path,) if path], video.entry.collection)
        after = catalogue.stored(key)
        if after is None or after.note == lost_frames.NOTE:
            failed[key] = report.reason or "its file could not be read"
    return len(here) - len(failed), away | failed


def _why_not(video: Video) -> str:
    """Return why the keyframes of a video cannot be made now, "" where they can."""
    path = media(video)
    if path is None:
        return f"its file is not there: {str(video.entry.path)!r}" if video.entry.path else "its file is not there"
    return "" if is_its_file(video, path) else f"another file is there now: {str(path)!r}"
