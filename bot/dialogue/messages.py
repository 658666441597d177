"""What goes in and out of a conversation: utterances, citations, answers. Values only."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event
from typing import Literal

from PIL import Image

from bot.errors import UsageError
from bot.rights import AT_TERMINAL, Asker
from bot.tools.pieces import Ranking
from retrieval.types import Filter, TextSource, TimeSpan, shortened, whole

OPEN_END = 1e7
"""Stands for "to the end" in a span of time, in seconds: longer than any video."""

LONGEST_UTTERANCE = 1_000_000
"""Characters that a person may say at once."""

Verdict = Literal["answered", "unsure", "not_found", "clarify", "told"]
"""`told`: lists and small talk, which claim nothing about a moment."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """What the user said, where, and which collections the answer may go by: those of `Rights.visible`, or fewer.

    `within` is where the user wants it to be answered from: nothing else of the library is looked at.

    `overheard` is what people said to each other before it, the latest last. Only a language model is told, as data.

    Half characters, as a terminal or a program may pass them, are replaced: no store could keep them. Setting
    `cancel`, from any thread, stops the reply.

    Raises:
        UsageError: the text has more than `LONGEST_UTTERANCE` characters.
    """

    text: str
    conversation_id: str
    visible: frozenset[str]
    image: Image.Image | None = None
    asker: Asker = AT_TERMINAL
    cancel: Event = field(default_factory=Event, compare=False, repr=False)
    within: Filter = Filter()
    overheard: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.text) > LONGEST_UTTERANCE:
            said = f"a question has at most {LONGEST_UTTERANCE:,} characters, and this one {len(self.text):,}"
            raise UsageError(said, "Ask with fewer words.")
        object.__setattr__(self, "text", whole(self.text))


@dataclass(frozen=True, slots=True)
class Citation:
    """A checked pointer into a video. Everything but the handle comes from the catalogue and the search.

    `observation` is what a vision model said of the keyframe, None where none looked. `ranking` is None where the
    moment was not searched for, but pointed at.
    """

    handle: int
    moment_id: str
    video_id: str
    title: str
    span: TimeSpan
    keyframe: Path | None = None
    observation: str | None = None
    ranking: Ranking | None = None

    @property
    def timecode(self) -> str:
        """The span as `HH:MM:SS-HH:MM:SS`."""
        return self.span.timecode

    def __repr__(self) -> str:
        return f"<Citation [{self.handle}] {self.moment_id!r} {self.timecode}>"


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search was narrowed to: by the user's words, or by what the conversation is about.

    `end` is None for "from there on"; `before`, `after`, `during` and `not_moments` are ids of moments. `without`
    are words that must not occur, `relation` how the moments wanted lie in time.
    """

    videos: tuple[str, ...] = ()
    start: float | None = None
    end: float | None = None
    before: str | None = None
    after: str | None = None
    during: str | None = None
    without: tuple[str, ...] = ()
    not_videos: tuple[str, ...] = ()
    not_moments: tuple[str, ...] = ()
    not_part: Literal["start", "end"] | None = None
    relation: str | None = None

    def limited(self, scope: Filter) -> "Filters":
        """Return the same, with what the user limited the question to where the words say nothing of it."""
        if scope.within is None or self.start is not None or self.end is not None:
            return self
        return replace(self, start=scope.within.start, end=scope.within.end if scope.within.end < OPEN_END else None)


@dataclass(frozen=True, slots=True)
class Answer:
    """The reply to one utterance.

    `looked` says whether a vision model saw frames for it, `model` which one did. `seconds` names the stages in order.
    """

    text: str
    verdict: Verdict
    conversation_id: str
    act: str
    query: str
    filters: Filters = Filters()
    confidence: float = 1.0
    looked: bool = False
    sources: tuple[TextSource, ...] = ()
    choices: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    model: str | None = None
    seconds: dict[str, float] = field(default_factory=dict)

    def __repr__(self) -> str:
        cited = ", ".join(f"[{citation.handle}]" for citation in self.citations)
        return f"<Answer {self.verdict} {self.confidence:.2f} {shortened(self.text)!r} citations={cited or None}>"
