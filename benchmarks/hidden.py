"""Does anything that is shown tell whether something is hidden? Pairs of libraries, with and without hidden videos.

    python benchmarks/hidden.py [--pairs 1000] [--times 200] [--seed 1]

Each pair has the same visible videos in one to three collections. In one of them, videos of other collections were
imported before, between and after these, with the same words, ids and titles. Both are asked the same by somebody who
sees the visible collections alone: lists, moments, searches of every arm, misspelt words, phrases, things that are not
there, and a conversation. All that is said must be the same, byte for byte. Some pairs are so large that indexes and
samples come in. Their encoder has no weights: what is asked is how the search joins and counts, not what it knows.

The second figure is of time: how well the seconds of an answer tell one library from the other (AUC; .5 is not at all).
"""

import argparse
import json
import random
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.dialogue.events import Answered, Clarifying
from bot.dialogue.manager import DialogueManager
from bot.dialogue.messages import Utterance
from bot.dialogue.planner import RulePlanner
from bot.dialogue.storing.memory import MemoryConversations
from bot.errors import problem_of
from retrieval.encoders.hashing import HashingTextEncoder
from retrieval.encoders.lazy import Encoders
from retrieval.errors import LibraryError
from retrieval.index.base import MomentIndex
from retrieval.index.lance import LanceIndex
from retrieval.library import Library
from retrieval.searching.query import Query
from retrieval.spaces import IndexSpaces
from retrieval.types import Filter

WORDS = [
    *("dog", "cat", "ball", "garden", "house", "boat", "tree", "river", "cook", "bread", "engine", "wheel", "letter"),
    *("window", "teacher", "violin", "snow", "market", "bridge", "camera", "painting", "ladder", "kitchen", "mountain"),
    *("bicycle", "doctor", "farmer", "horse", "lantern", "island", "runs", "paints", "opens", "carries", "repairs"),
    *("washes", "climbs", "reads", "throws", "sells"),
]
COMMON = "hand"
VISIBLE, HIDDEN = ("team", "public", "films"), ("secret", "board")
LARGE_EVERY = 25
"""One pair in so many has many moments that hold one word, an index of vectors and banks of sentences."""

INDEX_FROM = 300

Captions = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Step:
    """Captions that are imported into one collection at once."""

    collection: str
    captions: Captions


@dataclass(frozen=True, slots=True)
class Pair:
    """Two libraries: all steps make the one, those into visible collections the other."""

    steps: tuple[Step, ...]
    visible: frozenset[str]
    seed: int

    def without(self) -> "Pair":
        """Return the pair of the library that hides nothing."""
        return replace(self, steps=tuple(step for step in self.steps if step.collection in self.visible))


def drawn(seed: int) -> Pair:
    """Draw a pair."""
    rng = random.Random(seed)
    large = seed % LARGE_EVERY == 0
    visible = VISIBLE[: rng.randint(1, 3)]
    steps = [Step(name, _captions(rng, large)) for name in visible for _ in range(rng.randint(1, 2))]
    steps += [Step(name, _captions(rng, large)) for name in HIDDEN[: rng.randint(1, 2)] for _ in range(3)]
    rng.shuffle(steps)
    if not any(step.collection in visible for step in steps[:1]):  # a library begins with what is seen in half of them
        steps = steps[::-1]
    return Pair(tuple(steps), frozenset(visible), seed)


def _captions(rng: random.Random, large: bool) -> Captions:
    few = rng.sample(WORDS, 12)  # so that words are rare here and common elsewhere
    return {
        f"{rng.choice(WORDS)} {number}" if rng.random() < 0.5 else f"v{number}": _entry(rng, few, large)
        for number in range(rng.randint(1, 3))
    }


def _entry(rng: random.Random, words: Sequence[str], large: bool) -> dict[str, Any]:
    moments = rng.randint(90, 130) if large else rng.randint(1, 6)
    said = [" ".join(rng.choices(words, k=rng.randint(2, 9))) for _ in range(moments)]
    if large:
        said = [f"{text} {COMMON}" for text in said]
    return {
        "duration": 5.0 * moments,
        "timestamps": [[5.0 * place, 5.0 * place + 5] for place in range(moments)],
        "sentences": said,
    }


@contextmanager
def opened(pair: Pair) -> Iterator[Library]:
    """Make a library by the steps of a pair."""

    def index(folder: Path, spaces: IndexSpaces) -> MomentIndex:
        return LanceIndex(folder, spaces, INDEX_FROM)

    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder) / "captions.json"
        with Library(Path(folder) / "home", Encoders(HashingTextEncoder), make_index=index) as library:
            for step in pair.steps:
                given.write_text(json.dumps(step.captions))
                library.import_annotations(given, step.collection)
            library.index().optimize()
            yield library


