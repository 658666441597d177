"""What a folder holds, or held, beside the films that were taken in: told, so that nobody wonders where it went.

Videos whose file is gone stay; subtitle files that no film is named like, and captions files that were not given, are
not read.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from retrieval.catalogue.catalogue import Catalogue
from retrieval.ingest import annotations, subtitles
from retrieval.ingest.recognising import Intake
from retrieval.ingest.relink import is_gone
from retrieval.ingest.reports import FileReport
from retrieval.ingest.sources import in_folder

GONE = "its file is gone; its moments can still be found"
STRAY = "no film beside it is named like it"
NOT_GIVEN = "it looks like captions, which are read where they are given: --captions FILE"


def leftovers(
    paths: Iterable[Path],
    found: Sequence[Path],
    captions: Path | None,
    catalogue: Catalogue,
    asked: Intake,
) -> Iterator[FileReport]:
    """Yield a report of each thing that an ingest of files and folders left where it was.

    Args:
        paths: the files and folders.
        found: the films that there are.
        captions: the captions file that was given, if any.
        catalogue: of the library, as it is now.
        asked: where the films went, and among which collections videos are called.
    """
    folders = [path for path in paths if path.is_dir()]
    if folders:
        yield from gone(folders, catalogue, asked)
    films: dict[Path, set[str]] = {}
    for film in found:
        films.setdefault(film.parent, set()).add(film.stem)
    for file in dict.fromkeys(file for folder in folders for file in in_folder(folder, subtitles.ENDINGS)):
        if not subtitles.belongs_to_one(file, films.get(file.parent, set())):
            yield _left(file, STRAY)
    for file in dict.fromkeys(file for folder in folders for file in in_folder(folder, (".json",))):
        if (captions is None or file.resolve() != captions.resolve()) and annotations.looks_like_captions(file):
            yield _left(file, NOT_GIVEN)


def gone(places: Iterable[Path], catalogue: Catalogue, asked: Intake) -> Iterator[FileReport]:
    """Yield a report of each video whose file was at one of these places, or below, and is gone.

    It is in the collection that is asked for, or where nobody chose one in any that is visible.
    """
    below = tuple(os.path.join(os.path.abspath(place), "") for place in places)
    for video in catalogue.videos(asked.visible if asked.is_default else frozenset({asked.collection})):
        path = video.entry.path
        if path is not None and os.path.join(os.path.abspath(path), "").startswith(below) and is_gone(video):
            called = catalogue.naming.shown(video.key, asked.visible)
            yield FileReport(path, called, "gone", GONE, (), 0, 0.0)


def _left(file: Path, reason: str) -> FileReport:
    return FileReport(file, None, "unused", reason, (), 0, 0.0)
