"""Decodes packets into frames with their times, all of them or only those on which others rest. For the child only."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import av.error
from av.codec.context import CodecContext
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from retrieval.ingest.child.media import Clock, raise_if_out_of_memory, small
from retrieval.ingest.child.shots import FrameArray

SPARSE = 0.2
"""Seconds without a frame from which none are passed over any more."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A decoded frame, its time in seconds, and its small BGR picture.

    `begins` says from what second on its shot is shown, where that is certain, though what was decoded before lies
    further back.
    """

    time: float
    frame: VideoFrame
    small: FrameArray
    begins: float | None = None


class Decoder:
    """Two decoders of one stream: one goes through stretches of it, the other looks at single codec keyframes.

    Attributes:
        frames: frames that came out.
        lost: packets and frames that could not be decoded.
    """

    def __init__(self, stream: VideoStream, clock: Clock) -> None:
        self.frames = 0
        self.lost = 0
        self._clock = clock
        self._main = stream.codec_context
        self._single = cast(VideoCodecContext, CodecContext.create(self._main.codec, "r"))
        self._single.extradata = self._main.extradata
        self._fed = False
        self._passing_over = True
        self._floor = 0.0
        self._next_shown = 0.0
        self._before: float | None = None

    def look(self, packet: "Packet[VideoStream]", time: float) -> Sample | None:
        """Decode a codec keyframe on its own."""
        try:
            frames = [*self._single.decode(packet), *self._single.decode(None)]
        except av.error.FFmpegError as error:
            raise_if_out_of_memory(error)
            frames = []
        self._single.flush_buffers()
        self.frames += len(frames)
        if not frames or frames[0].is_corrupt:
            return None
        return Sample(time, frames[0], small(frames[0]))

    def begin(self, time: float) -> None:
        """Make ready for the packets of a stretch that begins at `time` seconds; the one before may go on."""
        if not self._fed:
            self._fed, self._floor, self._next_shown, self._before = True, time, time, None

    def feed(self, packet: "Packet[VideoStream]", every_frame: bool) -> Iterator[tuple[float, VideoFrame]]:
        """Yield the frames, with their times in seconds, that come out when one more packet goes in."""
        if packet.pts is None:
            self._passing_over = False  # a frame's time is then told by counting
        self._main.skip_frame = "NONREF" if self._passing_over and not every_frame else "DEFAULT"
        yield from self._decoded(packet)

    def drain(self) -> Iterator[tuple[float, VideoFrame]]:
        """Yield the last frames, and make ready for another place."""
        if self._fed:
            yield from self._decoded(None)
            self._main.flush_buffers()
            self._fed = False

    def _decoded(self, packet: "Packet[VideoStream] | None") -> Iterator[tuple[float, VideoFrame]]:
        try:
            frames = self._main.decode(packet)
        except av.error.FFmpegError as error:
            raise_if_out_of_memory(error)
            self.lost += 1
            return
        for frame in frames:
            self.frames += 1
            time = self._shown(frame)
            if frame.is_corrupt:
                self.lost += 1
            elif time >= self._floor:
                self._passing_over &= self._before is None or time - self._before < SPARSE + 2 * self._clock.step
                self._before = time
                yield time, frame

    def _shown(self, frame: VideoFrame) -> float:
        """Return a frame's time; without a stamp it follows the frame before it, whatever packets were read since."""
        stamp = frame.pts if frame.pts is not None else frame.dts
        time = self._next_shown if stamp is None else self._clock.time(stamp)
        self._next_shown = time + self._clock.step
        return time
