"""Captions written by people, in the form of ActivityNet Captions.

The form is `{video_id: {"duration": seconds, "timestamps": [[start, end], ...], "sentences": [text, ...]}}`.
A fault in the shape of the file refuses the file; a single caption whose times make no span is dropped and named
in its video's `dropped`. A swapped start and end is not turned round: which of the two was meant is a guess.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from retrieval.errors import InvalidAnnotations
from retrieval.sizes import LONGEST_ID, LONGEST_SENTENCE, unfit_name
from retrieval.types import TimedText, TimeSpan, whole

MAX_BYTES = 256 * 2**20
"""Larger files are refused: parsed JSON takes several times its size in memory."""

HEAD = 2**20
"""Bytes by which a file is told for captions that nobody called so."""

END_TOLERANCE = 0.5
"""Seconds a caption may end after its video; the end is clipped. Published files round up by 0.01 s."""

SHAPE = '{"VIDEO_ID": {"duration": 12.5, "timestamps": [[0.0, 4.2]], "sentences": ["A man waves."]}}'


@dataclass(frozen=True, slots=True)
class Annotation:
    """The captions of one video.

    Attributes:
        video_id: the name the file gives to the video.
        duration: seconds of the video, as the file says.
        captions: in the file's order, duplicates kept, source `caption`.
        dropped: one readable reason for each caption left out.
    """

    video_id: str
    duration: float
    captions: tuple[TimedText, ...]
    dropped: tuple[str, ...] = ()


def read_annotations(path: Path, wrong: list[str] | None = None) -> dict[str, Annotation]:
    """Return the annotations of a file by video, in the file's order; times in seconds.

    Args:
        path: of the file.
        wrong: takes what is wrong with entries that cannot be used, so that the others can; where it is None, or no
            entry can be used, that is an error.

    Raises:
        InvalidAnnotations: the file cannot be read, is too large, is not JSON, names a thing twice, or an entry
            does not have the expected shape; the message names the video.
    """
    entries = _load(path)
    read: dict[str, Annotation] = {}
    for video_id, entry in entries.items():
        try:
            read[video_id] = _annotation(video_id, entry)
        except InvalidAnnotations as error:
            if wrong is None or len(entries) == 1:
                raise
            wrong.append(f"{error.message}. {error.hint}".rstrip(". "))
            first = error
    if wrong and not read:
        raise first
    return read


def looks_like_captions(path: Path) -> bool:
    """Tell whether a file seems to have this form, by its beginning."""
    try:
        with path.open("rb") as file:
            start = file.read(HEAD)
        text = start.decode(json.detect_encoding(start), "replace")
    except OSError:
        return False
    return text.lstrip().startswith("{") and all(f'"{name}"' in text for name in ("timestamps", "sentences"))


def _load(path: Path) -> Mapping[str, object]:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            _refuse(f"{path.name!r} has {size / 2**20:.0f} MB", f"At most {MAX_BYTES // 2**20} MB are read.")
        content = json.loads(_text(path), object_pairs_hook=_without_duplicates)
    except OSError as error:
        raise InvalidAnnotations(
            f"{path.name!r} cannot be read: {error.strerror}", "Give a file that you may read."
        ) from error
    except InvalidAnnotations:
        raise
    except ValueError as error:  # not UTF-8, not JSON, or a number of thousands of digits
        raise InvalidAnnotations(f"{path.name!r} is not JSON: {error}", f"The form is {SHAPE}.") from error
    except RecursionError as error:
        raise InvalidAnnotations(f"{path.name!r} is nested too deeply", f"The form is {SHAPE}.") from error
    if not isinstance(content, dict):
        _refuse(f"{path.name!r} holds no object of videos")
    return content


def _text(path: Path) -> str:
    """Return a file as text; its bytes are gone then, as a sentence may be nearly all of it."""
    raw = path.read_bytes()
    return raw.decode(json.detect_encoding(raw), "surrogatepass")


def _without_duplicates(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    content = dict(pairs)
    if len(content) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        _refuse(f"{twice!r} stands twice in the same object", "Give each video one entry.")
    return content


def _annotation(video_id: str, entry: object) -> Annotation:
    if whole(video_id) != video_id:
        _refuse(f"the name {video_id!r} of a video has half a character", "Write the file in UTF-8.")
    if unfit := unfit_name(video_id):
        _refuse(f"the name {video_id[:LONGEST_ID]!r} of a video {unfit}")
    if not isinstance(entry, dict):
        _refuse(f"the entry of {video_id!r} is not an object")
    duration = _duration(video_id, entry.get("duration"))
    stamps, sentences = (_list(video_id, entry, name) for name in ("timestamps", "sentences"))
    if len(stamps) != len(sentences):
        _refuse(f"{video_id!r} has {len(stamps)} timestamps and {len(sentences)} sentences")
    captions, dropped = [], []
    for number, (stamp, sentence) in enumerate(zip(stamps, sentences, strict=True), 1):
        caption = _caption(f"caption {number} of {video_id!r}", stamp, sentence, duration)
        if isinstance(caption, TimedText):
            captions.append(caption)
        else:
            dropped.append(caption)
    return Annotation(video_id, duration, tuple(captions), tuple(dropped))


def _duration(video_id: str, value: object) -> float:
    duration = _number(value)
    if duration is None or not math.isfinite(duration) or duration <= 0:
        _refuse(f"the duration of {video_id!r} is {value!r}", "It must be a number of seconds above 0.")
    return duration


def _list(video_id: str, entry: Mapping[str, object], name: str) -> list[object]:
    value = entry.get(name)
    if not isinstance(value, list):
        _refuse(f"{name!r} of {video_id!r} is missing or not a list")
    return value


def _caption(what: str, stamp: object, sentence: object, duration: float) -> TimedText | str:
    """Return the caption, or the reason why it is left out."""
    start, end = _stamp(what, stamp)
    if not isinstance(sentence, str):
        _refuse(f"the sentence of {what} is not a text")
    if len(sentence) > LONGEST_SENTENCE:
        return f"{what} has {len(sentence):,} characters: at most {LONGEST_SENTENCE:,} are taken"
    text = " ".join(whole(sentence).split())
    reason = _unfit(start, end, text, duration)
    if reason:
        return f"{what} ({start!r} to {end!r}) {reason}"
    return TimedText(TimeSpan(start, min(end, duration)), text, "caption")


def _unfit(start: float, end: float, text: str, duration: float) -> str:
    if not text:
        return "has no words"
    if not (math.isfinite(start) and math.isfinite(end)):
        return "has a time that is not a number of seconds"
    if start < 0:
        return "starts before the video"
    if end <= start:
        return "ends where it starts or before"
    if end > duration + END_TOLERANCE or start >= duration:
        return f"goes beyond the video, which has {duration!r} s"
    return ""


def _stamp(what: str, stamp: object) -> tuple[float, float]:
    times = [_number(value) for value in stamp] if isinstance(stamp, list) else []
    if len(times) != 2 or times[0] is None or times[1] is None:
        _refuse(f"the timestamp of {what} is not a pair of numbers")
    return times[0], times[1]


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _refuse(message: str, hint: str = f"The form is {SHAPE}.") -> NoReturn:
    raise InvalidAnnotations(message, hint)
