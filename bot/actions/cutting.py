"""Cutting a moment, or any span, out of its video into a file of its own."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.actions.meaning import meant, meant_by
from bot.actions.targets import writing
from bot.actions.typed import time
from bot.dialogue.messages import Citation
from bot.errors import UsageError
from bot.tools.pieces import CatalogueReader
from retrieval.errors import NotInLibrary
from retrieval.ingest.confined import DecodeLimits
from retrieval.ingest.cutting import SUFFIXES, Clip
from retrieval.ingest.cutting import cut as cut_file
from retrieval.ingest.relink import is_its_file, media
from retrieval.types import TimeSpan, Video


@dataclass(frozen=True, slots=True)
class FileSpan:
    """A span of a video's file."""

    video_id: str
    path: Path
    span: TimeSpan


class HasSpan(Protocol):
    """What lies somewhere in a video: a citation, a moment, a hit."""

    @property
    def video_id(self) -> str:
        """The video."""
        ...

    @property
    def span(self) -> TimeSpan:
        """Where it lies, in seconds."""
        ...


def file_span(what: str | HasSpan, shelf: CatalogueReader, visible: frozenset[str]) -> FileSpan:
    """Return the file and the span of a citation, a moment or a hit, or that a moment id or a `VIDEO@START-END` names.

    Raises:
        NotInLibrary: there is no such moment or video.
        UsageError: the video has no file, its file is gone or was replaced, or the times are none.
        InvalidSpan: the end is not after the start.
    """
    if isinstance(what, str):
        video_id, span = _named(what, shelf, visible)
        video_id = meant(shelf, visible, video_id)
    else:
        video_id, span = what.video_id, what.span
    return FileSpan(video_id, file_of(shelf.video(video_id, visible)), span)


def cut(source: FileSpan, target: Path, limits: DecodeLimits, overwrite: bool = False) -> Clip:
    """Cut a span out of its video's file.

    Raises:
        UsageError: the target cannot be written, is there already, or its suffix is not that of a video.
        DiskFull: there is no room for it.
        UnreadableMedia: the file cannot be read.
    """
    with writing(target, overwrite):
        if target.suffix.lower() not in SUFFIXES:
            raise UsageError(
                f"the name of a clip ends in {', '.join(SUFFIXES)}, not in {target.suffix!r}", "Give such a name."
            )
        if target.exists() and target.samefile(source.path):
            raise UsageError(f"{str(target)!r} is the video itself", "Give another name.")
        return cut_file(source.path, source.span, target, limits, overwrite)


def file_name(citation: Citation) -> str:
    """Return a name for a clip, whatever its video is called."""
    name = re.sub(r"[^\w-]+", "-", citation.video_id).strip("-") or "clip"
    return f"{name[:80]}-{citation.timecode.replace(':', '.')}.mp4"


def file_of(video: Video) -> Path:
    """Return where a video's file is now.

    Raises:
        UsageError: the video has no file, or its file is gone or was replaced.
    """
    if video.state == "imported":
        raise UsageError(
            f"video {video.video_id!r} was imported without media", "Only videos with a file can be cut or played."
        )
    here = media(video)
    if here is None:
        known = video.entry.path
        what = f"is gone: {str(known)!r}" if known else "is gone: another film is where it was"
        raise UsageError(
            f"the file of video {video.video_id!r} {what}",
            "Ingest the folder where it is now: `vdialog ingest FOLDER` knows it again by its bytes."
            " Until then its moments can be found, but not cut or played.",
        )
    if not is_its_file(video, here):
        raise UsageError(
            f"the file of video {video.video_id!r} was replaced: {str(here)!r} holds other bytes than were taken in",
            "Ingest it again, or put the film back.",
        )
    return here


def _named(what: str, shelf: CatalogueReader, visible: frozenset[str]) -> tuple[str, TimeSpan]:
    video_id, at, times = what.rpartition("@")
    try:
        moment = shelf.moment(what, visible)
        return moment.video_id, moment.span
    except NotInLibrary:
        if not at:
            moment = shelf.moment(meant_by(shelf, visible, what, ":"), visible)
            return moment.video_id, moment.span
    start, _, end = times.partition("-")
    if not start.strip() or not end.strip():
        raise UsageError(f"{times!r} is not a span", "Write VIDEO@START-END, e.g. squirrel@00:02-00:06.")
    return video_id, TimeSpan(time(start), time(end))
