"""How fast are files taken in? Decoding, keyframes' vectors and reading the screen, beside peers that read every frame.

    python benchmarks/ingest_speed.py [--films DIR] [--data DIR]

Draws a film of some 100 s at 1280x720 and 30 frames a second, and encodes it three times: with codec keyframes at the
cuts, without, and without but with grain as of a camera. `--films` keeps the files for the next time, `--data` adds the
real clips of 720 lines in `videos/`. Then, on the same files in the same run, in seconds of processor time:

(a) decode + shots + keyframes, against OpenCV reading every frame + PySceneDetect's content detector;
(b) that and the vectors of our keyframes, against OpenCV reading every frame + the vectors of one frame a second, both
    by a ViT-B/32 with random weights;
(c) reading the words on our keyframes.

The start of our child process is counted, the loading of the peers' packages is not.
"""

import argparse
import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import av
import cv2
import numpy as np
import numpy.typing as npt
import open_clip
import scenedetect
import torch
from av.container import OutputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image

from demo.films import Film
from demo.rendering import render
from demo.stories import FILMS
from retrieval.ingest.screen import ScreenReader
from retrieval.ingest.strokes import may_show_text
from retrieval.ingest.survey import Survey, survey

SIZE = (1280, 720)
RATE = 30
TOLERANCE = 0.2
BATCH = 16
T = TypeVar("T")
Pixels = npt.NDArray[np.uint8]


KINDS: dict[str, tuple[dict[str, str], float]] = {
    "keyframes at cuts": ({"g": "250"}, 0.0),
    "none at cuts": ({"g": "150", "sc_threshold": "0"}, 0.0),
    "none at cuts, grain": ({"g": "150", "sc_threshold": "0"}, 4.0),
}
"""Ways to encode the drawn film: the encoder's options, and the standard deviation of the grain in levels of grey."""


@dataclass(frozen=True, slots=True)
class Clip:
    """A file, its length in seconds, and its cuts where they are known."""

    name: str
    path: Path
    seconds: float
    cuts: tuple[float, ...] | None


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of the processor, children's included, and of the clock."""

    cpu: float
    wall: float

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.cpu + other.cpu, self.wall + other.wall)


def drawn() -> Film:
    """Return the film: three stories of the demo, without their subtitles.

    Scenes of whole seconds would cut at the fixed codec keyframes by chance: the first is made shorter.
    """
    scenes = [replace(scene, subtitles=()) for film in FILMS[:3] for scene in film.scenes]
    scenes[0] = replace(scenes[0], seconds=scenes[0].seconds - 1.4)
    return Film("drawn", "Drawn", tuple(scenes))


def pictures(film: Film) -> Iterator[Pixels]:
    """Yield the film's pictures (height, width, 3), RGB."""
    for scene, span in zip(film.scenes, film.spans, strict=True):
        for number in range(round(span.duration * RATE)):
            yield np.asarray(render(scene, number / RATE, SIZE))


