"""Do OpenSearch and LanceDB rank alike? The same rows in both, the same questions to both.

    python benchmarks/opensearch_parity.py --data DIR --url http://127.0.0.1:9200 [--queries 1000] [--home DIR]

Annotator 1 of ActivityNet Captions is indexed, sentences of annotator 2 ask. There are no pictures, so each moment
gets two keyframe vectors that are drawn from its sentence's: a fixed random map to 512 dimensions, and noise. Vector
arms are compared by exact search: they must give the same moments, but for ties. Keywords and fused lists are compared
by what they share of the top ten, and by MRR (a hit is right in the same video with IoU >= 0.5). With the keyword
scores of one engine fed to both, fused lists must be the same. At last the index in OpenSearch is dropped and made
anew.
"""

import argparse
import secrets
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from fusion import COLLECTION, VISIBLE, Asked, Prepared, judged_hits, sentences
from ir_measures import RR
from PIL import Image

from bot.dialogue.reading.queries import plain_query
from bot.trial.metrics import measured
from retrieval.analysis import terms
from retrieval.catalogue import banks, vectors
from retrieval.catalogue.catalogue import Catalogue
from retrieval.encoders.base import TextEncoder
from retrieval.encoders.lazy import Encoders
from retrieval.encoders.minilm import MiniLM
from retrieval.index.base import (
    FrameRow,
    IndexQuery,
    KeywordQuery,
    MomentIndex,
    Scope,
    Scored,
    VectorQuery,
    VideoRows,
)
from retrieval.index.lance import LanceIndex
from retrieval.index.opensearch import Cluster, Connection
from retrieval.index.opensearch_versions import OpenSearchStore
from retrieval.library import Library
from retrieval.publishing import rows
from retrieval.searching import hubness
from retrieval.searching.search import MomentSearcher
from retrieval.spaces import IndexSpaces, Space, Vectors, unit

TOP = 10
WIDE = 512
NOISE = 0.02
TIE = 5e-6
"""Scores so near are equal: single precision, summed in another order."""

SCOPE = Scope(VISIBLE, frozenset())


