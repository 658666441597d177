"""Does our ranking beat plain MiniLM? ActivityNet Captions, one annotator indexed, the other one asking.

    python benchmarks/fusion.py --data DIR [--queries 3000] [--seed 7]

A hit is right if it is in the same video and its span has IoU >= 0.5 with the asking sentence's. Only some sentences
have any right moment: that share is the ceiling of R@k. Weights are tuned on the even queries and everything is
reported on the odd ones, with intervals by bootstrap over queries.
"""

import argparse
import json
import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from ir_measures import RR, Success
from numpy.typing import NDArray

from bot.dialogue.reading.queries import plain_query
from bot.trial.metrics import measured
from retrieval.analysis import terms
from retrieval.encoders.base import TextEncoder
from retrieval.encoders.lazy import Encoders
from retrieval.encoders.minilm import MiniLM
from retrieval.index.base import KeywordQuery, Scope, Scored, VectorQuery
from retrieval.library import Library
from retrieval.searching import fusion, hubness
from retrieval.spaces import Vectors
from retrieval.types import Hit, TimeSpan

DEPTH = 100
CUTOFFS = (Success @ 1, Success @ 5, Success @ 10)
"""R@k of the table: a sentence has one answer, and some have it in several moments."""

PLAIN = "MiniLM, plain sentence"
COLLECTION = "activitynet"
VISIBLE = frozenset({COLLECTION})


@dataclass(frozen=True, slots=True)
class Asked:
    """One sentence of the second annotator: the video and span it is about."""

    text: str
    video_id: str
    span: TimeSpan


Ranking = list[tuple[str, TimeSpan]]
"""(video id, span), best first."""


def sentences(path: Path, count: int, seed: int) -> list[Asked]:
    """Draw sentences whose times make a span."""
    entries = json.loads(path.read_text())
    everything = [
        Asked(text.strip(), video_id, TimeSpan(start, end))
        for video_id, entry in entries.items()
        for text, (start, end) in zip(entry["sentences"], entry["timestamps"], strict=True)
        if 0 <= start < end and text.strip()
    ]
    return random.Random(seed).sample(everything, count)


def right(asked: Asked, video_id: str, span: TimeSpan) -> bool:
    """Tell whether a moment answers a sentence."""
    return video_id == asked.video_id and asked.span.iou(span) >= 0.5


def judged(asked: Asked, ranking: Ranking) -> list[bool]:
    """Tell of each of the first 100 moments whether it is right."""
    return [right(asked, video_id, span) for video_id, span in ranking[:DEPTH]]


def judged_hits(asked: Asked, hits: Sequence[Hit]) -> list[bool]:
    """Return `judged` of the hits of a search."""
    return judged(asked, [(hit.moment.video_id, hit.span) for hit in hits])


