"""Taking files into a library: each is told by its bytes, understood where it is new, and published whole.

Each file is a job of its own: what is wrong with one is reported, and the rest goes on. Nothing of a file is
seen before all of it is.
"""

import errno
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NoReturn

from retrieval.catalogue.catalogue import Catalogue
from retrieval.errors import InvalidAnnotations, InvalidSubtitles, LibraryUnusable, UnreadableMedia
from retrieval.ingest.annotations import Annotation, read_annotations
from retrieval.ingest.budget import FRAMES_PER_HOUR
from retrieval.ingest.captions import Captioner
from retrieval.ingest.confined import DecodeLimits
from retrieval.ingest.findings import AttemptStore, Findings
from retrieval.ingest.job import Decoding, Job, OnProgress, Progress, Source, Tools
from retrieval.ingest.relink import Placement, holds, placed
from retrieval.ingest.sources import content_hash, files, inputs_hash
from retrieval.ingest.stable_files import StableFiles
from retrieval.ingest.subtitles import sidecars
from retrieval.ingest.watch import Watch
from retrieval.publishing.drafts import Draft, Reserved
from retrieval.publishing.generations import Generations, StaleGeneration
from retrieval.publishing.publisher import Attempt, Publisher
from retrieval.publishing.stages import Stages
from retrieval.sizes import fit_name
from retrieval.types import Membership, Video, whole

FileVerdict = Literal["new", "known", "partial", "refused", "gone", "unused"]

