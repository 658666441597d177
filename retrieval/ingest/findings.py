"""What was found in a file, each stage kept as soon as it is finished: no stage is run twice for the same bytes.

Two things follow. An ingest that was killed or cancelled goes on where it was. And new subtitles or captions change a
video's moments, but not what is in its file: so it is not decoded again. Of an older version of the program nothing is
taken over.
Why: docs/decisions/publishing.md.
"""

import json
import os
import shutil
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from retrieval.ingest.decode import info_of
from retrieval.ingest.sources import PIPELINE
from retrieval.ingest.survey import Survey
from retrieval.publishing.stages import Result, Stages
from retrieval.types import Keyframe, Shot, TextSource, TimedText, TimeSpan

READING, EMBEDDED, SPEECH, GRABBING, SCREEN = "reading", "text", "speech", "grabbing", "screen text"
DESCRIBING = "describing"
"""The stages that open a file or look at its keyframes, by the names under which they are told and kept."""

AT_LEAST = 1.0
"""Seconds of work on single frames that are kept together: a mark for each would cost a write to the disk."""


@dataclass(frozen=True, slots=True)
class FirstPass:
    """The first look at a file: its survey, with the keyframes that are kept, and the times of all changes it saw."""

    survey: Survey
    changes: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class AttemptStore:
    """Where one attempt keeps what it finds: its finished stages, and the folder of its keyframes."""

    stages: Stages
    folder: Path


def model_of(stages: Stages, stage: str) -> str | None:
    """Return the model that made what a stage found, None where there is nothing of this version of the program."""
    version, _, model = (stages.depends(stage) or "").partition(" ")
    return model if version == PIPELINE and model else None


