"""What ingest and import hand over to be published: one video's whole content. Values only."""

from dataclasses import dataclass

from retrieval.catalogue.given import Given
from retrieval.catalogue.vectors import StoredVideo
from retrieval.spaces import PlacedVectors
from retrieval.types import Entry, Keyframe, Shot, TimedText, TimeSpan, VideoState


@dataclass(frozen=True, slots=True)
class Reserved:
    """A place for one attempt to take a video in: its key and the generation its rows will carry."""

    video_id: str
    generation: int


@dataclass(frozen=True, slots=True)
class Draft:
    """One video as ingest understood it, before encoding. Moments are in order of time.

    `given` is what a person gave to it, kept beside the moments that were made of it.
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

    def kept(self, vectors: PlacedVectors) -> StoredVideo:
        """Return this draft as the catalogue will keep it."""
        place, keyframes = self.reserved, tuple((frame.time, frame.path.name) for frame in self.keyframes)
        about = (place.video_id, place.generation, self.content_hash, self.duration, self.entry.collection)
        return StoredVideo(*about, self.moments, keyframes, vectors)
