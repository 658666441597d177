"""From one file to a draft: pictures, texts, moments. What was read from the same bytes before is used again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
from PIL import Image

from retrieval.drafts import Draft, Reserved
from retrieval.errors import InvalidSubtitles
from retrieval.ingest import decode, findings, moments, ocr, speech, subtitles
from retrieval.ingest.annotations import Annotation
from retrieval.ingest.confined import DecodeLimits
from retrieval.ingest.findings import Findings, Heard
from retrieval.ingest.survey import Survey, grab, survey
from retrieval.types import Keyframe, Membership, TimedText, TimeSpan


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the job of one file is: its stage, and how much of that is done, 0 to 1."""

    path: Path
    stage: str
    fraction: float


OnProgress = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Decoding:
    """The ways into a media file; each is a confined child process."""

    survey: Callable[..., Survey] = survey
    subtitles: Callable[..., list[TimedText]] = decode.embedded_subtitles
    audio: Callable[..., npt.NDArray[np.float32]] = decode.audio
    grab: Callable[..., tuple[Keyframe, ...]] = grab


class Tools:
    """What jobs share: the ways into files, and models that are loaded when first used."""

    def __init__(self, decoding: Decoding, limits: DecodeLimits | None, speech_model: str | None) -> None:
        self.decoding = decoding
        self.limits = limits
        self.speech_model = speech_model
        self._reader: ocr.ScreenReader | None = None
        self._recogniser: speech.SpeechRecogniser | None = None

    def read(self, path: Path) -> tuple[str, ...]:
        """Return the texts on a keyframe."""
        self._reader = self._reader or ocr.ScreenReader()
        with Image.open(path) as image:
            return tuple(self._reader.read(np.asarray(image.convert("RGB"))))

    def hear(self, path: Path, model: str, duration: float) -> tuple[TimedText, ...]:
        """Return the speech of a file."""
        self._recogniser = self._recogniser or speech.SpeechRecogniser(model)
        return tuple(self._recogniser.transcribe(self.decoding.audio(path, self.limits), duration))


@dataclass(frozen=True, slots=True)
class Source:
    """A file to be taken in: its bytes' hash, the hash of all inputs, its captions, and its place."""

    path: Path
    content: str
    inputs: str
    given: Annotation | None
    membership: Membership


