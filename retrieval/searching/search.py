"""Search: a query becomes rankings of the arms, these become one, and the best become hits.

Every hit keeps each arm's rank and score, so that "why this one" has an answer. Who may see what comes in as the
required `visible` set and reaches every arm; nothing in a query can widen it.
"""

import time
from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from retrieval.analysis import asked_words, terms, words
from retrieval.catalogue import vectors, vocabulary
from retrieval.catalogue.catalogue import Catalogue
from retrieval.catalogue.vocabulary import EVERY_MOMENT, EVERY_STEM
from retrieval.encoders.lazy import Encoders
from retrieval.index.base import KeywordQuery, MomentIndex, Scope, Scored, VectorQuery
from retrieval.searching import bm25, calibration, focus, fusion, known_moments, renaming, spelling, titles
from retrieval.searching.arms import ArmQueries, Arms, Rankings, check_arm
from retrieval.searching.calibration import Evidence
from retrieval.searching.focus import PartOf
from retrieval.searching.query import LONGEST_QUERY, Query, check, conditions, is_common_name
from retrieval.searching.ranking import JoinedRanking, only_seen
from retrieval.searching.spelling import Said, Spellings, as_written
from retrieval.searching.titles import Titled
from retrieval.spaces import FRAMES_ARM, KEYWORDS_ARM, MEANING_ARM, Vectors
from retrieval.types import ArmScore, Hit, Moment

CANDIDATES, MATCHES = 50, 200
"""Moments with words of the query that are read, so that each one's neighbours and video count too."""

THREADS = 4
"""Searches whose words are looked up beside the vectors at the same time."""

