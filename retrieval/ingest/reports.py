"""What an ingest says of each file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from retrieval.ingest.annotations import read_annotations
from retrieval.ingest.inputs import TextChange
from retrieval.ingest.relink import Placement
from retrieval.types import TextKind, Video, in_a_row

FileVerdict = Literal["new", "updated", "moved", "unchanged", "partial", "refused", "gone", "unused"]
TAKEN: tuple[FileVerdict, ...] = ("new", "updated", "moved", "unchanged", "partial")
"""The verdicts of files whose videos are in the library."""

NAMED = 5
"""How many names of a long list are said."""


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file. `reason` says why it is partial, refused or gone; `notes` what was left out.

    A video that was in is `updated` where its film or its texts changed, `moved` where its file lies elsewhere, and
    else `unchanged`.
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


def unused(captions: Path, found: Sequence[Path]) -> FileReport | None:
    """Report the videos of a captions file that no file is named like, and what of it is wrong."""
    stems = {path.stem for path in found}
    wrong: list[str] = []
    names = [name for name in read_annotations(captions, wrong) if name not in stems]
    if not names and not wrong:
        return None
    reason = f"no file is named like these videos of it: {in_a_row(names, NAMED)}" if names else ""
    return FileReport(captions, None, "unused", "; ".join(filter(None, (reason, *wrong[:NAMED]))), (), 0, 0.0)


def told(placement: Placement) -> tuple[str, ...]:
    """Say where the file of a known video was before, or what it is a copy of."""
    if placement.original is not None:
        return (f"the same film as {placement.original.name!r}, which is in already with its own texts",)
    return () if placement.moved_from is None else (f"was {str(placement.moved_from)!r} before",)


def film_changed(before: Video) -> str:
    """Say that another film lies where the one of a video lay."""
    kept = f"its {' and '.join(before.given)} were kept" if before.given else "no texts had been given to it"
    return f"the film at this path is another one than before; {kept}"


def stays(known: Video, placement: Placement) -> FileVerdict:
    """Return what is said of a film that is in already and of which nothing changed but perhaps its place."""
    if known.state == "partial":
        return "partial"
    return "unchanged" if placement.write is None else "moved"
