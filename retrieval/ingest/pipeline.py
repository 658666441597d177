"""Taking files into a library: each is told by its bytes, understood where it is new, and published whole.

Each file is a job of its own: what is wrong with one is reported, and the rest goes on. Nothing of a file is
seen before all of it is.
"""

import errno
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

from retrieval.catalogue.catalogue import Catalogue
from retrieval.catalogue.given import ASIDE, Given
from retrieval.errors import InvalidAnnotations, InvalidSubtitles, LibraryUnusable, Overtaken, UnreadableMedia
from retrieval.ingest.annotations import Annotation, read_annotations
from retrieval.ingest.course import course_of
from retrieval.ingest.findings import AttemptStore, Findings
from retrieval.ingest.inputs import Models, changes, fitting, given_now, models_for, models_of, note_models
from retrieval.ingest.job import Decoding, Job, Source, Tools
from retrieval.ingest.leftovers import gone, leftovers
from retrieval.ingest.options import IngestOptions
from retrieval.ingest.progress import CHECKING, FINISHING, LOADING, SAVING, WAITING, OnProgress, Progress, telling
from retrieval.ingest.refusals import Refusals
from retrieval.ingest.relink import Placement, placed
from retrieval.ingest.reports import FileReport, film_changed, refused, stays, told
from retrieval.ingest.sources import Hashes, files
from retrieval.ingest.stable_files import StableFiles
from retrieval.ingest.watch import Watch
from retrieval.publishing.drafts import Draft, Reserved, made_of
from retrieval.publishing.generations import Generations, StaleGeneration
from retrieval.publishing.publisher import Attempt, Publisher
from retrieval.publishing.stages import FILE, Stages
from retrieval.sizes import fit_name
from retrieval.types import Entry, TextKind, TimedText, Video, whole