def encode(film: Film, paths: Sequence[Path]) -> None:
    """Write the film once for each kind."""
    rng = np.random.default_rng(0)
    noise = (100 * rng.standard_normal((SIZE[1] + 64, SIZE[0] + 64, 1))).astype(np.int16)
    with ExitStack() as stack:
        outs = [stack.enter_context(av.open(str(path), "w")) for path in paths]
        streams = [_stream(out, options) for out, (options, _) in zip(outs, KINDS.values(), strict=True)]
        for number, picture in enumerate(pictures(film)):
            top, left = rng.integers(0, 64, 2)
            moved = noise[top : top + SIZE[1], left : left + SIZE[0]]
            for out, stream, (_, grain) in zip(outs, streams, KINDS.values(), strict=True):
                grained = np.clip(picture + moved * int(grain) // 100, 0, 255).astype(np.uint8) if grain else picture
                frame = VideoFrame.from_ndarray(grained, format="rgb24")
                frame.pts = number
                out.mux(stream.encode(frame))
        for out, stream in zip(outs, streams, strict=True):
            out.mux(stream.encode(None))


def _stream(out: OutputContainer, options: dict[str, str]) -> VideoStream:
    stream = out.add_stream("libx264", rate=RATE, options={"preset": "veryfast", "crf": "23", **options})
    stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
    return stream


def clips(folder: Path, data: Path | None) -> list[Clip]:
    """Return the drawn film's files, made where they are missing, and the real clips of 720 lines."""
    folder.mkdir(parents=True, exist_ok=True)
    film = drawn()
    paths = [folder / f"{name.replace(', ', '-').replace(' ', '-')}.mp4" for name in KINDS]
    if not all(path.exists() for path in paths):
        parts = [path.with_suffix(".part.mp4") for path in paths]
        encode(film, parts)
        for part, path in zip(parts, paths, strict=True):
            part.replace(path)
    found = [Clip(name, path, film.duration, film.cuts) for name, path in zip(KINDS, paths, strict=True)]
    for path in sorted((data / "videos").glob("*.*")) if data else []:
        capture = cv2.VideoCapture(str(path)) if path.suffix != ".json" else cv2.VideoCapture()
        if capture.get(cv2.CAP_PROP_FRAME_HEIGHT) == SIZE[1]:
            seconds = capture.get(cv2.CAP_PROP_FRAME_COUNT) / capture.get(cv2.CAP_PROP_FPS)
            found.append(Clip(path.stem, path, seconds, None))
    return found


def measured(work: Callable[[], T]) -> tuple[T, Cost]:
    """Do the work; return what it gives and what it cost."""
    before, started = _cpu(), time.perf_counter()
    result = work()
    return result, Cost(_cpu() - before, time.perf_counter() - started)


def _cpu() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def scenes(path: Path) -> list[float]:
    """Return the cuts that PySceneDetect finds, OpenCV reading every frame."""
    manager = scenedetect.SceneManager()
    manager.add_detector(scenedetect.ContentDetector())
    manager.detect_scenes(scenedetect.open_video(str(path), backend="opencv"))
    return [start.seconds for start, _ in manager.get_scene_list()[1:]]


def one_a_second(path: Path) -> Iterator[Image.Image]:
    """Yield one frame a second, OpenCV reading every frame."""
    capture = cv2.VideoCapture(str(path))
    rate, number, due = capture.get(cv2.CAP_PROP_FPS), 0, 0.0
    while True:
        there, frame = capture.read()
        if not there:
            return
        if number / rate >= due:
            due += 1.0
            yield Image.fromarray(cv2.cvtColor(frame, cv2.COLOR_BGR2RGB))
        number += 1


class Encoder:
    """A ViT-B/32 with random weights."""

    def __init__(self) -> None:
        self._model, _, self._prepare = open_clip.create_model_and_transforms("ViT-B-32")
        self._model.eval()

    def encode(self, images: Iterator[Image.Image]) -> int:
        """Encode pictures in batches; return how many there were."""
        count, batch = 0, []
        for image in images:
            batch.append(self._prepare(image))
            if len(batch) == BATCH:
                count += self._run(batch)
                batch = []
        return count + (self._run(batch) if batch else 0)

    def _run(self, batch: list[torch.Tensor]) -> int:
        with torch.inference_mode():
            return len(self._model.encode_image(torch.stack(batch)))


def f1(found: Sequence[float], true: Sequence[float]) -> float:
    """Return the F1 of cuts, each true one matched by one found within the tolerance at most."""
    left, right = list(found), 0
    for time_ in true:
        near = min(left, key=lambda other: abs(other - time_), default=None)
        if near is not None and abs(near - time_) <= TOLERANCE:
            left.remove(near)
            right += 1
    return 2 * right / (len(found) + len(true))


@dataclass(frozen=True, slots=True)
class Taken:
    """One file, taken in by us and by the peers."""

    found: Survey
    survey: Cost
    vectors: Cost
    scenes: Cost
    sampled: Cost
    peer_cuts: list[float]


def take(clip: Clip, folder: Path, encoder: Encoder) -> Taken:
    """Take one file in, with every peer, in turn."""
    found, ours = measured(lambda: survey(clip.path, folder))
    keyframes = [keyframe.path for keyframe in found.keyframes]
    _, vectors = measured(lambda: encoder.encode(Image.open(path).convert("RGB") for path in keyframes))
    cuts, scene_cost = measured(lambda: scenes(clip.path))
    _, sampled = measured(lambda: encoder.encode(one_a_second(clip.path)))
    return Taken(found, ours, vectors, scene_cost, sampled, cuts)


def say(clip: Clip, taken: Taken) -> None:
    """Print one file's figures."""
    found = taken.found
    cuts = [shot.span.start for shot in found.shots[1:]]
    ours, both = taken.survey.cpu, (taken.survey + taken.vectors).cpu
    print(
        f"{clip.name:28s} {clip.seconds:6.1f} s  (a) {ours:6.2f} s, peer {taken.scenes.cpu:6.2f} s = "
        f"{taken.scenes.cpu / ours:4.1f} x  (b) {both:6.2f} s, peer {taken.sampled.cpu:6.2f} s = "
        f"{taken.sampled.cpu / both:4.1f} x  decoded {100 * found.decoded:3.0f} %, {len(found.keyframes)} keyframes",
        end="" if clip.cuts else "\n",
    )
    if clip.cuts:
        print(f", F1 {f1(cuts, clip.cuts):.3f}, peer {f1(taken.peer_cuts, clip.cuts):.3f}", flush=True)


def say_all(name: str, taken: Sequence[Taken]) -> None:
    """Print the ratios over several files."""
    ours, vectors, scene_cost, sampled = (
        sum((getattr(each, part) for each in taken), Cost(0.0, 0.0))
        for part in ("survey", "vectors", "scenes", "sampled")
    )
    both = ours + vectors
    print(f"{name}: (a) {scene_cost.cpu / ours.cpu:.2f} x less processor time", end="")
    print(f" ({scene_cost.wall / ours.wall:.2f} x by the clock)", end="")
    print(f", (b) {sampled.cpu / both.cpu:.2f} x ({sampled.wall / both.wall:.2f} x by the clock)")


def read_screens(paths: Sequence[Path]) -> None:
    """Print what reading the words on keyframes costs, and on how many it was spared."""
    reader = ScreenReader()
    images = [np.asarray(Image.open(path).convert("RGB")) for path in paths]
    spared = sum(not may_show_text(image) for image in images)
    texts, cost = measured(lambda: [reader.read(image) for image in images])
    print(
        f"(c) {len(paths)} keyframes: {1000 * cost.cpu / len(paths):.0f} ms of the processor each, "
        f"{1000 * cost.wall / len(paths):.0f} by the clock; {100 * spared / len(paths):.0f} % spared; "
        f"words on {sum(map(bool, texts))}"
    )


def main() -> None:
    """Make the files, take them in, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--films", type=Path, help="keep the drawn films here")
    parser.add_argument("--data", type=Path, help="folder that holds videos/")
    options = parser.parse_args()
    torch.set_num_threads(1)  # threads that wait for each other would be counted
    with tempfile.TemporaryDirectory() as scratch:
        chosen = clips(options.films or Path(scratch) / "films", options.data)
        encoder = Encoder()
        encoder.encode(Image.new("RGB", SIZE) for _ in range(2))
        print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}", flush=True)
        taken = []
        for number, clip in enumerate(chosen):
            taken.append(take(clip, Path(scratch) / str(number), encoder))
            say(clip, taken[-1])
        say_all("drawn", taken[: len(KINDS)])
        if len(taken) > len(KINDS):
            say_all("real", taken[len(KINDS) :])
        read_screens([keyframe.path for each in taken for keyframe in each.found.keyframes])
        print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
