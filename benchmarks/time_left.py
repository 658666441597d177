"""Is the time left that an ingest tells right within a factor of two, after a tenth of the run?

    python benchmarks/time_left.py [--films N] [--data DIR] [--check]

Takes the first N sample films in, and with `--data` the real clips in `videos/`, each into a fresh library with the
text model of the package, and compares what each sign of progress told with what came. `--check` ends with 1 where more
than a tenth of the time between a tenth and nine tenths of a run was told wrong by more than a factor of two.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from demo.stories import FILMS
from demo.writing import write_films
from retrieval.encoders.lazy import Encoders
from retrieval.encoders.minilm import MiniLM
from retrieval.ingest.progress import Progress
from retrieval.library import Library

FACTOR = 2.0
WRONG = 0.1


def told_right(name: str, paths: Sequence[Path], home: Path) -> bool:
    """Take files in; print for how much of the run time left was right, and tell whether that is enough."""
    signs: list[tuple[float, Progress]] = []
    began = time.monotonic()
    with Library(home, Encoders(MiniLM)) as library:
        library.ingest(paths, "here", on_progress=lambda now: signs.append((time.monotonic() - began, now)))
    whole = time.monotonic() - began
    right = wrong = 0.0
    for (at, now), (after, _) in zip(signs, signs[1:], strict=False):
        if 0.1 * whole <= at <= 0.9 * whole:
            left = whole - at
            is_right = now.left is not None and left / FACTOR <= now.left <= left * FACTOR
            right, wrong = (right + after - at, wrong) if is_right else (right, wrong + after - at)
    tenth = next((now.left for at, now in signs if at >= 0.1 * whole), None)
    early = "nothing" if tenth is None else f"{tenth:.0f} s"
    print(
        f"{name}: {len(paths)} files in {whole:.0f} s; after a tenth {early} left was told, {0.9 * whole:.0f} s came; "
        f"right within a factor of {FACTOR:g} for {right / max(right + wrong, 1e-9):.0%} of the time up to nine tenths",
        flush=True,
    )
    return wrong <= WRONG * (right + wrong)


def main() -> int:
    """Return 1 where too much was told wrong, if that is asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--films", type=int, default=len(FILMS), help="how many of the sample films")
    parser.add_argument("--data", type=Path, help="folder that holds videos/")
    parser.add_argument("--check", action="store_true", help="fail where too much is told wrong")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        is_right = told_right("sample films", write_films(folder / "films", FILMS[: asked.films]), folder / "one")
        if asked.data is not None:
            clips = sorted(path for path in (asked.data / "videos").iterdir() if path.suffix != ".json")
            is_right &= told_right("real clips", clips, folder / "two")
    return int(asked.check and not is_right)


if __name__ == "__main__":
    sys.exit(main())
