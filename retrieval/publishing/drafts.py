"""What ingest and import hand over to be published: one video's whole content. Values only."""

from dataclasses import dataclass, replace

from retrieval.catalogue.given import Given
from retrieval.catalogue.vectors import StoredVideo
from retrieval.spaces import PlacedVectors
from retrieval.types import Entry, Keyframe, Shot, TimedText, TimeSpan, Video, VideoState

NOTHING = 0
"""The generation of a video that is not there."""


@dataclass(frozen=True, slots=True)
class Reserved:
    """A place for one attempt to take a video in: its key and the generation its rows will carry."""

    video_id: str
    generation: int


@dataclass(frozen=True, slots=True)
class Draft:
    """One video as ingest understood it, before encoding. Moments are in order of time.

    `given` is what a person gave to it, kept beside the moments that were made of it. `made_from` is the generation
    that the video had when it was made (`NOTHING` where it was not there): it counts only as long as that is so. None
    where it is of no importance.
    """

    reserved: Reserved
    content_hash: str
    inputs: str
    duration: float
    state: VideoState
    note: str
    entry: Entry
    moments: tuple[tuple[TimeSpan, tuple[TimedText, ...]], ...]
    shots: tuple[Shot, ...] = ()
    keyframes: tuple[Keyframe, ...] = ()
    given: Given = Given()
    made_from: int | None = None

    def kept(self, vectors: PlacedVectors) -> StoredVideo:
        """Return this draft as the catalogue will keep it."""
        place, keyframes = self.reserved, tuple((frame.time, frame.path.name) for frame in self.keyframes)
        about = (place.video_id, place.generation, self.content_hash, self.duration, self.entry.collection)
        return StoredVideo(*about, self.moments, keyframes, vectors)


def made_of(draft: Draft, before: Video | None) -> Draft:
    """Return a draft that counts only as long as its video is what it was before; None where there was none."""
    is_same = before is not None and before.key == draft.reserved.video_id
    return replace(draft, made_from=before.generation if before is not None and is_same else NOTHING)
