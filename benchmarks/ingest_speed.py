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
from itertools import pairwise
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
from retrieval.ingest.ocr import ScreenReader, may_show_text
from retrieval.ingest.survey import Survey, survey

SIZE = (1280, 720)
RATE = 30
GRAIN = 4.0
"""Levels of grey: the grain's standard deviation."""

TOLERANCE = 0.2
BATCH = 16
T = TypeVar("T")
Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Kind:
    """A way to encode the drawn film."""

    name: str
    options: dict[str, str]
    grain: float = 0.0


KINDS = (
    Kind("keyframes at cuts", {"g": "250"}),
    Kind("none at cuts", {"g": "150", "sc_threshold": "0"}),
    Kind("none at cuts, grain", {"g": "150", "sc_threshold": "0"}, GRAIN),
)


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
    noise = rng.standard_normal((SIZE[1] + 64, SIZE[0] + 64, 1)).astype(np.float32)
    with ExitStack() as stack:
        outs = [stack.enter_context(av.open(str(path), "w")) for path in paths]
        streams = [_stream(out, kind) for out, kind in zip(outs, KINDS, strict=True)]
        for number, picture in enumerate(pictures(film)):
            top, left = rng.integers(0, 64, 2)
            grain = noise[top : top + SIZE[1], left : left + SIZE[0]]
            for out, stream, kind in zip(outs, streams, KINDS, strict=True):
                grained = np.clip(picture + kind.grain * grain, 0, 255).astype(np.uint8) if kind.grain else picture
                frame = VideoFrame.from_ndarray(grained, format="rgb24")
                frame.pts = number
                out.mux(stream.encode(frame))
        for out, stream in zip(outs, streams, strict=True):
            out.mux(stream.encode(None))


def _stream(out: OutputContainer, kind: Kind) -> VideoStream:
    stream = out.add_stream("libx264", rate=RATE, options={"preset": "veryfast", "crf": "23", **kind.options})
    stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
    return stream


def clips(folder: Path, data: Path | None) -> list[Clip]:
    """Return the drawn film's files, made where they are missing, and the real clips of 720 lines."""
    folder.mkdir(parents=True, exist_ok=True)
    film = drawn()
    paths = [folder / f"{kind.name.replace(', ', '-').replace(' ', '-')}.mp4" for kind in KINDS]
    if not all(path.exists() for path in paths):
        parts = [path.with_suffix(".part.mp4") for path in paths]
        encode(film, parts)
        for part, path in zip(parts, paths, strict=True):
            part.replace(path)
    found = [Clip(kind.name, path, film.duration, film.cuts) for kind, path in zip(KINDS, paths, strict=True)]
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
