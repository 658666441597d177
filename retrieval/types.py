"""The values that travel through the library: spans, texts, keyframes, moments, filters and hits.

Frozen, without behaviour beyond arithmetic on themselves. Times are seconds from the start of the media.
"""

import math
import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from retrieval.errors import InvalidSpan

TextSource = Literal["caption", "subtitle", "speech", "screen", "vision"]
"""Where a text comes from: given by a person, a subtitle file or stream, speech recognition, OCR, a vision model."""

TEXT_SOURCES: tuple[TextSource, ...] = ("caption", "subtitle", "speech", "screen", "vision")
"""All sources, those first that are to be believed first: what a model thinks to see comes last."""

TextKind = Literal["captions", "subtitles", "speech", "screen text", "descriptions"]
"""What texts are called where a person adds, keeps or drops them."""

KINDS: dict[TextSource, TextKind] = {
    "caption": "captions",
    "subtitle": "subtitles",
    "speech": "speech",
    "screen": "screen text",
    "vision": "descriptions",
}

DROPPABLE: tuple[TextKind, ...] = ("captions", "subtitles", "speech", "descriptions")
"""The kinds that can be taken away; what stands on the screen is in the film."""

DESCRIBING: frozenset[TextSource] = frozenset({"caption", "vision"})
"""Sources that tell in somebody's own words what a whole moment shows; the others quote what is heard or read."""


_HALVES = re.compile("[\ud800-\udfff]")


def whole(text: str) -> str:
    """Return a text with half characters (lone surrogates) replaced: what UTF-8, so any store, can hold."""
    return _HALVES.sub("\N{REPLACEMENT CHARACTER}", text)


def timecode(seconds: float, is_end: bool = False) -> str:
    """Write seconds as `HH:MM:SS`, for people: the second that a time lies in; of an end or a length, the next whole.

    Times count to the millisecond, as in the names of keyframes: what is less is noise of the arithmetic.
    """
    milliseconds = round(seconds * 1000)
    second = -(-milliseconds // 1000) if is_end else milliseconds // 1000
    return f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"


class Everything(frozenset[str]):
    """All collections of a library, for somebody from whom nothing is kept that is in it or ever was.

    Any other set may leave something out, also where it names the same collections: what is found among them must
    follow from them alone. What is made of it by `&` or `-` is such another set.
    """

    __slots__ = ()


@dataclass(frozen=True, slots=True, order=True)
class TimeSpan:
    """A half-open stretch of time `[start, end)`, in seconds from the start of the media.

    Raises:
        InvalidSpan: a bound is not finite, start is negative, or end is not after start.
    """

    start: float
    end: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.start) and math.isfinite(self.end) and 0 <= self.start < self.end):
            raise InvalidSpan(self.start, self.end)

    @property
    def duration(self) -> float:
        """Seconds from start to end."""
        return self.end - self.start

    @property
    def middle(self) -> float:
        """The time halfway, in seconds."""
        return (self.start + self.end) / 2

    @property
    def timecode(self) -> str:
        """The span as `HH:MM:SS-HH:MM:SS`, in whole seconds that hold all of it."""
        return f"{timecode(self.start)}-{timecode(self.end, is_end=True)}"

    def contains(self, time: float) -> bool:
        """Tell whether a time (seconds) lies in the span; the end does not."""
        return self.start <= time < self.end

    def overlap(self, other: "TimeSpan") -> float:
        """Return the seconds that both spans share, 0.0 where they are apart."""
        return max(0.0, min(self.end, other.end) - max(self.start, other.start))

    def iou(self, other: "TimeSpan") -> float:
        """Return intersection over union, 0 to 1."""
        shared = self.overlap(other)
        return shared / (self.duration + other.duration - shared)


@dataclass(frozen=True, slots=True)
class TimedText:
    """A text with the span in which it is seen or heard, and where it comes from."""

    span: TimeSpan
    text: str
    source: TextSource


def joined(texts: Iterable[TimedText]) -> str:
    """Return texts as one, captions first, each source in order of time."""
    ordered = sorted(texts, key=lambda t: (TEXT_SOURCES.index(t.source), t.span.start))
    return " ".join(t.text for t in ordered)


@dataclass(frozen=True, slots=True)
class Shot:
    """Frames of one uninterrupted take."""

    span: TimeSpan


@dataclass(frozen=True, slots=True)
class Keyframe:
    """A frame kept on disk as a JPEG file."""

    time: float
    path: Path


