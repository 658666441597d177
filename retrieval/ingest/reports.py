"""What an ingest says of each file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from retrieval.ingest.inputs import TextChange
from retrieval.ingest.recognising import Intake, Recognised
from retrieval.types import TextKind, Video, in_a_row

FileVerdict = Literal["new", "updated", "moved", "unchanged", "duplicate", "partial", "refused", "gone", "unused"]
TAKEN: tuple[FileVerdict, ...] = ("new", "updated", "moved", "unchanged", "duplicate", "partial")
"""The verdicts of files whose videos are in the library."""


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file. `reason` says why it is partial, refused or gone; `notes` what was left out.

    A video that was in is `updated` where its film or its texts changed, `moved` where its file lies elsewhere, and
    else `unchanged`. A `duplicate` has the bytes of another file of the collection, and is another name of its video.
    `texts` says what became of each kind of text that the video has or had. A captions file is `unused` as far as it
    names videos that are not among the files, where it was not given, and so is a subtitle file without a film.
    `is_known` says that a file was partial or refused before, and is unchanged since.
    """

    path: Path
    video_id: str | None
    verdict: FileVerdict
    reason: str
    notes: tuple[str, ...]
    moments: int
    seconds: float
    texts: Mapping[TextKind, TextChange] = field(default_factory=dict)
    is_known: bool = False


def refused(path: Path, reason: str, is_known: bool = False) -> FileReport:
    """Report a file that is not taken in."""
    return FileReport(path, None, "refused", reason, (), 0, 0.0, is_known=is_known)


def unused(captions: Path | None, wrong: str) -> Sequence[FileReport]:
    """Report what of a captions file no file got, and why; nothing where all is well."""
    return () if captions is None or not wrong else (FileReport(captions, None, "unused", wrong, (), 0, 0.0),)


def is_written(report: FileReport) -> bool:
    """Tell whether something was written into the library for a file."""
    return report.verdict in ("new", "updated", "partial") or (report.verdict == "duplicate" and report.moments > 0)


def said(file: Recognised, asked: Intake) -> tuple[str, ...]:
    """Say where the file of a known video was before, what it is another name of, and in which collection it stays."""
    notes = []
    if file.known is None and file.before is not None:
        notes.append(film_changed(file.before))
    if file.placement.original is not None:
        notes.append(another_name(file.placement.original, [name for name in file.names if name != file.path]))
    if file.placement.moved_from is not None:
        notes.append(f"was {str(file.placement.moved_from)!r} before")
    if (collection := file.source.entry.collection) != asked.collection:
        notes.append(f"lies in the collection {collection!r} and stays there; `--collection` says where it should be")
    return tuple(notes)


def another_name(original: Path, others: Sequence[Path] = ()) -> str:
    """Say of which video a file is another name."""
    also = f", as is {in_a_row([str(name) for name in others])}" if others else ""
    return f"the same bytes as {str(original)!r}: another name of that video{also}"


def film_changed(before: Video) -> str:
    """Say that another film lies where the one of a video lay."""
    kept = f"its {' and '.join(before.given)} were kept" if before.given else "no texts had been given to it"
    return f"the film at this path is another one than before; {kept}"


def verdict(file: Recognised) -> FileVerdict:
    """Return what is said of a file that can be read whole."""
    if file.known is None:
        return "new" if file.before is None else "updated"
    if file.placement.original is None and not file.is_as_it_was:
        return "updated"
    if file.known.state == "partial":
        return "partial"
    if file.placement.original is not None:
        return "duplicate"
    return "unchanged" if file.placement.write is None else "moved"