NAMED = 5
"""How many names of a long list are said."""


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file. `reason` says why it is partial, refused or gone; `notes` what was left out.

    A captions file is `unused` as far as it names videos that are not among the files.
    """

    path: Path
    video_id: str | None
    verdict: FileVerdict
    reason: str
    notes: tuple[str, ...]
    moments: int
    seconds: float


@dataclass(frozen=True, slots=True)
class IngestOptions:
    """What the user set: a speech model by name or folder (None = off), and the limits of decoding.

    A file waits until it has not changed for `stable_seconds`; 0 takes it as it is. Of an hour of video at most
    `frames_per_hour` keyframes are kept. `captioner` describes the moments that have no caption (None = off).
    """

    speech_model: str | None = None
    limits: DecodeLimits | None = None
    stable_seconds: float = 0.0
    frames_per_hour: int = FRAMES_PER_HOUR
    captioner: Captioner | None = None


OnReport = Callable[[FileReport], None]


class Ingester:
    """Takes files into a library."""

    def __init__(
        self,
        catalogue: Catalogue,
        generations: Generations,
        publisher: Publisher,
        options: IngestOptions,
        decoding: Decoding | None = None,
    ) -> None:
        self._catalogue = catalogue
        self._generations = generations
        self._publisher = publisher
        self._steady = StableFiles(options.stable_seconds)
        self._tools = Tools(
            decoding or Decoding(), options.limits, options.speech_model, options.frames_per_hour, options.captioner
        )

    def take(
        self,
        paths: Sequence[Path],
        collection: str,
        captions: Path | None = None,
        on_progress: OnProgress | None = None,
        on_report: OnReport | None = None,
    ) -> list[FileReport]:
        """Take files and folders into a collection; return what became of each file.

        Raises:
            UnreadableMedia: a path does not exist.
            InvalidAnnotations: the captions file is not in the form of ActivityNet Captions.
        """
        found = list(files(paths))
        reports = self._take(found, collection, captions, on_progress or (lambda _: None), on_report)
        unused = None if captions is None else _unused(captions, found)
        if unused is not None:
            reports.append(unused)
            if on_report is not None:
                on_report(unused)
        return reports

    def watch(
        self,
        paths: Sequence[Path],
        collection: str,
        captions: Path | None = None,
        on_progress: OnProgress | None = None,
        on_report: OnReport | None = None,
        every: float = 3.0,
    ) -> NoReturn:
        """Take files and folders in, and from then on what is new or changed there, until it is interrupted.

        A file that is gone is reported, and its video stays as it is. `every` is in seconds, from the end of one look
        to the next.

        Raises:
            InvalidAnnotations: the captions file is not in the form of ActivityNet Captions.
        """
        watched = Watch(paths, captions, self._steady)
        begun, tell_of = False, on_report or (lambda _: None)
        while True:
            change = watched.look()
            try:
                if change.fresh:
                    self._take(change.fresh, collection, captions, on_progress or (lambda _: None), on_report)
            except InvalidAnnotations as error:
                if captions is None or not begun:
                    raise
                tell_of(_refused(captions, f"{error.message}. {error.hint}".rstrip(". "), time.perf_counter()))
            begun = True
            for path in change.gone:
                self._say_gone(path, tell_of)
            time.sleep(every)

    def _say_gone(self, path: Path, on_report: OnReport) -> None:
        for video_id in self._catalogue.at(path.absolute()):
            reason = "its file is gone; its moments can still be found"
            on_report(FileReport(path, video_id, "gone", reason, (), 0, 0.0))

    def _take(
        self,
        found: Sequence[Path],
        collection: str,
        captions: Path | None,
        tell: OnProgress,
        on_report: OnReport | None,
    ) -> list[FileReport]:
        given = read_annotations(captions, []) if captions is not None and found else {}
        reports = []
        for path in self._steady.in_order(found, lambda path: tell(Progress(path, "waiting", 0.0))):
            report = self._file(path, collection, given.get(path.stem), tell)
            reports.append(report)
            if on_report is not None:
                on_report(report)
        self._publisher.settle(any(report.verdict in ("new", "partial") for report in reports))
        return reports

    def _file(self, path: Path, collection: str, given: Annotation | None, tell: OnProgress) -> FileReport:
        started = time.perf_counter()
        try:
            tell(Progress(path, "checking", 0.0))
            source = self._source(path, collection, given)
            known = self._catalogue.holding(source.content)
            if known is not None:
                placement = self._relinked(known, source.membership)
                if self._stands(known, placement, source):
                    verdict: FileVerdict = "partial" if known.state == "partial" else "known"
                    seconds = time.perf_counter() - started
                    return FileReport(path, known.video_id, verdict, known.note, _told(placement), 0, seconds)
            draft, notes = self._taken(source, known, tell)
        except (UnreadableMedia, InvalidSubtitles) as error:
            return _refused(path, f"{error.message}. {error.hint}".rstrip(". "), started)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):  # of no file's making, and of no use to go on
                raise
            return _refused(path, f"{path.name!r} cannot be read: {error.strerror or error}", started)
        seconds = time.perf_counter() - started
        verdict = "partial" if draft.state == "partial" else "new"
        return FileReport(path, draft.reserved.video_id, verdict, draft.note, notes, len(draft.moments), seconds)

    def _source(self, path: Path, collection: str, given: Annotation | None) -> Source:
        content = content_hash(path)
        inputs = inputs_hash(content, path, given, self._tools.speech_model, self._tools.captioner)
        return Source(path, content, inputs, given, Membership(collection, whole(path.stem), path.absolute()))

    def _relinked(self, known: Video, membership: Membership) -> Placement:
        """Renew the places of a known video whose bytes were found."""
        placement = placed(known, membership, lambda path: holds(path, known.content_hash))
        if placement.writes:
            self._publisher.join(known, placement.writes)
        return placement

    def _stands(self, known: Video, placement: Placement, source: Source) -> bool:
        """Tell whether a known video stays as it is.

        A copy changes nothing while the original is there, and a file that was moved without its texts keeps them.
        """
        if known.inputs == source.inputs or placement.original is not None:
            return True
        if placement.moved_from is None or source.given is not None or sidecars(source.path):
            return False
        self._generations.accept(known.video_id, source.inputs)
        return True

    def _taken(self, source: Source, known: Video | None, tell: OnProgress) -> tuple[Draft, tuple[str, ...]]:
        """Understand a file and publish it. Nothing stays of a refused file; a broken attempt can be gone on with."""
        reserved = self._generations.reserve(
            fit_name(whole(source.path.stem)), source.content, path=source.path.absolute()
        )
        try:
            return self._published(source, reserved, known, tell)
        except (UnreadableMedia, InvalidSubtitles):
            self._generations.forget([StaleGeneration(reserved.video_id, reserved.generation)])
            raise
        except BaseException:
            with suppress(LibraryUnusable):  # no room even for that: then it is this process's until it ends
                self._generations.release(reserved)
            raise

    def _published(
        self, source: Source, reserved: Reserved, known: Video | None, tell: OnProgress
    ) -> tuple[Draft, tuple[str, ...]]:
        own = self._place(reserved.generation)
        own.folder.mkdir(parents=True, exist_ok=True)
        before = None if known is None else self._place(known.generation)
        job = Job(source, reserved, own.folder, self._tools, Findings(own, before), tell)
        draft = job.draft()
        attempt = Attempt(own.stages, known, lambda stage, done: tell(Progress(source.path, stage, done)))
        self._publisher.publish([draft], attempt)
        tell(Progress(source.path, "saving", 1.0))
        return draft, tuple(job.notes)

    def _place(self, generation: int) -> AttemptStore:
        return AttemptStore(Stages(self._catalogue.database, generation), self._catalogue.frames_folder(generation))


def _refused(path: Path, reason: str, started: float) -> FileReport:
    return FileReport(path, None, "refused", reason, (), 0, time.perf_counter() - started)


def _unused(captions: Path, found: Sequence[Path]) -> FileReport | None:
    """Report the videos of a captions file that no file is named like."""
    stems = {path.stem for path in found}
    wrong: list[str] = []
    names = [name for name in read_annotations(captions, wrong) if name not in stems]
    if not names and not wrong:
        return None
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    reason = f"no file is named like these videos of it: {', '.join(names[:NAMED])}{more}" if names else ""
    return FileReport(captions, None, "unused", "; ".join(filter(None, (reason, *wrong[:NAMED]))), (), 0, 0.0)


def _told(placement: Placement) -> tuple[str, ...]:
    if placement.original is not None:
        return (f"the same film as {placement.original.name!r}, which is in already with its own texts",)
    return () if placement.moved_from is None else (f"was {str(placement.moved_from)!r} before",)
