"""How long does a search take? Fused queries over three arms, beside LanceDB's own hybrid search, in one run.

    python benchmarks/search_latency.py --data DIR [--moments 100000] [--cache FILE] [--home DIR] [--queries 200]

Real captions of ActivityNet come first, encoded once (kept in `--cache`, the published corpus in `--home`); the rest
are made of them: a real vector mixed with a random neighbour's and a little noise, texts recombined from real
sentences. Every moment has two keyframes with 512-dimensional vectors of 24 latent dimensions. Encoding of queries is
left out of all times. The peer ranks the same table by one text and one vector and joins them by its reciprocal rank
reranker; ours asks one arm more.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

import lancedb
import numpy as np
from lancedb.rerankers import RRFReranker
from PIL import Image

from bot.dialogue.reading.queries import plain_query
from retrieval.analysis import terms
from retrieval.catalogue.catalogue import Catalogue
from retrieval.encoders.lazy import Encoders
from retrieval.encoders.minilm import MiniLM
from retrieval.index import tables
from retrieval.index.base import Scope, VectorQuery
from retrieval.index.lance import LanceIndex
from retrieval.ingest.annotations import read_annotations
from retrieval.publishing import rows
from retrieval.publishing.drafts import Draft
from retrieval.publishing.generations import Generations
from retrieval.searching import hubness
from retrieval.searching.search import MomentSearcher
from retrieval.spaces import FRAMES, TEXT, IndexSpaces, PlacedVectors, Space, Vectors, unit
from retrieval.types import Entry, Everything, Filter, Keyframe, TimedText, TimeSpan

ALL = Everything({"all"})
PER_VIDEO = 10
BATCH = 500
LATENT, WIDE = 24, 512
QUESTIONS = 1_000
RECALLED = 50

Ask = Callable[[int], object]


SPACES = IndexSpaces.of({TEXT: Space("known", 384), FRAMES: Space("known-frames", WIDE)})


@dataclass(frozen=True, slots=True)
class Corpus:
    """Texts with their vectors `(n, 384)`, and keyframe vectors `(2 n, 512)`; the first `real` texts are real."""

    texts: tuple[str, ...]
    vectors: Vectors
    frames: Vectors
    real: int


def real_captions(data: Path, cache: Path | None) -> tuple[list[str], Vectors]:
    """Return all captions of the data and their vectors."""
    names = ("train.json", "val_1_dev.json", "val_2_dev.json")
    found = [read_annotations(data / "activitynet_captions" / name).values() for name in names]
    texts = [caption.text for part in found for annotation in part for caption in annotation.captions]
    if cache is not None and cache.exists():
        return texts, np.load(cache)
    vectors = MiniLM().encode(texts)
    if cache is not None:
        np.save(cache, vectors)
    return texts, vectors


def corpus(texts: Sequence[str], vectors: Vectors, count: int, rng: np.random.Generator) -> Corpus:
    """Grow real captions to `count` moments, and make keyframe vectors."""
    real = min(count, len(texts))
    one, other = rng.integers(0, len(texts), (2, count - real))
    share = rng.uniform(0.5, 0.9, (count - real, 1)).astype(np.float32)
    noise = 0.02 * rng.standard_normal((count - real, vectors.shape[1])).astype(np.float32)
    made = unit(share * vectors[one] + (1 - share) * vectors[other] + noise)
    spoken = [f"{texts[a]} {texts[b]}" for a, b in zip(one, other, strict=True)]
    basis = rng.standard_normal((LATENT, WIDE)).astype(np.float32)
    frames = unit(rng.standard_normal((2 * count, LATENT)).astype(np.float32) @ basis)
    return Corpus((*texts[:real], *spoken), np.concatenate([vectors[:real], made]), frames, real)


def grown(data: Path, count: int, cache: Path | None) -> Corpus:
    """Return the real captions of the data, grown to `count` moments."""
    texts, vectors = real_captions(data, cache)
    return corpus(texts, vectors, count, np.random.default_rng(0))


class Known:
    """Both encoders at once, for texts whose vectors are there already."""

    def __init__(self, space: Space, known: dict[str, Vectors]) -> None:
        self.space = space
        self._known = known
        self._rng = np.random.default_rng(1)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return the known vector of each text, a random one for others."""
        other = unit(self._rng.standard_normal((len(texts), self.space.dimension)).astype(np.float32))
        return np.array([self._known.get(text, made) for text, made in zip(texts, other, strict=True)])

    encode_texts = encode

    def taught(self, word: str) -> bool:
        """Return True."""
        return True

    def encode_images(self, images: Sequence[Image.Image]) -> Vectors:
        """Return a random vector for each picture."""
        return self.encode([""] * len(images))

    def pieces(self, text: str, size: int) -> list[str]:
        """Return the text whole."""
        return [text]

    def knows(self, word: str) -> bool:
        """Nothing is understood."""
        return False


