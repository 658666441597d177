"""From a plan to the moments it asks for: by search, by pointing, by the clock, or by what comes before and after."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from PIL import Image

from bot.dialogue.plan import ANCHORED, OPEN_END, Plan, Relation
from bot.dialogue.reading.queries import read_query
from bot.tools.moments import Side, compare_moments, moments_around, search_moments
from bot.tools.shelf import Piece, Searcher, Shelf, piece_of_hit
from bot.tools.view import Limits, View, edge
from retrieval.analysis import terms
from retrieval.searching.search import Found, Query
from retrieval.types import Hit, Moment, TimeSpan

SEARCHED = 10
"""Hits asked of a search that wants the best."""

SEARCHED_ALL = 50
"""Hits asked of a search that wants all: to count, for the first or the last time, among those shown."""

NEAR = 0.85
"""Share of the best hit's score from which a further hit is worth quoting."""

QUOTED = {"find": 5, "ask": 3}
"""Moments quoted at most: somebody who looks for moments gets more than somebody who asks for a fact."""

CANDIDATES = 5
"""Hits that are kept at hand for whoever looks at their frames."""

MOST_QUOTED = 10
"""Moments quoted at most where all are asked for."""

OF_ALL: frozenset[Relation | None] = frozenset({"first_time", "last_time", "every_time"})
"""Relations for which all that fits must be known."""

SIDES: dict[Relation | None, Side] = {
    "before": "before",
    "right_before": "before",
    "during": "during",
    "after": "after",
    "right_after": "after",
}

Outcome = Literal["found", "near", "nothing", "edge"]
"""`near`: not what was asked, but what comes where it was asked for. `edge`: nothing comes before or after."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """The moments for a plan, and how sure it is that they are what was asked.

    `count` is how many there are, those left out included; `anchor` the moment that a relation counted from;
    `candidates` the best hits of a search, from which whoever looks at their frames may choose others.
    """

    outcome: Outcome
    pieces: tuple[Piece, ...] = ()
    confidence: float = 1.0
    count: int = 0
    anchor: Moment | None = None
    candidates: tuple[Piece, ...] = ()


class Gatherer:
    """Gathers moments for plans from one library, by the tools."""

    def __init__(self, shelf: Shelf, searcher: Searcher) -> None:
        self._shelf = shelf
        self._searcher = searcher

    def view(self, visible: frozenset[str]) -> View:
        """Return the library as one answer may see it."""
        return View(self._shelf, self._searcher, visible)

    def gather(self, plan: Plan, image: Image.Image | None, visible: frozenset[str]) -> Gathered:
        """Return the moments that a plan asks for.

        Raises:
            NotInLibrary: the plan points at a moment or a video that is gone or not visible.
            InvalidQuery: the query asks for nothing, or for what is switched off.
        """
        return _gathered(plan, image, self.view(visible))

    def moments_of(self, plan: Plan, visible: frozenset[str]) -> list[Piece]:
        """Return all moments of the plan's videos in its stretch of time, in order, those excluded left out."""
        return _moments_of(plan, self.view(visible))

    def pointed(self, plan: Plan, visible: frozenset[str]) -> list[Piece]:
        """Return the moments that the plan points at, pronouns included, in their order."""
        given = [moment for reference in plan.references for moment in reference.moments]
        shown = [moment for moment in (*plan.pointed, *given) if moment not in plan.not_moments]
        return compare_moments(self.view(visible), shown)

    def best(self, plan: Plan, visible: frozenset[str]) -> Piece | None:
        """Return the moment that fits a plan best, None where none does."""
        return next(iter(_gathered(plan, None, self.view(visible)).pieces), None)

    def best_in(self, plan: Plan, video: str, visible: frozenset[str]) -> Piece | None:
        """Return the moment of one video that fits a plan best, or without words the first that tells anything."""
        alone, view = replace(plan, videos=(video,), references=(), focus=None), self.view(visible)
        asks = plan.query or plan.relation in ("at_start", "at_end")
        if asks and (found := self.best(alone, visible)):
            return found
        return next((piece for piece in _moments_of(alone, view) if piece.moment.texts), None)


def _gathered(plan: Plan, image: Image.Image | None, view: View) -> Gathered:
    if image is not None:
        return _searched(plan, image, view)
    if plan.relation in ANCHORED:
        return _beside(plan, view)
    if plan.relation in ("at_start", "at_end") and plan.start is None:
        return _at_edge(plan, view)
    if plan.pointed:
        return _among(plan, view)
    if not plan.query:
        return _inside(plan, view)
    return _searched(plan, None, view)


def _limits(plan: Plan) -> Limits:
    """Return where a plan looks, and what it leaves out."""
    videos = frozenset(plan.videos) if plan.videos else None
    return Limits(videos, plan.within, plan.without, plan.not_videos, plan.not_moments, plan.not_part)


def _moments_of(plan: Plan, view: View) -> list[Piece]:
    limits = _limits(plan)
    there = [moment for video in plan.videos for moment in view.moments(video)]
    return [view.piece(moment) for moment in there if limits.admit(moment, view)]


def _beside(plan: Plan, view: View) -> Gathered:
    """Gather what comes before, after or during a moment that is pointed at or described."""
    anchor = _anchor(plan, view)
    if anchor is None:
        return Gathered("nothing", confidence=0.0)
    side = SIDES[plan.relation]
    span = _stretch(anchor.span, side)
    asked = bool(plan.query) and plan.relation in ("before", "after")
    if asked and span is not None:
        found = _searched(_between(plan, anchor.video_id, span), None, view)
        if found.outcome == "found":
            return found
    beside = moments_around(view, anchor.moment_id, side)
    if beside is None:
        return Gathered("edge", anchor=anchor)
    return Gathered("near" if asked else "found", (beside,), anchor=anchor)