class Pictures:
    """A picture encoder on top of a text encoder: what is told is what is seen."""

    def __init__(self, text: TextEncoder, wide: int) -> None:
        self.space = Space("drawn", wide)
        self._text = text
        self._map = np.random.default_rng(0).standard_normal((text.space.dimension, wide)).astype(np.float32)

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Return what pictures of these texts would look like, `(n, wide)`."""
        return self.seen(self._text.encode(texts))

    def taught(self, word: str) -> bool:
        """Return True."""
        return True

    def encode_images(self, images: Sequence[Image.Image]) -> Vectors:
        """Return pictures that differ, which is all that is asked of them."""
        return unit(np.random.default_rng(1).standard_normal((len(images), self.space.dimension)).astype(np.float32))

    def seen(self, meant: Vectors) -> Vectors:
        """Return the picture vectors of text vectors."""
        return unit(meant @ self._map)


def all_rows(catalogue: Catalogue, pictures: Pictures, spaces: IndexSpaces) -> Iterator[VideoRows]:
    """Yield the rows of every video, each moment with two drawn keyframes."""
    rng, held = np.random.default_rng(2), banks.load_banks(catalogue.database)
    for video_id in vectors.video_ids(catalogue):
        kept = vectors.stored_video(catalogue, video_id)
        if kept is None:
            continue
        made = rows.build(kept, spaces, held.get(kept.collection))
        moments = []
        for moment in made.moments:
            if "caption_vec" in moment.vectors:
                noise = NOISE * rng.standard_normal((2, pictures.space.dimension)).astype(np.float32)
                seen = unit(pictures.seen(moment.vectors["caption_vec"][None]) + noise)
                times = (moment.span.start, moment.span.middle)
                frames = tuple(FrameRow(time, {"clip_vec": vec}) for time, vec in zip(times, seen, strict=True))
                moment = replace(moment, frames=frames)
            moments.append(moment)
        yield replace(made, moments=tuple(moments))


def fill(index: MomentIndex, videos: Sequence[VideoRows], at_once: int = 200) -> None:
    """Write all videos."""
    for start in range(0, len(videos), at_once):
        index.upsert(videos[start : start + at_once])
    index.optimize()


class Fed:
    """An index whose keyword scores come from another one; its vectors are compared exactly."""

    durable = False

    def __init__(self, index: MomentIndex, words: MomentIndex) -> None:
        self._index = index
        self._words = words

    def search(self, query: IndexQuery, k: int) -> list[Scored]:
        """Ask the one or the other."""
        if isinstance(query, KeywordQuery):
            return self._words.search(query, k)
        return self._index.search(replace(query, exact=True), k)

    def search_many(self, queries: Sequence[IndexQuery], k: int) -> list[list[Scored]]:
        """Ask one after the other."""
        return [self.search(query, k) for query in queries]


@dataclass
class Engines:
    """One library in both engines."""

    catalogue: Catalogue
    encoders: Encoders
    pictures: Pictures
    rows: list[VideoRows]
    lance: MomentIndex
    store: OpenSearchStore
    opensearch: MomentIndex = field(init=False)

    def make_anew(self) -> None:
        """Write a new index in OpenSearch and let it count."""
        version, begun = self.store.begin(1, self.encoders.spaces)
        fill(begun, self.rows)
        self.store.adopt(version)
        self.opensearch = self.store.open(version, self.encoders.spaces)

    def drop(self) -> None:
        """Delete everything in OpenSearch."""
        for name in self.store.cluster.indexes(f"{self.store.names.prefix}-*"):
            self.store.cluster.drop(name)

    def searcher(self, index: MomentIndex) -> MomentSearcher:
        """Return a searcher of the library on one index."""
        return MomentSearcher(self.catalogue, lambda: index, self.encoders)


@contextmanager
def opened(
    data: Path, home: Path, url: str, encoder: TextEncoder, asked: Sequence[Asked], wide: int = WIDE
) -> Iterator[Engines]:
    """Put the captions into both engines; nothing is left in OpenSearch afterwards."""
    text = Prepared(encoder, [sentence.text for sentence in asked])
    pictures = Pictures(text, wide)
    with Library(home, Encoders(lambda: encoder)) as library, tempfile.TemporaryDirectory() as scratch:
        library.import_annotations(data / "activitynet_captions" / "val_1_dev.json", COLLECTION)
        encoders = Encoders(lambda: text, lambda: pictures)
        lance = LanceIndex(Path(scratch), encoders.spaces)
        videos = list(all_rows(library.catalogue, pictures, encoders.spaces))
        fill(lance, videos)
        cluster = Cluster(Connection((url,)))
        store = OpenSearchStore(cluster, library.catalogue, f"parity-{secrets.token_hex(4)}")
        engines = Engines(library.catalogue, encoders, pictures, videos, lance, store)
        try:
            engines.make_anew()
            yield engines
        finally:
            engines.drop()
            cluster.close()


@dataclass(frozen=True, slots=True)
class Parity:
    """What both engines made of the same questions: shares are 0 to 1, each mean over all questions."""

    same: dict[str, float]
    overlap: dict[str, float]
    mrr: dict[str, tuple[float, float]]
    odd: tuple[str, ...]

    def mrr_apart(self, name: str) -> float:
        """Return by how much the second engine's MRR is off, as a share of the first's."""
        one, other = self.mrr[name]
        return abs(other - one) / max(one, 1e-9)


def compared(engines: Engines, asked: Sequence[Asked]) -> Parity:
    """Ask both engines everything."""
    same: dict[str, list[bool]] = {}
    overlap: dict[str, list[float]] = {}
    judged: dict[str, tuple[list[list[bool]], list[list[bool]]]] = {}
    odd: list[str] = []
    pair = (engines.lance, engines.opensearch)
    default = [engines.searcher(index) for index in pair]
    fed = [engines.searcher(Fed(index, engines.lance)) for index in pair]
    for sentence in asked:
        vector = engines.encoders.text.encode([sentence.text])[0]
        arms: dict[str, IndexQuery] = {
            "keywords": KeywordQuery(tuple(dict.fromkeys(terms(sentence.text))), SCOPE),
            "meaning, exact": VectorQuery("moment_vec", hubness.asked(vector), SCOPE, exact=True),
            "plain sentence, exact": VectorQuery("caption_vec", vector, SCOPE, exact=True),
            "frames, exact": VectorQuery("clip_vec", engines.pictures.seen(vector[None])[0], SCOPE, exact=True),
        }
        found = {name: [index.search(query, TOP) for index in pair] for name, query in arms.items()}
        for name, searchers in (("fused", default), ("fused, same keyword scores", fed)):
            hits = [searcher.search(plain_query(sentence.text), VISIBLE, TOP).hits for searcher in searchers]
            found[name] = [[Scored(hit.moment.moment_id, hit.score) for hit in each] for each in hits]
            for engine, each in zip(judged.setdefault(name, ([], [])), hits, strict=True):
                engine.append(judged_hits(sentence, each))
        found["keywords"] = [relative(scored) for scored in found["keywords"]]
        for name, (one, other) in found.items():
            same.setdefault(name, []).append(alike(one, other))
            overlap.setdefault(name, []).append(shared(one, other))
        if overlap["keywords"][-1] < 1:
            odd.append(sentence.text)
    mrr = {name: tuple(float(np.mean(measured(each, RR)[RR])) for each in both) for name, both in judged.items()}
    return Parity(_means(same), _means(overlap), mrr, tuple(odd))  # type: ignore[arg-type]


def relative(scored: Sequence[Scored]) -> list[Scored]:
    """Return scores as shares of the best one: LanceDB's are those of OpenSearch times k1 + 1."""
    return [replace(hit, score=hit.score / scored[0].score) for hit in scored]


