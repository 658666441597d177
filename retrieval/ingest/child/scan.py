"""One pass over a video that decodes only as much as its shots and keyframes need. For the child only.

A stretch, from one codec keyframe to the next, is decoded from its beginning up to where the rest of it is quiet:
short, with nothing going over into another picture, without a packet that may hold a new one, and either its end looks
like what was decoded last, or the encoder itself began anew there. A cut away and back again costs bytes even where
both ends look the same. Where the ends are far apart and one packet between them holds a whole new picture, that is the
cut, and nothing is decoded. Of what is decoded, frames on which no others rest are passed over, but for those near to a
packet that stands out.
"""

from collections.abc import Iterator
from dataclasses import replace

import av.error
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from retrieval.ingest.child.decoding import Decoder, Sample
from retrieval.ingest.child.media import Clock, Media, raise_if_out_of_memory, small
from retrieval.ingest.child.packets import NEAR, PacketCandidates, Rhythm, packet_candidates
from retrieval.ingest.child.shots import difference

QUIET_GAP = 5.0
"""Longest stretch in seconds that may stay undecoded."""

ALIKE = 5.0
"""Mean difference (0 to 255) of the ends up to which a stretch counts as unchanged."""

SHORT_GAP = 3.1
MOVED = 15.0
"""A shorter stretch, with no packet that may hold a new picture, may differ so much at its ends by what moves in it."""

OTHER = 12.0
"""Mean difference from which a codec keyframe out of step begins another shot."""

WHOLLY_OTHER = 24.0
"""Mean difference of the ends of a stretch from which one new picture between them is a cut."""

SHOWN = {"h264", "hevc", "mpeg4", "mpeg2video", "mpeg1video"}
"""Codecs that show every frame in the file. Others refresh what later frames rest on, unseen and at great cost."""

RESTING = 2.5
"""Mean difference of two frames looked at up to which nothing is going over into another."""

SETTLED = 0.3
"""Seconds decoded after a packet that may hold a new picture, and after a picture that was going over into another."""

SHORTEST_STRETCH = 0.24
"""Seconds: codec keyframes nearer than this to one before are part of its stretch, as where every frame is one."""

HELD_SECONDS = 20.0
HELD_BYTES = 64 * 1024**2
"""Packets held at most while a stretch is read; a longer one is decoded in pieces."""

LOOKED_AT = 0.075
"""Seconds from one frame looked at to the next, where no packet stands out."""

ROUNDING = 0.001


