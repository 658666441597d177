"""How often is what is there refused, and what is not there accepted? Small libraries drawn from ActivityNet Captions.

    python benchmarks/refusal.py --data DIR [--seed 5]

Libraries of 12 and of 60 videos; each is asked one sentence of the second annotator for every video it holds (up to
60), and as many sentences about videos that it does not hold. The latter are hard: another video often shows the same.
"""

import argparse
import json
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from retrieval.encoders.lazy import Encoders
from retrieval.encoders.minilm import MiniLM
from retrieval.library import Library
from retrieval.search import Query

COLLECTION = "drawn"
VISIBLE = frozenset({COLLECTION})
DRAWN = {12: 10, 60: 3}
"""Videos in a library, and how many such libraries are drawn."""

Entries = dict[str, dict[str, Any]]


def share_accepted(library: Library, questions: Sequence[str]) -> float:
    """Return the share of questions for which the library says that it holds something."""
    accepted = [library.searcher.search(Query(question), VISIBLE, 1).matches for question in questions]
    return sum(accepted) / len(accepted)


def measure(encoders: Encoders, first: Entries, second: Entries, size: int, rng: random.Random) -> tuple[float, float]:
    """Draw one library; return the shares accepted of questions about what is there, and about what is not."""
    shared = sorted(set(first) & set(second))
    held = rng.sample(shared, size)
    absent = rng.sample(sorted(set(shared) - set(held)), min(size, 60))
    ask = {video: rng.choice(second[video]["sentences"]).replace('"', " ") for video in [*held, *absent]}
    with tempfile.TemporaryDirectory() as folder:
        captions = Path(folder) / "captions.json"
        captions.write_text(json.dumps({video: first[video] for video in held}))
        with Library(Path(folder) / "home", encoders) as library:
            library.import_annotations(captions, COLLECTION)
            there = share_accepted(library, [ask[video] for video in held[:60]])
            return there, share_accepted(library, [ask[video] for video in absent])


def main() -> None:
    """Draw libraries, ask, print both shares."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds activitynet_captions/")
    parser.add_argument("--seed", type=int, default=5)
    options = parser.parse_args()
    captions = options.data / "activitynet_captions"
    first, second = (json.loads((captions / f"val_{n}_dev.json").read_text()) for n in (1, 2))
    encoder, rng = MiniLM(), random.Random(options.seed)
    for size, count in DRAWN.items():
        shares = [measure(Encoders(lambda: encoder), first, second, size, rng) for _ in range(count)]
        there, absent = (100 * sum(values) / count for values in zip(*shares, strict=True))
        print(
            f"{count} libraries of {size} videos: there {there:.1f} % accepted, not there {100 - absent:.1f} % refused"
        )


if __name__ == "__main__":
    main()
