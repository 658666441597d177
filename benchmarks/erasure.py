"""Plants random words in everything that a video has and that is said of it, takes it away, and looks for them.

    python benchmarks/erasure.py [--words N] [--moments N]

Every file of the home is searched byte by byte, and what the libraries that wrote it read out of it. Also says how long
a removal takes that erases at once.
"""

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

from retrieval.encoders.hashing import HashingTextEncoder
from retrieval.encoders.lazy import Encoders
from retrieval.library import Library
from tests import planting
from tests.traces import traces


def main() -> int:
    """Return 1 where a word was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--words", type=int, default=200)
    parser.add_argument("--moments", type=int, nargs="*", default=[600, 10_000])
    asked = parser.parse_args()
    wrong = _words(asked.words)
    for moments in asked.moments:
        _seconds(moments)
    return wrong


def _words(count: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        words = planting.planted(random.Random(28), count)
        planting.fill(home, words)
        there = {trace.split()[0] for trace in traces(home, words)}
        planting.take_away(home, words)
        found = traces(home, words)
        print(f"{count} words planted, {len(there)} found before, {len({t.split()[0] for t in found})} afterwards")
        for trace in found:
            print(f"  {trace}")
        return int(bool(found) or len(there) < count)


def _seconds(moments: int) -> None:
    with tempfile.TemporaryDirectory() as folder, Library(Path(folder), Encoders(HashingTextEncoder)) as library:
        said = [[[f"a dog runs {n} {m}"] for m in range(10)] for n in range(moments // 10)]
        drafts = [planting.draft(library, f"v{n}", f"film {n}", one) for n, one in enumerate(said)]
        for start in range(0, len(drafts), 200):
            library._publisher.publish(drafts[start : start + 200])
        library._publisher.settle()
        began = time.perf_counter()
        library.remove("v3", frozenset({"c"}))
        whole = time.perf_counter() - began
        began = time.perf_counter()
        library.catalogue.database.compact()
        print(
            f"{moments} moments: a removal takes {whole:.2f} s; the catalogue alone {time.perf_counter() - began:.2f} s"
        )


if __name__ == "__main__":
    sys.exit(main())
