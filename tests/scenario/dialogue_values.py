"""The values of golden dialogues: what is said, and what is right. How they are meant is told in `dialogue_files`."""

import hashlib
import re
from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict
from pydantic.dataclasses import dataclass

from demo.stories import FILMS
from retrieval.types import TimeSpan

Act = Literal["find", "ask", "count", "compare", "summarise", "describe_video", "list_videos", "clarify", "chat"]
Collection = Literal["films", "clips"]
ReferenceKind = Literal[
    "ordinal", "first", "last", "handle", "that", "among", "same_video", "other", "pronoun", "implied"
]
Relation = Literal[
    "before",
    "after",
    "right_before",
    "right_after",
    "during",
    "at_start",
    "at_end",
    "first_time",
    "last_time",
    "every_time",
    "from_start",
    "between",
    "since",
    "until",
    "at",
]
Mark = Literal["typo", "correction", "new_topic", "terse"]
"""What else is special about how a turn is said."""

CLIPS: dict[str, float] = {
    "asl_bird": 2.13,
    "asl_book": 3.67,
    "asl_eat": 1.57,
    "asl_milk": 1.73,
    "asl_walk": 2.97,
    "big_buck_bunny_0_30": 30.0,
    "bigbuckbunny": 5.31,
    "bottle-detection": 39.85,
    "car-detection": 30.16,
    "chaplin": 9.64,
    "nasa_13013": 13.06,
    "one-by-one-person-detection": 139.4,
    "squirrel": 10.05,
}
"""The real clips with their durations in seconds."""

DURATIONS: dict[Collection, dict[str, float]] = {
    "films": {film.name: film.duration for film in sorted(FILMS, key=lambda film: film.name)},
    "clips": CLIPS,
}
"""The videos of each collection, in the order in which they are listed."""

_STRICT = ConfigDict(extra="forbid")
_PLACE = re.compile(r"(?P<video>[\w-]+)(?: (?P<start>\d+(?:\.\d+)?)-(?P<end>\d+(?:\.\d+)?))?")


@dataclass(frozen=True, slots=True)
class Place:
    """A moment of a video; without a span, the whole video."""

    video: str
    span: TimeSpan | None = None

    @classmethod
    def read(cls, text: object) -> "Place":
        """Read `VIDEO` or `VIDEO START-END`, in seconds."""
        if isinstance(text, cls):
            return text
        found = _PLACE.fullmatch(text) if isinstance(text, str) else None
        if found is None:
            raise ValueError(f"{text!r} is no place such as 'lemon-soup 6-11'")
        return cls(found["video"], TimeSpan(float(found["start"]), float(found["end"])) if found["start"] else None)


PlaceText = Annotated[Place, BeforeValidator(Place.read)]


@dataclass(frozen=True, slots=True, config=_STRICT)
class Words:
    """Words that the standalone query must hold, and words that it must not."""

    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, config=_STRICT)
class Filters:
    """What the search is narrowed to; times in seconds."""

    videos: tuple[str, ...] = ()
    start: float | None = None
    end: float | None = None
    without: tuple[str, ...] = ()
    not_videos: tuple[str, ...] = ()
    not_moments: tuple[PlaceText, ...] = ()
    not_part: Literal["start", "end"] | None = None


@dataclass(frozen=True, slots=True, config=_STRICT)
class Reference:
    """What some words of a turn point at; nothing where it was never shown."""

    kind: ReferenceKind
    to: tuple[PlaceText, ...] = ()


@dataclass(frozen=True, slots=True, config=_STRICT)
class Anchor:
    """A moment that is described, from which a time relation counts."""

    words: tuple[str, ...]
    moment: PlaceText


@dataclass(frozen=True, slots=True, config=_STRICT)
class Truth:
    """What holds of a scene: values of its attributes, any of those named, and words that it holds, all of them."""

    actor: tuple[str, ...] = ()
    count: tuple[int, ...] = ()
    colour: tuple[str, ...] = ()
    action: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    thing: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    written: bool | None = None


@dataclass(frozen=True, slots=True, config=_STRICT)
class Expected:
    """What is right for one turn; the conventions are those of the module."""

    act: Act
    also: tuple[Act, ...] = ()
    query: Words = Words()
    filters: Filters = Filters()
    focus: str | None = None
    refers: tuple[Reference, ...] = ()
    relation: Relation | None = None
    anchor: Anchor | None = None
    carried: frozenset[Literal["video", "words"]] = frozenset()
    moments: tuple[PlaceText, ...] | None = None
    choices: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        talk = self.act in ("clarify", "chat", "list_videos")
        if talk != (self.moments is None):
            raise ValueError(f"a turn to {self.act!r} {'states no' if talk else 'must state its'} moments")


@dataclass(frozen=True, slots=True, config=_STRICT)
class Turn:
    """What the person says, what is right, and what the answer showed, in order."""

    say: str
    expected: Expected
    marks: frozenset[Mark] = frozenset()
    shown: tuple[PlaceText, ...] = ()
    truth: Truth | None = None


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A conversation over one collection. `raw` is what the file says, for its hash."""

    name: str
    file: str
    collection: Collection
    frozen: bool
    turns: tuple[Turn, ...]
    raw: str

    @property
    def sha256(self) -> str:
        """A hash of everything that is said and expected; comments and layout do not count."""
        return hashlib.sha256(self.raw.encode()).hexdigest()
