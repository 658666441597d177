"""Opens a media file with PyAV, chooses its video stream, and tells the time of every frame. For the child only.

Nothing but a local file is ever opened: no other protocol, no playlist that names other files.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, cast

import av
import av.error
import cv2
import numpy as np
from av.container import InputContainer
from av.packet import Packet
from av.stream import Disposition, Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from retrieval.errors import UnreadableMedia
from retrieval.ingest.child.shots import FrameArray

AnyStream = TypeVar("AnyStream", bound=Stream)

FORMATS = (
    "aac,ac3,aiff,amr,apng,asf,av1,avi,dv,eac3,flac,flv,gif,h264,hevc,ivf,m4v,matroska,mjpeg,mov,mp3,mpeg,mpegts,"
    "mpegvideo,mxf,nut,obu,ogg,rm,vc1,wav,webm,webp,yuv4mpegpipe"
)
"""Containers that hold their own pictures and sound: neither playlists nor patterns that name other files."""

WITH_LENGTH = {"mov", "matroska", "avi", "asf", "flv"}
"""Containers that state their length; in the others it is an estimate."""

THREADS = 2
PACKETS_TO_FIRST_FRAME = 500


@dataclass(frozen=True, slots=True)
class Media:
    """An open file with its chosen video stream.

    Attributes:
        name: the file's name, for messages.
        rotation: degrees to turn frames counterclockwise: 0, 90, 180 or 270.
        width, height: pixels after rotation.
        duration: seconds of the video stream as the file states it; 0.0 where it does not.
        stated: whether the container states its length at all, or it is an estimate.
    """

    name: str
    container: InputContainer
    stream: VideoStream
    rotation: int
    width: int
    height: int
    duration: float
    stated: bool

    @property
    def seekable(self) -> bool:
        """Tell whether frames can be sought by time."""
        return self.stream.start_time is not None and self.container.duration is not None


class Clock:
    """Turns stamps into seconds from the start of the video stream.

    The start is the stream's own, or the first stamp seen. A frame without a stamp follows the one before it.

    Attributes:
        step: seconds from one frame to the next at the stream's average rate.
    """

    def __init__(self, stream: VideoStream) -> None:
        self._tick = float(stream.time_base or 0.001)
        self.step = 1.0 / float(stream.average_rate or 25)
        self._start = stream.start_time
        self._last = -self.step

    @property
    def start(self) -> float:
        """Where the video stream starts, in seconds on the file's own scale."""
        return (self._start or 0) * self._tick

    def time(self, stamp: int | None) -> float:
        """Return the time of a stamp in seconds, never below 0."""
        if stamp is None:
            self._last += self.step
            return self._last
        if self._start is None:
            self._start = stamp
        self._last = max(0.0, (stamp - self._start) * self._tick)
        return self._last

    def stamp(self, time: float) -> int:
        """Return the stamp of a time in seconds."""
        return int(time / self._tick) + (self._start or 0)


@contextmanager
def opened(path: Path) -> Iterator[InputContainer]:
    """Open a local file for reading.

    Raises:
        UnreadableMedia: it is not a media file, or it breaks off before its contents are described.
    """
    options = {"protocol_whitelist": "file", "format_whitelist": FORMATS}
    try:
        container = av.open(str(path), options=options, metadata_errors="replace")
    except (av.error.FFmpegError, ValueError) as error:
        if isinstance(error, MemoryError):
            raise
        raise UnreadableMedia(
            f"{path.name!r} is not a video that can be read",
            "It may be another kind of file, or incomplete: try to copy or download it again.",
        ) from error
    with container:
        yield container


@contextmanager
def opened_video(path: Path) -> Iterator[Media]:
    """Open a file's best video stream, ready to decode from its first frame.

    Raises:
        UnreadableMedia: no video stream, or not one frame of it can be decoded.
    """
    first = _first_frame(path)
    turn = round(first.rotation / 90) * 90 % 360
    size = (first.height, first.width) if turn % 180 else (first.width, first.height)
    with opened(path) as container:
        stream = video_stream(container, path.name)
        stream.thread_type = "AUTO"
        stream.codec_context.thread_count = THREADS
        duration = stated_duration(container, stream)
        yield Media(path.name, container, stream, turn, *size, duration, states_length(container))


def video_stream(container: InputContainer, name: str) -> VideoStream:
    """Return the default video stream, the largest where several are; cover pictures do not count.

    Raises:
        UnreadableMedia: there is none.
    """
    pictures = [s for s in container.streams.video if not s.disposition & Disposition.attached_pic]
    readable = [s for s in pictures if s.codec_context is not None and s.codec_context.width]
    if readable:
        return max(readable, key=lambda s: (bool(s.disposition & Disposition.default), s.width * s.height, -s.index))
    if pictures:
        raise UnreadableMedia(f"the picture of {name!r} is in a form that cannot be decoded", "Convert it to H.264.")
    if container.streams.audio:
        raise UnreadableMedia(f"{name!r} has sound but no picture", "Give a video file.")
    raise UnreadableMedia(f"{name!r} holds no video", "Give a video file.")


