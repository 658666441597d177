"""What decoding found in a file, before texts from outside are joined to it: kept, so that no file is decoded twice.

New subtitles or captions change a video's moments, but not what is in its file. Of an older version of the program
nothing is taken over.
"""

import json
import shutil
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from retrieval.ingest.decode import info_of
from retrieval.ingest.sources import PIPELINE
from retrieval.ingest.survey import Survey
from retrieval.types import Keyframe, Shot, TimedText, TimeSpan


@dataclass(frozen=True, slots=True)
class Heard:
    """Speech as one model recognised it."""

    model: str
    texts: tuple[TimedText, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """All that was read from one file.

    Attributes:
        survey: shots, and the keyframes that tell the picture's changes.
        embedded: texts of the subtitle streams inside.
        heard: speech, None where it was not recognised.
        grabbed: keyframes taken for spans that had none.
        readings: the words read on keyframes, by the keyframe's time in seconds.
    """

    survey: Survey
    embedded: tuple[TimedText, ...]
    heard: Heard | None
    grabbed: dict[TimeSpan, Keyframe]
    readings: dict[float, tuple[str, ...]]


def dumps(found: Findings) -> str:
    """Write findings as JSON, keyframes by their names."""
    seen = found.survey
    return json.dumps(
        {
            "pipeline": PIPELINE,
            "info": asdict(seen.info),
            "shots": [[shot.span.start, shot.span.end] for shot in seen.shots],
            "keyframes": [[frame.time, frame.path.name] for frame in seen.keyframes],
            "readable_until": seen.readable_until,
            "damage": seen.damage,
            "embedded": _listed(found.embedded),
            "heard": None if found.heard is None else [found.heard.model, _listed(found.heard.texts)],
            "grabbed": [[s.start, s.end, frame.time, frame.path.name] for s, frame in found.grabbed.items()],
            "readings": [[time, list(texts)] for time, texts in found.readings.items()],
        }
    )


def loads(stored: str, folder: Path) -> Findings | None:
    """Read findings whose keyframes lie in `folder`; None where another version of the program made them."""
    data: dict[str, Any] = json.loads(stored)
    if data["pipeline"] != PIPELINE:
        return None
    survey = Survey(
        info_of(data["info"]),
        tuple(Shot(TimeSpan(start, end)) for start, end in data["shots"]),
        tuple(Keyframe(time, folder / name) for time, name in data["keyframes"]),
        data["readable_until"],
        data["damage"],
    )
    heard = None if data["heard"] is None else Heard(data["heard"][0], _texts(data["heard"][1], "speech"))
    return Findings(
        survey,
        _texts(data["embedded"], "subtitle"),
        heard,
        {TimeSpan(start, end): Keyframe(time, folder / name) for start, end, time, name in data["grabbed"]},
        {time: tuple(texts) for time, texts in data["readings"]},
    )


def brought(found: Findings, folder: Path) -> Findings | None:
    """Return findings with the survey's keyframes copied into `folder`; None where one of them is gone.

    Copies, not links: a keyframe that is taken again must not change the one that is still seen.
    """
    try:
        copied = tuple(copy(frame, folder) for frame in found.survey.keyframes)
    except OSError:
        return None
    return replace(found, survey=replace(found.survey, keyframes=copied))


def copy(frame: Keyframe, folder: Path) -> Keyframe:
    """Copy a keyframe into a folder.

    Raises:
        OSError: it is gone, or there is no room.
    """
    return Keyframe(frame.time, Path(shutil.copyfile(frame.path, folder / frame.path.name)))


def _listed(texts: tuple[TimedText, ...]) -> list[list[object]]:
    return [[text.span.start, text.span.end, text.text] for text in texts]


def _texts(listed: list[Any], source: Any) -> tuple[TimedText, ...]:
    return tuple(TimedText(TimeSpan(start, end), text, source) for start, end, text in listed)
