"""From a plan to the moments it asks for: by search, by pointing, by the clock, or by what comes before and after."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from PIL import Image

from bot.dialogue.acts.searched import POINTED, SEARCHED, anchor_of, beside, limits_of, searched_for
from bot.dialogue.composing.opening import answered_by
from bot.dialogue.plan import ANCHORED, Plan, Relation
from bot.dialogue.verdict import ANSWERED_FROM, likely, matches
from bot.tools.moments import Side, compare_moments, moments_around
from bot.tools.pieces import Piece, piece_of_hit
from bot.tools.telling import told_by_texts
from bot.tools.view import View, edge, spread
from retrieval.analysis import terms
from retrieval.types import Hit, Moment

SEARCHED_ALL = 50
"""Hits asked of a search that wants all: to count, for the first or the last time, among those shown."""

NEAR = 0.85
"""Share of the best hit's score from which a further hit is worth quoting."""

AT_EDGES = 5
"""First or last moments of films that are quoted at most."""

CANDIDATES = 5
"""Hits that are kept at hand for whoever looks at their frames."""

SECOND = 2
"""Moments shown at least where the first is not surely meant: the second often is, where the first is wrong."""

CLOSEST = 3
"""Moments shown at most where none of them is surely meant."""

EDGE_OF_ASKED = 0.6
"""How sure it is that a film's first or last moment is meant, where something is asked of it."""

MOST_QUOTED = 10
"""Moments quoted at most where all that fits counts and not the best, unless more are wanted."""

OF_ALL: frozenset[Relation | None] = frozenset({"first_time", "last_time", "every_time"})
"""Relations for which all that fits must be known."""

SIDES: dict[Relation | None, Side] = {
    "before": "before",
    "right_before": "before",
    "during": "during",
    "after": "after",
    "right_after": "after",
}

Outcome = Literal["found", "closest", "near", "nothing", "edge"]
"""`closest`: perhaps what was asked. `near`: not what was asked, but what comes where it was asked for. `edge`: nothing
comes before or after."""


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

    @property
    def at_hand(self) -> tuple[Piece, ...]:
        """The moments whose frames are looked at."""
        return self.candidates or self.pieces

    def told(self, query: str) -> bool:
        """Tell whether a text says that the best moment is the one meant."""
        return told_by_texts(self.at_hand[0].moment, query)

    def described(self, query: str) -> str:
        """Return the words to be held against the frames: those searched for, unless a text tells it already."""
        searched = any(piece.ranking for piece in self.at_hand)
        return query if searched and not self.told(query) else ""


def asks_for_something(plan: Plan) -> str:
    """Say that a plan asks for nothing, "" where it does."""
    somewhere = plan.videos or plan.references or plan.anchor or plan.relation
    return "" if plan.query or somewhere else "query: nothing is asked for"


def gathered_for(
    plan: Plan,
    view: View,
    most: int = 3,
    everything: bool = False,
    to_look_at: bool = False,
    image: Image.Image | None = None,
) -> Gathered:
    """Return the moments that a plan asks for.

    Args:
        plan: what is asked.
        view: what may be seen.
        most: moments that a search for the best shows at most; one for all shows `MOST_QUOTED` or more.
        everything: whether all that fits is wanted and not the best; a relation in time may want it too.
        to_look_at: whether the best are kept at hand then, too.
        image: a picture to search by.

    Raises:
        NotInLibrary: the plan points at a moment or a video that is gone or not visible.
        InvalidQuery: the query asks for nothing, or for what is switched off.
    """
    wish = _Wish(most, image is None and (everything or plan.relation in OF_ALL), to_look_at, image)
    return _gathered(plan, wish, view)


def moments_of(plan: Plan, view: View) -> list[Piece]:
    """Return all moments of the plan's videos in its stretch of time, in order, those excluded left out."""
    limits = limits_of(plan)
    there = [moment for video in plan.videos for moment in view.moments(video)]
    return [view.piece(moment) for moment in there if limits.admit(moment, view)]


def referenced_moments(plan: Plan, view: View) -> list[Piece]:
    """Return the moments that the plan points at, pronouns included, in their order."""
    given = [moment for reference in plan.references for moment in reference.moments]
    shown = [moment for moment in (*plan.pointed, *given) if moment not in plan.not_moments]
    return compare_moments(view, shown)


def best(plan: Plan, view: View) -> Piece | None:
    """Return the moment that fits a plan best, None where none does."""
    return next(iter(gathered_for(plan, view).pieces), None)


def best_in(plan: Plan, video: str, view: View) -> Piece | None:
    """Return the moment of one video that fits a plan best, or without words the first that tells anything."""
    alone = replace(plan, videos=(video,), references=())
    asks = plan.query or plan.relation in ("at_start", "at_end")
    if asks and (found := best(alone, view)):
        return found
    return next((piece for piece in moments_of(alone, view) if piece.moment.texts), None)


def complete(pieces: Sequence[Piece]) -> Gathered:
    """Return pieces that were not searched for: those that tell something, evenly spread where they are many."""
    once = list({piece.moment.moment_id: piece for piece in pieces}.values())
    told = [piece for piece in once if piece.moment.texts] or once
    return Gathered("found" if told else "nothing", tuple(spread(told, MOST_QUOTED)), count=len(told))