class Prepared:
    """A text encoder that has encoded the questions already, in full batches."""

    def __init__(self, encoder: MiniLM, questions: Sequence[str]) -> None:
        self._encoder = encoder
        self.space = encoder.space
        self.pieces = encoder.pieces
        self._known = dict(zip(questions, encoder.encode(questions), strict=True))

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector per text, float32 `(texts, dimension)`."""
        if len(texts) == 1 and texts[0] in self._known:
            return self._known[texts[0]][None]
        return self._encoder.encode(texts)

    def knows(self, word: str) -> bool:
        """Tell whether the encoder knows a word as a whole."""
        return self._encoder.knows(word)


class Runs:
    """The rankings of every system for one sentence."""

    def __init__(self, library: Library, encoder: TextEncoder) -> None:
        self._library = library
        self._encoder = encoder
        catalogue = library.catalogue
        self._spans = {
            catalogue.naming.key_of_moment(moment.moment_id, VISIBLE): (video.video_id, moment.span)
            for video in catalogue.videos(VISIBLE)
            for moment in catalogue.moments(video.video_id, VISIBLE)
        }

    def has_answer(self, asked: Asked) -> bool:
        """Tell whether any indexed moment is right."""
        return any(right(asked, video_id, span) for video_id, span in self._spans.values())

    def of(self, asked: Asked) -> dict[str, Ranking]:
        """Ask every system."""
        index, scope = self._library.index(), Scope(VISIBLE, frozenset())
        vector = self._encoder.encode([asked.text])[0]
        plain = index.search(VectorQuery("caption_vec", vector, scope), DEPTH)
        contextual = index.search(VectorQuery("moment_vec", hubness.asked(vector), scope), DEPTH)
        words = index.search(KeywordQuery(tuple(dict.fromkeys(terms(asked.text))), scope), DEPTH)
        arms = {"keywords": words, "meaning": plain}
        hits = self._library.searcher.search(plain_query(asked.text), VISIBLE, DEPTH).hits
        return {
            "keywords (BM25)": self._ranking(words),
            PLAIN: self._ranking(plain),
            "equal RRF of both": self._ranking([Scored(*pair) for pair in fusion.reciprocal(arms)]),
            "meaning (contextual)": self._ranking(contextual),
            "our default": [(hit.moment.video_id, hit.span) for hit in hits],
        }

    def _ranking(self, scored: Sequence[Scored]) -> Ranking:
        return [self._spans[hit.moment_id] for hit in scored]


Values = NDArray[np.float64]


def interval(values: Values, resamples: int = 2_000) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of a mean."""
    rng = np.random.default_rng(0)
    means = [values[rng.integers(0, len(values), len(values))].mean() for _ in range(resamples)]
    return float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))


def report(name: str, found: Sequence[Sequence[bool]], plain: Values) -> None:
    """Print one row of the table; `plain` are the reciprocal ranks that it is compared with."""
    values = {measure: np.array(each) for measure, each in measured(found, RR, *CUTOFFS).items()}
    ranks = values[RR]
    low, high = interval(ranks)
    recalls = "  ".join(f"{100 * values[measure].mean():5.1f}" for measure in CUTOFFS)
    line = f"{name:24s} {ranks.mean():.4f} [{low:.4f}, {high:.4f}]   {recalls}"
    if name != PLAIN:
        low, high = interval(ranks - plain)
        line += f"   {100 * (ranks.mean() / plain.mean() - 1):+6.1f} %  [{low:+.4f}, {high:+.4f}]"
    print(line)


def measure(library: Library, encoder: TextEncoder, asked: Sequence[Asked]) -> None:
    """Ask everything and print the table."""
    runs = Runs(library, encoder)
    found: dict[str, list[list[bool]]] = {}
    for sentence in asked:
        for name, ranking in runs.of(sentence).items():
            found.setdefault(name, []).append(judged(sentence, ranking))
    for half, first in (("tuning half", 0), ("reported half", 1)):
        ceiling = 100 * np.mean([runs.has_answer(sentence) for sentence in asked[first::2]])
        print(
            f"\n{half}: {len(asked[first::2])} sentences, {ceiling:.1f} % of them have a right moment (ceiling of R@k)"
        )
        print(f"{'':24s} {'MRR':6s} {'95 % interval':16s}    R@1    R@5   R@10   MRR against plain MiniLM")
        plain = np.array(measured(found[PLAIN][first::2], RR)[RR])
        for name, each in found.items():
            report(name, each[first::2], plain)


def main() -> None:
    """Index one annotator, ask the other."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds activitynet_captions/")
    parser.add_argument("--queries", type=int, default=3_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--home", type=Path, help="keep the library here and use it again")
    options = parser.parse_args()
    captions = options.data / "activitynet_captions"
    asked = sentences(captions / "val_2_dev.json", options.queries, options.seed)
    encoder = Prepared(MiniLM(), [sentence.text for sentence in asked])
    with (
        tempfile.TemporaryDirectory() as scratch,
        Library(options.home or Path(scratch), Encoders(lambda: encoder)) as library,
    ):
        done = library.import_annotations(captions / "val_1_dev.json", COLLECTION)
        print(f"{library.catalogue.moment_count()} moments ({done.videos} videos new), seed {options.seed}")
        measure(library, encoder, asked)


if __name__ == "__main__":
    main()
