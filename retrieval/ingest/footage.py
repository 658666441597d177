"""Frames of media files at given times, for encoders of clips."""

from bisect import bisect_right
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from retrieval.errors import UnreadableMedia
from retrieval.ingest.confined import DecodeLimits
from retrieval.ingest.decode import VideoReader
from retrieval.ingest.sources import content_hash

ROUNDING = 1e-5
"""Seconds by which the time of a frame may be off."""


class MediaFootage:
    """Reads frames in confined child processes, one for each call."""

    def __init__(self, limits: DecodeLimits | None = None) -> None:
        self._limits = limits

    def holds(self, path: Path, content: str) -> bool:
        """Tell whether a file is there and is still the one with these bytes."""
        try:
            return content_hash(path) == content
        except UnreadableMedia:
            return False

    def frames(self, path: Path, times: Sequence[float]) -> list[Image.Image]:
        """Return the frame shown at each time (seconds); the first or the last where there is none then.

        Raises:
            UnreadableMedia: the file cannot be read.
        """
        with VideoReader(path, self._limits) as reader:
            shown = [(frame.time, Image.fromarray(frame.image)) for frame in reader.frames(at=times)]
        begins = [time for time, _ in shown]
        return [shown[max(0, bisect_right(begins, time + ROUNDING) - 1)][1] for time in times]
