"""The child's task of cutting a clip: copied packet by packet where that is exact enough, else encoded anew."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from retrieval.errors import UnreadableMedia
from retrieval.ingest.child.media import Clock, Media, opened, opened_video, packets_of, upright, video_stream
from retrieval.ingest.child.port import Port, Request
from retrieval.ingest.child.reading import Cursor
from retrieval.ingest.child.sound import Samples, pieces, sound_stream

TOLERANCE = 0.1
"""Seconds by which a copied clip may begin or end beside the span."""

ROUNDING = 0.001

EARLIER = 2.0
"""Seconds before the span from which packets are read: sound may lie before its picture in the file."""

ENCODING_COST = 5.0
"""How much longer encoding a second takes than decoding one, for the time limit."""

TICK = Fraction(1, 90_000)
SOUND_RATE = 48_000
BASE_RATE = 25


@dataclass(frozen=True, slots=True)
class ClipFormat:
    """What a kind of file may hold, and what is encoded into it."""

    container: str
    copies: frozenset[str]
    video: str
    video_options: dict[str, str]
    sound: str


_H264 = {"preset": "veryfast", "crf": "20"}
_MP4 = frozenset({"h264", "hevc", "mpeg4", "av1", "libdav1d", "aac", "mp3", "mp3float", "ac3"})
TARGETS = {
    ".mp4": ClipFormat("mp4", _MP4, "libx264", _H264, "aac"),
    ".mov": ClipFormat("mov", _MP4 - {"av1", "libdav1d"}, "libx264", _H264, "aac"),
    ".mkv": ClipFormat(
        "matroska",
        _MP4 | {"vp8", "vp9", "libvpx", "libvpx-vp9", "opus", "libopus", "vorbis", "flac"},
        "libx264",
        _H264,
        "aac",
    ),
    ".webm": ClipFormat(
        "webm",
        frozenset({"vp8", "vp9", "av1", "libdav1d", "opus", "libopus", "vorbis"}),
        "libvpx-vp9",
        {"deadline": "realtime", "cpu-used": "6", "crf": "30", "b": "0"},
        "libopus",
    ),
}


@dataclass(frozen=True, slots=True)
class Copy:
    """Which packets of the video stream make the clip: from one stamp on, and how many."""

    first: int
    count: int
    start: float
    end: float


def cut(port: Port, path: Path, request: Request) -> None:
    """Write the clip to the asked file and send its true start and end."""
    start, end = request["start"], request["end"]
    target = TARGETS[request["suffix"]]
    with opened_video(path) as media, opened(path) as other:
        port.opened(max(media.duration, ENCODING_COST * (end - start)))
        sound = sound_stream(media.container, media.stream)
        plan = _plan(media, start, end) if _copies(media, sound, target) else None
        with av.open(request["file"], "w", format=target.container) as out:
            if plan:
                start, end = plan.start, plan.end
                _copy(out, media, sound, plan)
            else:
                if media.seekable:
                    media.container.seek(Clock(media.stream).stamp(0.0), stream=media.stream)
                heard = sound_stream(other, video_stream(other, path.name))
                encoder = _Encoder(out, media, _Sound(media, other, heard) if heard else None, target)
                end = encoder.encode(port, start, end)
    port.send("cut", start=start, end=end, copied=plan is not None)


def _copies(media: Media, sound: AudioStream | None, target: ClipFormat) -> bool:
    if media.rotation or not media.seekable:
        return False  # a rotation flag would be lost: the pixels are turned instead
    streams = [media.stream] if sound is None else [media.stream, sound]
    return all(stream.codec_context.name in target.copies for stream in streams)


def _plan(media: Media, start: float, end: float) -> Copy | None:
    """Find the packets to copy; `None` where no codec keyframe is near the start, or the length would be off."""
    stretch = _stretch(media, start, end)
    shown = [number for number, (_, time, _) in enumerate(stretch) if time < end - ROUNDING]
    if not shown:
        return None
    wanted = stretch[: shown[-1] + 1]  # in order of decoding: what the last shown frame needs comes before it
    begun, ended = wanted[0][1], max(stop for _, _, stop in wanted)
    if abs((ended - begun) - (min(end, media.duration) - start)) > TOLERANCE:
        return None
    return Copy(wanted[0][0], len(wanted), begun, ended)


def _stretch(media: Media, start: float, end: float) -> list[tuple[int, float, float]]:
    """Return stamp, time and end of the packets from the codec keyframe near `start` on; empty without one."""
    clock = Clock(media.stream)
    tick = float(media.stream.time_base or 0.001)
    media.container.seek(clock.stamp(start), stream=media.stream)
    stretch: list[tuple[int, float, float]] = []
    for packet in packets_of(media.container, media.stream):
        if packet.pts is None or packet.dts is None:
            return []
        time = clock.time(packet.pts)
        if not stretch and (not packet.is_keyframe or time < start - TOLERANCE):
            continue
        if (not stretch and time > start + TOLERANCE) or clock.time(packet.dts) > end + 1:
            break
        if not stretch or packet.pts >= stretch[0][0]:
            stretch.append((packet.pts, time, time + (packet.duration or 0) * tick))
    return stretch


def _copy(out: OutputContainer, media: Media, sound: AudioStream | None, plan: Copy) -> None:
    clock = Clock(media.stream)
    places: dict[int, Stream] = {media.stream.index: out.add_stream_from_template(media.stream)}
    if sound:
        places[sound.index] = out.add_stream_from_template(sound)
    media.container.seek(clock.stamp(max(0.0, plan.start - EARLIER)), stream=media.stream)
    zero, length, left = plan.start + clock.start, plan.end - plan.start, plan.count
    for packet in packets_of(media.container, *([media.stream, sound] if sound else [media.stream])):
        if packet.pts is None or packet.dts is None:
            continue
        time = float(packet.pts * packet.time_base) - zero
        if packet.stream.index == media.stream.index:
            wanted = left > 0 and packet.pts >= plan.first and (left < plan.count or packet.pts == plan.first)
            left -= wanted
        else:
            wanted = 0 <= time < length
        if wanted:
            _move(packet, zero, places[packet.stream.index])
            out.mux(packet)
        if not left and time > length + EARLIER:
            break


def _move(packet: "Packet[Any]", zero: float, place: Stream) -> None:
    """Give a packet to a stream of the clip, its stamps counted from the clip's start."""
    assert packet.pts is not None and packet.dts is not None
    ticks = round(zero / float(packet.time_base))
    packet.pts -= ticks
    packet.dts -= ticks
    packet.stream = place


