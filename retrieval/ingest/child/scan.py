"""One pass over a video that decodes only as much as its shots and keyframes need. For the child only.

Between two codec keyframes nothing is decoded where the stretch is short, its two ends look alike, and no packet in it
is large enough to hold a new picture: a cut away and back again costs bytes even where both ends look the same.
Everywhere else every frame is decoded; of these a few each second are looked at, and every one whose packet is large.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import av
import av.error
import numpy as np
from av.codec.context import CodecContext
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from retrieval.ingest.child.media import Clock, Image, Media, raise_if_out_of_memory, small
from retrieval.ingest.shots import difference

QUIET_GAP = 3.0
"""Longest stretch in seconds that may stay undecoded."""

ALIKE = 5.0
"""Mean difference (0 to 255) of the ends up to which a stretch counts as unchanged."""

PICTURE_SHARE = 0.35
"""A packet of this share of its codec keyframe's size may hold a new picture."""

SPIKE = 8.0
SPIKE_SHARE = 0.05
"""So may one of this many times the median size, if it is this share of its codec keyframe's."""


LOOKED_AT = 0.075
"""Seconds from one frame looked at to the next, where packets are small."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A decoded frame, its time in seconds, and its small BGR picture."""

    time: float
    frame: VideoFrame
    small: Image


def may_hold_a_picture(sizes: list[int]) -> bool:
    """Tell from packet sizes whether a stretch may hold a picture that its ends do not show.

    Args:
        sizes: bytes of each packet, that of the codec keyframe first.
    """
    key, others = sizes[0], sizes[1:]
    if not others:
        return False
    largest, usual = max(others), float(np.median(others))
    return largest > PICTURE_SHARE * key or (largest > SPIKE * usual and largest > SPIKE_SHARE * key)


class Scan:
    """The pass itself; iterate `samples` once, then ask what was read.

    Attributes:
        end: seconds up to which there were packets.
        position: seconds up to which packets were read so far.
        lost: packets and frames that could not be decoded.
        broken_off: whether reading stopped with an error.
    """

    def __init__(self, media: Media) -> None:
        self.end = 0.0
        self.position = 0.0
        self.lost = 0
        self.broken_off = False
        self._media = media
        self._clock = Clock(media.stream)
        self._tick = float(media.stream.time_base or 0.001)
        self._main = media.stream.codec_context
        self._keys = cast(VideoCodecContext, CodecContext.create(self._main.codec, "r"))
        self._keys.extradata = self._main.extradata
        self._stretch: list[Packet[VideoStream]] = []
        self._stretch_start = 0.0
        self._key: Sample | None = None
        self._flowing = False
        self._fed = False
        self._floor = 0.0
        self._next_shown = 0.0
        self._key_size = 0
        self._large: set[int | None] = set()
        self._looked_at = -1.0

    def samples(self) -> Iterator[Sample]:
        """Yield frames in order of time, each time once."""
        last = -1.0
        for sample in self._samples():
            if sample.time > last:
                last = sample.time
                yield sample

    def _samples(self) -> Iterator[Sample]:
        for packet in self._packets():
            if packet.is_keyframe:
                yield from self._next_stretch(packet)
            self._stretch.append(packet)
            if self._flowing or self.position - self._stretch_start > QUIET_GAP:
                self._flowing = True
                yield from self._feed()
        yield from self._feed()
        yield from self._drain()

    def _packets(self) -> "Iterator[Packet[VideoStream]]":
        packets = self._media.container.demux(self._media.stream)
        while True:
            try:
                packet = next(packets, None)
            except av.error.FFmpegError as error:
                raise_if_out_of_memory(error)
                self.broken_off = True
                return
            if packet is None:
                return
            if packet.size:
                self.position = self._time(packet)
                self.end = max(self.end, self.position + (packet.duration or 0) * self._tick)
                yield packet

    def _time(self, packet: "Packet[VideoStream]") -> float:
        return self._clock.time(packet.pts if packet.pts is not None else packet.dts)

    def _shown(self, frame: VideoFrame) -> float:
        """Return a frame's time; without a stamp it follows the frame before it, whatever packets were read since."""
        stamp = frame.pts if frame.pts is not None else frame.dts
        time = self._next_shown if stamp is None else self._clock.time(stamp)
        self._next_shown = time + self._clock.step
        return time

    def _next_stretch(self, packet: "Packet[VideoStream]") -> Iterator[Sample]:
        """Deal with the stretch that a codec keyframe ends, and begin the next one."""
        key = self._look(packet)
        if self._stretch and not self._flowing and self._is_quiet(key):
            yield from self._drain()
            assert self._key is not None
            yield self._key
        else:
            yield from self._feed()
        self._stretch, self._stretch_start, self._key, self._flowing = [], self.position, key, False

    def _is_quiet(self, key: Sample | None) -> bool:
        if self._key is None or key is None or key.time - self._key.time > QUIET_GAP:
            return False
        if difference(self._key.small, key.small) > ALIKE:
            return False
        return not may_hold_a_picture([packet.size for packet in self._stretch])

    def _look(self, packet: "Packet[VideoStream]") -> Sample | None:
        """Decode a codec keyframe on its own."""
        try:
            frames = [*self._keys.decode(packet), *self._keys.decode(None)]
        except av.error.FFmpegError as error:
            raise_if_out_of_memory(error)
            frames = []
        self._keys.flush_buffers()
        if not frames or frames[0].is_corrupt:
            return None
        return Sample(self.position, frames[0], small(frames[0]))

    def _feed(self) -> Iterator[Sample]:
        """Decode what is held of the stretch."""
        for packet in self._stretch:
            if not self._fed:
                self._fed, self._floor, self._next_shown = True, self._stretch_start, self._stretch_start
            if packet.is_keyframe:
                self._key_size = packet.size
            if packet.size > PICTURE_SHARE / 2 * self._key_size:
                self._large.add(packet.pts)
            yield from self._decoded(packet)
        self._stretch.clear()

    def _drain(self) -> Iterator[Sample]:
        """Take the last frames out of the decoder, and make it ready for another place."""
        if self._fed:
            yield from self._decoded(None)
            self._main.flush_buffers()
            self._fed = False

    def _decoded(self, packet: "Packet[VideoStream] | None") -> Iterator[Sample]:
        try:
            frames = self._main.decode(packet)
        except av.error.FFmpegError as error:
            raise_if_out_of_memory(error)
            self.lost += 1
            return
        for frame in frames:
            time = self._shown(frame)
            if frame.is_corrupt:
                self.lost += 1
            elif time >= self._floor and (frame.pts in self._large or abs(time - self._looked_at) >= LOOKED_AT):
                self._looked_at = time
                self._large.discard(frame.pts)
                yield Sample(time, frame, small(frame))
