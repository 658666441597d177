"""The child's reading tasks: what a file holds, its frames, its subtitles."""

import html
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import av
import av.error
from av.container import InputContainer
from av.packet import Packet
from av.stream import Disposition
from av.subtitles.stream import SubtitleStream
from av.subtitles.subtitle import AssSubtitle
from av.video.frame import VideoFrame

from retrieval.errors import UnreadableMedia
from retrieval.ingest.child.media import Clock, Media, decoded, opened, opened_video, packets_of, upright, video_stream
from retrieval.ingest.child.port import Port, Request

Timed = tuple[float, VideoFrame]

SEEK_AHEAD = 3.0
"""Seconds to the next wanted frame above which seeking beats decoding on."""

TEXT_CODECS = {"subrip", "srt", "mov_text", "webvtt", "ass", "ssa", "text", "cc_dec", "eia_608"}
MARKUP = re.compile(r"\{\\[^}]*\}|<[^<>]*>")


def describe(media: Media) -> dict[str, Any]:
    """Return what a file says of itself, as the fields of `MediaInfo`."""
    rate = media.stream.average_rate
    return {
        "duration": media.duration,
        "width": media.width,
        "height": media.height,
        "rotation": media.rotation,
        "frame_rate": float(rate) if rate else None,
        "video_codec": media.stream.codec_context.name,
        "has_audio": bool(media.container.streams.audio),
        "subtitle_streams": [
            {"index": s.index, "codec": _codec(s), "language": s.language or ""}
            for s in media.container.streams.subtitles
        ],
    }


def probe(port: Port, path: Path, request: Request) -> None:
    """Send one message: what the file says of itself."""
    with opened_video(path) as media:
        fields = describe(media)
        if not fields["duration"]:
            fields["duration"] = _length_by_packets(media)
        port.send("info", **fields)


def frames(port: Port, path: Path, request: Request) -> None:
    """Send the asked frames, one message each."""
    with opened_video(path) as media:
        port.opened(media.duration)
        if request["keyframes_only"]:
            media.stream.codec_context.skip_frame = "NONKEY"
        shown = timed(media)
        if request["every"] is not None:
            shown = _every(shown, request["every"])
        elif request["at"] is not None:
            shown = _at(media, request["at"])
        for time, frame in shown:
            image = upright(frame, media.rotation)
            port.send("frame", image, time=time, shape=image.shape)


def timed(media: Media) -> Iterator[Timed]:
    """Yield all frames from where the container stands, with their times in seconds."""
    clock = Clock(media.stream)
    last = -1.0
    for several in decoded(media.container, media.stream):
        for frame in several:
            time = clock.time(frame.pts if frame.pts is not None else frame.dts)
            if time > last:
                last = time
                yield time, frame


def _every(shown: Iterable[Timed], seconds: float) -> Iterator[Timed]:
    due = 0.0
    for time, frame in shown:
        if time + 1e-6 >= due:
            yield time, frame
            due = (int((time + 1e-6) / seconds) + 1) * seconds


def _at(media: Media, times: list[float]) -> Iterator[Timed]:
    """Yield for each time the frame shown then, each frame once."""
    cursor = Cursor(media)
    given = -1.0
    for wanted in times:
        time, frame = cursor.shown_at(wanted)
        if time > given:
            given = time
            yield time, frame


class Cursor:
    """Finds the frame shown at a time; goes forward by decoding, and seeks where that is nearer."""

    def __init__(self, media: Media) -> None:
        self._media = media
        self._clock = Clock(media.stream)
        self._held: Timed | None = None
        self._shown = timed(media)
        self._ahead = next(self._shown, None)

    def shown_at(self, wanted: float) -> Timed:
        """Return the last frame not after `wanted` seconds, or the first frame there is.

        Raises:
            UnreadableMedia: nothing can be decoded.
        """
        if self._held and self._media.seekable and not 0 <= wanted - self._held[0] <= SEEK_AHEAD:
            self._seek(wanted)
        while self._ahead and (self._held is None or self._ahead[0] <= wanted + 1e-6):
            self._held, self._ahead = self._ahead, next(self._shown, None)
        if self._held is None:
            raise UnreadableMedia(f"no frame of {self._media.name!r} could be decoded")
        return self._held

    def after(self) -> Iterator[Timed]:
        """Yield the frames that follow the last one returned."""
        while self._ahead:
            self._held, self._ahead = self._ahead, next(self._shown, None)
            yield self._held

    def _seek(self, wanted: float) -> None:
        for time in (wanted, 0.0):
            self._media.container.seek(self._clock.stamp(time), stream=self._media.stream)
            self._shown = timed(self._media)
            first = next(self._shown, None)
            if first and first[0] <= wanted:
                break
        self._held, self._ahead = None, first


def _length_by_packets(media: Media) -> float:
    clock = Clock(media.stream)
    tick = float(media.stream.time_base or 0.001)
    ends = [
        clock.time(packet.pts if packet.pts is not None else packet.dts) + (packet.duration or 0) * tick
        for packet in media.container.demux(media.stream)
        if packet.size
    ]
    return max(ends, default=0.0)


def _codec(stream: SubtitleStream) -> str:
    return stream.codec_context.name if stream.codec_context is not None else ""


def subtitles(port: Port, path: Path, request: Request) -> None:
    """Send every text of the subtitle streams, one message each."""
    with opened(path) as container:
        video = video_stream(container, path.name)
        clock = Clock(video)
        wanted = _wanted_subtitles(container)
        port.opened((container.duration or 0) / av.time_base)
        if not wanted:
            return
        start = clock.start
        for packet in packets_of(container, *wanted):
            text = _text(packet)
            begin = float(packet.pts * packet.time_base) - start if packet.pts is not None else -1.0
            end = begin + float((packet.duration or 0) * packet.time_base)
            if text and end > max(0.0, begin):
                port.send("text", start=max(0.0, begin), end=end, text=text)


def _wanted_subtitles(container: InputContainer) -> list[SubtitleStream]:
    readable = [stream for stream in container.streams.subtitles if _codec(stream) in TEXT_CODECS]
    return [s for s in readable if s.disposition & Disposition.default] or readable[:1]


def _text(packet: "Packet[SubtitleStream]") -> str:
    try:
        rects = packet.decode()
    except av.error.FFmpegError:
        return ""
    lines = [rect.dialogue.decode("utf-8", "replace") for rect in rects if isinstance(rect, AssSubtitle)]
    return plain(" ".join(lines))


def plain(text: str) -> str:
    """Return a subtitle's words without markup, on one line."""
    bare = MARKUP.sub("", text).replace("\\N", " ").replace("\\n", " ").replace("\\h", " ")
    return " ".join(html.unescape(bare).split())
