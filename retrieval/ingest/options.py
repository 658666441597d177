"""What the user set for ingest."""

from dataclasses import dataclass

from retrieval.encoders.devices import ChosenDevice
from retrieval.ingest.budget import FRAMES_PER_HOUR
from retrieval.ingest.captions import Captioner
from retrieval.ingest.confined import DecodeLimits


@dataclass(frozen=True, slots=True)
class IngestOptions:
    """What the user set: a speech model by name or folder (None = off), and the limits of decoding.

    A file waits until it has not changed for `stable_seconds`; 0 takes it as it is. Of an hour of video at most
    `frames_per_hour` keyframes are kept. `captioner` describes the moments that have no caption (None = off).
    Speech is recognised on the `device`.
    """

    speech_model: str | None = None
    limits: DecodeLimits | None = None
    stable_seconds: float = 0.0
    frames_per_hour: int = FRAMES_PER_HOUR
    captioner: Captioner | None = None
    device: ChosenDevice = "cpu"