class _Encoder:
    """Encodes the frames and samples of a span into a new file, both in step."""

    def __init__(self, out: OutputContainer, media: Media, sound: "_Sound | None", target: ClipFormat) -> None:
        self._out, self._media, self._sound = out, media, sound
        rate = media.stream.average_rate or Fraction(BASE_RATE)
        self._step = 1 / float(rate)
        self._picture = cast(VideoStream, out.add_stream(target.video, rate=rate, options=target.video_options))
        self._picture.width, self._picture.height = media.width // 2 * 2, media.height // 2 * 2
        self._picture.pix_fmt = "yuv420p"
        self._picture.codec_context.time_base = TICK
        self._picture.codec_context.thread_count = 2
        self._hearing: AudioStream | None = None
        if sound is not None:
            self._hearing = cast(AudioStream, out.add_stream(target.sound, rate=SOUND_RATE, layout=sound.layout))

    def encode(self, port: Port, start: float, end: float) -> float:
        """Write the span; return its true end in seconds."""
        last: tuple[float, VideoFrame] | None = None
        for time, frame in _shown(self._media, start, end):
            self._write_picture(frame, max(0.0, time - start))
            self._write_sound(start, time)
            last = (time, frame)
            port.send("progress", fraction=min(1.0, max(0.0, time - start) / (end - start)))
        assert last is not None
        end = min(end, max(self._media.duration, last[0] + self._step)) if self._media.duration else end
        if end <= start:
            raise UnreadableMedia(f"{self._media.name!r} ends at {end:.1f} s", "Ask for a span before that.")
        if end - last[0] > 1.5 * self._step:
            self._write_picture(last[1], end - self._step - start)  # a still frame is held to the end
        self._write_sound(start, end)
        self._out.mux(self._picture.encode(None))
        if self._hearing:
            self._out.mux(self._hearing.encode(None))
        return end

    def _write_picture(self, frame: VideoFrame, time: float) -> None:
        pixels = upright(frame, self._media.rotation)[: self._picture.height, : self._picture.width]
        turned = VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")
        turned.pts, turned.time_base = round(time / TICK), TICK
        self._out.mux(self._picture.encode(turned))

    def _write_sound(self, start: float, until: float) -> None:
        if self._sound is None or self._hearing is None:
            return
        for time, samples in self._sound.take(start, until):
            frame = AudioFrame.from_ndarray(samples, format="fltp", layout=self._sound.layout)
            frame.sample_rate, frame.time_base = SOUND_RATE, Fraction(1, SOUND_RATE)
            frame.pts = round((time - start) * SOUND_RATE)
            self._out.mux(self._hearing.encode(frame))


class _Sound:
    """The sound of a video, read on its own, in pieces (channels, samples) at 48,000 samples a second."""

    def __init__(self, media: Media, container: InputContainer, stream: AudioStream) -> None:
        self.layout = "mono" if stream.codec_context.channels == 1 else "stereo"
        self._container = container
        self._stream = stream
        self._zero = Clock(media.stream).start
        self._pieces: Iterator[tuple[float, Samples]] | None = None
        self._held: tuple[float, Samples] | None = None

    def take(self, start: float, until: float) -> Iterator[tuple[float, Samples]]:
        """Yield what is heard from `start` (seconds, asked first) up to `until`, each sample once."""
        if self._pieces is None:
            self._pieces = self._decoded(start)
        while piece := self._held or next(self._pieces, None):
            self._held = None
            time, samples = piece
            begin = max(0, round((start - time) * SOUND_RATE))
            stop = max(begin, min(samples.shape[1], round((until - time) * SOUND_RATE)))
            if stop > begin:
                yield time + begin / SOUND_RATE, np.ascontiguousarray(samples[:, begin:stop])
            if stop < samples.shape[1] and time + stop / SOUND_RATE >= start:
                self._held = (time + stop / SOUND_RATE, samples[:, stop:])
                return

    def _decoded(self, start: float) -> Iterator[tuple[float, Samples]]:
        early = max(0.0, start - EARLIER) + self._zero
        self._container.seek(int(early * av.time_base))
        for time, samples in pieces(self._container, self._stream, self.layout, SOUND_RATE):
            yield time - self._zero, samples


def _shown(media: Media, start: float, end: float) -> Iterator[tuple[float, VideoFrame]]:
    """Yield the frames shown during a span, the first one being that shown at its start."""
    cursor = Cursor(media)
    yield cursor.shown_at(start)
    for time, frame in cursor.after():
        if time >= end - 0.001:
            return
        yield time, frame
