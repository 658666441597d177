"""From one file to a draft: pictures, texts, moments. What was found in the same bytes before is used again."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from retrieval.catalogue.given import Given, inputs_hash
from retrieval.errors import CaptioningFailed
from retrieval.ingest import captions, decode, findings, moments, ocr, speech
from retrieval.ingest.budget import thinned
from retrieval.ingest.captions import Captioner, GeneratedCaption, MomentTexts
from retrieval.ingest.confined import DecodeLimits
from retrieval.ingest.findings import Findings, FirstPass
from retrieval.ingest.inputs import Models
from retrieval.ingest.progress import LOADING, OnProgress, Progress
from retrieval.ingest.screen import ReadFrame, ScreenReader, VideoScreen
from retrieval.ingest.screen_texts import screen_texts
from retrieval.ingest.sources import PIPELINE
from retrieval.ingest.survey import Survey, grab, survey
from retrieval.pictures import read_keyframe
from retrieval.publishing.drafts import Draft, Reserved
from retrieval.types import Entry, Keyframe, TimedText, TimeSpan


@dataclass(frozen=True, slots=True)
class Decoding:
    """The ways into a media file; each is a confined child process."""

    survey: Callable[..., Survey] = survey
    subtitles: Callable[..., list[TimedText]] = decode.embedded_subtitles
    audio: Callable[..., npt.NDArray[np.float32]] = decode.audio
    grab: Callable[..., tuple[Keyframe, ...]] = grab
    lengths: Callable[..., dict[Path, tuple[float, int]]] = decode.lengths


class Tools:
    """What jobs share: the ways into files, and models that are loaded when first used."""

    def __init__(
        self,
        decoding: Decoding,
        limits: DecodeLimits | None,
        speech_model: str | None,
        frames_per_hour: int,
        captioner: Captioner | None = None,
        device: str = "cpu",
    ) -> None:
        self.decoding, self.limits = decoding, limits
        self.speech_model = speech_model
        self.frames_per_hour = frames_per_hour
        self.captioner, self._device = captioner, device
        self._reader: ScreenReader | None = None
        self._recogniser: speech.SpeechRecogniser | None = None

    @property
    def models(self) -> Models:
        """The models that are set."""
        return Models(self.speech_model, None if self.captioner is None else self.captioner.name)

    def screen(self) -> VideoScreen:
        """Return what reads the texts on the keyframes of one video."""
        self._reader = self._reader or ScreenReader()
        return self._reader.video()

    def hear(self, path: Path, model: str, duration: float, tell: Callable[[float], None]) -> tuple[TimedText, ...]:
        """Return the speech of a file; `tell` is told how much of it was heard, 0 to 1."""
        self._recogniser = self._recogniser or speech.SpeechRecogniser(model, device=self._device)
        return tuple(self._recogniser.transcribe(self.decoding.audio(path, self.limits), duration, tell))


@dataclass(frozen=True, slots=True)
class Source:
    """A file to be taken in. The file may be gone where all that is wanted of it was found before.

    Attributes:
        path: the file, `content` the hash of its bytes.
        entry: how it stands in its collection.
        given: the texts that a person gave.
        models: those whose understanding of speech, and whose descriptions of frames, count.
        waits: why the video is not complete whatever is in the file; "" where it is.
        notes: what was left out of what was given.
        is_here: whether the file must be there and stay as it is.
    """

    path: Path
    content: str
    entry: Entry
    given: Given = Given()
    models: Models = Models()
    waits: str = ""
    notes: tuple[str, ...] = ()
    is_here: bool = False

    @property
    def inputs(self) -> str:
        """A digest of all that the moments are made of."""
        return inputs_hash(PIPELINE, self.content, self.given, self.models.speech, self.models.describer)


class Job:
    """Understands one file. `notes` tells what was left out.

    Args:
        source: the file.
        folder: where its keyframes go; there already.
        found: what was found in the same bytes before, and where each stage keeps what it finds.
    """

    def __init__(
        self, source: Source, reserved: Reserved, folder: Path, tools: Tools, found: Findings, tell: OnProgress
    ) -> None:
        self.notes: list[str] = list(source.notes)
        self._source = source
        self._reserved = reserved
        self._folder = folder
        self._tools = tools
        self._tell = tell
        self._found = found
        self._undescribed = False

    def draft(self) -> Draft:
        """Return the video as this file and its texts make it.

        Raises:
            UnreadableMedia: nothing of the file can be read.
        """
        look = self._found.seen(self._tools.frames_per_hour, self._seen)
        seen = look.survey
        spoken = self._spoken(seen)
        spans = self._spans(seen, spoken, look.changes)
        frames = [*seen.keyframes, *self._grabbed(seen, [span for span, _ in spans])]
        keyframes = tuple(frame for _, frame in sorted({frame.time: frame for frame in frames}.items()))
        shown = screen_texts(self._readings(keyframes), seen.shots)
        texts = moments.attach_texts([span for span, _ in spans], [*spoken, *shown])
        joined = tuple((span, (*own, *more)) for (span, own), more in zip(spans, texts, strict=True))
        note = seen.damage or self._source.waits
        state: Literal["partial", "complete"] = "partial" if note else "complete"
        self._tidy(keyframes)
        described = self._captioned(joined, keyframes)
        return Draft(
            self._reserved,
            self._source.content,
            self._inputs(),
            seen.info.duration,
            state,
            note,
            self._source.entry,
            described,
            seen.shots,
            keyframes,
            self._source.given,
        )

    def _inputs(self) -> str:
        """Return the hash of what moments are made from: where a model failed, as without it, so it is asked again."""
        own = self._source
        if not self._undescribed:
            return own.inputs
        return inputs_hash(PIPELINE, own.content, own.given, own.models.speech, None)

    def _at(self, stage: str, fraction: float = 0.0) -> None:
        self._tell(Progress(self._source.path, stage, fraction))

    def _seen(self) -> FirstPass:
        tools, path = self._tools, self._source.path
        self._at(findings.READING)
        seen = tools.decoding.survey(path, self._folder, tools.limits, lambda done: self._at(findings.READING, done))
        kept = thinned(seen.keyframes, seen.shots, seen.info.duration, tools.frames_per_hour)
        return FirstPass(replace(seen, keyframes=kept), tuple(frame.time for frame in seen.keyframes))

    def _embedded(self) -> list[TimedText]:
        self._at(findings.EMBEDDED)
        return list(self._tools.decoding.subtitles(self._source.path, self._tools.limits))

    def _spoken(self, seen: Survey) -> list[TimedText]:
        """Return subtitles, or where there are none speech."""
        found = list(self._found.embedded(self._embedded)) if seen.info.subtitle_streams else []
        found += self._source.given.cues
        if self._source.models.speech is not None:
            self._found.bring(findings.SPEECH, f"{PIPELINE} {self._source.models.speech}")
        if found or not seen.info.has_audio:
            return _within(_once(found), seen.info.duration)
        return self._speech(seen.info.duration)

    def _speech(self, duration: float) -> list[TimedText]:
        model = self._source.models.speech
        if model is None:
            reason = None if self._tools.speech_model is None else speech.unavailable(self._tools.speech_model)
            self.notes.append(reason or "speech was not recognised: no model is set (VDIALOG_SPEECH_MODEL)")
            return []

        def hear() -> tuple[TimedText, ...]:
            self._at(findings.SPEECH)
            told = partial(self._at, findings.SPEECH)
            return self._tools.hear(self._source.path, model, duration, told)

        return list(self._found.speech(model, hear))

    def _spans(
        self, seen: Survey, spoken: Sequence[TimedText], changes: Sequence[float]
    ) -> list[tuple[TimeSpan, tuple[TimedText, ...]]]:
        duration = seen.info.duration
        captions = _within(self._source.given.sentences, duration)
        if not captions:
            return [(span, ()) for span in moments.from_shots(seen.shots, spoken, changes, duration)]
        return list(moments.from_captions(captions, duration, seen.shots, spoken, changes))

    def _grabbed(self, seen: Survey, spans: Sequence[TimeSpan]) -> list[Keyframe]:
        """Return a keyframe for each span that has none."""
        cuts = [_until(span, seen.readable_until) for span in moments.missing_keyframes(spans, seen.keyframes)]

        def grab(missing: Sequence[TimeSpan]) -> tuple[Keyframe, ...]:
            if not self._source.path.is_file():
                return ()
            self._at(findings.GRABBING)
            return self._tools.decoding.grab(self._source.path, self._folder, missing, self._tools.limits)

        return self._found.grabbed([cut for cut in cuts if cut is not None], grab)

    def _readings(self, keyframes: Sequence[Keyframe]) -> list[tuple[float, tuple[str, ...]]]:
        """Return the texts on each keyframe with its time; nothing where they cannot be read."""
        known = self._found.of_frames(findings.SCREEN, PIPELINE, keyframes)
        unread = [frame for frame in keyframes if frame.path.name not in known]
        reason = ocr.unavailable() if unread else None
        if reason is not None:
            self.notes.append(reason)
        elif unread:
            known |= self._found.keep_frames(findings.SCREEN, PIPELINE, self._read(keyframes, known))
        stored = [(frame.time, known[frame.path.name]) for frame in keyframes if frame.path.name in known]
        return [(time, ReadFrame.of(data).texts) for time, data in stored]

    def _read(self, keyframes: Sequence[Keyframe], known: Mapping[str, Any]) -> Iterator[tuple[Keyframe, object]]:
        """Read those not known, in order of time; those before them are gone through again, so that nothing differs."""
        self._at(LOADING)
        screen, unread = self._tools.screen(), [frame for frame in keyframes if frame.path.name not in known]
        shares = (number / len(unread) for number in range(len(unread)))
        for frame in keyframes[: keyframes.index(unread[-1]) + 1]:
            image = np.asarray(read_keyframe(frame.path))
            if frame.path.name in known:
                screen.recall(image, ReadFrame.of(known[frame.path.name]).fresh)
                continue
            self._at(findings.SCREEN, next(shares))
            yield frame, screen.read(image).data()

    def _captioned(self, texted: Sequence[MomentTexts], keyframes: Sequence[Keyframe]) -> tuple[MomentTexts, ...]:
        """Return the moments, those that nobody captioned with a model's caption, where one is set."""
        name, captioner = self._source.models.describer, self._tools.captioner
        if name is None:
            return tuple(texted)
        depends, frames = f"{PIPELINE} {name}", captions.frames_to_caption(texted, keyframes)
        self._found.bring(findings.DESCRIBING, depends)
        known = self._found.of_frames(findings.DESCRIBING, depends, frames)
        if captioner is not None and captioner.name == name:
            unseen = [frame for frame in frames if frame.path.name not in known]
            try:
                known |= self._found.keep_frames(findings.DESCRIBING, depends, self._described(unseen, captioner))
            except CaptioningFailed as error:
                self.notes.append(f"not described by the vision model: {error.message}")
                self._undescribed = True
                known = self._found.of_frames(findings.DESCRIBING, depends, frames)
        return captions.with_captions(
            texted, keyframes, {name: GeneratedCaption(*said) for name, said in known.items()}
        )

    def _described(
        self, frames: Sequence[Keyframe], captioner: Captioner
    ) -> Iterator[tuple[Keyframe, tuple[str, float]]]:
        for number, (frame, one) in enumerate(captions.caption_frames(frames, captioner)):
            self._at(findings.DESCRIBING, number / len(frames))
            yield frame, (one.text, one.confidence)

    def _tidy(self, keyframes: Sequence[Keyframe]) -> None:
        """Delete what the folder holds beside the keyframes: those not chosen, and what a killed attempt left."""
        names = {frame.path.name for frame in keyframes}
        for path in self._folder.iterdir():
            if path.name not in names:
                path.unlink()


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