@dataclass(frozen=True, slots=True)
class _Request:
    """What is asked of a run: where files go, what is given to them and taken from them, and who is told."""

    collection: str
    captions: Mapping[str, Annotation]
    drop: frozenset[TextKind]
    files: Sequence[Path]
    tell: OnProgress
    visible: frozenset[str]
    refusals: Refusals


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

    def take(
        self,
        paths: Sequence[Path],
        collection: str,
        captions: Path | None = None,
        on_progress: OnProgress | None = None,
        on_report: OnReport | None = None,
        drop: Collection[TextKind] = (),
        visible: frozenset[str] = frozenset(),
        retry: bool = False,
    ) -> list[FileReport]:
        """Take files and folders into a collection; return what became of each file, and what was left in the folders.

        What is not given again stays: only `drop` takes kinds of text away. Reports name videos as they are called
        among the visible collections and this one. Files of folders that were refused before are tried with `retry`.

        Raises:
            UnreadableMedia: a path does not exist.
            InvalidAnnotations: the captions file is not in the form of ActivityNet Captions.
        """
        found = list(files(paths))
        named = found if retry else [path for path in paths if not path.is_dir()]
        reports = self._take(found, collection, captions, on_progress, on_report, frozenset(drop), visible, named)
        return [*reports, *leftovers(paths, found, captions, self._catalogue, collection, visible | {collection})]

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
            try:
                if change.fresh:
                    self._take(change.fresh, collection, captions, on_progress, on_report, visible=visible)
            except InvalidAnnotations as error:
                if captions is None or not begun:
                    raise
                tell_of(refused(captions, f"{error.message}. {error.hint}".rstrip(". ")))
            begun = True
            for report in gone(change.gone, self._catalogue, collection, visible | {collection}):
                tell_of(report)
            if change.fresh or change.gone:
                rests = False
            elif not rests and on_rest is not None:
                rests = True
                on_rest()
            time.sleep(every)

    def _take(
        self,
        found: Sequence[Path],
        collection: str,
        captions: Path | None,
        on_progress: OnProgress | None,
        on_report: OnReport | None,
        drop: frozenset[TextKind] = frozenset(),
        visible: frozenset[str] = frozenset(),
        named: Collection[Path] = (),
    ) -> list[FileReport]:
        given = read_annotations(captions, []) if captions is not None and found else {}
        self._hashes.expect(found)
        look, limits = self._tools.decoding.lengths, self._tools.limits
        course = (
            course_of(found, self._catalogue, collection, self._tools.models, look, limits) if on_progress else None
        )
        tell = telling(course, on_progress)
        refusals = Refusals(self._catalogue, self._generations, limits, named)
        asked = _Request(collection, given, drop, found, tell, visible | {collection}, refusals)
        reports = []
        for path in self._steady.in_order(found, lambda path: tell(Progress(path, WAITING, 0.0))):
            report = self._file(path, asked)
            if course is not None:
                course.finished(path)
            reports.append(report)
            if on_report is not None:
                on_report(report)
        refusals.save()
        if reports:
            tell(Progress(reports[-1].path, FINISHING, 0.0))
        self._publisher.settle(any(report.verdict in ("new", "updated", "partial") for report in reports))
        return reports

    def _file(self, path: Path, asked: _Request, again: int = 5) -> FileReport:
        started = time.perf_counter()
        if (reason := asked.refusals.reason(path)) is not None:
            return refused(path, reason, is_known=True)
        try:
            asked.tell(Progress(path, CHECKING, 0.0))
            report = self._taken(path, asked)
        except Overtaken:  # by another process: so its video is another one than it was
            return self._file(path, asked, again - 1) if again else refused(path, "others change it all the while")
        except (UnreadableMedia, InvalidSubtitles) as error:
            report = refused(path, f"{error.message}. {error.hint}".rstrip(". "))
            asked.refusals.note(report, error)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):  # of no file's making, and of no use to go on
                raise
            report = refused(path, f"{path.name!r} cannot be read: {error.strerror or error}")
        return replace(report, seconds=time.perf_counter() - started)

    def _taken(self, path: Path, asked: _Request) -> FileReport:
        content = self._hashes.of(path)
        entry = Entry(asked.collection, whole(path.stem), path.absolute())
        known = self._catalogue.holding(content, asked.collection)
        placement = Placement() if known is None else self._relinked(known, entry)
        before = known or self._changed(path, asked)
        source = self._source(path, content, entry, before, asked)
        held: list[TimedText] = [] if before is None else self._catalogue.texts(before)
        if known is not None and (known.inputs == source.inputs or placement.original is not None):
            if placement.original is None and known.stamp != self._hashes.stamp(path):
                Stages(self._catalogue.database, known.generation).keep(FILE, "", {"": self._hashes.stamp(path)})
            shown = self._catalogue.naming.shown(known.key, asked.visible)
            texts, verdict = changes(held, held), stays(known, placement)
            said = (*told(placement), *source.notes) if placement.original is None else told(placement)
            return FileReport(path, shown, verdict, known.note, said, 0, 0.0, texts, is_known=verdict == "partial")
        draft, notes = self._published(source, before, asked.tell)
        notes = (*notes, film_changed(before)) if known is None and before is not None else notes
        return FileReport(
            path,
            self._catalogue.naming.shown(draft.reserved.video_id, asked.visible),
            "partial" if draft.state == "partial" else "new" if before is None else "updated",
            draft.note,
            notes,
            len(draft.moments),
            0.0,
            changes(held, (text for _, said in draft.moments for text in said), asked.drop),
        )

    def _changed(self, path: Path, asked: _Request) -> Video | None:
        """Return the video whose film lay at this path before; None where it was only moved to another one."""
        held = self._catalogue.at(path.absolute(), asked.collection)
        if held is None:
            return None
        others = (o for o in asked.files if o != path and self._catalogue.at(o.absolute(), asked.collection) is None)
        return None if any(self._hashes.holds(other, held.content_hash) for other in others) else held

    def _source(
        self, path: Path, content: str, entry: Entry, before: Video | None, asked: _Request | None = None
    ) -> Source:
        """Return all that a video is made from: what is given now, and what was given and found before."""
        drop: frozenset[TextKind] = frozenset() if asked is None else asked.drop
        captions = None if asked is None else asked.captions.get(path.stem)
        given = Given() if before is None else self._catalogue.given(before.key)
        notes: tuple[str, ...] = ()
        if asked is not None:
            given, notes = given_now(path, given, captions, drop)
        twin = self._same_bytes(content, before)
        made_by = Models() if twin is None else models_of(Stages(self._catalogue.database, twin.generation))
        wanted, unfit = fitting(self._tools.models, self._tools.captioner, path)
        models = models_for(wanted, made_by, drop)
        waits = ASIDE if before is not None and before.note == ASIDE and self._catalogue.aside(content).kinds else ""
        return Source(path, content, entry, given, models, waits, (*notes, *unfit), is_here=asked is not None)

    def _same_bytes(self, content: str, before: Video | None) -> Video | None:
        """Return a video in whose file the same lies: this one as it was before, or one of any collection."""
        if before is not None and before.content_hash == content:
            return before
        return self._catalogue.holding(content)

    def remake(self, key: str) -> None:
        """Make the moments of a video anew from what was found in its file before; the file may be gone."""
        video = self._catalogue.stored(key)
        if video is None or key not in self._catalogue.due():
            return
        path = video.entry.path or Path(video.title)
        with suppress(UnreadableMedia, Overtaken):  # more is wanted of its file than is known, and the file is gone
            self._published(self._source(path, video.content_hash, video.entry, video), video, lambda _: None)

    def _relinked(self, known: Video, entry: Entry) -> Placement:
        """Renew the entry of a known video whose bytes were found."""
        placement = placed(known.entry, entry, lambda path: self._hashes.holds(path, known.content_hash))
        if placement.write is not None:
            self._generations.relink(known.key, placement.write)
        return placement

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
        twin = self._same_bytes(source.content, before)
        own, found = self._place(reserved.generation), None if twin is None else self._place(twin.generation)
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

    def _place(self, number: int) -> AttemptStore:
        return AttemptStore(Stages(self._catalogue.database, number), self._catalogue.frames_folder(number))
