from pathlib import Path

import pytest

from retrieval.errors import UnreadableMedia
from retrieval.ingest.decode import MediaInfo
from retrieval.ingest.estimate import estimate

HOUR = 3600.0


def look(path: Path) -> MediaInfo:
    """A file's name says how long it is, and how many lines it has."""
    if path.stem == "letter":
        raise UnreadableMedia("'letter.mp4' holds no picture", "Give a video file.")
    hours, lines = path.stem.split("h")
    return MediaInfo(float(hours) * HOUR, int(lines) * 16 // 9, int(lines), 0, 25.0, "h264", True, ())


def test_hours_work_and_disk_are_summed_over_what_is_new() -> None:
    expected = estimate([Path("1h720.mp4"), Path("2h720.mp4")], look)
    assert expected.duration == 3 * HOUR
    assert [file.duration for file in expected.files] == [HOUR, 2 * HOUR]
    assert 0.3 * expected.duration < expected.work < 0.6 * expected.duration
    assert 40_000 * expected.duration < expected.disk < 100_000 * expected.duration
    assert expected.work == pytest.approx(sum(file.work for file in expected.files))


def test_a_larger_picture_takes_longer_and_more_disk() -> None:
    small, large = estimate([Path("1h270.mp4"), Path("1h1080.mp4")], look).files
    assert large.work > 2 * small.work
    assert large.disk > 10 * small.disk


def test_what_cannot_be_read_is_said_so() -> None:
    expected = estimate([Path("letter.mp4")], look)
    assert (expected.duration, expected.work, expected.disk) == (0.0, 0.0, 0)
    assert expected.files[0].reason == "'letter.mp4' holds no picture. Give a video file"