def _anchor(plan: Plan, view: View) -> Moment | None:
    if plan.counts_from is not None:
        return view.moment(plan.counts_from)
    if not plan.anchor:
        return None
    described = replace(plan, query=plan.anchor, relation=None, anchor="", references=(), act="find", without=())
    found = _searched(described, None, view)
    return found.pieces[0].moment if found.pieces else None


def _between(plan: Plan, video: str, span: TimeSpan) -> Plan:
    return replace(plan, videos=(video,), start=span.start, end=span.end, relation="between", references=())


def _at_edge(plan: Plan, view: View) -> Gathered:
    """Gather the first or the last moment of the films, or of those films only where the words are found there."""
    side: Literal["start", "end"] = "start" if plan.relation == "at_start" else "end"
    videos = plan.videos or ((plan.focus,) if plan.focus else ())
    if videos:
        edges = [edge(view, video, side) for video in videos]
        return Gathered("found", tuple(view.piece(moment) for moment in edges if moment))
    found = _search(replace(plan, relation=None), None, view, SEARCHED_ALL)
    kept = [hit for hit in found.hits if edge(view, hit.moment.video_id, side) == hit.moment]
    pieces = tuple(piece_of_hit(hit, plan.query) for hit in kept[: QUOTED["find"]])
    return Gathered("found" if pieces else "nothing", pieces, found.confidence, len(kept))


def _among(plan: Plan, view: View) -> Gathered:
    """Gather the moments pointed at; of several, those that the words fit."""
    limits = replace(_limits(plan), videos=None, within=None)
    pointed = [view.moment(moment) for moment in plan.pointed]
    kept = [moment for moment in pointed if limits.admit(moment, view) and not _says(moment, plan.without)]
    if plan.query and len(kept) > 1:
        videos = tuple(dict.fromkeys(moment.video_id for moment in kept))
        found = _search(replace(plan, videos=videos, references=(), relation=None), None, view, SEARCHED_ALL)
        ids = {moment.moment_id for moment in kept}
        hits = [hit for hit in found.hits if hit.moment.moment_id in ids] if found.matches else []
        near = [hit for hit in hits if hit.score >= NEAR * hits[0].score]
        pieces = tuple(piece_of_hit(hit, plan.query) for hit in near)
        return Gathered("found" if pieces else "nothing", pieces, found.confidence, len(pieces))
    pieces = tuple(view.piece(moment) for moment in kept)
    outcome: Outcome = "found" if pieces else "nothing"
    if plan.query and pieces and not any(_says(piece.moment, terms(plan.query)) for piece in pieces):
        outcome = "near"
    return Gathered(outcome, pieces, count=len(pieces))


def _inside(plan: Plan, view: View) -> Gathered:
    videos = plan.videos or ((plan.focus,) if plan.focus else ())
    pieces = _moments_of(replace(plan, videos=videos), view)
    told = [piece for piece in pieces if piece.moment.texts] or pieces
    return Gathered("found" if told else "nothing", tuple(told[:MOST_QUOTED]), count=len(told))


def _searched(plan: Plan, image: Image.Image | None, view: View) -> Gathered:
    all_of_them = image is None and (plan.act in ("count", "summarise") or plan.relation in OF_ALL)
    found = _search(plan, image, view, SEARCHED_ALL if all_of_them else SEARCHED)
    if not (found.matches and found.hits):
        left = tuple(piece_of_hit(hit, plan.query) for hit in found.hits[:CANDIDATES])
        return Gathered("nothing", confidence=found.confidence, candidates=left)
    near = [hit for hit in found.hits if hit.score >= NEAR * found.hits[0].score]
    chosen, most = (_in_time(near, plan), MOST_QUOTED) if all_of_them else (near, QUOTED.get(plan.act, 3))
    pieces = tuple(piece_of_hit(hit, plan.query) for hit in chosen[:most])
    best = () if all_of_them and plan.act != "count" else found.hits[:CANDIDATES]
    candidates = tuple(piece_of_hit(hit, plan.query) for hit in best)
    return Gathered("found", pieces, found.confidence, len(chosen), candidates=candidates)


def _search(plan: Plan, image: Image.Image | None, view: View, k: int) -> Found:
    """Search where the talk is first, if it is somewhere, and then everywhere."""
    limits = _limits(plan)
    asked = read_query(plan.query) if image is None else Query(image=image)
    if plan.focus and image is None:
        found = search_moments(view, asked, limits.only(plan.focus), k)
        if found.matches and found.hits:
            return found
    return search_moments(view, asked, limits, k)


def _says(moment: Moment, stems: Sequence[str]) -> bool:
    """Tell whether a moment's texts hold one of these words."""
    wanted = {stem for word in stems for stem in (terms(word) or [word])}
    return bool(wanted & set(terms(moment.text)))


def _in_time(hits: Sequence[Hit], plan: Plan) -> list[Hit]:
    """Return hits in order of time; for the first or the last time only that one, of the video of the best hit."""
    if plan.relation in ("first_time", "last_time"):
        there = sorted((hit for hit in hits if hit.moment.video_id == hits[0].moment.video_id), key=_start)
        return [there[0 if plan.relation == "first_time" else -1]]
    return sorted(hits, key=lambda hit: (hit.moment.video_id, _start(hit)))


def _start(hit: Hit) -> float:
    return hit.span.start


def _stretch(span: TimeSpan, side: Side) -> TimeSpan | None:
    """Return the time before or after a span, None where there is none."""
    if side == "after":
        return TimeSpan(span.end, OPEN_END)
    return TimeSpan(0.0, span.start) if side == "before" and span.start > 0 else None
