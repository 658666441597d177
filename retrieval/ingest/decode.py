"""Frames, sound and subtitles of a media file, decoded in a confined child process.

The parent only ever sees numbers, arrays and texts. All times are seconds from the start of the video stream, taken
from the frames' own stamps.
"""

import math
import os
import stat
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import numpy.typing as npt

from retrieval.errors import UnreadableMedia
from retrieval.ingest.confined import DecodeLimits, Message, messages
from retrieval.types import TimedText, TimeSpan

__all__ = [
    "DecodeLimits",
    "Frame",
    "MediaInfo",
    "SubtitleStream",
    "VideoReader",
    "audio",
    "embedded_subtitles",
    "probe",
]

AUDIO_RATE = 16_000
"""Samples a second of the sound that `audio` returns."""

PLAYLISTS = (b"#EXTM3U", b"ffconcat", b"<MPD", b"<?xml", b"[playlist]")
HEAD_BYTES = 4096


@dataclass(frozen=True, slots=True)
class SubtitleStream:
    """A subtitle stream inside a file; `language` is the file's own word for it, or empty."""

    index: int
    codec: str
    language: str


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """What a file says of itself.

    Attributes:
        duration: seconds of the video stream.
        width: pixels after rotation.
        height: pixels after rotation.
        rotation: degrees by which the stored frames are turned counterclockwise: 0, 90, 180 or 270.
        frame_rate: average frames a second, `None` if unknown.
        video_codec: the codec's short name.
        has_audio: whether there is sound.
        subtitle_streams: the subtitle streams, pictures of text included.
    """

    duration: float
    width: int
    height: int
    rotation: int
    frame_rate: float | None
    video_codec: str
    has_audio: bool
    subtitle_streams: tuple[SubtitleStream, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """A decoded frame: its time in seconds and its pixels (height, width, 3), RGB, upright."""

    time: float
    image: npt.NDArray[np.uint8]


def checked(path: Path) -> Path:
    """Return the absolute path of a file that may be opened as media.

    Raises:
        UnreadableMedia: missing, empty, not a plain file, not permitted, or a playlist.
    """
    path = Path(os.path.abspath(path))
    try:
        status = path.stat()
    except (OSError, ValueError) as error:
        raise UnreadableMedia(f"there is no file {str(path)!r}", "Check the path.") from error
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableMedia(f"{path.name!r} is not a plain file", "Give a video file.")
    if status.st_size == 0:
        raise UnreadableMedia(f"{path.name!r} is empty", "Try to copy or download it again.")
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError as error:
        raise UnreadableMedia(f"{path.name!r} cannot be opened: {error.strerror}", "Check its permissions.") from error
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(PLAYLISTS):
        raise UnreadableMedia(f"{path.name!r} is a playlist, not a video", "Give the video files themselves.")
    return path


def ask(task: str, path: Path, limits: DecodeLimits | None, **request: Any) -> Generator[Message, None, None]:
    """Run a decoding task on a checked file and yield the child's messages.

    Raises:
        UnreadableMedia: the file cannot be read, or a limit was reached.
    """
    return messages(task, checked(path), request, limits or DecodeLimits())


def info_of(fields: dict[str, Any]) -> MediaInfo:
    """Return the `MediaInfo` that the child described."""
    streams = tuple(SubtitleStream(**stream) for stream in fields["subtitle_streams"])
    return MediaInfo(**{**fields, "subtitle_streams": streams})


def probe(path: Path, limits: DecodeLimits | None = None) -> MediaInfo:
    """Return what a video file says of itself; one frame is decoded, so that it is known to be readable.

    Raises:
        UnreadableMedia: there is no picture, or it cannot be decoded.
    """
    with closing(ask("probe", path, limits)) as replies:
        return info_of(next(iter(replies)).fields)


def lengths(paths: Sequence[Path], limits: DecodeLimits | None = None) -> dict[Path, tuple[float, int]]:
    """Return seconds and pixels of each file that states them, by a quick look at all of them together."""
    plain = [path for path in paths if _is_plain(path)]
    found: dict[Path, tuple[float, int]] = {}
    request = {"paths": [str(path.absolute()) for path in plain]}
    with suppress(UnreadableMedia), closing(messages("lengths", Path(), request, limits or DecodeLimits())) as replies:
        for reply in replies if plain else ():
            found[plain[reply.fields["number"]]] = (reply.fields["seconds"], reply.fields["pixels"])
    return found


def _is_plain(path: Path) -> bool:
    try:
        return bool(checked(path))
    except UnreadableMedia:
        return False


class VideoReader:
    """Reads the frames of one file. As a context manager it ends its child processes on leaving."""

    def __init__(self, path: Path, limits: DecodeLimits | None = None) -> None:
        self._path = checked(path)
        self._limits = limits
        self._running: list[Generator[Frame, None, None]] = []

    def frames(
        self, every: float | None = None, at: Iterable[float] | None = None, keyframes_only: bool = False
    ) -> Iterator[Frame]:
        """Yield frames in order of time; with no argument, all of them.

        Args:
            every: seconds from one frame to the next.
            at: times in seconds; for each the frame shown then, once.
            keyframes_only: only those that are coded on their own: fast.

        Raises:
            ValueError: more than one of the arguments is given, or one is not positive.
            UnreadableMedia: the file cannot be read, or a limit was reached.
        """
        if (every is not None) + (at is not None) + keyframes_only > 1:
            raise ValueError("give one of every, at and keyframes_only")
        if every is not None and not (math.isfinite(every) and every > 0):
            raise ValueError(f"every must be a positive number of seconds, not {every!r}")
        times = None if at is None else sorted(at)
        frames = self._frames(every, times, keyframes_only)
        self._running.append(frames)
        return frames

    def _frames(
        self, every: float | None, at: list[float] | None, keyframes_only: bool
    ) -> Generator[Frame, None, None]:
        replies = ask("frames", self._path, self._limits, every=every, at=at, keyframes_only=keyframes_only)
        with closing(replies):
            for reply in replies:
                pixels = np.frombuffer(reply.blob, np.uint8).reshape(reply.fields["shape"])
                yield Frame(reply.fields["time"], pixels)

    def close(self) -> None:
        """End every child process that still decodes."""
        for frames in self._running:
            frames.close()
        self._running.clear()

    def __enter__(self) -> "VideoReader":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def embedded_subtitles(path: Path, limits: DecodeLimits | None = None) -> list[TimedText]:
    """Return the texts of the subtitle streams inside a file, in order of time, without markup.

    Default streams are read, or the first where none is; pictures of text are left out.

    Raises:
        UnreadableMedia: the file cannot be read, or a limit was reached.
    """
    with closing(ask("subtitles", path, limits)) as replies:
        texts = [
            TimedText(TimeSpan(reply.fields["start"], reply.fields["end"]), reply.fields["text"], "subtitle")
            for reply in replies
        ]
    return sorted(dict.fromkeys(texts), key=lambda text: text.span)


def audio(path: Path, limits: DecodeLimits | None = None) -> npt.NDArray[np.float32]:
    """Return the sound as mono samples (samples,), 16,000 a second, -1 to 1; without sound an empty array.

    Sample 0 is at the start of the video stream: sound that begins later is led in by silence.

    Raises:
        UnreadableMedia: the file cannot be read, or a limit was reached.
    """
    with closing(ask("audio", path, limits)) as replies:
        pieces = [np.frombuffer(reply.blob, np.float32) for reply in replies]
    return np.concatenate(pieces) if pieces else np.zeros(0, np.float32)