def questions(pair: Pair) -> list[Query]:
    """Return the searches that both libraries of a pair are asked."""
    rng = random.Random(-pair.seed)
    two = [" ".join(rng.sample(WORDS, rng.randint(1, 4))) for _ in range(4)]
    slips = [word[:2] + word[3:] for word in rng.sample([w for w in WORDS if len(w) > 5], 3)]
    texts = [*two, *slips, COMMON, f"{COMMON} {rng.choice(WORDS)}", "zeppelin", "the who", "doghouse"]
    asked = [Query(text) for text in texts]
    asked += [Query(text, arm=arm) for text in two[:2] for arm in ("keywords", "meaning")]
    asked += [Query(two[0], phrases=(two[0],)), Query(two[1], filter=Filter(videos=frozenset({"v0", "v1"})))]
    asked += [Query(two[2], filter=Filter(collections=frozenset({"team", "secret"}))), Query("", like="v0:1")]
    return asked


def said(library: Library, pair: Pair) -> list[str]:
    """Return all that somebody is told who sees the visible collections."""
    catalogue, seen = library.catalogue, pair.visible
    told = [repr(catalogue.videos(seen))]
    told += [_told(lambda video=video: catalogue.moments(video, seen)) for video in ("v0", "v1", "board/v0", "dog 0")]
    for query in questions(pair):
        told.append(_told(lambda query=query: replace(library.searcher.search(query, seen, 20), seconds=0.0)))
    return told + _conversation(library, pair)


def _told(ask: Any) -> str:
    try:
        return repr(ask())
    except LibraryError as error:
        return repr(problem_of(error))


def _conversation(library: Library, pair: Pair) -> list[str]:
    rng = random.Random(pair.seed)
    manager = DialogueManager(library.catalogue, library.searcher, RulePlanner(), MemoryConversations())
    word, other = rng.sample(WORDS, 2)
    turns = [
        f"Where is a {word}?",
        "and after that?",
        f"is there a {other}?",
        "which films do you have?",
        f"how many films have a {word}?",
        "more like [1]",
        f"what happens in v{rng.randint(0, 3)}?",
        f"{word[:-1]} {other}",
        "show me a zeppelin",
    ]
    told = []
    for text in turns:
        last = list(manager.respond(Utterance(text, "c", pair.visible)))[-1]
        told.append(repr(replace(last.answer, seconds={}) if isinstance(last, Answered | Clarifying) else last))
    return told


def differences(pair: Pair) -> list[tuple[str, str]]:
    """Return what is told otherwise where something is hidden, both ways."""
    with opened(pair) as hiding:
        full = said(hiding, pair)
    with opened(pair.without()) as bare:
        alone = said(bare, pair)
    return [(one, other) for one, other in zip(full, alone, strict=True) if one != other]


def auc(hiding: Sequence[float], bare: Sequence[float]) -> float:
    """Return how often an answer of the first kind took longer than one of the second, ties as half."""
    longer = sum((one > other) + (one == other) / 2 for one in hiding for other in bare)
    return longer / (len(hiding) * len(bare))


def timings(pair: Pair, times: int) -> Mapping[str, float]:
    """Return how well the seconds of searches and answers tell which library of a pair was asked."""
    taken: dict[tuple[str, bool], list[float]] = {}
    with opened(pair) as hiding, opened(pair.without()) as bare:
        libraries = [(hiding, True), (bare, False)]
        for turn in range(times + 3):
            random.Random(turn).shuffle(libraries)
            for library, is_hiding in libraries:
                for kind, ask in _asking(library, pair, turn).items():
                    begun = time.perf_counter()
                    ask()
                    if turn >= 3:  # the first ones read what is kept in memory
                        taken.setdefault((kind, is_hiding), []).append(time.perf_counter() - begun)
    return {kind: auc(taken[kind, True], taken[kind, False]) for kind in dict.fromkeys(kind for kind, _ in taken)}


def _asking(library: Library, pair: Pair, turn: int) -> dict[str, Any]:
    asked = questions(pair)
    query = asked[turn % 4]
    return {
        "search": lambda: library.searcher.search(query, pair.visible, 10),
        "misspelt": lambda: library.searcher.search(asked[4 + turn % 3], pair.visible, 10),
        "absent": lambda: library.searcher.search(Query("zeppelin"), pair.visible, 10),
        "unknown id": lambda: _told(lambda: library.catalogue.moments("board/v0", pair.visible)),
        "list": lambda: library.catalogue.videos(pair.visible),
    }


def main() -> None:
    """Ask all pairs and print what differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=1_000)
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    told = 0
    for seed in range(chosen.seed, chosen.seed + chosen.pairs):
        if found := differences(drawn(seed)):
            told += 1
            print(f"pair {seed}: {len(found)} differ; with and without hidden videos:")
            print(*(one[:600] for one in found[0]), sep="\n")
        if (asked := seed - chosen.seed + 1) % LARGE_EVERY == 0:
            print(f"{asked} pairs asked, {told} told apart", flush=True)
    print(f"{told} of {chosen.pairs} pairs are told apart")
    for seed in (1, LARGE_EVERY):
        shares = ", ".join(f"{kind} {share:.2f}" for kind, share in timings(drawn(seed), chosen.times).items())
        print(f"AUC by time, pair {seed}: {shares}")


if __name__ == "__main__":
    main()
