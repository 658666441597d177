"""What the assistant needs of a library: a catalogue, a search, and moments ready to be quoted."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.tools.telling import exact_span, matched, rests_on_texts
from retrieval.searching.query import Query
from retrieval.searching.search import SearchResult
from retrieval.types import ArmScore, Hit, Moment, TimeSpan, Video


class VideoNaming(Protocol):
    """What videos are called: by keys wherever they are kept, and as somebody sees them."""

    def key(self, video_id: str, visible: frozenset[str]) -> str:
        """Return the key of the video that is meant by an id; NotInLibrary where it is not visible."""
        ...

    def shown(self, key: str, visible: frozenset[str]) -> str:
        """Return what a video is called; of one that is not visible, an id that is nobody's."""
        ...

    def key_of_moment(self, moment: str, visible: frozenset[str]) -> str:
        """Return the id of a moment by the key of its video; NotInLibrary where it is not visible."""
        ...

    def shown_moment(self, key: str, visible: frozenset[str]) -> str:
        """Return what a moment is called."""
        ...

    def missing(self, keys: Iterable[str]) -> frozenset[str]:
        """Return those of some keys whose videos are gone."""
        ...


class CatalogueReader(Protocol):
    """What the assistant reads of a catalogue."""

    @property
    def naming(self) -> VideoNaming:
        """What its videos are called."""
        ...

    def videos(self, visible: frozenset[str]) -> list[Video]:
        """Return the visible videos, by id."""
        ...

    def video(self, video_id: str, visible: frozenset[str]) -> Video:
        """Return one video; NotInLibrary where it is not visible."""
        ...

    def moments(self, video_id: str, visible: frozenset[str]) -> list[Moment]:
        """Return a video's moments in order of time; NotInLibrary where it is not visible."""
        ...

    def moment(self, moment: str, visible: frozenset[str]) -> Moment:
        """Return one moment; NotInLibrary where it is not visible."""
        ...


class Searcher(Protocol):
    """What the assistant asks of a search."""

    def search(self, query: Query, visible: frozenset[str], k: int = 10) -> SearchResult:
        """Return the k best moments."""
        ...


@dataclass(frozen=True, slots=True)
class Ranking:
    """Why a search found a moment: its fused score, its place in each arm, and words of the query that it holds."""

    score: float
    arms: tuple[tuple[str, ArmScore], ...] = ()
    matched: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """A moment worth quoting: its span (wider than its own where hits were merged), title and best frame.

    `ranking` says why a search found it, None where it was not searched for.
    """

    moment: Moment
    span: TimeSpan
    title: str
    keyframe: Path | None
    ranking: Ranking | None = None

    def found_by_texts(self, query: str) -> bool:
        """Tell whether texts that people gave, spoke or wrote say that this is what was searched for, and no picture.

        Where they hold no word of it, what they mean must have found it before its frames did.
        """
        if all(text.source == "vision" for text in self.moment.texts):
            return False
        by_words = rests_on_texts(self.moment, query)
        if by_words is not None:
            return by_words
        places = {arm: at.rank for arm, at in self.ranking.arms} if self.ranking else {}
        return bool(places) and min(places, key=lambda arm: places[arm]) != "frames"


def piece_of_hit(hit: Hit, query: str) -> Piece:
    """Return a hit as a piece: when exactly the words are said, and the frame that fits best."""
    span = exact_span(hit.moment, hit.span, query)
    best_first = "frames" in hit.arms and hit.moment.keyframes
    frame = hit.moment.keyframes[0].path if best_first else _frame_in(hit.moment, span)
    ranking = Ranking(hit.score, tuple(hit.arms.items()), matched(hit.moment, query))
    return Piece(hit.moment, span, hit.title, frame, ranking)


def piece_of(moment: Moment, title: str) -> Piece:
    """Return a moment as a piece, with the frame nearest to its middle: no picture was compared with words."""
    return Piece(moment, moment.span, title, _frame_in(moment, moment.span))


def _frame_in(moment: Moment, span: TimeSpan) -> Path | None:
    nearest = min(moment.keyframes, key=lambda frame: abs(frame.time - span.middle), default=None)
    return nearest.path if nearest else None
