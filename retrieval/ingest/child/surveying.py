"""The child's tasks of survey and grab: one pass for shots and keyframes, and extra frames in given spans."""

import os
from itertools import takewhile
from pathlib import Path

import cv2

from retrieval.errors import UnreadableMedia
from retrieval.ingest.child.changes import ChangeFinder
from retrieval.ingest.child.decoding import Sample
from retrieval.ingest.child.keyframes import KeyframeCandidate, KeyframeChooser, look
from retrieval.ingest.child.media import Media, complaints, opened_video, small, upright
from retrieval.ingest.child.port import Port, Request
from retrieval.ingest.child.reading import Cursor, describe
from retrieval.ingest.child.scan import Scan
from retrieval.ingest.child.shots import shots_between

LONGEST_SIDE = 1280
QUALITY = 88
PROGRESS_SECONDS = 1.0
"""Seconds of media between two reports of progress."""

NEAR = 0.25
"""Seconds around the middle of a span in which the sharpest frame is taken."""

SLACK = 0.5
"""Seconds by which the last packet may fall short of the stated length."""


def survey(port: Port, path: Path, request: Request) -> None:
    """Write keyframes as they are chosen; send each, and in the end the shots and what was missing."""
    cv2.setNumThreads(1)
    with opened_video(path) as media:
        port.opened(media.duration)
        scan, cuts, before = Scan(media), list[float](), complaints()
        last = _survey(port, media, scan, cuts, Path(request["folder"]))
        if last is None:
            raise UnreadableMedia(f"no frame of {path.name!r} could be decoded", "Try to copy or download it again.")
        end = max(scan.end, last + 0.001)
        damage = _damage(media, scan, end, complained=complaints() > before)
        info = describe(media)
        info["duration"] = max(end, media.duration) if damage else end
        spans = [(shot.span.start, shot.span.end) for shot in shots_between(cuts, end)]
        port.send(
            "surveyed", info=info, shots=spans, readable_until=end, damage=damage, decoded=scan.frames / scan.packets
        )


def _survey(port: Port, media: Media, scan: Scan, cuts: list[float], folder: Path) -> float | None:
    """Scan to the end, noting changes of shots and writing keyframes; return the last frame's time."""
    finder, chooser = ChangeFinder(), KeyframeChooser()
    last = None
    reported = 0.0
    for sample in scan.samples():
        last = sample.time
        chooser.add(sample)
        for change in finder.add(sample.time, sample.small, sample.begins):
            cuts.append(change.time)
            chooser.change(change)
        for seen in chooser.choose(finder.settled):
            _write(port, media, seen, folder)
        if last - reported >= PROGRESS_SECONDS:
            reported = last
            port.send("progress", fraction=min(1.0, last / media.duration) if media.duration else 0.0)
    for change in finder.finish():
        cuts.append(change.time)
        chooser.change(change)
    for seen in chooser.finish():
        _write(port, media, seen, folder)
    return last


def _write(port: Port, media: Media, seen: KeyframeCandidate, folder: Path) -> None:
    target = folder / f"{round(seen.time * 1000):09d}.jpg"
    pixels = upright(seen.frame, media.rotation, LONGEST_SIDE, "bgr24")
    done, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    assert done
    partial = target.with_suffix(".part")
    partial.write_bytes(data.tobytes())
    os.replace(partial, target)
    port.send("keyframe", time=seen.time, name=target.name)


def _damage(media: Media, scan: Scan, end: float, complained: bool) -> str:
    """Say in plain words what of the file is missing; empty if nothing is."""
    if media.stated and media.duration - end > SLACK:
        return f"only the first {end:.1f} of {media.duration:.1f} s could be read"
    if scan.broken_off:
        return f"only the first {end:.1f} s could be read: the file breaks off"
    if scan.lost or complained:
        return "parts of the file are damaged: frames are missing or wrong there"
    return ""


def grab(port: Port, path: Path, request: Request) -> None:
    """Write one keyframe for each span: the frame nearest to its middle, or a sharper one close by."""
    with opened_video(path) as media:
        port.opened(media.duration)
        cursor = Cursor(media)
        for start, end in request["spans"]:
            _write(port, media, _best_of(cursor, start, end), Path(request["folder"]))


def _best_of(cursor: Cursor, start: float, end: float) -> KeyframeCandidate:
    """Return the sharpest look near the middle of a span that lies inside it."""
    middle = (start + end) / 2
    near = min(NEAR, (end - start) / 2)
    first = cursor.shown_at(max(start, middle - near))
    shown = [first, *takewhile(lambda timed: timed[0] < min(end, middle + near), cursor.after())]
    inside = [timed for timed in shown if start <= timed[0] < end] or [first]
    return max((look(Sample(time, frame, small(frame))) for time, frame in inside), key=lambda seen: seen.sharpness)
