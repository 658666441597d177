"""From a plan to the moments it asks for: by search, by pointing, or by what comes before and after."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, Protocol

from PIL import Image

from bot.dialogue.plan import OPEN_END, Direction, Plan
from bot.dialogue.telling import exact_span
from retrieval.search import Found, Query
from retrieval.types import Filter, Hit, Moment, TimeSpan, Video

SEARCHED = 10
"""Hits asked of a search."""

NEAR = 0.85
"""Share of the best hit's score from which a further hit is worth quoting."""

QUOTED = {"find": 5, "ask": 3}
"""Moments quoted at most: somebody who looks for moments gets more than somebody who asks for a fact."""


class Shelf(Protocol):
    """What the dialogue reads of a catalogue."""

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
    """What the dialogue asks of a search."""

    def search(self, query: Query, visible: frozenset[str], k: int = 10) -> Found:
        """Return the k best moments."""
        ...


Outcome = Literal["found", "near", "nothing", "edge"]
"""`near`: not what was asked, but what comes where it was asked for. `edge`: nothing comes before or after."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A moment worth quoting: its span (wider than its own where hits were merged), title and best frame."""

    moment: Moment
    span: TimeSpan
    title: str
    keyframe: Path | None


@dataclass(frozen=True, slots=True)
class Gathered:
    """The moments for a plan, and how sure it is that they are what was asked."""

    outcome: Outcome
    pieces: tuple[Piece, ...] = ()
    confidence: float = 1.0


class Gatherer:
    """Gathers moments for plans from one library."""

    def __init__(self, shelf: Shelf, searcher: Searcher) -> None:
        self._shelf = shelf
        self._searcher = searcher

    def gather(self, plan: Plan, image: Image.Image | None, visible: frozenset[str]) -> Gathered:
        """Return the moments that a plan asks for.

        Raises:
            NotInLibrary: the plan points at a moment or a video that is gone or not visible.
            InvalidQuery: the query asks for nothing, or for what is switched off.
        """
        if plan.anchor is None:
            return self._searched(plan, image, visible)
        anchor = self._shelf.moment(plan.anchor, visible)
        if plan.direction is None:
            return Gathered("found", (self._piece(anchor, visible),))
        span = _beside(anchor.span, plan.direction)
        if plan.query and span is not None:
            narrowed = replace(plan, videos=(anchor.video_id,), within=span, anchor=None, direction=None)
            found = self._searched(narrowed, image, visible)
            if found.outcome == "found":
                return found
        beside = self._neighbour(anchor, plan.direction, visible)
        if beside is None:
            return Gathered("edge")
        return Gathered("near" if plan.query else "found", (self._piece(beside, visible),))

    def _searched(self, plan: Plan, image: Image.Image | None, visible: frozenset[str]) -> Gathered:
        """Search where the talk is first, if it is somewhere, and then everywhere."""
        found = None
        if plan.focus and image is None:
            found = self._search(plan, (plan.focus,), image, visible)
        if found is None or not found.matches:
            found = self._search(plan, plan.videos, image, visible)
        if not (found.matches and found.hits):
            return Gathered("nothing", confidence=found.confidence)
        best = found.hits[0].score
        near = [hit for hit in found.hits if hit.score >= NEAR * best]
        pieces = tuple(_of_hit(hit, plan.query) for hit in near[: QUOTED[plan.act]])
        return Gathered("found", pieces, found.confidence)

    def _search(self, plan: Plan, videos: Sequence[str], image: Image.Image | None, visible: frozenset[str]) -> Found:
        narrowed = Filter(videos=frozenset(videos) if videos else None, within=plan.within)
        query = Query(image=image, filter=narrowed) if image else Query(plan.query, filter=narrowed)
        return self._searcher.search(query, visible, SEARCHED)

    def _neighbour(self, anchor: Moment, direction: Direction, visible: frozenset[str]) -> Moment | None:
        """Return the next or the previous moment: the nearest that has text, else the nearest."""
        moments = self._shelf.moments(anchor.video_id, visible)
        if direction == "after":
            beside = [m for m in moments if m.span.start > anchor.span.start]
        else:
            beside = [m for m in reversed(moments) if m.span.start < anchor.span.start]
        return next((m for m in beside if m.texts), beside[0] if beside else None)

    def _piece(self, moment: Moment, visible: frozenset[str]) -> Piece:
        title = self._shelf.video(moment.video_id, visible).memberships[0].title
        return Piece(moment, moment.span, title, _middle_frame(moment))

    def described(self, moments: Sequence[Moment], title: str) -> tuple[Piece, ...]:
        """Return moments of one video as pieces."""
        return tuple(Piece(moment, moment.span, title, _middle_frame(moment)) for moment in moments)


def _of_hit(hit: Hit, query: str) -> Piece:
    span = exact_span(hit.moment, hit.span, query)
    best_first = "frames" in hit.arms and hit.moment.keyframes
    frame = hit.moment.keyframes[0].path if best_first else _frame_in(hit.moment, span)
    return Piece(hit.moment, span, hit.title, frame)


def _middle_frame(moment: Moment) -> Path | None:
    return _frame_in(moment, moment.span)


def _frame_in(moment: Moment, span: TimeSpan) -> Path | None:
    """Return the keyframe nearest to the middle of a span: no picture has been compared with the words."""
    nearest = min(moment.keyframes, key=lambda frame: abs(frame.time - span.middle), default=None)
    return nearest.path if nearest else None


def _beside(span: TimeSpan, direction: Direction) -> TimeSpan | None:
    if direction == "after":
        return TimeSpan(span.end, OPEN_END)
    return TimeSpan(0.0, span.start) if span.start > 0 else None