@dataclass(frozen=True, slots=True)
class _Wish:
    """How much an act wants of a search, and the picture that is searched for."""

    most: int = 3
    everything: bool = False
    to_look_at: bool = False
    image: Image.Image | None = None


def _gathered(plan: Plan, wish: _Wish, view: View) -> Gathered:
    if wish.image is not None:
        return _searched(plan, wish, view)
    if plan.relation in ANCHORED:
        return _beside(plan, wish, view)
    if plan.relation in ("at_start", "at_end") and plan.start is None:
        return _at_edge(plan, view)
    if plan.pointed:
        return _among(plan, wish, view)
    return _searched(plan, wish, view) if plan.query else _inside(plan, wish, view)


def _beside(plan: Plan, wish: _Wish, view: View) -> Gathered:
    """Gather what comes before, after or during a moment that is pointed at or described."""
    anchor = anchor_of(plan, view)
    if anchor is None:
        return Gathered("nothing", confidence=0.0)
    if (there := beside(plan, anchor.moment)) is not None:
        found = _searched(there, wish, view)
        if found.outcome == "found":
            return found
    near = moments_around(view, anchor.moment.moment_id, SIDES[plan.relation])
    if near is None:
        return Gathered("edge", anchor=anchor.moment)
    asked = bool(plan.query) and plan.relation in ("before", "after")
    return Gathered("near" if asked else "found", (near,), anchor.sure, anchor=anchor.moment)


def _at_edge(plan: Plan, view: View) -> Gathered:
    """Gather the first or the last moment of the films, or of those films only where the words are found there."""
    side: Literal["start", "end"] = "start" if plan.relation == "at_start" else "end"
    if plan.videos:
        edges = [edge(view, video, side) for video in plan.videos]
        sure = EDGE_OF_ASKED if plan.query else 1.0
        return Gathered("found", tuple(view.piece(moment) for moment in edges if moment), sure)
    found = searched_for(replace(plan, relation=None), view, SEARCHED_ALL)
    kept = [hit for hit in found.hits if edge(view, hit.moment.video_id, side) == hit.moment]
    pieces = tuple(piece_of_hit(hit, plan.query) for hit in kept[:AT_EDGES])
    return Gathered("found" if pieces else "nothing", pieces, found.confidence, len(kept))


def _among(plan: Plan, wish: _Wish, view: View) -> Gathered:
    """Gather the moments pointed at; of several, those that the words fit."""
    limits = replace(limits_of(plan), videos=None, within=None)
    pointed = [view.moment(moment) for moment in plan.pointed]
    kept = [moment for moment in pointed if limits.admit(moment, view) and not _says(moment, plan.without)]
    if plan.query and (len(kept) > 1 or plan.loose):
        found = _searched(replace(plan, relation=None), wish, view)
        if found.outcome != "nothing" or plan.aspect in (None, "holds"):
            return found
        return Gathered("closest", found.candidates[:1], found.confidence, candidates=found.candidates)
    pieces = tuple(view.piece(moment) for moment in kept)
    outcome: Outcome = "found" if pieces else "nothing"
    if plan.query and pieces and not any(_says(piece.moment, terms(plan.query)) for piece in pieces):
        outcome = "near"
    if plan.loose and plan.act == "ask" and pieces and not (plan.query or answered_by(plan, kept)):
        outcome = "closest"  # no word of the question says that they tell it; their frames may
    return Gathered(outcome, pieces, POINTED if plan.loose else 1.0, len(pieces))


def _inside(plan: Plan, wish: _Wish, view: View) -> Gathered:
    pieces = moments_of(plan, view)
    told = [piece for piece in pieces if piece.moment.texts] or pieces
    return Gathered("found" if told else "nothing", tuple(told[: max(wish.most, MOST_QUOTED)]), count=len(told))


def _searched(plan: Plan, wish: _Wish, view: View) -> Gathered:
    found = searched_for(plan, view, SEARCHED_ALL if wish.everything or plan.about else SEARCHED, wish.image)
    if plan.about == "list":  # which videos: the best moment of each
        of_each = {hit.moment.video_id: hit for hit in reversed(found.hits)}
        found = replace(found, hits=tuple(sorted(of_each.values(), key=lambda hit: hit.rank)))
    if not matches(found):
        left = tuple(piece_of_hit(hit, plan.query) for hit in found.hits[:CANDIDATES])
        return Gathered("nothing", confidence=found.confidence, candidates=left)
    near = [hit for hit in found.hits if hit.score >= NEAR * found.hits[0].score]
    chosen, most = (_in_time(near, plan), max(wish.most, MOST_QUOTED)) if wish.everything else (near, wish.most)
    if not wish.everything and most > 1 and found.confidence < ANSWERED_FROM:
        chosen = max(near, list(found.hits[:SECOND]), key=len)
    sure: Outcome = "found" if likely(found) else "closest"
    if sure == "closest":
        chosen, most = list(found.hits), CLOSEST
    pieces = tuple(piece_of_hit(hit, plan.query) for hit in chosen[:most])
    at_hand = found.hits[:CANDIDATES] if wish.to_look_at or not wish.everything else ()
    candidates = tuple(piece_of_hit(hit, plan.query) for hit in at_hand)
    return Gathered(sure, pieces, found.confidence, len(chosen), candidates=candidates)


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