class Findings:
    """What was found in one file.

    Args:
        own: where this attempt keeps it.
        before: where an earlier one kept it; what is used of it is copied, since it goes when this one is published.
    """

    def __init__(self, own: AttemptStore, before: AttemptStore | None = None) -> None:
        self._own = own
        self._places = [own] if before is None else [before, own]

    def seen(self, frames_per_hour: int, find: Callable[[], FirstPass]) -> FirstPass:
        """Return the first look at the file, by `find` where it was not taken yet or a keyframe of it is gone."""
        depends = f"{PIPELINE} {frames_per_hour}"
        held = self._held(READING, depends)
        if "" in held:
            place, stored = held[""]
            known = self._seen(json.loads(stored), place)
            if known is not None:
                self._carry(READING, depends, held)
                return known
        seen = find()
        self._own.stages.keep(READING, depends, {"": json.dumps(_seen_data(seen))})
        return seen

    def embedded(self, find: Callable[[], Sequence[TimedText]]) -> tuple[TimedText, ...]:
        """Return the texts of the subtitle streams inside, by `find` where they were not read yet."""
        return self._texts(EMBEDDED, PIPELINE, "subtitle", find)

    def speech(self, model: str, find: Callable[[], Sequence[TimedText]]) -> tuple[TimedText, ...]:
        """Return what a model understood, by `find` where it has not listened yet."""
        return self._texts(SPEECH, f"{PIPELINE} {model}", "speech", find)

    def bring(self, stage: str, depends: str) -> None:
        """Keep all that a stage made, whether it is used this time or not."""
        self._carry(stage, depends, self._held(stage, depends))

    def grabbed(
        self, spans: Sequence[TimeSpan], find: Callable[[Sequence[TimeSpan]], Iterable[Keyframe]]
    ) -> list[Keyframe]:
        """Return a keyframe for each span, by `find` for those that have none yet."""
        held = self._held(GRABBING, PIPELINE)
        found: dict[TimeSpan, Keyframe] = {}
        for span in spans:
            if _part(span) in held:
                place, stored = held[_part(span)]
                frame = self._frame(place, *json.loads(stored))
                if frame is not None:
                    found[span] = frame
        self._carry(GRABBING, PIPELINE, {_part(span): held[_part(span)] for span in found})
        missing = [span for span in spans if span not in found]
        if missing:
            taken = dict(zip(missing, find(missing), strict=False))
            data = {_part(span): json.dumps([frame.time, frame.path.name]) for span, frame in taken.items()}
            self._own.stages.keep(GRABBING, PIPELINE, data)
            found.update(taken)
        return [found[span] for span in spans if span in found]

    def of_frames(self, stage: str, depends: str, keyframes: Sequence[Keyframe]) -> dict[str, Any]:
        """Return what a stage made of these keyframes before, by the names of their files."""
        held = self._held(stage, depends)
        known = {frame.path.name: held[frame.path.name] for frame in keyframes if frame.path.name in held}
        self._carry(stage, depends, known)
        return {name: json.loads(stored) for name, (_, stored) in known.items()}

    def keep_frames(self, stage: str, depends: str, made: Iterable[tuple[Keyframe, Any]]) -> dict[str, Any]:
        """Take what a stage makes of keyframes, one after the other, and return it by the names of their files.

        What comes is kept as it goes, also where it breaks off. Each must be what JSON can hold.
        """
        everything: dict[str, Any] = {}
        fresh: dict[str, str] = {}
        began = time.monotonic()
        try:
            for frame, one in made:
                everything[frame.path.name] = one
                fresh[frame.path.name] = json.dumps(one)
                if time.monotonic() - began >= AT_LEAST:
                    self._own.stages.keep(stage, depends, fresh)
                    fresh, began = {}, time.monotonic()
        finally:
            self._own.stages.keep(stage, depends, fresh)
        return everything

    def _texts(
        self, stage: str, depends: str, source: TextSource, find: Callable[[], Sequence[TimedText]]
    ) -> tuple[TimedText, ...]:
        held = self._held(stage, depends)
        if "" in held:
            self._carry(stage, depends, held)
            listed = json.loads(held[""][1])
            return tuple(TimedText(TimeSpan(start, end), text, source) for start, end, text in listed)
        texts = tuple(find())
        listed = [[text.span.start, text.span.end, text.text] for text in texts]
        self._own.stages.keep(stage, depends, {"": json.dumps(listed)})
        return texts

    def _held(self, stage: str, depends: str) -> dict[str, tuple[AttemptStore, Result]]:
        """Return the finished parts of a stage with the place where each is kept, this attempt's own first of all."""
        return {
            part: (place, stored)
            for place in self._places
            for part, stored in place.stages.results(stage, depends).items()
        }

    def _carry(self, stage: str, depends: str, held: Mapping[str, tuple[AttemptStore, Result]]) -> None:
        """Keep here what another attempt kept."""
        brought = {part: stored for part, (place, stored) in held.items() if place is not self._own}
        self._own.stages.keep(stage, depends, brought)

    def _seen(self, data: dict[str, Any], place: AttemptStore) -> FirstPass | None:
        keyframes = [self._frame(place, at, name) for at, name in data["keyframes"]]
        survey = Survey(
            info_of(data["info"]),
            tuple(Shot(TimeSpan(start, end)) for start, end in data["shots"]),
            tuple(frame for frame in keyframes if frame is not None),
            data["readable_until"],
            data["damage"],
        )
        return None if None in keyframes else FirstPass(survey, tuple(data["changes"]))

    def _frame(self, place: AttemptStore, at: float, name: str) -> Keyframe | None:
        """Return a keyframe that an attempt kept, copied into this one's folder; None where it is gone."""
        path = self._own.folder / name
        if place is not self._own:
            copied = path.with_suffix(".part")
            try:
                shutil.copyfile(place.folder / name, copied)
            except FileNotFoundError:
                return None
            os.replace(copied, path)
        return Keyframe(at, path) if path.is_file() else None


def _part(span: TimeSpan) -> str:
    return f"{span.start!r} {span.end!r}"


def _seen_data(seen: FirstPass) -> dict[str, object]:
    survey = seen.survey
    return {
        "info": asdict(survey.info),
        "shots": [[shot.span.start, shot.span.end] for shot in survey.shots],
        "keyframes": [[frame.time, frame.path.name] for frame in survey.keyframes],
        "readable_until": survey.readable_until,
        "damage": survey.damage,
        "changes": list(seen.changes),
    }