class Scan:
    """The pass itself; iterate `samples` once, then ask what was read.

    Attributes:
        end: seconds up to which there were packets.
        position: seconds up to which packets were read so far.
        packets: packets that were read.
        broken_off: whether reading stopped with an error.
    """

    def __init__(self, media: Media) -> None:
        self.end = 0.0
        self.position = 0.0
        self.packets = 0
        self.broken_off = False
        self._media = media
        self._clock = Clock(media.stream)
        self._tick = float(media.stream.time_base or 0.001)
        self._decoder = Decoder(media.stream, self._clock)
        self._rhythm = Rhythm(self._clock.step, _known_keys(media))
        self._stretch = _Stretch(None)
        self._standing_out: list[float] = []
        self._first = 0.0
        self._looked_at = -1.0
        self._latest: Sample | None = None
        self._rests_from = 0.0
        self._new_after: float | None = None
        self._shows_all = media.stream.codec_context.name in SHOWN

    @property
    def lost(self) -> int:
        """Packets and frames that could not be decoded."""
        return self._decoder.lost

    @property
    def frames(self) -> int:
        """Frames that were decoded."""
        return self._decoder.frames

    def samples(self) -> Iterator[Sample]:
        """Yield frames in order of time, each time once."""
        last = -1.0
        for sample in self._samples():
            if sample.time > last:
                last = sample.time
                yield sample

    def _samples(self) -> Iterator[Sample]:
        for packet in self._packets():
            free = packet.is_keyframe and self._rhythm.is_free(self.position)
            if packet.is_keyframe and self._stretch.may_end(self.position):
                key = self._decoder.look(packet, self.position)
                yield from self._read(self._stretch, key and _begun(key, free), packet.size)
                self._stretch = _Stretch(key)
            elif self._stretch.is_too_long(self.position):
                yield from self._read(self._stretch, None, packet.size)
                self._stretch = _Stretch(None)
            self._stretch.add(packet, self.position)
        yield from self._read(self._stretch, None, 0)
        yield from self._seen(self._decoder.drain())

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
                self.packets += 1
                self.position = self._clock.time(packet.pts if packet.pts is not None else packet.dts)
                self.end = max(self.end, self.position + (packet.duration or 0) * self._tick)
                yield packet

    def _read(self, stretch: "_Stretch", end: Sample | None, end_size: int) -> Iterator[Sample]:
        """Decode a stretch up to where the rest of it is quiet.

        Args:
            stretch: its packets.
            end: the codec keyframe after it, if there is one; it `begins` a shot where it is out of step.
            end_size: bytes of that.
        """
        if not stretch.packets:
            return
        found = stretch.suspects(end_size)
        self._first = stretch.start
        self._standing_out = [t for t in self._standing_out if t > stretch.start - 2 * NEAR] + found.times
        settled = stretch.times[found.last] + SETTLED if found.last else stretch.start
        latest = stretch.key
        if latest:
            self._compare(latest)
        new = self._new(stretch, end, found)
        places = iter(range(len(stretch.packets)))
        while new is None and not (
            latest and end and latest.time >= max(settled, self._rests_from) and _is_quiet(latest, end)
        ):
            place = next(places, None)
            if place is None:
                return
            self._decoder.begin(stretch.start)
            packet, time = stretch.packets[place], stretch.times[place]
            for sample in self._seen(self._decoder.feed(packet, self._is_near(time, NEAR))):
                yield sample
                latest = sample if place >= found.last and sample.time >= stretch.start else None
        yield from self._seen(self._decoder.drain())
        if stretch.key:
            yield stretch.key
        if new is not None and end:
            yield replace(end, begins=new)
        elif latest and end and end.begins is not None and difference(latest.small, end.small) > ALIKE:
            yield end

    def _new(self, stretch: "_Stretch", end: Sample | None, found: PacketCandidates) -> float | None:
        """Return the seconds of a cut that is certain undecoded: one new picture, and ends that are far apart.

        Some encoders put whole pictures at set places that the file does not call codec keyframes: the first is looked
        at, and what comes as long after the start as the one before.
        """
        if found.new is None:
            return None
        before, self._new_after = self._new_after, found.new - stretch.start
        if not (stretch.key and end and end.begins is None and self._shows_all and stretch.start >= self._rests_from):
            return None
        known = max(self._new_after, end.time - found.new) <= QUIET_GAP
        by_the_clock = before is None or abs(before - self._new_after) < self._clock.step / 4
        apart = difference(stretch.key.small, end.small) > WHOLLY_OTHER
        return found.new if known and apart and not by_the_clock else None

    def _seen(self, decoded: Iterator[tuple[float, VideoFrame]]) -> Iterator[Sample]:
        """Yield those decoded frames that are looked at."""
        for time, frame in decoded:
            marked = self._is_near(time, ROUNDING) or abs(time - self._first) <= ROUNDING
            if marked or abs(time - self._looked_at) >= LOOKED_AT:
                self._looked_at = time
                sample = Sample(time, frame, small(frame))
                self._compare(sample)
                self._latest = sample
                yield sample

    def _compare(self, sample: Sample) -> None:
        """Take note whether the picture is going over into another, compared to the one looked at just before."""
        seen = self._latest
        near = seen is not None and abs(sample.time - seen.time) <= SETTLED
        if seen and near and RESTING < difference(seen.small, sample.small) <= OTHER:
            self._rests_from = sample.time + SETTLED

    def _is_near(self, time: float, seconds: float) -> bool:
        return any(abs(time - other) <= seconds for other in self._standing_out)


def _known_keys(media: Media) -> list[float]:
    """Return the seconds at which the file's index says that codec keyframes come; none where it says nothing."""
    tick = float(media.stream.time_base or 0.001)
    return [entry.timestamp * tick for entry in media.stream.index_entries if entry.is_keyframe]


def _is_quiet(latest: Sample, end: Sample) -> bool:
    """Tell whether nothing is to be seen between the latest frame and the end of its stretch."""
    if end.time - latest.time > QUIET_GAP:
        return False
    away = difference(latest.small, end.small)
    alike = MOVED if end.time - latest.time <= SHORT_GAP else ALIKE
    return away <= alike or (end.begins is not None and away > OTHER)


def _begun(key: Sample, free: bool) -> Sample:
    """Return a codec keyframe that, where it came out of step, begins a shot."""
    return replace(key, begins=key.time) if free else key


class _Stretch:
    """Packets in the order of decoding, from a codec keyframe (as seen on its own, if it is whole) up to another."""

    def __init__(self, key: Sample | None) -> None:
        self.key = key
        self.packets: list[Packet[VideoStream]] = []
        self.times: list[float] = []
        self._bytes = 0
        self._pictures = 0

    @property
    def start(self) -> float:
        """Seconds at which it starts."""
        return self.times[0]

    def add(self, packet: "Packet[VideoStream]", time: float) -> None:
        """Take its next packet, shown at `time` seconds."""
        self.packets.append(packet)
        self.times.append(time)
        self._bytes += packet.size
        self._pictures += packet.is_keyframe

    def may_end(self, time: float) -> bool:
        """Tell whether a codec keyframe at `time` seconds begins another stretch."""
        only_whole = self._pictures == len(self.packets)
        return not self.packets or not only_whole or time - self.start >= SHORTEST_STRETCH

    def is_too_long(self, time: float) -> bool:
        """Tell whether it is to be decoded before its end is known."""
        return bool(self.packets) and (time - self.start > HELD_SECONDS or self._bytes > HELD_BYTES)

    def suspects(self, end_size: int) -> PacketCandidates:
        """Return its packets that may hold a new picture; where every frame is whole, sizes say nothing."""
        if self._pictures == len(self.packets):
            return PacketCandidates(0, [])
        sizes = [packet.size for packet in self.packets]
        return packet_candidates(sizes, self.times, min(sizes[0], end_size or sizes[0]))
