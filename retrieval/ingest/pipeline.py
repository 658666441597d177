"""Taking files into a library: each is told by its bytes, understood where it is new, and published whole.

Each file is a job of its own: what is wrong with one is reported, and the rest goes on. Nothing of a file is
seen before all of it is.
"""

import errno
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from retrieval.catalogue import other_names
from retrieval.catalogue.catalogue import Catalogue
from retrieval.errors import InvalidAnnotations, InvalidSubtitles, LibraryUnusable, Overtaken, UnreadableMedia
from retrieval.ingest.course import course_of
from retrieval.ingest.findings import AttemptStore, Findings
from retrieval.ingest.foresight import Foreseen, ForeseenHashes, Foresight
from retrieval.ingest.inputs import changes, note_models
from retrieval.ingest.job import Decoding, Job, Source, Tools
from retrieval.ingest.keys import read_for
from retrieval.ingest.leftovers import gone, leftovers
from retrieval.ingest.options import IngestOptions
from retrieval.ingest.progress import CHECKING, FINISHING, LOADING, SAVING, WAITING, OnProgress, Progress, telling
from retrieval.ingest.recognising import Intake, Recognised, Recogniser
from retrieval.ingest.refusals import Refusals
from retrieval.ingest.reports import FileReport, is_written, refused, said, unused, verdict
from retrieval.ingest.sources import Hashes, files
from retrieval.ingest.stable_files import StableFiles
from retrieval.ingest.watch import Watch
from retrieval.publishing.drafts import Draft, Reserved, made_of
from retrieval.publishing.generations import Generations, StaleGeneration
from retrieval.publishing.publisher import Attempt, Publisher
from retrieval.publishing.stages import FILE, Stages
from retrieval.sizes import fit_name
from retrieval.types import TextKind, TimedText, Video, whole

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
        self._hashes = Hashes()
        told = (options.speech_model, options.frames_per_hour, options.captioner, options.device)
        self._tools = Tools(decoding or Decoding(), options.limits, *told)
        self._recogniser = Recogniser(catalogue, self._hashes, self._tools)
        self._left = ""

    def take(
        self,
        paths: Sequence[Path],
        collection: str,
        captions: Path | None = None,
        on_progress: OnProgress | None = None,
        on_report: OnReport | None = None,
        drop: Collection[TextKind] = (),
        visible: frozenset[str] = frozenset(),
        is_default: bool = False,
        retry: bool = False,
    ) -> list[FileReport]:
        """Take files and folders into a collection; return what became of each file, and what was left in the folders.

        What is not given again stays: only `drop` takes kinds of text away. Reports name videos as they are called
        among the visible collections and this one. Where nobody chose the collection (`is_default`), a video that lies
        in another visible one stays there. Files of folders that were refused before are tried with `retry`.

        Raises:
            UnreadableMedia: a path does not exist.
            InvalidAnnotations: the captions file is not in the form of ActivityNet Captions.
        """
        found = list(files(paths))
        named = found if retry else [path for path in paths if not path.is_dir()]
        asked = Intake(collection, found, frozenset(drop), visible | {collection}, is_default)
        reports = self._take(asked, found, captions, on_progress, on_report, named)
        return [*reports, *leftovers(paths, found, captions, self._catalogue, asked)]

    def foresee(
        self,
        paths: Sequence[Path],
        collection: str,
        captions: Path | None = None,
        drop: Collection[TextKind] = (),
        visible: frozenset[str] = frozenset(),
        is_default: bool = False,
    ) -> list[Foreseen]:
        """Return what `take` would report of each file, as far as it is known before one is opened. Nothing is written.

        Raises:
            UnreadableMedia: a path does not exist.
            InvalidAnnotations: the captions file is not in the form of ActivityNet Captions.
        """
        found = list(files(paths))
        asked = Intake(collection, found, frozenset(drop), visible | {collection}, is_default)
        hashes = ForeseenHashes(self._catalogue, found)
        given, left = read_for(captions, found, hashes)
        foreseen = Foresight(Recogniser(self._catalogue, hashes, self._tools), self._catalogue)
        told = [foreseen.of(path, replace(asked, captions=given)) for path in found]
        return [*told, *map(Foreseen, unused(captions, left))]

    def watch(
        self,
        paths: Sequence[Path],
        collection: str,
        captions: Path | None = None,
        on_progress: OnProgress | None = None,
        on_report: OnReport | None = None,
        every: float = 3.0,
        visible: frozenset[str] = frozenset(),
        on_rest: Callable[[], None] | None = None,
        is_default: bool = False,
    ) -> NoReturn:
        """Take files and folders in, and from then on what is new or changed there, until it is interrupted.

        A file that is gone is reported, and its video stays as it is. `every` is in seconds, from the end of one look
        to the next. `on_rest` is told each time that all is done and it only waits.

        Raises:
            InvalidAnnotations: the captions file is not in the form of ActivityNet Captions.
        """
        watched = Watch(paths, captions, self._steady)
        begun, rests, tell_of = False, False, on_report or (lambda _: None)
        while True:
            change = watched.look()
            asked = Intake(collection, change.fresh, frozenset(), visible | {collection}, is_default)
            try:
                if change.fresh:
                    self._take(asked, change.there, captions, on_progress, on_report)
            except InvalidAnnotations as error:
                if captions is None or not begun:
                    raise
                tell_of(refused(captions, f"{error.message}. {error.hint}".rstrip(". ")))
            begun = True
            for report in gone(change.gone, self._catalogue, asked):
                tell_of(report)
            if change.fresh or change.gone:
                rests = False
            elif not rests and on_rest is not None:
                rests = True
                on_rest()
            time.sleep(every)

    def _take(
        self,
        asked: Intake,
        there: Sequence[Path],
        captions: Path | None,
        on_progress: OnProgress | None,
        on_report: OnReport | None,
        named: Collection[Path] = (),
    ) -> list[FileReport]:
        """Take the files that are asked for in; `there` are all those that a captions file may be for."""
        found = asked.files
        self._hashes.expect(found)
        given, left = read_for(captions, there, self._hashes)
        look, limits = self._tools.decoding.lengths, self._tools.limits
        told = (self._catalogue, asked.collection, self._tools.models, look, limits)
        course = course_of(found, *told) if on_progress else None
        tell = telling(course, on_progress)
        asked = replace(asked, captions=given, tell=tell)
        refusals = Refusals(self._catalogue, self._generations, limits, named)
        reports = []
        for path in self._steady.in_order(found, lambda path: tell(Progress(path, WAITING, 0.0))):
            reports.append(self._file(path, asked, refusals))
            if course is not None:
                course.finished(path)
            if on_report is not None:
                on_report(reports[-1])
        if reports:
            tell(Progress(reports[-1].path, FINISHING, 0.0))
        self._publisher.settle(any(map(is_written, reports)))
        for report in unused(captions, left) if left != self._left else ():
            reports.append(report)
            if on_report is not None:
                on_report(report)
        refusals.save()
        self._left = left
        return reports

    def _file(self, path: Path, asked: Intake, refusals: Refusals, again: int = 5) -> FileReport:
        started = time.perf_counter()
        if (reason := refusals.reason(path)) is not None:
            return refused(path, reason, is_known=True)
        try:
            asked.tell(Progress(path, CHECKING, 0.0))
            report = self._taken(path, asked)
        except Overtaken:  # by another process: so its video is another one than it was
            busy = refused(path, "others change it all the while")
            return self._file(path, asked, refusals, again - 1) if again else busy
        except (UnreadableMedia, InvalidSubtitles) as error:
            report = refused(path, f"{error.message}. {error.hint}".rstrip(". "))
            refusals.note(report, error)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):  # of no file's making, and of no use to go on
                raise
            report = refused(path, f"{path.name!r} cannot be read: {error.strerror or error}")
        return replace(report, seconds=time.perf_counter() - started)

    def _taken(self, path: Path, asked: Intake) -> FileReport:
        file = self._recogniser.recognise(path, asked)
        self._place(file)
        known, before, visible = file.known, file.before, asked.visible
        held: list[TimedText] = [] if before is None else self._catalogue.texts(before)
        if known is not None and file.is_as_it_was:
            shown = self._catalogue.naming.shown(known.key, visible)
            texts, notes = changes(held, held), (*said(file, asked), *file.source.notes)
            became = verdict(file)
            return FileReport(path, shown, became, known.note, notes, 0, 0.0, texts, is_known=became == "partial")
        draft, notes = self._published(file.source, before, asked.tell)
        return FileReport(
            path,
            self._catalogue.naming.shown(draft.reserved.video_id, visible),
            "partial" if draft.state == "partial" else verdict(file),
            draft.note,
            (*notes, *said(file, asked)),
            len(draft.moments),
            0.0,
            changes(held, (text for _, texts in draft.moments for text in texts), asked.drop),
        )

    def _place(self, file: Recognised) -> None:
        """Note where the file of a known video lies."""
        known = file.known
        if known is None:
            return
        if file.placement.original is not None:
            if file.path not in file.names:
                with self._catalogue.database.writing() as db:
                    other_names.add(db, known.key, file.path)
            return
        if file.placement.write is not None:
            self._generations.relink(known.key, file.placement.write)
        if file.is_as_it_was and known.stamp != self._hashes.stamp(file.path):
            Stages(self._catalogue.database, known.generation).keep(FILE, "", {"": self._hashes.stamp(file.path)})

    def remake(self, key: str) -> None:
        """Make the moments of a video anew from what was found in its file before; the file may be gone."""
        video = self._catalogue.stored(key)
        if video is None or key not in self._catalogue.due():
            return
        path = video.entry.path or Path(video.title)
        with suppress(UnreadableMedia, Overtaken):  # more is wanted of its file than is known, and the file is gone
            source = self._recogniser.source(path, video.content_hash, video.entry, video)
            self._published(source, video, lambda _: None)

    def _published(self, source: Source, before: Video | None, tell: OnProgress) -> tuple[Draft, tuple[str, ...]]:
        """Understand a file and publish it. Nothing stays of a refused file; a broken attempt can be gone on with."""
        replaces = None if before is None else before.key
        name, place = fit_name(whole(source.path.stem)), source.path.absolute()
        reserved = self._generations.reserve(name, source.content, source.entry.collection, replaces, place)
        try:
            return self._understood(source, reserved, before, tell)
        except (UnreadableMedia, InvalidSubtitles):
            self._generations.forget([StaleGeneration(reserved.video_id, reserved.generation)])
            raise
        except BaseException:
            with suppress(LibraryUnusable):  # no room even for that: then it is this process's until it ends
                self._generations.release(reserved)
            raise

    def _understood(
        self, source: Source, reserved: Reserved, before: Video | None, tell: OnProgress
    ) -> tuple[Draft, tuple[str, ...]]:
        twin = self._recogniser.same_bytes(source.content, before)
        own, found = self._attempt(reserved.generation), None if twin is None else self._attempt(twin.generation)
        own.folder.mkdir(parents=True, exist_ok=True)
        job = Job(source, reserved, own.folder, self._tools, Findings(own, found), tell)
        draft = made_of(job.draft(), before)
        if source.is_here:
            own.stages.keep(FILE, "", {"": self._hashes.check(source.path, source.content)})
        note_models(own.stages, source.models)
        attempt = Attempt(own.stages, twin, lambda stage, done: tell(Progress(source.path, stage, done)))
        tell(Progress(source.path, LOADING, 0.0))
        self._publisher.publish([draft], attempt)
        tell(Progress(source.path, SAVING, 1.0))
        return draft, tuple(job.notes)

    def _attempt(self, number: int) -> AttemptStore:
        return AttemptStore(Stages(self._catalogue.database, number), self._catalogue.frames_folder(number))
