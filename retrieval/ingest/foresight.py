"""What an ingest would say of files, before one is opened. Nothing is written, and bytes are read only where they must.

A file that has the size of no other file and of no video in the library is new.
"""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from retrieval.catalogue.catalogue import Catalogue
from retrieval.catalogue.given import Given
from retrieval.errors import InvalidSubtitles, UnreadableMedia
from retrieval.ingest.inputs import changes, given_now
from retrieval.ingest.recognising import Intake, Recogniser
from retrieval.ingest.reports import FileReport, another_name, refused, said, verdict
from retrieval.ingest.sources import Hashes, stamp_of
from retrieval.types import TimedText


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would be reported of a file, and whether it would be decoded; what decoding finds is not known yet."""

    report: FileReport
    is_decoded: bool = False


class ForeseenHashes(Hashes):
    """The hashes of files as far as they are needed to know a file again.

    Args:
        catalogue: says what is in already, and what it looked like.
        found: all files that are asked for.
    """

    def __init__(self, catalogue: Catalogue, found: Sequence[Path]) -> None:
        super().__init__()
        self._catalogue = catalogue
        stamps = [video.stamp for video in catalogue.videos(catalogue.collections()) if video.state != "imported"]
        self._is_all_read = "" in stamps  # of an earlier version, which kept none
        self._sizes = Counter(int(stamp.split()[1]) for stamp in stamps if stamp)
        for path in found:
            with suppress(OSError):
                self._sizes[path.stat().st_size] += 1

    def of(self, path: Path) -> str:
        """Return the hash of a file; what cannot be another file's where nothing else has its size.

        Raises:
            UnreadableMedia: the file cannot be read.
        """
        with suppress(OSError):
            held = self._catalogue.at(path.absolute())
            if held is not None and held.stamp == stamp_of(path):
                return held.content_hash
            if path.is_file() and not self._is_all_read and self._sizes[path.stat().st_size] < 2:
                return f"only file of its size: {path.absolute()}"
        return super().of(path)


class Foresight:
    """Says what would become of files, one after the other."""

    def __init__(self, recogniser: Recogniser, catalogue: Catalogue) -> None:
        self._recogniser = recogniser
        self._catalogue = catalogue
        self._met: dict[tuple[str, str], Path] = {}

    def of(self, path: Path, asked: Intake) -> Foreseen:
        """Return what would become of a file."""
        try:
            file = self._recogniser.recognise(path, asked)
        except (UnreadableMedia, InvalidSubtitles) as error:
            return Foreseen(refused(path, f"{error.message}. {error.hint}".rstrip(". ")))
        except OSError as error:
            return Foreseen(refused(path, f"{path.name!r} cannot be read: {error.strerror or error}"))
        film = (file.source.entry.collection, file.source.content)
        first = self._met.setdefault(film, file.path)
        if file.known is None and first != file.path:
            return Foreseen(_again(path, first, asked))
        before = file.before
        shown = None if before is None else self._catalogue.naming.shown(before.key, asked.visible)
        held = Given() if before is None else self._catalogue.given(before.key)
        texts = changes(_texts(held), _texts(file.source.given), asked.drop)
        notes = (*said(file, asked), *file.source.notes)
        report = FileReport(path, shown, verdict(file), "" if before is None else before.note, notes, 0, 0.0, texts)
        return Foreseen(report, is_decoded=file.known is None)


def _again(path: Path, first: Path, asked: Intake) -> FileReport:
    given, notes = given_now(path, Given(), asked.captions.get(path), asked.drop, first)
    texts = changes((), _texts(given))
    return FileReport(path, None, "duplicate", "", (another_name(first), *notes), 0, 0.0, texts)


def _texts(given: Given) -> tuple[TimedText, ...]:
    return (*given.sentences, *given.cues)
