"""Is the packaged text model, read in numpy, the one that sentence-transformers reads, and as fast over many texts?

    python benchmarks/text_model.py --data DIR [--sentences 10000] [--timed 3000] [--threads 1 2]

DIR holds `activitynet_captions/train.json`. Ten thousand sentences are encoded by both, a thousand of them also word by
word, and two hundred ask for the nearest of the others. Then both encode the same sentences by turns, and sentences a
second of processor time and of the clock are printed; on a machine that has other work the first is the one to read.

Exits with 1 where a cosine is below .9999, a ranking differs by more than places of equals, or ours takes more than 1.1
times the processor time.

Measured in November 2026 (`--timed 800`, two cores, load 9): cosine .9999998 at least, of 13,232 words too; the same
ten nearest for 200 of 200 questions. Sentences a processor second, ours beside theirs: 218 and 219 with one thread, 207
and 199 with two (1.00 and .96 times the processor time); by the clock 122 and 99, 93 and 113.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from retrieval.encoders.base import WordEncoder
from retrieval.encoders.minilm import MiniLM, packaged
from retrieval.encoders.sentence_model import SentenceModel

NEAREST, ASKED, IN_WORDS = 10, 200, 1_000
LEAST, SLOWEST = 0.9999, 1.1
EQUAL = 1e-6
"""Cosines that differ by less are of equals, whose order is anybody's."""


def sentences(data: Path, count: int) -> list[str]:
    """Return the first sentences of the training captions."""
    videos = json.loads((data / "activitynet_captions" / "train.json").read_text(encoding="utf-8"))
    return [text.strip() for video in videos.values() for text in video["sentences"]][:count]


def agreement(ours: WordEncoder, theirs: WordEncoder, texts: Sequence[str]) -> bool:
    """Print how alike the vectors are, and tell whether they are the same."""
    mine, other = ours.encode(texts), theirs.encode(texts)
    whole = np.vecdot(mine, other)
    pairs = list(zip(ours.in_words(texts[:IN_WORDS]), theirs.in_words(texts[:IN_WORDS]), strict=True))
    words = np.concatenate([np.vecdot(one.vectors, two.vectors) for one, two in pairs])
    same_words = all(one.words == two.words for one, two in pairs)
    asked, near = texts[:: max(1, len(texts) // ASKED)], []
    for text in asked:
        scores = [
            vectors @ encoder.encode([f"Where is it that {text}"])[0]
            for encoder, vectors in ((ours, mine), (theirs, other))
        ]
        best = [np.argsort(-found, kind="stable")[:NEAREST] for found in scores]
        near.append(bool((np.abs(scores[1][best[0]] - scores[1][best[1]]) < EQUAL).all()))
    print(f"{len(texts)} sentences: cosine {whole.min():.7f} at least, {whole.mean():.7f} in the mean")
    print(f"{len(words)} words of {len(pairs)}: {words.min():.7f} at least; the same words: {same_words}")
    print(f"the {NEAREST} nearest are the same for {sum(near)} of {len(near)} questions")
    return bool(whole.min() >= LEAST and words.min() >= LEAST and same_words and all(near))


def speed(theirs: SentenceModel, texts: Sequence[str], threads: int) -> bool:
    """Print how many sentences a second both encode, by turns, and tell whether ours is as fast."""
    torch.set_num_threads(threads)
    encoders = {"numpy": MiniLM(threads), "sentence-transformers": theirs}
    best = {name: [0.0, 0.0] for name in encoders}
    for _ in range(3):
        for name, encoder in encoders.items():
            clock, work = time.perf_counter(), time.process_time()
            encoder.encode(texts)
            found = (len(texts) / (time.process_time() - work), len(texts) / (time.perf_counter() - clock))
            best[name] = [max(pair) for pair in zip(best[name], found, strict=True)]
    for name, (by_work, by_clock) in best.items():
        print(f"{threads} threads, {name:21s}: {by_work:4.0f} sentences a processor second, {by_clock:4.0f} a second")
    took = best["sentence-transformers"][0] / best["numpy"][0]
    print(f"{threads} threads: {took:.2f} times the processor time, load {os.getloadavg()[0]:.1f}", flush=True)
    return took <= SLOWEST


def main() -> None:
    """Compare both, then time both."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--sentences", type=int, default=10_000)
    parser.add_argument("--timed", type=int, default=3_000)
    parser.add_argument("--threads", type=int, nargs="*", default=[1, 2])
    options = parser.parse_args()
    texts = sentences(options.data, options.sentences)
    theirs = SentenceModel(str(packaged()))
    held = [agreement(MiniLM(), theirs, texts)]
    held += [speed(theirs, texts[: options.timed], threads) for threads in options.threads]
    sys.exit(not all(held))


if __name__ == "__main__":
    main()
