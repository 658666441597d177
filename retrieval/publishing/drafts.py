"""What ingest and import hand over to be published: one video's whole content. Values only."""

from dataclasses import dataclass

from retrieval.spaces import Vectors
from retrieval.types import Keyframe, Membership, Shot, TimedText, TimeSpan, VideoState


@dataclass(frozen=True, slots=True)
class Reserved:
    """A place for one attempt to take a video in: its final id and the generation its rows will carry."""

    video_id: str
    generation: int


@dataclass(frozen=True, slots=True)
class Draft:
    """One video as ingest understood it, before encoding. Moments are in order of time."""

    reserved: Reserved
    content_hash: str
    inputs: str
    duration: float
    state: VideoState
    note: str
    membership: Membership
    moments: tuple[tuple[TimeSpan, tuple[TimedText, ...]], ...]
    shots: tuple[Shot, ...] = ()
    keyframes: tuple[Keyframe, ...] = ()


@dataclass(frozen=True, slots=True)
class Encoded:
    """A draft's vectors; None stands for a moment without text, or a keyframe without picture encoder.

    `caption_vecs` are unit vectors, `context_vecs` sums of three (see `retrieval.searching.contextual`), `clip_vecs`
    one for each keyframe.
    """

    caption_vecs: tuple[Vectors | None, ...]
    context_vecs: tuple[Vectors | None, ...]
    clip_vecs: tuple[Vectors | None, ...]
