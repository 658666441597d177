"""A film as a value: scenes one after the other, and the truth that follows from them.

Everything is counted in frames first, so that spans and cuts are those of the encoded file, to the frame.
"""

import zlib
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any, Literal

from demo.scenes import Scene
from retrieval.types import TimedText, TimeSpan

FPS = 15
FADE = 8
"""Frames of a fade: half of them before the change and half after it."""
_GAP = 0.2  # seconds without words at either end of a subtitle

SubtitleKind = Literal["none", "stream", "srt", "vtt"]
"""No subtitles, a text stream in the film's file, or a file beside it."""


@dataclass(frozen=True, slots=True)
class Film:
    """Scenes joined by hard cuts and fades.

    `name` is the file's stem. `keyframes_at_cuts` lets the encoder put its keyframes where it sees a cut; without, they
    come at a fixed interval only. `fades` are the numbers of the scenes, counted from 0, into which the one before
    dissolves; the change is the middle of the fade.

    Raises:
        ValueError: scenes have subtitles and the film is to have none, or the other way round; a fade into no scene,
            or between scenes that are too short for it.
    """

    name: str
    title: str
    scenes: tuple[Scene, ...]
    subtitles: SubtitleKind = "none"
    keyframes_at_cuts: bool = True
    fades: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if any(scene.subtitles for scene in self.scenes) != (self.subtitles != "none"):
            raise ValueError(f"the scenes of {self.name!r} do not fit subtitles {self.subtitles!r}")
        for number in self.fades:
            if not 0 < number < len(self.scenes):
                raise ValueError(f"no scene of {self.name!r} dissolves into its scene {number}")
            if min(scene.seconds for scene in self.scenes[number - 1 : number + 1]) * FPS < FADE:
                raise ValueError(f"the scenes around scene {number} of {self.name!r} are too short for a fade")

    @property
    def bounds(self) -> tuple[int, ...]:
        """The first frame of every scene, and the number of frames of the film."""
        return tuple(accumulate((round(scene.seconds * FPS) for scene in self.scenes), initial=0))

    @property
    def frame_count(self) -> int:
        """How many frames the film has."""
        return self.bounds[-1]

    @property
    def duration(self) -> float:
        """Seconds from start to end."""
        return self.frame_count / FPS

    @property
    def spans(self) -> tuple[TimeSpan, ...]:
        """The span of every scene."""
        starts = [bound / FPS for bound in self.bounds]
        return tuple(TimeSpan(start, end) for start, end in zip(starts, starts[1:], strict=False))

    @property
    def cuts(self) -> tuple[float, ...]:
        """The seconds at which one scene replaces another; of a fade, its middle."""
        return tuple(span.start for span in self.spans[1:])

    @property
    def subtitle_texts(self) -> tuple[TimedText, ...]:
        """The subtitles with their spans, each inside its scene."""
        return tuple(
            TimedText(part, text, "subtitle")
            for scene, span in zip(self.scenes, self.spans, strict=True)
            for part, text in zip(_parts(span, len(scene.subtitles)), scene.subtitles, strict=True)
        )

    @property
    def screen_texts(self) -> tuple[TimedText, ...]:
        """The words in the picture with their spans."""
        return tuple(
            TimedText(span, scene.screen_text, "screen")
            for scene, span in zip(self.scenes, self.spans, strict=True)
            if scene.screen_text is not None
        )

    def truth(self) -> dict[str, Any]:
        """Return all that is known of the film, ready to be written as JSON."""
        scenes = zip(self.scenes, self.spans, strict=True)
        return {
            "name": self.name,
            "title": self.title,
            "duration": self.duration,
            "frames": self.frame_count,
            "cuts": list(self.cuts),
            "fades": [self.cuts[number - 1] for number in sorted(self.fades)],
            "scenes": [{"start": span.start, "end": span.end, **_scene_truth(scene)} for scene, span in scenes],
            "subtitles": [_text_truth(text) for text in self.subtitle_texts],
            "screen_texts": [_text_truth(text) for text in self.screen_texts],
        }


def film_of(
    name: str, title: str, *scenes: Scene, subtitles: SubtitleKind = "none", keyframes_at_cuts: bool = True
) -> Film:
    """Return a film whose actors look the same from scene to scene."""
    variant = zlib.crc32(name.encode()) % 100_000
    return Film(name, title, tuple(replace(scene, variant=variant) for scene in scenes), subtitles, keyframes_at_cuts)


def _parts(span: TimeSpan, count: int) -> list[TimeSpan]:
    """Divide a span evenly among subtitles, to the millisecond."""
    share = span.duration / max(1, count)
    starts = [span.start + number * share for number in range(count)]
    return [TimeSpan(round(start + _GAP, 3), round(start + share - _GAP, 3)) for start in starts]


def _scene_truth(scene: Scene) -> dict[str, Any]:
    return {
        "sentence": scene.sentence,
        "actor": scene.actor,
        "count": scene.count,
        "colour": scene.colour,
        "action": scene.action,
        "place": scene.place,
        "thing": scene.thing,
        "weather": scene.weather,
    }


def _text_truth(text: TimedText) -> dict[str, Any]:
    return {"start": text.span.start, "end": text.span.end, "text": text.text}
