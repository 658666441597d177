"""What the assistant decided to do with an utterance. Values."""

import math
from dataclasses import dataclass, replace
from typing import Literal

from bot.dialogue.messages import OPEN_END as OPEN_END
from bot.dialogue.messages import Filters
from bot.dialogue.reading.aspects import Aspect
from retrieval.searching.query import Query
from retrieval.types import Filter, TimeSpan

ActName = str
"""The name of an act, as `bot.dialogue.acts` has it."""

Chat = Literal["greeting", "thanks", "farewell", "help", "remark"]
Unclear = Literal["reference", "video", "question", "gone"]
"""What to ask back for: which moment, which video, what to look for at all, or what instead of what is gone."""

ReferenceKind = Literal[
    "ordinal", "first", "last", "handle", "that", "among", "same_video", "other", "pronoun", "implied"
]
Beside = Literal["before", "after", "right_before", "right_after", "during"]
Among = Literal["at_start", "at_end", "first_time", "last_time", "every_time"]
ByClock = Literal["from_start", "between", "since", "until", "at"]
Relation = Beside | Among | ByClock
"""How the moments wanted lie in time: beside a moment, at a place of the film, among all that fit, or by the clock."""

LIMITED = frozenset({"find", "ask", "count", "summarise"})
"""Acts that stay in the videos that a question is limited to."""

ANCHORED: frozenset[Relation] = frozenset({"before", "after", "right_before", "right_after", "during"})
"""Relations that count from a moment."""

BINDING: frozenset[ReferenceKind] = frozenset({"ordinal", "first", "last", "handle", "that", "among", "other"})
"""References that leave no doubt where to look."""

Carried = Literal["words", "video"]

Wanted = Literal["number", "time", "person", "place", "colour"]
"""Which kind of words answers a question, where their form tells them."""

LibraryQuestion = Literal["list", "count", "length", "longest", "shortest", "newest", "sources"]
"""What is asked of the videos themselves."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What some of the user's words point at: moments or videos, by id; nothing where it was never shown."""

    kind: ReferenceKind
    words: str
    moments: tuple[str, ...] = ()
    videos: tuple[str, ...] = ()

    @property
    def resolved(self) -> bool:
        """Whether it points at anything."""
        return bool(self.moments or self.videos)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do.

    Attributes:
        act: what kind of reply is wanted.
        words: the user's own words.
        query: the words to search for, standing on their own: those that name something, nothing that needs the past.
        wording: the sentence that asks, as it stands.
        whole: all that was said; what is searched for is close to each of the three.
        own: the words of this turn, where the query holds earlier ones too: what is found must answer these.
        videos: ids of the videos that the user named or pointed at; the search stays in them.
        favoured: id of the video that the talk is at, whose moments go before others that are as good.
        favour: by how much.
        start: where the stretch of time that the user named begins, in seconds.
        end: where it ends; None with a start is "from there on", or for the relation `at` that second.
        without: words that must not occur.
        not_videos: ids of the videos excluded.
        not_moments: ids of the moments excluded.
        not_part: the start or the end of a film, excluded.
        references: what the words point at.
        relation: how the moments wanted lie in time.
        about: what is asked of the videos themselves.
        anchor: the words that describe the moment from which the relation counts, where it is not pointed at.
        carried: what was taken over from earlier turns.
        chat: which small talk.
        unclear: what to ask back for.
        reference: the user's words for what is unclear.
        choices: ids of the videos to choose from.
        note: why this was not planned by a model, where one is set.

    What the words mean, filled in by `bot.dialogue.reading.completing`:
        sought: what to search for.
        owned: what must be answered, where earlier words only say where to look.
        anchored: what to search the anchor by.
        compared: the two things that are to be compared, where two are described.
        aspect: what is asked of a picture; None where no picture can tell.
        aspect_before: what the question before asked of one, where this one goes on with it.
        heard: whether what is said answers it.
        yes_no: whether it is answered by yes or no.
        wanted: which kind of words answers it.
    """

    act: ActName
    words: str
    query: str = ""
    wording: str = ""
    whole: str = ""
    own: str = ""
    videos: tuple[str, ...] = ()
    favoured: str | None = None
    favour: float = 0.0
    start: float | None = None
    end: float | None = None
    without: tuple[str, ...] = ()
    not_videos: tuple[str, ...] = ()
    not_moments: tuple[str, ...] = ()
    not_part: Literal["start", "end"] | None = None
    references: tuple[Reference, ...] = ()
    relation: Relation | None = None
    about: LibraryQuestion | None = None
    anchor: str = ""
    carried: frozenset[Carried] = frozenset()
    chat: Chat | None = None
    unclear: Unclear | None = None
    reference: str = ""
    choices: tuple[str, ...] = ()
    note: str = ""
    sought: Query = Query()
    owned: Query | None = None
    anchored: Query = Query()
    compared: tuple[Query, ...] = ()
    aspect: Aspect | None = None
    aspect_before: Aspect | None = None
    heard: bool = False
    yes_no: bool = False
    wanted: Wanted | None = None

    @property
    def within(self) -> TimeSpan | None:
        """The stretch of time that the user named."""
        if self.start is None and self.end is None:
            return None
        start = self.start or 0.0
        if self.relation == "at":
            return TimeSpan(start, start + 1.0)
        return TimeSpan(start, OPEN_END if self.end is None else self.end)

    def includes(self, span: TimeSpan) -> bool:
        """Tell whether a span reaches into the stretch of time that is wanted."""
        return self.within is None or span.overlap(self.within) > 0

    @property
    def pointed(self) -> tuple[str, ...]:
        """Ids of the moments that the words point at, those excluded left out."""
        binding = [reference for reference in self.references if reference.kind in BINDING]
        moments = dict.fromkeys(moment for reference in binding for moment in reference.moments)
        return tuple(moment for moment in moments if moment not in self.not_moments)

    @property
    def loose(self) -> bool:
        """Whether what it points at is only one way to take its words, so that a search must agree."""
        return all(reference.kind in ("that", "among") for reference in self.references)

    @property
    def counts_from(self) -> str | None:
        """Id of the moment from which the relation counts, None where it is described or there is no such relation."""
        if self.relation not in ANCHORED or self.anchor:
            return None
        shown = [moment for reference in self.references for moment in reference.moments]
        return (*self.pointed, *shown, None)[0]

    def limited(self, scope: Filter) -> "Plan":
        """Return the plan of a question that the user limited to videos: it is about these, unless it names others."""
        if not scope.videos or self.videos or self.act not in LIMITED:
            return self
        return replace(self, videos=tuple(sorted(scope.videos)))

    @property
    def filters(self) -> Filters:
        """What the plan narrows the search to, for people and programs."""
        before = self.counts_from if self.relation in ("before", "right_before") else None
        after = self.counts_from if self.relation in ("after", "right_after") else None
        return Filters(
            videos=self.videos,
            start=self.start,
            end=self.end,
            before=before,
            after=after,
            during=self.counts_from if self.relation == "during" else None,
            without=self.without,
            not_videos=self.not_videos,
            not_moments=self.not_moments,
            not_part=self.not_part,
            relation=self.relation,
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to take an utterance.

    Attributes:
        plan: what would be done.
        prior: how likely it is meant, from the words and the talk alone, in log-odds that add to those of a search.
        searched: whether the search tells how likely it is; else the prior alone does.
        at_least: how likely it stays whatever a search says: what is asked of a picture stands in no text.
    """

    plan: Plan
    prior: float = 0.0
    searched: bool = True
    at_least: float = -math.inf