@dataclass(frozen=True, slots=True)
class Questions:
    """What is asked of a corpus: texts, their vectors `(n, 384)`, picture vectors `(n, 512)`.

    `near` are the vectors of the moments that the texts are taken from, `real` tells which of these are real.
    """

    texts: tuple[str, ...]
    vectors: Vectors
    frames: Vectors
    near: Vectors
    real: Vectors
    videos: int


@dataclass(frozen=True, slots=True)
class Published:
    """A corpus in a home folder, opened, with a searcher that knows the vectors of its questions."""

    catalogue: Catalogue
    index: LanceIndex
    questions: Questions
    searcher: MomentSearcher


def opened(home: Path, make: Callable[[], Corpus]) -> Published:
    """Open the corpus that a home folder holds, without loading it; make and publish it where there is none yet."""
    kept = home / "questions.npz"
    index = LanceIndex(home / "index" / "1", SPACES)
    if not kept.exists():
        made = make()
        publish(made, home, index)
        np.savez(kept, **asdict(questions(made)))
    with np.load(kept) as held:
        asked = Questions(
            tuple(map(str, held["texts"])),
            *(held[name] for name in ("vectors", "frames", "near", "real")),
            int(held["videos"]),
        )
    text = Known(Space("known", 384), dict(zip(asked.texts, asked.vectors, strict=True)))
    pictures = Known(Space("known-frames", WIDE), dict(zip(asked.texts, asked.frames, strict=True)))
    catalogue = Catalogue(home)
    return Published(
        catalogue, index, asked, MomentSearcher(catalogue, lambda: index, Encoders(lambda: text, lambda: pictures))
    )