class Job:
    """Understands one file. `notes` tells what was left out.

    Args:
        source: the file.
        folder: where its keyframes go; there already.
        known: what was read from the same bytes before, the survey's keyframes in `folder`; None to decode.
    """

    def __init__(
        self, source: Source, reserved: Reserved, folder: Path, tools: Tools, known: Findings | None, tell: OnProgress
    ) -> None:
        self.notes: list[str] = list(source.given.dropped if source.given else ())
        self._source = source
        self._reserved = reserved
        self._folder = folder
        self._tools = tools
        self._tell = tell
        self._known = known

    def draft(self) -> Draft:
        """Return the video as this file and its texts make it.

        Raises:
            UnreadableMedia: nothing of the file can be read.
        """
        seen = self._seen()
        duration = seen.info.duration
        embedded = self._embedded(seen)
        spoken, heard = self._spoken(seen, embedded)
        spans = self._spans(seen, spoken)
        grabbed = self._grabbed(seen, [span for span, _ in spans])
        keyframes = _by_time([*seen.keyframes, *grabbed.values()])
        readings = self._readings(keyframes)
        shown = ocr.screen_texts(list(readings.items()), seen.shots)
        texts = moments.attach_texts([span for span, _ in spans], [*spoken, *shown])
        joined = tuple((span, (*own, *more)) for (span, own), more in zip(spans, texts, strict=True))
        state: Literal["partial", "complete"] = "partial" if seen.damage else "complete"
        return Draft(
            self._reserved,
            self._source.content,
            self._source.inputs,
            duration,
            state,
            seen.damage,
            self._source.membership,
            joined,
            seen.shots,
            keyframes,
            findings.dumps(Findings(seen, embedded, heard, grabbed, readings)),
        )

    def _at(self, stage: str, fraction: float = 0.0) -> None:
        self._tell(Progress(self._source.path, stage, fraction))

    def _seen(self) -> Survey:
        if self._known is not None:
            return self._known.survey
        tools, path = self._tools, self._source.path
        return tools.decoding.survey(path, self._folder, tools.limits, lambda done: self._at("reading", done))

    def _embedded(self, seen: Survey) -> tuple[TimedText, ...]:
        self._at("text")
        if self._known is not None:
            return self._known.embedded
        if not seen.info.subtitle_streams:
            return ()
        return tuple(self._tools.decoding.subtitles(self._source.path, self._tools.limits))

    def _spoken(self, seen: Survey, embedded: Sequence[TimedText]) -> tuple[list[TimedText], Heard | None]:
        """Return subtitles, or where there are none speech; and the speech that is known, used or not."""
        known = None if self._known is None else self._known.heard
        found = list(embedded)
        for sidecar in subtitles.sidecars(self._source.path):
            try:
                found += subtitles.read_subtitles(sidecar, seen.info.duration)
            except InvalidSubtitles as error:
                self.notes.append(f"{error.message}: left out")
        if found or not seen.info.has_audio:
            return _within(_once(found), seen.info.duration), known
        heard = self._heard(seen, known)
        return [] if heard is None else list(heard.texts), heard or known

    def _heard(self, seen: Survey, known: Heard | None) -> Heard | None:
        model = self._tools.speech_model
        if model is None:
            self.notes.append("speech was not recognised: no model is set (VDIALOG_SPEECH_MODEL)")
            return None
        if known is not None and known.model == model:
            return known
        reason = speech.unavailable(model)
        if reason is not None:
            self.notes.append(reason)
            return None
        self._at("speech")
        return Heard(model, self._tools.hear(self._source.path, model, seen.info.duration))

    def _spans(self, seen: Survey, spoken: Sequence[TimedText]) -> list[tuple[TimeSpan, tuple[TimedText, ...]]]:
        duration, given = seen.info.duration, self._source.given
        changes = [frame.time for frame in seen.keyframes]
        captions = [] if given is None else _within(given.captions, duration)
        if not captions:
            return [(span, ()) for span in moments.from_shots(seen.shots, spoken, changes, duration)]
        return list(moments.from_captions(captions, duration, seen.shots, spoken, changes))

    def _grabbed(self, seen: Survey, spans: Sequence[TimeSpan]) -> dict[TimeSpan, Keyframe]:
        """Return a keyframe for each span that has none, those taken before if they are there."""
        cuts = [_until(span, seen.readable_until) for span in moments.missing_keyframes(spans, seen.keyframes)]
        wanted = [cut for cut in cuts if cut is not None]
        found = self._regained(wanted)
        missing = [span for span in wanted if span not in found]
        if missing:
            taken = self._tools.decoding.grab(self._source.path, self._folder, missing, self._tools.limits)
            found.update(zip(missing, taken, strict=False))
        return found

    def _regained(self, wanted: Sequence[TimeSpan]) -> dict[TimeSpan, Keyframe]:
        before = {} if self._known is None else self._known.grabbed
        found = {}
        for span in wanted:
            if span in before:
                try:
                    found[span] = findings.copy(before[span], self._folder)
                except OSError:  # gone: it is taken again
                    continue
        return found

    def _readings(self, keyframes: Sequence[Keyframe]) -> dict[float, tuple[str, ...]]:
        """Return the texts on each keyframe by its time; nothing where they cannot be read."""
        known = {} if self._known is None else self._known.readings
        unread = [frame for frame in keyframes if frame.time not in known]
        reason = ocr.unavailable() if unread else None
        if reason is not None:
            self.notes.append(reason)
            return {frame.time: known[frame.time] for frame in keyframes if frame.time in known}
        readings = {}
        for number, frame in enumerate(keyframes):
            self._at("screen text", number / len(keyframes))
            readings[frame.time] = known[frame.time] if frame.time in known else self._tools.read(frame.path)
        return readings


def _by_time(keyframes: Sequence[Keyframe]) -> tuple[Keyframe, ...]:
    return tuple(sorted({frame.time: frame for frame in keyframes}.values(), key=lambda frame: frame.time))


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
