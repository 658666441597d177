"""Is the moment found where somebody says it? Real questions over what is said in 38 tutorial films.

    python benchmarks/speech.py --data DIR [--questions 3138] [--home DIR]

Each film is a still, silent picture of its length with its sentences as subtitles beside it. A hit is right if it is in
the film and shares more than half of the shorter of hit and answer. Arms alone and the whole search stand side by side;
the last column is how many questions with words the search refuses, though all are about films that are there.
"""

import argparse
import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.video.frame import VideoFrame

from bot.dialogue.reading.queries import plain_query
from bot.dialogue.verdict import matches
from bot.trial.metrics import measured
from retrieval.analysis import terms
from retrieval.encoders.lazy import Encoders
from retrieval.encoders.minilm import MiniLM
from retrieval.library import Library
from retrieval.types import Hit, TimeSpan

COLLECTION = "tutorials"
DEPTH = 50
RATE = 2


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that somebody typed, and the film and span that answer it."""

    text: str
    video_id: str
    span: TimeSpan


def write_films(transcripts: Sequence[dict[str, Any]], folder: Path) -> None:
    """Write each transcript as a film with its sentences beside it."""
    for number, film in enumerate(transcripts):
        picture = np.full((72, 96, 3), 40 + 5 * number, np.uint8)
        with av.open(str(folder / f"{film['video_id']}.mp4"), "w") as out:
            stream = out.add_stream("libx264", rate=RATE, options={"preset": "ultrafast", "g": "20"})
            stream.width, stream.height, stream.pix_fmt = 96, 72, "yuv420p"
            stream.codec_context.time_base = Fraction(1, RATE)
            for place in range(int(film["duration"] * RATE) + 1):
                frame = VideoFrame.from_ndarray(picture, format="rgb24")
                frame.pts, frame.time_base = place, Fraction(1, RATE)
                out.mux(stream.encode(frame))
            out.mux(stream.encode(None))
        cues = [f"{n}\n{_stamp(a)} --> {_stamp(b)}\n{text}\n" for n, (a, b, text) in enumerate(film["sentences"], 1)]
        (folder / f"{film['video_id']}.srt").write_text("\n".join(cues), encoding="utf-8")


def _stamp(seconds: float) -> str:
    whole = round(seconds * 1000)
    return f"{whole // 3_600_000:02d}:{whole // 60_000 % 60:02d}:{whole // 1000 % 60:02d},{whole % 1000:03d}"


def right(asked: Asked, hit: Hit) -> bool:
    """Tell whether a hit answers a question."""
    shared = min(hit.span.end, asked.span.end) - max(hit.span.start, asked.span.start)
    shorter = min(hit.span.end - hit.span.start, asked.span.end - asked.span.start)
    return hit.moment.video_id == asked.video_id and shared > shorter / 2


def measure(library: Library, asked: Sequence[Asked]) -> None:
    """Ask everything and print the table."""
    from ir_measures import RR, Success

    visible = library.catalogue.collections()
    print(f"{len(asked)} questions, {library.catalogue.moment_count()} moments\n{'':10s} MRR     R@1   R@5   refused")
    for arm in ("keywords", "meaning", None):
        found = [library.searcher.search(replace(plain_query(q.text), arm=arm), visible, DEPTH) for q in asked]
        judged = [[right(question, hit) for hit in one.hits] for question, one in zip(asked, found, strict=True)]
        values = measured(judged, RR, Success @ 1, Success @ 5)
        mrr, first, five = (float(np.mean(values[one])) for one in (RR, Success @ 1, Success @ 5))
        refused = f"{100 * np.mean([not matches(one) for one in found]):.1f} %" if arm is None else ""
        print(f"{arm or 'all':10s} {mrr:.4f}  {100 * first:.1f}  {100 * five:.1f}  {refused}")


def main() -> None:
    """Make the films, ingest them, ask."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds tutorials/")
    parser.add_argument("--questions", type=int, default=3_138)
    parser.add_argument("--home", type=Path, help="keep the library here and use it again")
    options = parser.parse_args()
    folder = options.data / "tutorials"
    entries = json.loads((folder / "questions.json").read_text())[: options.questions]
    asked = [
        Asked(entry["question"], entry["video_id"], TimeSpan(entry["start"], entry["end"]))
        for entry in entries
        if terms(entry["question"])
    ]
    encoder = MiniLM()
    with (
        tempfile.TemporaryDirectory() as scratch,
        Library(options.home or Path(scratch) / "home", Encoders(lambda: encoder)) as library,
    ):
        if not library.catalogue.moment_count():
            films = Path(scratch) / "films"
            films.mkdir()
            write_films(json.loads((folder / "transcripts.json").read_text()), films)
            library.ingest([films], COLLECTION)
        measure(library, asked)


if __name__ == "__main__":
    main()