def states_length(container: InputContainer) -> bool:
    """Tell whether the container states its length, rather than leave it to an estimate."""
    return not WITH_LENGTH.isdisjoint(container.format.name.split(","))


def stated_duration(container: InputContainer, stream: VideoStream) -> float:
    """Return the length of a stream in seconds as the file states it; 0 where it does not."""
    tick = float(stream.time_base or 0.001)
    start = (stream.start_time or 0) * tick
    if stream.duration:
        return stream.duration * tick
    if container.duration is None:
        return 0.0
    # Matroska counts its length from time 0, the others from the first stamp.
    before = 0.0 if "matroska" in container.format.name else (container.start_time or 0) / av.time_base
    return max(0.0, before + container.duration / av.time_base - start)


def _first_frame(path: Path) -> VideoFrame:
    with opened(path) as container:
        stream = video_stream(container, path.name)
        for number, frames in enumerate(decoded(container, stream)):
            if frames:
                return frames[0]
            if number > PACKETS_TO_FIRST_FRAME:
                break
    raise UnreadableMedia(
        f"not one frame of {path.name!r} could be decoded",
        "The file may be incomplete, or its pictures too large for the memory allowed.",
    )


def decoded(container: InputContainer, stream: VideoStream) -> Iterator[list[VideoFrame]]:
    """Yield the frames of each packet; a packet that cannot be decoded has none."""
    for packet in _demuxed(container, stream):
        yield frames_of(stream, packet)


def packets_of(container: InputContainer, *streams: AnyStream) -> "Iterator[Packet[AnyStream]]":
    """Yield packets up to the end, or to where the file breaks off."""
    return (packet for packet in _demuxed(container, *streams) if packet.size)


def _demuxed(container: InputContainer, *streams: AnyStream) -> "Iterator[Packet[AnyStream]]":
    """Yield packets; at the end an empty one for each stream, which fetches what its decoder holds back."""
    packets = container.demux(*streams)
    while True:
        try:
            packet = next(packets, None)
        except av.error.FFmpegError as error:
            raise_if_out_of_memory(error)
            return
        if packet is None:
            return
        yield cast("Packet[AnyStream]", packet)


def frames_of(stream: VideoStream, packet: "Packet[VideoStream]") -> list[VideoFrame]:
    """Return a packet's frames, none where it cannot be decoded."""
    try:
        return list(stream.decode(packet))
    except av.error.FFmpegError as error:
        raise_if_out_of_memory(error)
        return []


def raise_if_out_of_memory(error: av.error.FFmpegError) -> None:
    """Let a lack of memory pass on, where other errors of the decoder are borne."""
    if isinstance(error, MemoryError):
        raise error


def complaints() -> int:
    """Return the bytes of complaints that decoders have written so far; on a sound file they write none."""
    return os.fstat(2).st_size


def upright(frame: VideoFrame, rotation: int, longest: int | None = None, form: str = "rgb24") -> FrameArray:
    """Return a frame as an array (height, width, 3), turned upright.

    Args:
        frame: as decoded.
        rotation: degrees counterclockwise, a multiple of 90.
        longest: pixels that the longer side is scaled down to; `None` keeps the size.
        form: `rgb24` or `bgr24`.
    """
    scale = min(1.0, longest / max(frame.width, frame.height)) if longest else 1.0
    width, height = max(2, round(frame.width * scale)), max(2, round(frame.height * scale))
    pixels = frame.reformat(width=width, height=height, format=form, interpolation="AREA").to_ndarray()
    turned = np.rot90(pixels, rotation // 90)
    return np.ascontiguousarray(turned)


SMALL = 160
PLANAR = {"yuv420p", "yuvj420p"}


def small(frame: VideoFrame) -> FrameArray:
    """Return a frame as a small BGR picture, about 160 pixels wide, not turned: enough to see changes.

    The planes are read where they lie: scaling by the usual way costs more than decoding.
    """
    size = (SMALL, max(2, 2 * round(SMALL * frame.height / frame.width / 2)))
    if frame.format.name not in PLANAR or frame.width < SMALL:
        scaled = frame.reformat(width=size[0], height=size[1], format="bgr24", interpolation="AREA")
        return np.asarray(scaled.to_ndarray(), np.uint8)
    luma, blue, red = (cv2.resize(plane(frame, n), size, interpolation=cv2.INTER_LINEAR) for n in range(3))
    return np.asarray(cv2.cvtColor(cv2.merge((luma, red, blue)), cv2.COLOR_YCrCb2BGR), np.uint8)


def plane(frame: VideoFrame, number: int) -> FrameArray:
    """Return a view on one 8-bit plane of a frame (rows, columns)."""
    data = frame.planes[number]
    rows: FrameArray = np.frombuffer(cast(memoryview, data), np.uint8).reshape(data.height, data.line_size)
    return rows[:, : data.width]
