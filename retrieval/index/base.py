"""The contract of a moment index: rows in, ranked moments out, every filter inside the search.

An index is derived from the catalogue and may be dropped at any time. Rows carry their video's *generation*.
A search names the generations that are not (or no longer) committed, and never sees their rows: so a video
becomes visible whole, at the moment the catalogue commits it.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from retrieval.spaces import Vectors
from retrieval.types import Everything, Filter, TextSource, TimeSpan

FORM = 6
"""Version of what is written for a moment (see `retrieval.analysis`); an index of another one is made anew."""


@dataclass(frozen=True, slots=True)
class FrameRow:
    """One keyframe of a moment: its time in seconds and its vectors by column (see `retrieval.spaces`)."""

    time: float
    vectors: Mapping[str, Vectors]


@dataclass(frozen=True, slots=True)
class MomentRow:
    """One moment as the index holds it.

    `terms` are the moment's words, stemmed, without stop words (see `retrieval.analysis`); `plain` its words as
    phrases are compared by them (see `retrieval.index.phrases`). Both are lists joined by single spaces. `vectors` are
    the moment's by column (see `retrieval.spaces`): where it has no text, those of texts are missing.
    """

    moment_id: str
    span: TimeSpan
    sources: tuple[TextSource, ...]
    terms: str
    plain: str
    vectors: Mapping[str, Vectors]
    frames: tuple[FrameRow, ...] = ()


@dataclass(frozen=True, slots=True)
class VideoRows:
    """All rows of one generation of one video; `duration` is the video's, in seconds."""

    video_id: str
    generation: int
    collections: tuple[str, ...]
    moments: tuple[MomentRow, ...]
    duration: float


@dataclass(frozen=True, slots=True)
class Scope:
    """What a search may see and what it is narrowed to.

    `visible` has no default: who asks decides which collections exist for this search. Unless it is `Everything`, what
    lies outside must not show in anything, so also candidates are chosen by rows in scope alone.
    `hidden` are generations without commit. `phrases` must occur word for word, `excluded` stems must not.
    """

    visible: frozenset[str]
    hidden: frozenset[int]
    filter: Filter = field(default_factory=Filter)
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()

    @property
    def collections(self) -> frozenset[str]:
        """The collections searched: never more than the visible ones."""
        wanted = self.filter.collections
        return self.visible if wanted is None else self.visible & wanted

    @property
    def is_whole(self) -> bool:
        """Whether nothing is kept from who asks."""
        return isinstance(self.visible, Everything)


K1 = 1.2
B = 0.75
"""Of BM25: how soon a further occurrence counts less, and how much the length of a text counts."""


def idf(holding: int, total: int) -> float:
    """Return how much of BM25 a stem is worth that so many of all moments hold."""
    return math.log(1 + (total - holding + 0.5) / (holding + 0.5))


@dataclass(frozen=True, slots=True)
class Rarity:
    """How rare stems are among some moments: the idf of each, and how many stems the texts have on average."""

    idf: Mapping[str, float]
    mean: float

    def damping(self, length: Any) -> Any:
        """Return how much a further occurrence counts less in texts of so many stems: a number, or an array of them."""
        return K1 * (1 - B + B * length / self.mean)


@dataclass(frozen=True, slots=True)
class KeywordQuery:
    """Rank by BM25 of any of these stems: the sum of idf * tf * (K1 + 1) / (tf + K1 * (1 - B + B * length / mean)).

    With `rarity` these figures count instead of those of all rows, and each stem once (tf = 1): so no row outside the
    scope has a part in the ranking.
    """

    terms: tuple[str, ...]
    scope: Scope
    rarity: Rarity | None = None


@dataclass(frozen=True, slots=True)
class VectorQuery:
    """Rank by cosine with one vector of a column; in a column of keyframes a moment counts by its best one."""

    column: str
    vector: Vectors
    scope: Scope
    exact: bool = False


IndexQuery = KeywordQuery | VectorQuery


@dataclass(frozen=True, slots=True)
class Scored:
    """A moment with an arm's score (higher is better), and the time of its best keyframe if one ranked it."""

    moment_id: str
    score: float
    frame_time: float | None = None


class MomentIndex(Protocol):
    """Looks moments up by words and by vectors.

    Promises: `upsert` is all or nothing for each video and replaces rows of the same video and generation; a
    vector search returns `min(k, visible rows that have that vector)` moments, a keyword search
    `min(k, matching and visible)`; a wrong dimension or another space is refused by name with SpaceMismatch;
    `delete` leaves nothing. Where `durable` is true, acknowledged rows survive the end of the process.
    """

    durable: bool

    def upsert(self, videos: Sequence[VideoRows]) -> None:
        """Write all rows of these videos."""
        ...

    def delete(self, video_ids: Sequence[str], generations: Sequence[int] | None = None) -> None:
        """Delete these videos' rows: of all generations, or only of those named."""
        ...

    def search(self, query: IndexQuery, k: int) -> list[Scored]:
        """Return at most k moments, best first; ties by moment id."""
        ...

    def search_many(self, queries: Sequence[IndexQuery], k: int) -> list[list[Scored]]:
        """Return what `search` returns for each query; at once, where the index can."""
        ...

    def count(self) -> int:
        """Return the number of moment rows, hidden ones included."""
        ...

    def optimize(self) -> None:
        """Bring the index to its best speed after many writes; results do not change."""
        ...

    def purge(self) -> None:
        """Let no byte of deleted rows stay, as far as the index can; results do not change."""
        ...
