"""The frames that a clip is encoded from: of a moment's span, or of a whole video.

They are sampled from the media, evenly: keyframes stand where shots change and are chosen for looking unlike each
other, so what moves between them is lost, and motion is what an encoder of clips is for. Where the media is not there
any more, is another file by now, or cannot be read at that place, the keyframes on disk serve: so vectors can always
be made anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PIL import Image

from retrieval.errors import UnreadableMedia
from retrieval.pictures import read_keyframe
from retrieval.types import Keyframe, TimeSpan


class Footage(Protocol):
    """The way into media files."""

    def holds(self, path: Path, content_hash: str) -> bool:
        """Tell whether a file is there and is still the one with these bytes."""
        ...

    def frames(self, path: Path, times: Sequence[float]) -> list[Image.Image]:
        """Return the frame shown at each time (seconds); the first or the last where there is none then.

        Raises:
            UnreadableMedia: the file cannot be read.
        """
        ...


@dataclass(frozen=True, slots=True)
class ClipSource:
    """What can be seen of a video: its keyframes, and its media file if it is there and there is a way into it."""

    keyframes: Sequence[Keyframe]
    media: Path | None = None
    footage: Footage | None = None

    def of(self, spans: Sequence[TimeSpan], count: int) -> list[list[Image.Image]]:
        """Return at most `count` frames of each span, in order of time; none where nothing of it can be seen."""
        times = [span.start + (place + 0.5) * span.duration / count for span in spans for place in range(count)]
        sampled = self._sampled(times)
        clips = []
        for number, span in enumerate(spans):
            found = list(sampled[number * count : (number + 1) * count])
            clips.append(found or [read_keyframe(frame.path) for frame in self._still(span, count)])
        return clips

    def _sampled(self, times: Sequence[float]) -> Sequence[Image.Image]:
        if self.media is None or self.footage is None:
            return ()
        try:
            return self.footage.frames(self.media, times)
        except UnreadableMedia:
            return ()

    def _still(self, span: TimeSpan, count: int) -> list[Keyframe]:
        inside = [frame for frame in self.keyframes if span.contains(frame.time)]
        if len(inside) <= count:
            return inside
        return [inside[int((place + 0.5) * len(inside) / count)] for place in range(count)]