DESCRIPTIONS = 1_000
"""Descriptions of frames whose vectors are remembered, 2 kB each."""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Hits, best first, and how sure it is, 0 to 1, that the library holds what was asked.

    `arms_off` names the arms that could not be asked, with the reason. `mended` maps words that were typed and that no
    moment holds to those of the texts that were looked for instead. `evidence` is what `confidence` follows from; None
    where nothing is asked in words.
    """

    hits: tuple[Hit, ...]
    confidence: float
    seconds: float
    arms_off: dict[str, str]
    mended: Mapping[str, str] = field(default_factory=dict)
    evidence: Evidence | None = None


class MomentSearcher:
    """Searches one library.

    Args:
        index: returns the index that counts now.
        for_words: the same for a search by words alone, where no encoder need be loaded.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        index: Callable[[], MomentIndex],
        encoders: Encoders,
        for_words: Callable[[], MomentIndex] | None = None,
    ) -> None:
        self._catalogue = catalogue
        self._index = index
        self._for_words = for_words or index
        self._encoders = encoders
        self._pool = ThreadPoolExecutor(THREADS, "words")
        self._descriptions: dict[str, Vectors] = {}

    def search(self, query: Query, visible: frozenset[str], k: int = 10) -> SearchResult:
        """Return the k best moments of the visible collections.

        A name of common words alone, such as "The Who", is looked for as it stands; where nobody says it so, by its
        meaning.

        Raises:
            InvalidQuery: nothing is asked, more than one thing, or an arm that is not there.
            MissingModel: a picture or an arm is asked for that has no encoder.
            NotInLibrary: `like` names no visible moment.
        """
        if is_common_name(query):
            said = self.search(replace(query, phrases=(query.text,)), visible, k)
            if said.hits:
                return said
        check(query := replace(query, text=query.text[:LONGEST_QUERY]), k)
        check_arm(self._encoders, query.arm, query.image)
        # Encoders are loaded here the first time, which is not part of a search; one that cannot be is off then.
        index = self._for_words() if query.arm == KEYWORDS_ARM.name else self._index()
        check_arm(self._encoders, query.arm, query.image)
        started, naming = time.perf_counter(), self._catalogue.naming
        query = renaming.keyed(query, self._catalogue.naming, visible)
        scope = Scope(visible, self._catalogue.hidden(), query.filter, *conditions(query))
        query, mended = self._mended(query, index, scope)
        like = None if query.like is None else renaming.moment(self._catalogue, query.like, visible)
        arms = Arms(index, self._encoders, scope, query.arm)
        asked = arms.asked(query, like, self._catalogue)
        stems = asked.keywords
        wanted = (*stems, EVERY_MOMENT, EVERY_STEM) if stems else ()
        counted = vocabulary.frequencies(self._catalogue.database, wanted, visible)
        known = known_moments.of_visible(self._catalogue, visible)
        worded = self._pool.submit(arms.words, asked, max(MATCHES, k), counted, query.favoured)
        rankings = arms.rankings(asked, max(CANDIDATES, 5 * k), query.favoured)
        read = known.read(hit.moment_id for hit in worded.result()).values()
        rankings[KEYWORDS_ARM.name] = bm25.scored(read, stems, counted)
        titled = self._titled(query, asked, scope)
        joined = JoinedRanking(self._catalogue, visible, arms, asked, rankings, counted, known, titled)
        read_for = 2 * k * max(map(len, naming.copies(visible).values()), default=1)
        ranked, moments = joined.best(read_for, query.favoured, query.favour)
        if query.part is not None and query.arm is None:
            ranked = self._refocus(index, query.part, scope, ranked[:read_for], moments)
        hits = self._hits(ranked, moments, rankings, visible, k, like)
        about = (query, counted, asked, rankings, hits, visible, titled, joined.likeness)
        evidence = self._evidence(*about) if query.text else None
        confidence = calibration.confidence(evidence) if evidence else float(bool(hits))
        written = {
            typed: as_written(word, (part for hit in hits for part in (hit.text, hit.title)))
            for typed, word in mended.items()
        }
        seconds = time.perf_counter() - started
        return SearchResult(
            renaming.shown(hits, naming, visible), confidence, seconds, dict(self._encoders.off), written, evidence
        )

    def _mended(self, query: Query, index: MomentIndex, scope: Scope) -> tuple[Query, Mapping[str, str]]:
        """Return a query with its misspelt words mended, and each of these with what stands in its place."""
        database, among = self._catalogue.database, scope.collections
        names, everywhere = titles.of_visible(self._catalogue, among), Scope(among, scope.hidden)

        def holds(phrase: str) -> bool:
            return bool(index.search(KeywordQuery(tuple(terms(phrase)), replace(everywhere, phrases=(phrase,))), 1))

        def known(stems: Iterable[str]) -> Collection[str]:
            wanted = set(stems)
            return {*vocabulary.frequencies(database, wanted, among), *wanted.intersection(names.by_stem)}

        def spellings() -> Spellings:
            return Spellings({**names.spellings, **vocabulary.spellings(database, among)})

        said = Said(known, holds, spellings, self._encoders.knows)
        mending = spelling.mended(query.text, said, {word for phrase in query.phrases for word in words(phrase)})
        part = query.part
        if part is not None:
            part = PartOf(mending.of(part.word), mending.of(part.text))
        return replace(query, text=mending.text, part=part), mending.words

    def _titled(self, query: Query, asked: ArmQueries, scope: Scope) -> Titled:
        """Return what the names of the videos in scope hold of what is asked in words."""
        if not query.text or query.arm is not None:
            return Titled()
        found = titles.of_visible(self._catalogue, scope.collections).holding(asked.words, query.text, query.phrases)
        among, copies = scope.filter.videos, self._catalogue.naming.copies(scope.collections)
        whole = {min(copies.get(key, (key,))): key for key in reversed(found.whole) if among is None or key in among}
        return replace(found, whole=tuple(reversed(whole.values())))

    # -- one ranking ------------------------------------------------------------------------------------------

    def _refocus(
        self,
        index: MomentIndex,
        meant: PartOf,
        scope: Scope,
        ranked: Sequence[tuple[str, float]],
        moments: Mapping[str, Moment],
    ) -> list[tuple[str, float]]:
        """Choose by the part within each video that speaks of it; see `retrieval.searching.focus`."""
        stems = {name: set(terms(moment.text)) for name, moment in moments.items()}
        word = set(terms(meant.word))
        videos = frozenset(moments[name].video_id for name in moments if word <= stems[name])
        narrowed = replace(scope, filter=replace(scope.filter, videos=videos), phrases=(), excluded=())
        vector = self._encoders.text.encode([meant.text])[0]
        near = index.search(VectorQuery("caption_vec", vector, narrowed, exact=True), CANDIDATES)
        wanted = set(terms(meant.text))
        scores = {
            hit.moment_id: hit.score + focus.WORDS * len(wanted & stems[hit.moment_id]) / len(wanted)
            for hit in near
            if hit.moment_id in moments
        }
        video_of = {name: moment.video_id for name, moment in moments.items()}
        return focus.refocused([item for item in ranked if item[0] in moments], video_of, scores)

    def _hits(
        self,
        ranked: Sequence[tuple[str, float]],
        moments: Mapping[str, Moment],
        rankings: Rankings,
        visible: frozenset[str],
        k: int,
        like: Moment | None,
    ) -> tuple[Hit, ...]:
        titles = self._catalogue.titles({moment.video_id for moment in moments.values()}, visible)
        there = [
            (moments[name], score) for name, score in ranked if name in moments and moments[name].video_id in titles
        ]
        kept = fusion.merged(fusion.each_film_once(there, self._catalogue.naming.copies(visible), like))[:k]
        framed = self._catalogue.framed(moment for moment, _, _ in kept)
        shown = {moment.moment_id for moment in framed}
        places = {arm: _places(scored, shown) for arm, scored in rankings.items()}
        times = {
            hit.moment_id: hit.frame_time for found in rankings.values() for hit in found if hit.frame_time is not None
        }
        hits = []
        for rank, (moment, (_, span, score)) in enumerate(zip(framed, kept, strict=True), start=1):
            arms = {arm: found[moment.moment_id] for arm, found in places.items() if moment.moment_id in found}
            best = _best_frame_first(moment, times.get(moment.moment_id))
            hits.append(Hit(rank, best, span, titles[moment.video_id], score, arms))
        return tuple(hits)

    def _evidence(
        self,
        query: Query,
        counted: Mapping[str, int],
        asked: ArmQueries,
        rankings: Rankings,
        hits: Sequence[Hit],
        visible: frozenset[str],
        titled: Titled,
        alike: Mapping[str, float],
    ) -> Evidence:
        best = hits[0].moment if hits else None
        stems = frozenset(terms(best.text)) if best else frozenset()
        named = titled.held.get(best.video_id, frozenset()) if best else frozenset()
        held = {word for word in asked.words if word in named or word.held_by(stems)}
        covered = calibration.covered(asked.words, held, counted)
        near = rankings.get(MEANING_ARM.name) or []
        context = vectors.of_context(self._catalogue, near[0].moment_id) if near else None
        meant = asked.vectors.get(MEANING_ARM.name)
        nearness = None if context is None or meant is None else float(meant @ context)
        frames = rankings.get(FRAMES_ARM.name) or []
        unknown = sum(not any(all(counted.get(s) for s in way) for way in word.spellings) for word in asked.words)
        quoted = {word for phrase in query.phrases for word in asked_words(phrase)}
        return Evidence(
            nearness,
            covered,
            margin=near[0].score - near[: calibration.TENTH][-1].score if near else 0.0,
            words=len(asked.words),
            said=max((len(words(said)) for said in query.wordings), default=0),
            unknown=unknown,
            moments=counted.get(EVERY_MOMENT, 1),
            seen=bool(frames),
            told=best is not None and any(text.source != "screen" for text in best.texts),
            likeness=self._likeness(asked, frames, hits, visible),
            only_seen=best is not None and only_seen([best]),
            named=any(hit.video_id in titled.whole for hit in hits[: titles.FIRST]),
            quoted=bool(hits and query.phrases) and quoted.issuperset(asked.words),
            alike=alike.get(best.moment_id) if best else None,
            inside=best is not None and best.video_id == query.favoured,
        )

    def _likeness(
        self, asked: ArmQueries, ranked: Sequence[Scored], hits: Sequence[Hit], visible: frozenset[str]
    ) -> float | None:
        """Return how much better or worse the best frame fits the question than its moment's own description.

        The best frame's moment is nearly always among the hits, which were read already.
        """
        pictured = asked.vectors.get(FRAMES_ARM.name)
        if pictured is None or not ranked or asked.untaught:
            return None
        name = ranked[0].moment_id
        read = {hit.moment.moment_id: hit.moment for hit in hits}
        best = read.get(name) or self._catalogue.moments_by_id([name], visible).get(name)
        described = next((text.text for text in best.texts if text.source == "vision"), None) if best else None
        if best is None or described is None:
            return None
        framed = _best_frame_first(self._catalogue.framed([best])[0], ranked[0].frame_time)
        if not framed.keyframes:
            return None
        vector = vectors.of_frame(self._catalogue, best.video_id, framed.keyframes[0].path.name)
        return None if vector is None else float((pictured - self._description(described)) @ vector)

    def _description(self, text: str) -> Vectors:
        """Return the picture encoder's vector of a description; what was encoded lately is remembered."""
        encoder = self._encoders.frames
        assert encoder is not None, "there are frames to compare with"
        if text not in self._descriptions:
            if len(self._descriptions) >= DESCRIPTIONS:
                self._descriptions.clear()
            self._descriptions[text] = encoder.encode_texts([text])[0]
        return self._descriptions[text]


def _places(scored: Iterable[Scored], shown: Container[str]) -> dict[str, ArmScore]:
    return {
        hit.moment_id: ArmScore(rank, hit.score) for rank, hit in enumerate(scored, start=1) if hit.moment_id in shown
    }


def _best_frame_first(moment: Moment, best: float | None) -> Moment:
    if best is None:
        return moment
    frames = sorted(moment.keyframes, key=lambda frame: (abs(frame.time - best) > 1e-6, frame.time))
    return replace(moment, keyframes=tuple(frames))
