"""What the arms found for one query becomes one ranking of moments."""

from collections.abc import Iterable, Mapping, Sequence

from retrieval.catalogue import vectors
from retrieval.catalogue.catalogue import Catalogue
from retrieval.catalogue.ids import moment_id, split_moment_id
from retrieval.index.base import Scored
from retrieval.searching import bm25, fusion, likeness, spread, titles
from retrieval.searching.arms import ArmQueries, Arms, Rankings
from retrieval.searching.known_moments import KnownMoments
from retrieval.searching.titles import Titled
from retrieval.spaces import FRAMES_ARM, KEYWORDS_ARM, MEANING_ARM, Vectors
from retrieval.types import DESCRIBING, Moment

FURTHER = 50
"""Moments found by their words whose nearness in meaning is looked up too."""

AT_HAND = 20
"""Best moments of an arm that tell which kinds of text the library has for this query."""

Ranked = list[tuple[str, float]]
"""Moment ids with their scores, best first."""


class JoinedRanking:
    """Joins the rankings of one query's arms.

    Args:
        catalogue: holds texts and vectors of what was found.
        visible: the collections that may be seen.
        arms: those that were asked.
        asked: what they were asked.
        rankings: what each found.
        counted: in how many moments each stem of the query occurs.
        known: reads moments.
        titled: what the names of videos hold of the query.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        visible: frozenset[str],
        arms: Arms,
        asked: ArmQueries,
        rankings: Rankings,
        counted: Mapping[str, int],
        known: KnownMoments,
        titled: Titled,
    ) -> None:
        self._catalogue = catalogue
        self._visible = visible
        self._arms = arms
        self._meant = asked.vectors.get(MEANING_ARM.name)
        self._rankings = rankings
        self._words = rankings.get(KEYWORDS_ARM.name, [])
        self._near = rankings.get(MEANING_ARM.name, [])
        self._counted = counted
        self._asked = asked
        self._titled = titled
        self._known = known
        self.likeness: Mapping[str, float] = {}
        """How like the words of the best moments are to those asked for, once they are ranked."""

    def best(self, k: int, favoured: str | None = None, favour: float = 0.0) -> tuple[Ranked, dict[str, Moment]]:
        """Return the whole ranking, and the moments of its k best, by id, without their keyframes.

        Args:
            k: how many moments are read.
            favoured: a video whose moments are lifted.
            favour: by how much.
        """
        if self._arms.name is not None:
            alone = [(hit.moment_id, hit.score) for hit in self._rankings.get(self._arms.name, ())]
            return alone, self._known.moments(name for name, _ in alone[:k])
        ranked = self._fused()
        moments = self._known.moments(name for name, _ in ranked[:k])
        ranked = self._fused_seen() if only_seen(moments.values()) else self._told_apart(ranked)
        ranked = self._named(fusion.lifted(ranked, favoured, favour))
        return ranked, self._known.moments(name for name, _ in ranked[:k])

    def _told_apart(self, ranked: Ranked) -> Ranked:
        """Tell the best moments apart by their words."""
        if not self._asked.wordings:
            return ranked
        told = vectors.of_words(self._catalogue, [name for name, _ in ranked[: likeness.COMPARED]])
        self.likeness = likeness.likeness(self._asked.wordings, told)
        return likeness.told_apart(ranked, self.likeness)

    def _named(self, ranked: Ranked) -> Ranked:
        """Put a moment of each video that is named among the first hits."""
        first = {split_moment_id(name)[0] for name, _ in ranked[: titles.FIRST]}
        missing = [video for video in self._titled.whole[: titles.NAMED] if video not in first]
        if not missing:
            return ranked
        best: dict[str, str | None] = {}
        for name, _ in ranked:
            best.setdefault(split_moment_id(name)[0], name)
        found = [best.get(video) or self._of_named(video) for video in missing]
        texts = self._known.read(name for name, _ in ranked[: titles.FIRST])
        asked = self._asked.words
        whole = {name for name, known in texts.items() if all(word.held_by(known.counts) for word in asked)}
        return titles.placed(ranked, [name for name in found if name is not None], frozenset(whole))

    def _of_named(self, video: str) -> str | None:
        """Return the moment of a named video that is nearest to what is asked, or its first: it may have no words."""
        if nearest := self._arms.nearest_of(video, self._asked):
            return nearest
        first = titles.first_of(self._catalogue.moments(video, self._visible), self._arms.scope)
        return None if first is None else moment_id(video, split_moment_id(first.moment_id)[1])

    def _fused(self) -> Ranked:
        worth = {video: bm25.worth(held, self._counted) for video, held in self._titled.held.items()}
        words = fusion.supported(self._words, (hit.moment_id for hit in self._near), worth)
        prepared = {arm: fusion.standardised(found) for arm, found in self._rankings.items()}
        pictured = self._rankings.get(FRAMES_ARM.name, [])
        if len(self._near) >= len(pictured):
            prepared[FRAMES_ARM.name] = fusion.standing_out(pictured)
        prepared |= {KEYWORDS_ARM.name: words, MEANING_ARM.name: self._near}
        scale = max((hit.score for hit in words), default=1.0)
        if self._meant is not None and self._near:
            prepared[MEANING_ARM.name] = [*self._near, *self._further(self._meant, words)]
            scale = spread.of_words(self._counted) / spread.of_meaning(self._catalogue, self._meant, self._visible)
        weights = fusion.weights(self._arms.asked_arms, len(self._asked.words), self._heard(words))
        return fusion.weighted(prepared, weights, {KEYWORDS_ARM.name: scale})

    def _fused_seen(self) -> Ranked:
        """Return the ranking where nobody but a vision model tells of the moments."""
        told = (KEYWORDS_ARM.name, MEANING_ARM.name)
        prepared = {arm: found if arm in told else fusion.standardised(found) for arm, found in self._rankings.items()}
        best = max((hit.score for hit in self._words), default=1.0)
        weights = fusion.weights(self._arms.asked_arms, len(self._asked.words), only_seen=True)
        return fusion.weighted(prepared, weights, {KEYWORDS_ARM.name: best})

    def _further(self, meant: Vectors, words: Sequence[Scored]) -> list[Scored]:
        """Return what the meaning arm would give moments that it did not return: no more than its lowest score."""
        returned, lowest = {hit.moment_id for hit in self._near}, self._near[-1].score
        names = [hit.moment_id for hit in words[:FURTHER] if hit.moment_id not in returned]
        contexts = vectors.of_contexts(self._catalogue, names)
        return [Scored(name, min(lowest, float(meant @ context))) for name, context in contexts.items()]

    def _heard(self, words: Sequence[Scored]) -> float:
        """Return the share of the moments at hand that have words spoken or read on screen, 0 to 1."""
        at_hand = self._known.moments(hit.moment_id for hit in (*self._near[:AT_HAND], *words[:AT_HAND]))
        told = [moment for moment in at_hand.values() if moment.texts]
        heard = sum(any(text.source not in DESCRIBING for text in moment.texts) for moment in told)
        return heard / len(told) if told else 0.0


def only_seen(moments: Iterable[Moment]) -> bool:
    """Tell whether all that is told of moments comes from a vision model."""
    told = {text.source for moment in moments for text in moment.texts if text.source != "screen"}
    return told == {"vision"}