def questions(made: Corpus) -> Questions:
    """Draw questions: the first words of a moment, a vector near its own, and one of its keyframes."""
    rng = np.random.default_rng(2)
    chosen = rng.choice(len(made.texts), QUESTIONS, replace=False)
    texts = tuple(" ".join(made.texts[i].split()[:12]) for i in chosen)
    near = made.vectors[chosen]
    asked = unit(near + 0.05 * rng.standard_normal(near.shape).astype(np.float32))
    return Questions(texts, asked, made.frames[2 * chosen], near, chosen < made.real, len(made.texts) // PER_VIDEO)


def publish(made: Corpus, home: Path, index: LanceIndex, collections: Sequence[str] = ("all",)) -> None:
    """Put a corpus into a catalogue and its index, ten moments a video, the videos into collections in turn."""
    started = time.perf_counter()
    catalogue = Catalogue(home)
    generations = Generations(catalogue)
    videos = [range(start, min(start + PER_VIDEO, len(made.texts))) for start in range(0, len(made.texts), PER_VIDEO)]
    for start in range(0, len(videos), BATCH):
        batch = []
        upserts = []
        for number, places in enumerate(videos[start : start + BATCH], start=start):
            where = collections[number % len(collections)]
            draft, encoded = video(made, places, f"v{number}", generations, where)
            upserts.append(rows.build(draft.kept(encoded), SPACES, None))
            batch.append((draft, encoded))
        index.upsert(upserts)
        generations.commit(batch)
    index.optimize()
    generations.close()
    catalogue.close()
    print(f"published {len(made.texts):,} moments ({made.real:,} real) in {time.perf_counter() - started:.0f} s")


def video(
    made: Corpus, places: range, name: str, generations: Generations, collection: str
) -> tuple[Draft, PlacedVectors]:
    """Return one video of the corpus; its moments' contexts are their sentence, neighbours and mean."""
    own = made.vectors[places.start : places.stop]
    around = unit(own + np.roll(own, 1, axis=0) + np.roll(own, -1, axis=0))
    contexts = own + 0.7 * around + 0.5 * own.mean(axis=0)
    spans = [TimeSpan(5.0 * i, 5.0 * i + 5) for i in range(len(places))]
    texts = [(TimedText(span, made.texts[place], "caption"),) for span, place in zip(spans, places, strict=True)]
    frames = [Keyframe(span.start + at, Path(f"{span.start + at}.jpg")) for span in spans for at in (1.0, 3.0)]
    clips = made.frames[2 * places.start : 2 * places.stop]
    reserved = generations.reserve(name, name, collection)
    entry = Entry(collection, name, None)
    moments = tuple(zip(spans, texts, strict=True))
    draft = Draft(reserved, name, name, spans[-1].end, "imported", "", entry, moments, (), tuple(frames))
    return draft, {
        "caption_vec": dict(enumerate(own, start=1)),
        "context_vec": dict(enumerate(contexts.astype(np.float32), start=1)),
        "clip_vec": dict(zip([frame.time for frame in frames], clips, strict=True)),
    }


def timed(systems: Mapping[str, Ask], count: int) -> dict[str, float]:
    """Ask every system every question in turn; print p50 and p95 in milliseconds, return p95.

    Beside them stands the processor's time for one question, which other programs disturb less. All have been asked
    once before, so that no first reading from disk is timed.
    """
    taken: dict[str, list[float]] = {name: [] for name in systems}
    worked = dict.fromkeys(systems, 0.0)
    for warm in (False, True):
        for i in range(count):
            for name, ask in systems.items():
                started, busy = time.perf_counter(), time.process_time()
                ask(i)
                if warm:
                    taken[name].append(1_000 * (time.perf_counter() - started))
                    worked[name] += 1_000 * (time.process_time() - busy)
    for name, each in taken.items():
        p50, p95 = np.percentile(each, [50, 95])
        work = f"processor {worked[name] / count:6.1f} ms"
        print(f"{name:30s} p50 {p50:7.1f} ms   p95 {p95:7.1f} ms   {work}", flush=True)
    return {name: float(np.percentile(each, 95)) for name, each in taken.items()}


def recall(index: LanceIndex, field: str, vectors: Iterable[Vectors], k: int = 10) -> float:
    """Return the share of the exact ten nearest that the index finds among the candidates of a search."""
    scope, found, total = Scope(ALL, frozenset()), 0, 0
    for vector in vectors:
        exact = index.search(VectorQuery(field, vector, scope, exact=True), k)
        near = index.search(VectorQuery(field, vector, scope), k)
        total += len(exact)
        found += len({hit.moment_id for hit in exact} & {hit.moment_id for hit in near})
    return found / total


def compare(published: Published, count: int) -> None:
    """Time ours and the peer's, with and without filters."""
    asked, searcher = published.questions, published.searcher
    table = lancedb.connect(str(published.index.folder)).open_table("moments")
    rng = np.random.default_rng(3)

    def ours(share: int = 1) -> Ask:
        videos = frozenset(f"v{i}" for i in rng.choice(asked.videos, asked.videos // share, replace=False))
        narrowed = Filter() if share == 1 else Filter(videos=videos)
        return lambda i: searcher.search(replace(plain_query(asked.texts[i]), filter=narrowed), ALL)

    def peer(i: int) -> object:
        search = table.search(query_type="hybrid", vector_column_name="moment_vec", fts_columns="terms")
        words = " ".join(dict.fromkeys(terms(asked.texts[i])))
        search = search.vector(tables.wide(hubness.asked(asked.vectors[i]))).text(words)
        return search.distance_type("cosine").rerank(RRFReranker()).select(["moment_id"]).limit(10).to_list()

    systems: dict[str, Ask] = {"ours, three arms": ours(), "LanceDB hybrid, two arms": peer}
    systems |= {f"ours, 1 video in {share:,}": ours(share) for share in (50, 1_000)}
    all_arms, theirs, *filtered = timed(systems, count).values()
    print(f"ours / theirs at p95: {all_arms / theirs:.2f}")
    print("with a filter / without at p95: " + ", ".join(f"{each / all_arms:.2f}" for each in filtered))
    for part, which in (("real", asked.real), ("made", ~asked.real)):
        near = [hubness.asked(vector) for vector in asked.near[which][:RECALLED]]
        if near:
            print(f"recall@10 of the meaning arm, {part} part: {recall(published.index, 'moment_vec', near):.3f}")
    print(f"recall@10 of the frames arm: {recall(published.index, 'clip_vec', asked.frames[:RECALLED]):.3f}")


def main() -> None:
    """Make the corpus, publish it, measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds activitynet_captions/")
    parser.add_argument("--moments", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=200, help=f"at most {QUESTIONS}")
    parser.add_argument("--cache", type=Path, help="keep the vectors of the real captions here (.npy)")
    parser.add_argument("--home", type=Path, help="keep the published corpus here and use it again")
    options = parser.parse_args()

    with tempfile.TemporaryDirectory() as scratch:
        published = opened(options.home or Path(scratch), partial(grown, options.data, options.moments, options.cache))
        print(f"{published.index.count():,} moments, load {os.getloadavg()[0]:.1f}")
        compare(published, min(options.queries, QUESTIONS))
        published.catalogue.close()


if __name__ == "__main__":
    main()