def alike(one: Sequence[Scored], other: Sequence[Scored]) -> bool:
    """Tell whether both hold the same moments in the same order, but for ties."""
    return len(one) == len(other) and all(
        a.moment_id == b.moment_id or abs(a.score - b.score) <= TIE for a, b in zip(one, other, strict=True)
    )


def shared(one: Sequence[Scored], other: Sequence[Scored]) -> float:
    """Return the share of the longer list that is in both."""
    longer = max(len(one), len(other))
    return len({hit.moment_id for hit in one} & {hit.moment_id for hit in other}) / longer if longer else 1.0


def _means(values: Mapping[str, Sequence[float]]) -> dict[str, float]:
    return {name: float(np.mean(each)) for name, each in values.items()}


def tops(engines: Engines, asked: Sequence[Asked]) -> list[list[str]]:
    """Return the ids of each question's ten best in OpenSearch."""
    searcher = engines.searcher(engines.opensearch)
    return [[h.moment.moment_id for h in searcher.search(plain_query(s.text), VISIBLE, TOP).hits] for s in asked]


def dropped_and_made_anew(engines: Engines, asked: Sequence[Asked]) -> float:
    """Drop the index, make it again, and return the share of questions with the same ten best as before."""
    before = tops(engines, asked)
    engines.drop()
    engines.make_anew()
    after = tops(engines, asked)
    return float(np.mean([one == other for one, other in zip(before, after, strict=True)]))


def main() -> None:
    """Index one annotator in both, ask the other one's sentences, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds activitynet_captions/")
    parser.add_argument("--url", default="http://127.0.0.1:9200", help="address of OpenSearch")
    parser.add_argument("--queries", type=int, default=1_000)
    parser.add_argument("--home", type=Path, help="keep the library here and use it again")
    options = parser.parse_args()
    asked = sentences(options.data / "activitynet_captions" / "val_2_dev.json", options.queries, seed=7)
    with tempfile.TemporaryDirectory() as scratch:
        home = options.home or Path(scratch)
        with opened(options.data, home, options.url, MiniLM(), asked) as engines:
            print(f"{engines.lance.count():,} and {engines.opensearch.count():,} moments, {len(asked):,} questions")
            parity = compared(engines, asked)
            print(f"{'top ten':28s} same but for ties   overlap   MRR LanceDB  OpenSearch")
            for name, share in parity.same.items():
                mrr = "  ".join(f"{value:10.4f}" for value in parity.mrr.get(name, ()))
                print(f"{name:28s} {100 * share:15.1f} %  {100 * parity.overlap[name]:6.2f} %  {mrr}", flush=True)
            print(f"keywords differ for {len(parity.odd)} questions")
            again = 100 * dropped_and_made_anew(engines, asked)
            print(f"dropped and made anew: the same top ten for {again:.1f} % of the questions")


if __name__ == "__main__":
    main()
