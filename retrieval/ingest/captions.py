"""Captions by a vision model for moments that nobody captioned: which frame tells of a moment, and what is said of it.

The model itself is passed in: this library knows only what it must do.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PIL import Image

from retrieval.pictures import read_keyframe
from retrieval.types import Keyframe, TimedText, TimeSpan, whole

LEAST = 0.3
"""Confidence below which a caption is dropped: a guess found by text would be a wrong answer later."""

AT_ONCE = 8
"""Frames described together; after each such batch what was said can be kept."""

MomentTexts = tuple[TimeSpan, tuple[TimedText, ...]]
"""A moment as ingest makes it: its span and its texts."""


@dataclass(frozen=True, slots=True)
class GeneratedCaption:
    """What a model said of one picture, and how sure it was, 0 to 1."""

    text: str
    confidence: float


class Captioner(Protocol):
    """Says in a sentence what pictures show."""

    @property
    def name(self) -> str:
        """The model and whatever else its sentences depend on: under another name everything is described anew."""
        ...

    def unfit(self, film: Path) -> str | None:
        """Return why this film is not described, in words for a person; None where it is."""
        ...

    def describe(self, images: Sequence[Image.Image]) -> list[GeneratedCaption]:
        """Return what each picture shows, in order.

        Raises:
            CaptioningFailed: the model is not there, or gave no answer.
        """
        ...


def frames_to_caption(moments: Sequence[MomentTexts], keyframes: Sequence[Keyframe]) -> list[Keyframe]:
    """Return the frames to describe, each once and in order of time: one of each moment without a caption."""
    chosen = [frame for span, texts in moments if (frame := _telling(span, texts, keyframes)) is not None]
    return sorted(dict.fromkeys(chosen), key=lambda frame: frame.time)


def caption_frames(frames: Sequence[Keyframe], captioner: Captioner) -> Iterator[tuple[Keyframe, GeneratedCaption]]:
    """Yield each frame with what is said of it, batch by batch; a frame that cannot be opened is left out."""
    for start in range(0, len(frames), AT_ONCE):
        opened = [(frame, image) for frame in frames[start : start + AT_ONCE] if (image := _opened(frame)) is not None]
        said = captioner.describe([image for _, image in opened])
        yield from ((frame, one) for (frame, _), one in zip(opened, said, strict=True))


def with_captions(
    moments: Sequence[MomentTexts],
    keyframes: Sequence[Keyframe],
    said: Mapping[str, GeneratedCaption],
    least: float = LEAST,
) -> tuple[MomentTexts, ...]:
    """Return the moments, those without a caption with what was said of their frame as a text of source `vision`.

    Args:
        moments: span and texts of each.
        keyframes: of the video.
        said: what was said of frames, by the names of their files.
        least: confidence below which nothing is taken over.
    """
    return tuple((span, (*texts, *_caption(span, texts, keyframes, said, least))) for span, texts in moments)


def _caption(
    span: TimeSpan,
    texts: Sequence[TimedText],
    keyframes: Sequence[Keyframe],
    said: Mapping[str, GeneratedCaption],
    least: float,
) -> tuple[TimedText, ...]:
    frame = _telling(span, texts, keyframes)
    told = None if frame is None else said.get(frame.path.name)
    text = "" if told is None or told.confidence < least else " ".join(whole(told.text).split())
    return (TimedText(span, text, "vision"),) if text else ()


def _telling(span: TimeSpan, texts: Sequence[TimedText], keyframes: Sequence[Keyframe]) -> Keyframe | None:
    """Return the keyframe nearest to the middle of a moment; None where it has a caption, or no keyframe."""
    if any(text.source == "caption" for text in texts):
        return None
    inside = [frame for frame in keyframes if span.contains(frame.time)]
    return min(inside, key=lambda frame: (abs(frame.time - span.middle), frame.time), default=None)


def _opened(frame: Keyframe) -> Image.Image | None:
    try:
        return read_keyframe(frame.path)
    except OSError:
        return None
