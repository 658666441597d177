"""How long from an utterance to its first hits? The dialogue over 100,000 moments, models included, stage by stage.

    python benchmarks/first_hits.py --data DIR [--moments 100000] [--cache FILE] [--home DIR] [--utterances 200]

The corpus is that of `search_latency.py`. Texts are encoded by MiniLM and, for the frames arm, by the text tower of
ViT-B/32, whose weights are random: its time is real, its vector is replaced by the one that the question has in the
corpus. Each utterance begins a conversation of its own, so that no other video is at hand, and is timed from
`respond()` to the event `Found`; what follows (looking, writing, saving) goes on unmeasured. Beside the time stands the
processor's, over all threads, which other programs disturb less.
"""

import argparse
import logging
import os
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

import numpy as np
import open_clip
import torch
from PIL import Image
from safetensors.torch import save_file
from search_latency import ALL, QUESTIONS, WIDE, Published, grown, opened

from bot.dialogue.events import Failed, Found, Understood
from bot.dialogue.manager import DialogueManager
from bot.dialogue.messages import Utterance
from bot.dialogue.planner import RulePlanner
from bot.dialogue.storing.sqlite import SqliteConversations
from retrieval.encoders.clip import OpenClip
from retrieval.encoders.lazy import Encoders
from retrieval.encoders.minilm import MiniLM
from retrieval.searching.search import MomentSearcher
from retrieval.spaces import Space, Vectors

TARGET = 150.0
"""Milliseconds at p95 that are aimed at, on two cores that are free."""

Taken = dict[str, list[float]]


class Stopwatch:
    """Milliseconds by stage, for one utterance after the other."""

    def __init__(self) -> None:
        self.taken: Taken = defaultdict(list)
        self.now: dict[str, float] = defaultdict(float)

    def run(self, stage: str, work: Callable[[], Vectors]) -> Vectors:
        """Do a part of an utterance's work; add its time to the stage."""
        started = time.perf_counter()
        done = work()
        self.now[stage] += 1_000 * (time.perf_counter() - started)
        return done

    def keep(self) -> None:
        """Note the utterance that ends."""
        for stage, milliseconds in self.now.items():
            self.taken[stage].append(milliseconds)
        self.now.clear()


class TimedText:
    """MiniLM under a stopwatch, in the space of the corpus."""

    def __init__(self, watch: Stopwatch, space: Space) -> None:
        self.space = space
        self._watch, self._model = watch, MiniLM()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts."""
        return self._watch.run("MiniLM", lambda: self._model.encode(texts))

    def pieces(self, text: str, size: int) -> list[str]:
        """Cut a text."""
        return self._model.pieces(text, size)

    def knows(self, word: str) -> bool:
        """Tell whether a word is one of the language."""
        return self._model.knows(word)


class TimedFrames:
    """The text tower of ViT-B/32 under a stopwatch. What it says is the corpus's vector of the question asked."""

    def __init__(self, watch: Stopwatch, space: Space, weights: Path) -> None:
        self.space = space
        self.asked: Vectors | None = None
        self._watch, self._model = watch, OpenClip("ViT-B-32", str(weights))

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Encode texts."""
        encoded = self._watch.run("ViT-B/32", lambda: self._model.encode_texts(texts))
        return encoded if self.asked is None else np.repeat(self.asked[None], len(texts), axis=0)

    def taught(self, word: str) -> bool:
        """Return True."""
        return True

    def encode_images(self, images: Sequence[Image.Image]) -> Vectors:
        """Encode pictures."""
        return self._model.encode_images(images)


def untrained(target: Path) -> None:
    """Write random weights of ViT-B/32."""
    torch.manual_seed(0)
    logging.disable(logging.WARNING)  # open_clip warns of what is wanted here
    model = open_clip.create_model("ViT-B-32")
    logging.disable(logging.NOTSET)
    save_file({name: part.contiguous() for name, part in model.state_dict().items()}, target)


def ask(published: Published, manager: DialogueManager, frames: TimedFrames, watch: Stopwatch, number: int) -> None:
    """Say one utterance, and note how long each stage took until the first hits were there."""
    frames.asked = published.questions.frames[number]
    text = f"Where do we see this: {published.questions.texts[number].rstrip('.')}?"
    busy, started = time.process_time(), time.perf_counter()
    last = started
    for event in manager.respond(Utterance(text, f"c{time.monotonic_ns()}", ALL)):
        now = time.perf_counter()
        if isinstance(event, Understood):
            watch.now["recall and plan"] = 1_000 * (now - last)
            last = now
        elif isinstance(event, Found):
            encoding = watch.now["MiniLM"] + watch.now["ViT-B/32"]
            watch.now["search beside encoding"] = 1_000 * (now - last) - encoding
            watch.now["utterance to Found"] = 1_000 * (now - started)
            watch.now["processor meanwhile"] = 1_000 * (time.process_time() - busy)
            watch.keep()
        elif isinstance(event, Failed):
            raise SystemExit(f"{text!r} ended in: {event.problem.message}")
    watch.now.clear()


def measure(published: Published, folder: Path, count: int) -> float:
    """Say some utterances to warm up, then all; print the stages, return p95 in milliseconds.

    The random weights and the conversations are put into the folder.
    """
    watch, weights = Stopwatch(), folder / "vit-b-32.safetensors"
    if not weights.exists():
        untrained(weights)
    space = Space("known", 384)
    frames = TimedFrames(watch, Space("known-frames", WIDE), weights)
    encoders = Encoders(lambda: TimedText(watch, space), lambda: frames)
    print(f"encoders loaded: {encoders.spaces}")
    searcher = MomentSearcher(published.catalogue, lambda: published.index, encoders)
    with closing(SqliteConversations(folder / "conversations.db")) as store:
        manager = DialogueManager(published.catalogue, searcher, RulePlanner(), store)
        for warm in (False, True):
            watch.taken.clear()
            for number in range(count if warm else min(count, 30)):
                ask(published, manager, frames, watch, number)
    print(f"{count} utterances, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    for stage, taken in watch.taken.items():
        p50, p95 = np.percentile(taken, [50, 95])
        print(f"{stage:24s} p50 {p50:7.1f} ms   p95 {p95:7.1f} ms", flush=True)
    return float(np.percentile(watch.taken["utterance to Found"], 95))


def main() -> None:
    """Make the corpus where it is not there, and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds activitynet_captions/")
    parser.add_argument("--moments", type=int, default=100_000)
    parser.add_argument("--utterances", type=int, default=200, help=f"at most {QUESTIONS}")
    parser.add_argument("--cache", type=Path, help="keep the vectors of the real captions here (.npy)")
    parser.add_argument("--home", type=Path, help="keep the published corpus here and use it again")
    options = parser.parse_args()

    with tempfile.TemporaryDirectory() as scratch:
        home = options.home or Path(scratch)
        published = opened(home, partial(grown, options.data, options.moments, options.cache))
        print(f"{published.index.count():,} moments, {published.questions.videos:,} videos")
        p95 = measure(published, home, min(options.utterances, QUESTIONS))
        print(f"p95 {p95:.0f} ms, {TARGET:.0f} ms aimed at")
        published.catalogue.close()


if __name__ == "__main__":
    main()
