"""The job that turns a file into a video of the library: read, gather texts, form moments, publish.

Each file is a job of its own: what is wrong with one is reported, and the rest goes on. Nothing of a file is
seen before all of it is.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
from PIL import Image

from retrieval.catalogue import Catalogue
from retrieval.drafts import Draft, Reserved
from retrieval.errors import InvalidSubtitles, UnreadableMedia
from retrieval.generations import Generations, Remains
from retrieval.ingest import decode, moments, ocr, speech, subtitles
from retrieval.ingest.annotations import Annotation, read_annotations
from retrieval.ingest.confined import DecodeLimits
from retrieval.ingest.relink import Placement, holds, placed
from retrieval.ingest.sources import content_hash, files, inputs_hash
from retrieval.ingest.subtitles import sidecars
from retrieval.ingest.survey import Survey, grab, survey
from retrieval.publish import Publisher
from retrieval.types import Keyframe, Membership, TimedText, TimeSpan, Video

Verdict = Literal["new", "known", "partial", "refused"]


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the job of one file is: its stage, and how much of that is done, 0 to 1."""

    path: Path
    stage: str
    fraction: float


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file. `reason` says why it is partial or refused; `notes` what was left out."""

    path: Path
    video_id: str | None
    verdict: Verdict
    reason: str
    notes: tuple[str, ...]
    moments: int
    seconds: float


@dataclass(frozen=True, slots=True)
class IngestOptions:
    """What the user set: a speech model by name or folder (None = off), and the limits of decoding."""

    speech_model: str | None = None
    limits: DecodeLimits | None = None


OnProgress = Callable[[Progress], None]
OnReport = Callable[[FileReport], None]


class Ingester:
    """Takes files into a library."""

    def __init__(
        self, catalogue: Catalogue, generations: Generations, publisher: Publisher, options: IngestOptions
    ) -> None:
        self._catalogue = catalogue
        self._generations = generations
        self._publisher = publisher
        self._options = options
        self._reader: ocr.ScreenReader | None = None
        self._recogniser: speech.SpeechRecogniser | None = None

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
        given = {} if captions is None else read_annotations(captions)
        reports = []
        for path in list(files(paths)):
            report = self._file(path, collection, given.get(path.stem), on_progress or (lambda _: None))
            reports.append(report)
            if on_report is not None:
                on_report(report)
        if any(report.verdict in ("new", "partial") for report in reports):
            self._publisher.settle()
        return reports

    def _file(self, path: Path, collection: str, given: Annotation | None, tell: OnProgress) -> FileReport:
        started = time.perf_counter()
        membership = Membership(collection, path.stem, path.absolute())
        try:
            tell(Progress(path, "reading", 0.0))
            content = content_hash(path)
            inputs = inputs_hash(content, path, given, self._options.speech_model)
            known = self._catalogue.holding(content)
            if known is not None:
                placement = self._relinked(known, membership)
                if self._stands(known, placement, inputs, brings_texts=given is not None or bool(sidecars(path))):
                    verdict: Verdict = "partial" if known.state == "partial" else "known"
                    seconds = time.perf_counter() - started
                    return FileReport(path, known.video_id, verdict, known.note, _told(placement), 0, seconds)
            reserved = self._generations.reserve(path.stem, content)
            draft, notes = self._drafted(_Job(path, reserved, given, tell), content, inputs, membership)
        except (UnreadableMedia, InvalidSubtitles) as error:
            reason = f"{error.message}. {error.hint}".rstrip(". ")
            return FileReport(path, None, "refused", reason, (), 0, time.perf_counter() - started)
        tell(Progress(path, "embedding", 0.0))
        self._publisher.publish([draft])
        tell(Progress(path, "saving", 1.0))
        seconds = time.perf_counter() - started
        verdict = "partial" if draft.state == "partial" else "new"
        return FileReport(path, reserved.video_id, verdict, draft.note, notes, len(draft.moments), seconds)

    def _relinked(self, known: Video, membership: Membership) -> Placement:
        """Renew the places of a known video whose bytes were found."""
        placement = placed(known, membership, lambda path: holds(path, known.content_hash))
        if placement.writes:
            self._publisher.join(known, placement.writes)
        return placement

    def _stands(self, known: Video, placement: Placement, inputs: str, brings_texts: bool) -> bool:
        """Tell whether a known video stays as it is.

        A copy changes nothing while the original is there, and a file that was moved without its texts keeps them.
        """
        if known.inputs == inputs or placement.original is not None:
            return True
        if placement.moved_from is None or brings_texts:
            return False
        self._generations.accept(known.video_id, inputs)
        return True

    def _drafted(self, job: "_Job", content: str, inputs: str, membership: Membership) -> tuple[Draft, tuple[str, ...]]:
        """Understand a file; where that fails, nothing of the attempt stays."""
        try:
            return self._understood(job, content, inputs, membership)
        except BaseException:
            self._generations.forget([Remains(job.reserved.video_id, job.reserved.generation)])
            raise

    def _understood(
        self, job: "_Job", content: str, inputs: str, membership: Membership
    ) -> tuple[Draft, tuple[str, ...]]:
        limits, notes = self._options.limits, list(job.given.dropped if job.given else ())
        folder = self._catalogue.frames_folder(job.reserved.generation)
        folder.mkdir(parents=True, exist_ok=True)
        seen = survey(job.path, folder, limits, lambda done: job.tell(Progress(job.path, "reading", done)))
        duration = seen.info.duration
        spoken = self._spoken(job, seen, notes)
        spans = self._spans(job, seen, spoken)
        keyframes = self._keyframes(job, seen, [span for span, _ in spans], folder)
        shown = self._shown(job, seen, keyframes, notes)
        texts = moments.attach_texts([span for span, _ in spans], [*spoken, *shown])
        joined = tuple((span, (*own, *more)) for (span, own), more in zip(spans, texts, strict=True))
        state: Literal["partial", "complete"] = "partial" if seen.damage else "complete"
        draft = Draft(
            job.reserved, content, inputs, duration, state, seen.damage, membership, joined, seen.shots, keyframes
        )
        return draft, tuple(notes)

    def _spoken(self, job: "_Job", seen: Survey, notes: list[str]) -> list[TimedText]:
        job.tell(Progress(job.path, "text", 0.0))
        found = decode.embedded_subtitles(job.path, self._options.limits) if seen.info.subtitle_streams else []
        for sidecar in subtitles.sidecars(job.path):
            try:
                found += subtitles.read_subtitles(sidecar, seen.info.duration)
            except InvalidSubtitles as error:
                notes.append(f"{error.message}: left out")
        if found or not seen.info.has_audio:
            return _within(_once(found), seen.info.duration)
        return self._speech(job, seen, notes)

    def _speech(self, job: "_Job", seen: Survey, notes: list[str]) -> list[TimedText]:
        model = self._options.speech_model
        if model is None:
            notes.append("speech was not recognised: no model is set (VDIALOG_SPEECH_MODEL)")
            return []
        reason = speech.unavailable(model)
        if reason is not None:
            notes.append(reason)
            return []
        job.tell(Progress(job.path, "speech", 0.0))
        self._recogniser = self._recogniser or speech.SpeechRecogniser(model)
        return self._recogniser.transcribe(decode.audio(job.path, self._options.limits), seen.info.duration)

    def _spans(
        self, job: "_Job", seen: Survey, spoken: Sequence[TimedText]
    ) -> list[tuple[TimeSpan, tuple[TimedText, ...]]]:
        duration = seen.info.duration
        changes = [frame.time for frame in seen.keyframes]
        captions = [] if job.given is None else _within(job.given.captions, duration)
        if not captions:
            return [(span, ()) for span in moments.from_shots(seen.shots, spoken, changes, duration)]
        return list(moments.from_captions(captions, duration, seen.shots, spoken, changes))

    def _keyframes(self, job: "_Job", seen: Survey, spans: Sequence[TimeSpan], folder: Path) -> tuple[Keyframe, ...]:
        missing = [
            cut
            for span in moments.missing_keyframes(spans, seen.keyframes)
            if (cut := _until(span, seen.readable_until)) is not None
        ]
        more = grab(job.path, folder, missing, self._options.limits) if missing else ()
        return tuple(sorted({frame.time: frame for frame in (*seen.keyframes, *more)}.values(), key=lambda f: f.time))

    def _shown(self, job: "_Job", seen: Survey, keyframes: Sequence[Keyframe], notes: list[str]) -> list[TimedText]:
        reason = ocr.unavailable()
        if reason is not None:
            notes.append(reason)
            return []
        self._reader = self._reader or ocr.ScreenReader()
        readings = []
        for number, frame in enumerate(keyframes):
            job.tell(Progress(job.path, "screen text", number / len(keyframes)))
            with Image.open(frame.path) as image:
                readings.append((frame.time, self._reader.read(np.asarray(image.convert("RGB")))))
        return ocr.screen_texts(readings, seen.shots)


@dataclass(frozen=True, slots=True)
class _Job:
    path: Path
    reserved: Reserved
    given: Annotation | None
    tell: OnProgress


def _told(placement: Placement) -> tuple[str, ...]:
    if placement.original is not None:
        return (f"the same film as {placement.original.name!r}, which is in already with its own texts",)
    return () if placement.moved_from is None else (f"was {str(placement.moved_from)!r} before",)


def _within(texts: Sequence[TimedText], duration: float) -> list[TimedText]:
    """Cut texts at the end of the video; what begins after it is left out."""
    inside = [text for text in texts if text.span.start < duration]
    return [replace(c, span=TimeSpan(c.span.start, min(c.span.end, duration))) for c in inside]


def _until(span: TimeSpan, end: float) -> TimeSpan | None:
    return TimeSpan(span.start, min(span.end, end)) if span.start < end else None


def _once(texts: Sequence[TimedText]) -> list[TimedText]:
    """Leave out cues that stand in several subtitle streams or files with the same words and time."""
    seen: dict[tuple[float, str], TimedText] = {}
    for text in texts:
        seen.setdefault((round(text.span.start, 1), text.text), text)
    return sorted(seen.values(), key=lambda text: text.span)
