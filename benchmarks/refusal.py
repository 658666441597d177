"""How often is what is there refused, and what is not there accepted? Small libraries drawn from ActivityNet Captions.

    python benchmarks/refusal.py --data DIR [--seed 5]

Libraries of 12 and of 60 videos; each is asked one sentence of the second annotator for every video it holds (up to
60), and as many sentences about videos that it does not hold. The latter are hard: another video often shows the same.
The calibration error says how far `confidence`, "the library holds this", is from the share that it does hold.
"""

import argparse
import json
import random
import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.dialogue.reading.queries import plain_query
from bot.dialogue.verdict import matches
from bot.trial.metrics import calibration_error
from retrieval.encoders.lazy import Encoders
from retrieval.encoders.minilm import MiniLM
from retrieval.library import Library

COLLECTION = "drawn"
VISIBLE = frozenset({COLLECTION})
DRAWN = {12: 10, 60: 3}
"""Videos in a library, and how many such libraries are drawn."""

Entries = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: whether the library holds what it asks, and what the library says to that."""

    there: bool
    accepted: bool
    confidence: float


def measure(encoders: Encoders, first: Entries, second: Entries, size: int, rng: random.Random) -> list[Asked]:
    """Draw one library, and ask about what is there and about what is not."""
    shared = sorted(set(first) & set(second))
    held = rng.sample(shared, size)
    absent = rng.sample(sorted(set(shared) - set(held)), min(size, 60))
    ask = {video: rng.choice(second[video]["sentences"]) for video in [*held, *absent]}
    with tempfile.TemporaryDirectory() as folder:
        captions = Path(folder) / "captions.json"
        captions.write_text(json.dumps({video: first[video] for video in held}))
        with Library(Path(folder) / "home", encoders) as library:
            library.import_annotations(captions, COLLECTION)
            found = [
                (v in held, library.searcher.search(plain_query(ask[v]), VISIBLE, 1)) for v in [*held[:60], *absent]
            ]
            return [Asked(there, matches(one), one.confidence) for there, one in found]


def accepted(asked: Sequence[Asked], there: bool) -> float:
    """Return the share accepted, in percent, of the questions about what is there, or about what is not."""
    return 100 * statistics.mean(one.accepted for one in asked if one.there == there)


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
        asked = [a for _ in range(count) for a in measure(Encoders(lambda: encoder), first, second, size, rng)]
        error = calibration_error([(one.confidence, one.there) for one in asked])
        print(
            f"{count} libraries of {size} videos: there {accepted(asked, True):.1f} % accepted, not there"
            f" {100 - accepted(asked, False):.1f} % refused, calibration error {error:.3f} ({len(asked)} questions)"
        )


if __name__ == "__main__":
    main()
