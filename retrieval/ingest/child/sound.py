"""The child's task of reading sound: mono samples in step with the picture."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import av
import av.error
import numpy as np
import numpy.typing as npt
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.video.stream import VideoStream

from retrieval.ingest.child.media import Clock, opened, packets_of, raise_if_out_of_memory, video_stream
from retrieval.ingest.child.port import Port, Request
from retrieval.ingest.decode import AUDIO_RATE

Samples = npt.NDArray[np.float32]

JITTER = AUDIO_RATE // 20
"""Samples: smaller gaps between pieces of sound are rounding."""

LONGEST_SILENCE = 600 * AUDIO_RATE
"""Samples of silence with which one gap is filled at most."""


def sound_stream(container: InputContainer, picture: VideoStream) -> AudioStream | None:
    """Return the sound that goes with a video stream, if there is any that can be decoded."""
    stream = container.streams.best("audio", related=picture)
    return cast(AudioStream, stream) if stream is not None and stream.codec_context is not None else None


def pieces(container: InputContainer, stream: AudioStream, layout: str, rate: int) -> Iterator[tuple[float, Samples]]:
    """Yield sound as decoded, from where the container stands.

    Args:
        container: the file.
        stream: its sound.
        layout: `mono` or `stereo`.
        rate: samples a second.

    Returns:
        Pieces (channels, samples), each with the time at which it begins, in seconds on the file's own scale.
    """
    resampler = AudioResampler(format="fltp", layout=layout, rate=rate)
    for packet in packets_of(container, stream):
        try:
            frames = stream.decode(packet)
        except av.error.FFmpegError as error:
            raise_if_out_of_memory(error)
            continue
        for frame in frames:
            for piece in resampler.resample(frame):
                if piece.pts is not None and piece.time_base is not None:
                    yield float(piece.pts * piece.time_base), np.asarray(piece.to_ndarray(), np.float32)


def audio(port: Port, path: Path, request: Request) -> None:
    """Send the sound in pieces, from the start of the video stream."""
    with opened(path) as container:
        picture = video_stream(container, path.name)
        start = Clock(picture).start
        stream = sound_stream(container, picture)
        port.opened((container.duration or 0) / av.time_base)
        if stream is None:
            return
        sent = 0
        for time, samples in pieces(container, stream, "mono", AUDIO_RATE):
            placed = _in_place(samples[0], round((time - start) * AUDIO_RATE) - sent)
            sent += len(placed)
            port.send("samples", placed)


def _in_place(samples: Samples, gap: int) -> Samples:
    """Fill a gap before a piece with silence, and cut off what overlaps."""
    if abs(gap) <= JITTER:
        return np.ascontiguousarray(samples)
    lead = np.zeros(min(max(0, gap), LONGEST_SILENCE), np.float32)
    return np.concatenate([lead, samples[max(0, -gap) :]])