@dataclass(frozen=True, slots=True)
class Moment:
    """The unit of retrieval: a span of a video with its texts and keyframes.

    `moment_id` is `VIDEO_ID:NUMBER`, numbers counted from 1 in order of time.
    """

    moment_id: str
    video_id: str
    span: TimeSpan
    texts: tuple[TimedText, ...] = ()
    keyframes: tuple[Keyframe, ...] = ()

    @property
    def text(self) -> str:
        """All texts of the moment, captions first, joined by spaces."""
        return joined(self.texts)

    def __repr__(self) -> str:
        return f"<Moment {self.moment_id!r} {self.span.timecode} {shortened(self.text)!r}>"


def shortened(text: str) -> str:
    """Return at most 60 characters of a text, on one line."""
    return textwrap.shorten(text, 60, placeholder="…")


def in_a_row(names: Sequence[str], most: int = 5) -> str:
    """Return names in a row, of many the first, with the number of the others."""
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


VideoState = Literal["complete", "partial", "imported"]
"""`partial`: the file was damaged and only some of it could be read. `imported`: moments without media."""


@dataclass(frozen=True, slots=True)
class Entry:
    """How a video stands in its collection: its title there and the path it was taken from, if any."""

    collection: str
    title: str
    path: Path | None


@dataclass(frozen=True, slots=True)
class Video:
    """What is known of one video as a whole.

    `video_id` is what the video is called among the collections it was read for: its id, or `collection/id` where two
    of them hold that id. `content_hash` is of the media's bytes, `inputs` of everything that its moments were made
    from. `copies` are the same film in others of those collections, `given` the kinds of text that a person gave.
    `stamp` is what its file looked like when its bytes were last read; "" where that is not known.
    """

    video_id: str
    content_hash: str
    inputs: str
    duration: float
    state: VideoState
    note: str
    generation: int
    entry: Entry
    copies: tuple["Video", ...] = ()
    given: tuple[TextKind, ...] = ()
    stamp: str = ""

    @property
    def key(self) -> str:
        """What the program calls it: `collection/id`, the same for everybody, and no other video's."""
        return f"{self.entry.collection}/{self.video_id.rpartition('/')[2]}"

    @property
    def title(self) -> str:
        """Its title."""
        return self.entry.title

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Its own entry, and those of its copies."""
        return self.entry, *(copy.entry for copy in self.copies)

    def __repr__(self) -> str:
        return f"<Video {self.video_id!r} {timecode(self.duration)} {self.state}>"


def films(videos: Iterable[Video]) -> list[Video]:
    """Return one video of each film, in the order of the first copies: the one with the most kinds of given text."""
    best: dict[str, Video] = {}
    for video in videos:
        held = best.get(video.content_hash)
        if held is None or len(held.given) < len(video.given):
            best[video.content_hash] = video
    return list(best.values())


@dataclass(frozen=True, slots=True)
class Filter:
    """What a search is narrowed to by the user. `None` means no limit.

    `visible` of a search is not here on purpose: it is a right, not a wish, and has no default.
    """

    collections: frozenset[str] | None = None
    videos: frozenset[str] | None = None
    within: TimeSpan | None = None
    sources: frozenset[TextSource] | None = None


@dataclass(frozen=True, slots=True)
class ArmScore:
    """A hit's place in one arm: rank from 1, and the arm's own score."""

    rank: int
    score: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A moment found: its rank from 1, fused score, title, and each arm's rank and score.

    `span` is the moment's own, or the union where neighbouring moments were merged into this hit.
    `keyframes` are those of the span, the best for the query first where an arm ranked keyframes. `collections` are
    those that hold the film, the moment's own first.
    """

    rank: int
    moment: Moment
    span: TimeSpan
    title: str
    score: float
    arms: dict[str, ArmScore] = field(default_factory=dict)
    collections: tuple[str, ...] = ()

    @property
    def moment_id(self) -> str:
        """The moment's id."""
        return self.moment.moment_id

    @property
    def video_id(self) -> str:
        """The video's id."""
        return self.moment.video_id

    @property
    def text(self) -> str:
        """All texts of the moment, captions first, joined by spaces."""
        return self.moment.text

    def __repr__(self) -> str:
        where = f"{self.moment_id!r} {self.span.timecode}"
        return f"<Hit {self.rank} {where} score={self.score:.3f} {shortened(self.text)!r}>"
