"""From a plan to the moments it asks for: by search, by pointing, by the clock, or by what comes before and after."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from PIL import Image

from bot.dialogue.plan import ANCHORED, OPEN_END, Plan
from bot.dialogue.shelf import Piece, Searcher, Shelf, piece_of, piece_of_hit
from retrieval.analysis import terms
from retrieval.search import Found, Query
from retrieval.types import Filter, Hit, Moment, TimeSpan

SEARCHED = 10
"""Hits asked of a search that wants the best."""

SEARCHED_ALL = 50
"""Hits asked of a search that wants all: to count, for the first or the last time, among those shown."""

NEAR = 0.85
"""Share of the best hit's score from which a further hit is worth quoting."""

QUOTED = {"find": 5, "ask": 3}
"""Moments quoted at most: somebody who looks for moments gets more than somebody who asks for a fact."""

MOST_QUOTED = 10
"""Moments quoted at most where all are asked for."""

Outcome = Literal["found", "near", "nothing", "edge"]
"""`near`: not what was asked, but what comes where it was asked for. `edge`: nothing comes before or after."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """The moments for a plan, and how sure it is that they are what was asked.

    `count` is how many there are, those left out included; `anchor` the moment that a relation counted from.
    """

    outcome: Outcome
    pieces: tuple[Piece, ...] = ()
    confidence: float = 1.0
    count: int = 0
    anchor: Moment | None = None


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
        if image is not None:
            return self._searched(plan, image, visible)
        if plan.relation in ANCHORED:
            return self._beside(plan, visible)
        if plan.relation in ("at_start", "at_end") and plan.start is None:
            return self._at_edge(plan, visible)
        if plan.pointed:
            return self._among(plan, visible)
        if not plan.query:
            return self._inside(plan, visible)
        return self._searched(plan, None, visible)

    def moments_of(self, plan: Plan, visible: frozenset[str]) -> list[Piece]:
        """Return all moments of the plan's videos in its stretch of time, in order, those excluded left out."""
        found = [m for video in plan.videos for m in self._shelf.moments(video, visible) if plan.includes(m.span)]
        return [self.piece(moment, visible) for moment in found if self._allowed(moment, plan, visible)]

    def piece(self, moment: Moment, visible: frozenset[str]) -> Piece:
        """Return a moment as a piece."""
        return piece_of(moment, self._shelf.video(moment.video_id, visible).memberships[0].title)

    def pointed(self, plan: Plan, visible: frozenset[str]) -> list[Piece]:
        """Return the moments that the plan points at, pronouns included, in their order."""
        given = [moment for reference in plan.references for moment in reference.moments]
        shown = [moment for moment in dict.fromkeys((*plan.pointed, *given)) if moment not in plan.not_moments]
        return [self.piece(self._shelf.moment(moment, visible), visible) for moment in shown]

    def best_in(self, plan: Plan, video: str, visible: frozenset[str]) -> Piece | None:
        """Return the moment of one video that fits a plan best, or without words the first that tells anything."""
        alone = replace(plan, videos=(video,), references=(), focus=None)
        if plan.relation in ("at_start", "at_end") or plan.query:
            found = self.gather(alone, None, visible)
            if found.pieces:
                return found.pieces[0]
        pieces = self.moments_of(alone, visible)
        return next((piece for piece in pieces if piece.moment.texts), None)

    def _beside(self, plan: Plan, visible: frozenset[str]) -> Gathered:
        """Gather what comes before, after or during a moment that is pointed at or described."""
        anchor = self._anchor(plan, visible)
        if anchor is None:
            return Gathered("nothing", confidence=0.0)
        if plan.relation == "during":
            return Gathered("found", (self.piece(anchor, visible),), anchor=anchor)
        after = plan.relation in ("after", "right_after")
        span = _side(anchor.span, after)
        if plan.relation in ("before", "after") and plan.query and span is not None:
            there = replace(
                plan, videos=(anchor.video_id,), start=span.start, end=span.end, relation="between", references=()
            )
            found = self._searched(there, None, visible)
            if found.outcome == "found":
                return found
        neighbour = self._neighbour(anchor, after, visible)
        if neighbour is None:
            return Gathered("edge", anchor=anchor)
        near = plan.relation in ("before", "after") and plan.query
        return Gathered("near" if near else "found", (self.piece(neighbour, visible),), anchor=anchor)

    def _anchor(self, plan: Plan, visible: frozenset[str]) -> Moment | None:
        if plan.counts_from is not None:
            return self._shelf.moment(plan.counts_from, visible)
        if not plan.anchor:
            return None
        described = replace(plan, query=plan.anchor, relation=None, anchor="", references=(), act="find", without=())
        found = self._searched(described, None, visible)
        return found.pieces[0].moment if found.pieces else None

    def _neighbour(self, anchor: Moment, after: bool, visible: frozenset[str]) -> Moment | None:
        """Return the next or the previous moment: the nearest that has text, else the nearest."""
        moments = self._shelf.moments(anchor.video_id, visible)
        if after:
            beside = [m for m in moments if m.span.start > anchor.span.start]
        else:
            beside = [m for m in reversed(moments) if m.span.start < anchor.span.start]
        return next((m for m in beside if m.texts), beside[0] if beside else None)

    def _at_edge(self, plan: Plan, visible: frozenset[str]) -> Gathered:
        """Gather the first or the last moment of the films, or of those films only where the words are found there."""
        videos = plan.videos or ((plan.focus,) if plan.focus else ())
        if videos:
            edges = [self._edge(video, plan.relation == "at_start", visible) for video in videos]
            return Gathered("found", tuple(self.piece(moment, visible) for moment in edges if moment))
        found = self._all(replace(plan, relation=None), visible)
        kept = [
            hit
            for hit in found.hits
            if self._edge(hit.moment.video_id, plan.relation == "at_start", visible) == hit.moment
        ]
        pieces = tuple(piece_of_hit(hit, plan.query) for hit in kept[: QUOTED["find"]])
        return Gathered("found" if pieces else "nothing", pieces, found.confidence, len(kept))

    def _edge(self, video: str, start: bool, visible: frozenset[str]) -> Moment | None:
        moments = self._shelf.moments(video, visible)
        return moments[0 if start else -1] if moments else None

    def _among(self, plan: Plan, visible: frozenset[str]) -> Gathered:
        """Gather the moments pointed at; of several, those that the words fit."""
        pointed = [self._shelf.moment(moment, visible) for moment in plan.pointed]
        kept = [m for m in pointed if self._allowed(m, plan, visible) and not _says(m, plan.without)]
        if plan.query and len(kept) > 1:
            videos = tuple(dict.fromkeys(moment.video_id for moment in kept))
            found = self._all(replace(plan, videos=videos, references=(), relation=None), visible)
            ids = {moment.moment_id for moment in kept}
            hits = [hit for hit in found.hits if hit.moment.moment_id in ids] if found.matches else []
            near = [hit for hit in hits if hit.score >= NEAR * hits[0].score]
            pieces = tuple(piece_of_hit(hit, plan.query) for hit in near)
            return Gathered("found" if pieces else "nothing", pieces, found.confidence, len(pieces))
        pieces = tuple(self.piece(moment, visible) for moment in kept)
        outcome: Outcome = "found" if pieces else "nothing"
        if plan.query and pieces and not any(_says(piece.moment, terms(plan.query)) for piece in pieces):
            outcome = "near"
        return Gathered(outcome, pieces, count=len(pieces))

    def _inside(self, plan: Plan, visible: frozenset[str]) -> Gathered:
        videos = plan.videos or ((plan.focus,) if plan.focus else ())
        pieces = self.moments_of(replace(plan, videos=videos), visible)
        told = [piece for piece in pieces if piece.moment.texts] or pieces
        return Gathered("found" if told else "nothing", tuple(told[:MOST_QUOTED]), count=len(told))

    def _searched(self, plan: Plan, image: Image.Image | None, visible: frozenset[str]) -> Gathered:
        """Search where the talk is first, if it is somewhere, and then everywhere."""
        all_of_them = plan.act in ("count", "summarise") or plan.relation in ("first_time", "last_time", "every_time")
        found = self._all(plan, visible) if all_of_them and image is None else self._best(plan, image, visible)
        if not (found.matches and found.hits):
            return Gathered("nothing", confidence=found.confidence)
        near = [hit for hit in found.hits if hit.score >= NEAR * found.hits[0].score]
        if not all_of_them:
            pieces = tuple(piece_of_hit(hit, plan.query) for hit in near[: QUOTED.get(plan.act, 3)])
            return Gathered("found", pieces, found.confidence, len(near))
        chosen = _in_time(near, plan)
        pieces = tuple(piece_of_hit(hit, plan.query) for hit in chosen[:MOST_QUOTED])
        return Gathered("found", pieces, found.confidence, len(chosen))

    def _best(self, plan: Plan, image: Image.Image | None, visible: frozenset[str]) -> Found:
        return self._search(plan, image, visible, SEARCHED)

    def _all(self, plan: Plan, visible: frozenset[str]) -> Found:
        return self._search(plan, None, visible, SEARCHED_ALL)

    def _search(self, plan: Plan, image: Image.Image | None, visible: frozenset[str], k: int) -> Found:
        found = None
        if plan.focus and image is None:
            found = self._search_in(plan, (plan.focus,), image, visible, k)
        if found is None or not (found.matches and found.hits):
            found = self._search_in(plan, plan.videos, image, visible, k)
        return found

    def _search_in(
        self, plan: Plan, videos: Sequence[str], image: Image.Image | None, visible: frozenset[str], k: int
    ) -> Found:
        """Search these videos, or all, with what the plan excludes left out."""
        if not videos and plan.not_videos:
            videos = [v.video_id for v in self._shelf.videos(visible) if v.video_id not in plan.not_videos]
        narrowed = Filter(videos=frozenset(videos) if videos or plan.not_videos else None, within=plan.within)
        words = " ".join((plan.query, *(f"-{word}" for word in plan.without))).strip()
        query = Query(image=image, filter=narrowed) if image else Query(words, filter=narrowed)
        found = self._searcher.search(query, visible, k + len(plan.not_moments))
        kept = tuple(hit for hit in found.hits if self._allowed(hit.moment, plan, visible))
        return replace(found, hits=kept)

    def _allowed(self, moment: Moment, plan: Plan, visible: frozenset[str]) -> bool:
        """Tell whether a moment is not among those excluded."""
        if moment.moment_id in plan.not_moments or moment.video_id in plan.not_videos:
            return False
        if plan.not_part is None:
            return True
        return self._edge(moment.video_id, plan.not_part == "start", visible) != moment


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


def _side(span: TimeSpan, after: bool) -> TimeSpan | None:
    if after:
        return TimeSpan(span.end, OPEN_END)
    return TimeSpan(0.0, span.start) if span.start > 0 else None
