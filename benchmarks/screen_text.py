"""What does reading the words on the screen cost, and are they the same as when every keyframe is read whole?

    python benchmarks/screen_text.py [--slides N] [--every N] [--data DIR] [--check]

Draws a film of a lecture (see `lecture.py`), takes its keyframes as an ingest does, and reads them in one run

- the old way: detector and recogniser on each keyframe that may show text, two threads that wait for each other;
- the new way: as an ingest reads them.

`--data` adds the real clips in `videos/`. Prints the processor seconds of both, their ratio, and of the words that the
old way found how many were lost, and how many others were gained. `--every` takes each Nth keyframe of the lecture, for
a quick look. `--check` ends with 1 where a ratio is more than 20 % below what it was, or more than 1 % of the words are
lost or gained.
"""

import argparse
import resource
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import lecture
import numpy as np
import rapidocr
from lecture import Pixels

from retrieval.errors import UnreadableMedia
from retrieval.ingest.screen import CONFIDENCE, ScreenReader
from retrieval.ingest.strokes import may_show_text
from retrieval.ingest.survey import survey
from retrieval.ingest.text_lines import TextLine, blocks
from retrieval.pictures import read_keyframe

MEASURED = {"lecture": 3.81, "real clips": 3.36}
"""How many times less processor time the new way took on two busy cores, the lecture with six slides."""

SLIP = 0.8
WORDS = 0.01
FEW = 3
"""Shares of the ratio and of the words from which `--check` fails; so few words may always differ."""


@dataclass(frozen=True, slots=True)
class Read:
    """What a way of reading took, and the words that it found on each keyframe."""

    cpu: float
    words: list[Counter[str]]


def old_way() -> Callable[[Pixels], list[str]]:
    """Return what reads a keyframe whole, as it was done before."""
    engine = rapidocr.RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "Det.limit_type": "max",
            "Det.limit_side_len": 960,
            "EngineConfig.onnxruntime.intra_op_num_threads": 2,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )

    def read(image: Pixels) -> list[str]:
        if not may_show_text(image):
            return []
        found = engine(np.ascontiguousarray(image[:, :, ::-1]))
        if found.boxes is None or found.txts is None:
            return []
        rows = zip(found.txts, found.scores, found.boxes, strict=True)
        lines = [
            TextLine(" ".join(text.split()), score, *map(float, (*box.min(axis=0), *box.max(axis=0))))
            for text, score, box in rows
        ]
        return blocks([one for one in lines if one.confidence >= CONFIDENCE and sum(map(str.isalnum, one.text)) > 1])

    return read


def read_all(videos: Sequence[Sequence[Path]], start: Callable[[], Callable[[Pixels], Sequence[str]]]) -> Read:
    """Read the keyframes of videos; `start` gives what reads those of one."""
    started, found = _cpu(), []
    for keyframes in videos:
        read = start()
        for path in keyframes:
            texts = read(np.asarray(read_keyframe(path)))
            found.append(Counter(word for text in texts for word in text.split()))
    return Read(_cpu() - started, found)


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def compare(name: str, videos: Sequence[Sequence[Path]]) -> bool:
    """Read videos both ways and print what it took; tell whether it is as it was."""
    whole, reader = old_way(), ScreenReader()
    for read in (whole, reader.read):
        read(np.asarray(read_keyframe(videos[0][0])))  # the models are loaded
    old = read_all(videos, lambda: whole)

    def start() -> Callable[[Pixels], Sequence[str]]:
        screen = reader.video()
        return lambda image: screen.read(image).texts

    new = read_all(videos, start)
    count = sum(words.total() for words in old.words)
    lost = sum((before - now).total() for before, now in zip(old.words, new.words, strict=True))
    gained = sum((now - before).total() for before, now in zip(old.words, new.words, strict=True))
    ratio = old.cpu / new.cpu
    print(
        f"{name}: {len(old.words)} keyframes; old way {old.cpu:.1f} s of the processor, new way {new.cpu:.1f} s: "
        f"{ratio:.2f} x less (it was {MEASURED[name]:.2f}); {count} words: {count - lost} the same, {lost} lost, "
        f"{gained} gained",
        flush=True,
    )
    most = max(FEW, WORDS * count)
    return ratio >= SLIP * MEASURED[name] and lost <= most and gained <= most


def keyframes_of(path: Path, folder: Path) -> list[Path]:
    """Return the keyframes of a file, none where it has no picture."""
    try:
        return [keyframe.path for keyframe in survey(path, folder / path.stem).keyframes]
    except UnreadableMedia:
        return []


def main() -> int:
    """Return 1 where something slipped, if that is asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--slides", type=int, default=12, help="slides of the lecture")
    parser.add_argument("--every", type=int, default=1, help="take each Nth keyframe of the lecture")
    parser.add_argument("--data", type=Path, help="folder that holds videos/")
    parser.add_argument("--check", action="store_true", help="fail where a figure slipped")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        talk = lecture.write(Path(scratch) / "lecture.mp4", slides=asked.slides)
        is_well = compare("lecture", [keyframes_of(talk, Path(scratch))[:: asked.every]])
        if asked.data is not None:
            paths = sorted(path for path in (asked.data / "videos").iterdir() if path.suffix != ".json")
            found = [keyframes_of(path, Path(scratch)) for path in paths]
            is_well &= compare("real clips", [keyframes for keyframes in found if keyframes])
    return int(asked.check and not is_well)


if __name__ == "__main__":
    sys.exit(main())
