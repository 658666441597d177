"""How much memory do search and ingest hold? Resident sizes as the system counts them (Linux).

    python benchmarks/memory.py ingest [--minutes 10 30 120] [--text-model packaged]
    python benchmarks/memory.py search --home DIR [--queries 200]

`ingest` draws films of a small size with subtitles and takes each into a home of its own: the peak of the program, and
of the largest process that decodes for it, should be the same for ten minutes and for two hours. `search` opens a
corpus that `benchmarks/search_latency.py --home DIR` has published, in a process of its own. There the vectors of the
questions are known: a program that encodes them holds the text model beside this.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Never

import av
import cv2
import numpy as np

ROOT = Path(__file__).parents[1]
WIDTH, HEIGHT, RATE = 160, 90, 5
SCENE_SECONDS, CUE_SECONDS = 6, 4
WORDS = ("ferry", "harbour", "soup", "lantern", "mountain", "station", "umbrella", "bird", "snow", "market", "bridge")
MEGABYTE = 2**20


def film(path: Path, minutes: float) -> None:
    """Draw a film of soft pictures, another every few seconds, in which a bright spot moves; and its subtitles."""
    rng = np.random.default_rng(1)
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=RATE, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for number in range(round(minutes * 60 * RATE)):
            if number % (SCENE_SECONDS * RATE) == 0:
                coarse = rng.integers(0, 255, (3, 4, 3), dtype=np.uint8)
                scene = cv2.resize(coarse, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
            image = cv2.circle(scene.copy(), (number * 3 % WIDTH, HEIGHT // 2), 8, (255, 255, 255), -1)
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    path.with_suffix(".srt").write_text("".join(cues(minutes * 60, rng)))


def cues(seconds: float, rng: np.random.Generator) -> Iterator[str]:
    """Yield a subtitle for every few seconds."""
    for number, start in enumerate(range(0, int(seconds) - CUE_SECONDS, CUE_SECONDS), start=1):
        said = " ".join(rng.choice(WORDS, 8))
        yield f"{number}\n{stamp(start)} --> {stamp(start + CUE_SECONDS - 1)}\n{said}.\n\n"


def stamp(second: int) -> str:
    """Return a time as subtitles write it."""
    return f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d},000"


def sizes(pid: int | str) -> dict[str, int]:
    """Return a process's resident bytes and their peak; nothing where it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return {}
    fields = dict(line.split(":", 1) for line in lines)
    return {name: int(fields[name].split()[0]) * 1024 for name in ("VmRSS", "VmHWM") if name in fields}


def children(pid: int) -> list[int]:
    """Return the processes that a process started, in all of its threads, and theirs."""
    own: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            own += map(int, task.read_text().split())
        except (FileNotFoundError, ProcessLookupError):
            continue
    return own + [deeper for child in own for deeper in children(child)]


def is_decoder(pid: int) -> bool:
    """Tell whether a process runs the decoder; at its very beginning it is still the program that starts it."""
    try:
        return b"retrieval.ingest.child" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return False


def peaks(command: list[str], environment: dict[str, str]) -> tuple[int, int, float]:
    """Run a command; return the peak of the program and of the largest process below it, in bytes, and seconds."""
    program = largest = 0
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)
    while process.poll() is None:
        program = max(program, sizes(process.pid).get("VmHWM", 0))
        decoding = [child for child in children(process.pid) if is_decoder(child)]
        largest = max([largest, *(sizes(child).get("VmHWM", 0) for child in decoding)])
        time.sleep(0.02)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return program, largest, time.perf_counter() - started


def ingest(minutes: list[float], text_model: str) -> None:
    """Take films of several lengths in, and print the peaks."""
    print(f"{WIDTH}x{HEIGHT}, {RATE} frames a second, text model {text_model}, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as scratch:
        for length in minutes:
            path = Path(scratch) / f"film{length:g}.mp4"
            film(path, length)
            own = {"HOME": f"{scratch}/home{length:g}", "TEXT_MODEL": text_model, "STABLE_SECONDS": "0"}
            command = [sys.executable, "-m", "bot.cli", "ingest", str(path), "--json"]
            program, largest, seconds = peaks(command, {f"VDIALOG_{name}": value for name, value in own.items()})
            print(
                f"{length:6g} min   program {program / MEGABYTE:6.0f} MB   decoding {largest / MEGABYTE:6.0f} MB   "
                f"{seconds:6.0f} s",
                flush=True,
            )


def search(home: Path, queries: int) -> None:
    """Search a published corpus, and print what this process holds as it goes on."""
    from search_latency import ALL, opened

    from retrieval.searching.query import Query

    def never() -> Never:
        raise SystemExit(f"{home} holds no corpus: publish it with benchmarks/search_latency.py --home {home}")

    held("programs loaded")
    published = opened(home, never)
    print(f"{published.index.count():,} moments, load {os.getloadavg()[0]:.1f}")
    held("opened")
    for number in range(queries):
        published.searcher.search(Query(published.questions.texts[number % len(published.questions.texts)]), ALL)
        if number + 1 in (1, queries // 2, queries):
            held(f"after {number + 1} queries")
    published.catalogue.close()


def held(when: str) -> None:
    """Print what this process holds now, and has held at most."""
    own = sizes("self")
    print(f"{when:20s} {own['VmRSS'] / MEGABYTE:6.0f} MB, at most {own['VmHWM'] / MEGABYTE:6.0f} MB", flush=True)


def main() -> None:
    """Measure what is asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked = parser.add_subparsers(dest="what", required=True)
    taking = asked.add_parser("ingest")
    taking.add_argument("--minutes", type=float, nargs="+", default=[10.0, 30.0, 120.0])
    taking.add_argument("--text-model", default="packaged")
    searching = asked.add_parser("search")
    searching.add_argument("--home", type=Path, required=True)
    searching.add_argument("--queries", type=int, default=200)
    options = parser.parse_args()
    if options.what == "ingest":
        ingest(options.minutes, options.text_model)
    else:
        search(options.home, options.queries)


if __name__ == "__main__":
    main()
