"""What an ingest would take, from a probe of each file: hours of video, time and disk. Nothing is written."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from retrieval.errors import UnreadableMedia
from retrieval.ingest.budget import FRAMES_PER_HOUR, allowed
from retrieval.ingest.decode import MediaInfo, probe

# Measured with 19 films of 2 to 140 s and 270 to 720 lines on two cores without GPU, the frames arm and speech off:
# 0.13 s of work for a second at 270 lines, 0.15 at 360 to 432, 0.39 to 0.52 at 720; 10 to 13 kB at 270 lines,
# 7 to 22 kB at 360 to 432, 43 to 102 kB at 720. Single films may take half or twice what is expected.

WORK = 0.10
"""Seconds of work for each second of video, whatever its size."""

WORK_PER_PIXEL = 3.5e-7
"""Seconds of work more for each second of video and each pixel of its picture."""

WORK_PER_FILE = 1.0
"""Seconds of work for each file, however short."""

DISK_PER_PIXEL = 0.065
"""Bytes of keyframes, vectors and texts for each second of video and each pixel of its picture."""

AT_ONCE = 4
"""Files probed at the same time."""


@dataclass(frozen=True, slots=True)
class Expected:
    """One file: its length, and the work and bytes to expect; without them where it cannot be read.

    Attributes:
        path: the file.
        duration: seconds of video, None where `reason` says why the file would not be taken in.
        reason: empty for a file that would be taken in.
        work: expected seconds.
        disk: expected bytes.
        keyframes: how many are kept at most, but for one in each moment.
    """

    path: Path
    duration: float | None
    reason: str
    work: float = 0.0
    disk: int = 0
    keyframes: int = 0


@dataclass(frozen=True, slots=True)
class Estimate:
    """What taking files in would mean.

    Attributes:
        files: all files, in order.
        duration: seconds of the video that is new.
        work: expected seconds of work.
        disk: expected bytes.
        keyframes: how many are kept at most, but for one in each moment.
    """

    files: tuple[Expected, ...]
    duration: float
    work: float
    disk: int
    keyframes: int


def estimate(
    found: Iterable[Path],
    look: Callable[[Path], MediaInfo] = probe,
    frames_per_hour: int = FRAMES_PER_HOUR,
) -> Estimate:
    """Return what taking these files in would mean.

    Args:
        found: video files that are not in.
        look: opens a file and says how long it is.
        frames_per_hour: how many keyframes of an hour are kept at most.
    """
    expected = _all(list(found), lambda path: _expected(path, look, frames_per_hour))
    return Estimate(
        tuple(expected),
        sum(file.duration or 0.0 for file in expected),
        sum(file.work for file in expected),
        sum(file.disk for file in expected),
        sum(file.keyframes for file in expected),
    )


def _all(found: Sequence[Path], look: Callable[[Path], Expected]) -> list[Expected]:
    pool = ThreadPoolExecutor(AT_ONCE)
    try:
        return list(pool.map(look, found))
    finally:
        pool.shutdown(cancel_futures=True)


def _expected(path: Path, look: Callable[[Path], MediaInfo], frames_per_hour: int) -> Expected:
    try:
        info = look(path)
    except UnreadableMedia as error:
        return Expected(path, None, f"{error.message}. {error.hint}".rstrip(". "))
    pixels = info.width * info.height
    work = WORK_PER_FILE + info.duration * (WORK + WORK_PER_PIXEL * pixels)
    disk = round(info.duration * DISK_PER_PIXEL * pixels * min(1.0, frames_per_hour / FRAMES_PER_HOUR))
    return Expected(path, info.duration, "", work, disk, allowed(info.duration, frames_per_hour))
