"""How long does doctor take over a large library? `vdialog doctor`, and with `--full`.

    python benchmarks/doctor_speed.py [--videos 10000] [--home DIR]

Each video has ten moments of ten words and four keyframes of 2 kB, vectors of texts are random. The limit of
`vdialog doctor` is ten seconds, whatever the size; `--full` reads every byte.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bot.health.checks import examine
from bot.health.home import Closeness
from bot.settings import load
from retrieval.catalogue.catalogue import Catalogue
from retrieval.encoders.lazy import Encoders
from retrieval.library import embedded_index
from retrieval.publishing.drafts import Draft
from retrieval.publishing.generations import Generations
from retrieval.publishing.publisher import Publisher
from retrieval.publishing.versions import FolderStore, IndexVersions
from retrieval.spaces import Space, Vectors, unit
from retrieval.types import Entry, Keyframe, TimedText, TimeSpan

LIMIT = 10.0
MOMENTS, FRAMES, FRAME_BYTES = 10, 4, 2_000
BATCH = 500


class Drawn:
    """An encoder whose vectors are drawn; its space is that of the encoder `hashing`."""

    space = Space("hashing", 64)

    def __init__(self) -> None:
        self._rng = np.random.default_rng(0)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return random unit vectors."""
        return unit(self._rng.standard_normal((len(texts), 64)).astype(np.float32))

    def pieces(self, text: str, size: int) -> list[str]:
        """Return the text whole."""
        return [text]

    def knows(self, word: str) -> bool:
        """Nothing is understood."""
        return False


def make(home: Path, count: int) -> None:
    """Publish videos into a home."""
    rng = random.Random(0)
    words = ["".join(rng.choices("abcdefghiklmnoprstuw", k=7)) for _ in range(5_000)]
    catalogue = Catalogue(home)
    generations = Generations(catalogue)
    index = IndexVersions(catalogue, FolderStore(home, embedded_index))
    publisher = Publisher(catalogue, generations, index, Encoders(Drawn))
    drafts = []
    for number in range(count):
        name = f"film {number}"
        reserved = generations.reserve(name, f"{number:064x}", "all")
        folder = catalogue.frames_folder(reserved.generation)
        folder.mkdir(parents=True)
        frames = [Keyframe(10.0 * place, folder / f"{place:09}.jpg") for place in range(FRAMES)]
        for frame in frames:
            frame.path.write_bytes(rng.randbytes(FRAME_BYTES))
        spans = [TimeSpan(10.0 * place, 10.0 * place + 10) for place in range(MOMENTS)]
        moments = tuple((span, (TimedText(span, " ".join(rng.choices(words, k=10)), "caption"),)) for span in spans)
        entry = Entry("all", name, None)
        drafts.append(
            Draft(reserved, f"{number:064x}", name, spans[-1].end, "imported", "", entry, moments, (), tuple(frames))
        )
        if len(drafts) == BATCH or number == count - 1:
            publisher.publish(drafts)
            drafts = []
            print(f"published {number + 1}", flush=True)
    publisher.settle()
    generations.close()
    catalogue.close()


def main() -> None:
    """Make the library, look at it twice, and print how long that took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--videos", type=int, default=10_000)
    parser.add_argument("--home", type=Path, help="where the library is made, or was made before")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = options.home or Path(folder) / "home"
        if not (home / "catalogue.db").exists():
            make(home, options.videos)
        os.environ |= {"VDIALOG_HOME": str(home), "VDIALOG_TEXT_MODEL": "hashing"}
        size = sum(path.stat().st_size for path in home.rglob("*") if path.is_file()) / 1e6
        took = {}
        for name, reading in {"doctor": Closeness(), "doctor --full": Closeness(is_full=True)}.items():
            started = time.perf_counter()
            for check in examine(load(), reading):
                print(f"  {time.perf_counter() - started:6.1f} s  {check.state:<8} {check.name}: {check.detail}")
            took[name] = time.perf_counter() - started
            print(f"{name}: {took[name]:.1f} s of {size:.0f} MB, load {os.getloadavg()[0]:.1f}", flush=True)
    sys.exit(took["doctor"] > LIMIT)


if __name__ == "__main__":
    main()
