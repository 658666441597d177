"""Cuts a span out of a video into a file of its own, in a confined child process.

Where the span begins at a codec keyframe the packets are copied; elsewhere pictures and sound are encoded anew, and the
clip begins exactly where it was asked to.
"""

import os
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from retrieval.ingest.confined import DecodeLimits
from retrieval.ingest.decode import ask
from retrieval.types import TimeSpan

SUFFIXES = (".mp4", ".mkv", ".webm", ".mov")


@dataclass(frozen=True, slots=True)
class Clip:
    """A clip on disk: its true start and end in seconds of the video, and whether it was copied, not encoded."""

    path: Path
    start: float
    end: float
    copied: bool


def cut(path: Path, span: TimeSpan, target: Path, limits: DecodeLimits | None = None, overwrite: bool = False) -> Clip:
    """Cut `span` out of a video into `target`, whose suffix says the kind of file.

    A span that reaches past the end of the video is cut at the end. Rotated video comes out upright.

    Raises:
        ValueError: the suffix is none of .mp4, .mkv, .webm and .mov.
        FileExistsError: `target` is there and `overwrite` is not set, or it is the video itself.
        UnreadableMedia: nothing can be decoded there, or a limit was reached; nothing is left behind.
    """
    suffix = target.suffix.lower()
    if suffix not in SUFFIXES:
        raise ValueError(f"a clip's name must end in {', '.join(SUFFIXES)}, not {target.suffix!r}")
    _refuse_to_clobber(path, target, overwrite)
    with tempfile.TemporaryDirectory(prefix=".clip-", dir=target.absolute().parent) as folder:
        file = Path(folder) / f"clip{suffix}"
        request = {"start": span.start, "end": span.end, "suffix": suffix, "file": str(file)}
        with closing(ask("cut", path, limits, **request)) as replies:
            done = [reply.fields for reply in replies if reply.kind == "cut"][0]
        _refuse_to_clobber(path, target, overwrite)
        os.replace(file, target)
    return Clip(target, done["start"], done["end"], done["copied"])


def _refuse_to_clobber(path: Path, target: Path, overwrite: bool) -> None:
    if target.exists() and (not overwrite or target.samefile(path)):
        raise FileExistsError(f"{str(target)!r} already exists")
