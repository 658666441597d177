"""Films become files: H.264 in MP4, subtitles in the file or beside it, the truth as JSON.

A film appears under its name only when it is whole, and is not made again while neither the film nor the drawing
has changed. The same film on the same machine gives the same bytes.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

import av
import numpy as np
from av.subtitles.subtitle import SubtitleSet
from av.video.stream import VideoStream
from numpy.typing import NDArray

from demo.films import FADE, FPS, Film
from demo.rendering import SIZE, render
from demo.subtitles import ASS_HEADER, ass_line, sidecar_text

MANIFEST = ".made.json"
"""Beside the films: the fingerprint of each film as it was made."""

_SIDECARS = (".srt", ".vtt")
Pixels = NDArray[np.uint8]
_MILLISECOND = Fraction(1, 1000)


def write_films(folder: Path, films: Sequence[Film], on_film: Callable[[Film], None] | None = None) -> list[Path]:
    """Write the films that are missing or out of date into a folder; return the paths of all, in order.

    `on_film` is called after each film is there, made now or before. Interrupted, it leaves whole films only.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for film in films:
        if not _is_made(folder, film):
            _write_film(folder, film)
        paths.append(_path(folder, film))
        if on_film is not None:
            on_film(film)
    return paths


def write_truth(folder: Path, films: Sequence[Film]) -> list[Path]:
    """Write each film's truth as `NAME.truth.json` into a folder; return the paths, in order."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{film.name}.truth.json" for film in films]
    for film, path in zip(films, paths, strict=True):
        with _whole(path) as part:
            part.write_text(json.dumps(film.truth(), indent=2) + "\n", encoding="utf-8")
    return paths


def drawn_in(folder: Path) -> frozenset[str]:
    """Return the names of the films that were drawn in a folder."""
    return frozenset(_manifest(folder))


def fingerprint(film: Film) -> str:
    """Return a hash of the film and of the code that draws it."""
    return hashlib.sha256(f"{film!r} {_code_hash()}".encode()).hexdigest()


@cache
def _code_hash() -> str:
    sources = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()


def _path(folder: Path, film: Film) -> Path:
    return folder / f"{film.name}.mp4"


def _sidecar(folder: Path, film: Film) -> Path | None:
    return folder / f"{film.name}.{film.subtitles}" if film.subtitles in ("srt", "vtt") else None


def _is_made(folder: Path, film: Film) -> bool:
    files = (_path(folder, film), _sidecar(folder, film))
    there = all(file is None or file.exists() for file in files)
    return there and _manifest(folder).get(film.name) == fingerprint(film)


def _manifest(folder: Path) -> dict[str, str]:
    """Return the fingerprints by film; of a lost or damaged manifest, none."""
    try:
        made = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return made if isinstance(made, dict) else {}


def _write_film(folder: Path, film: Film) -> None:
    for suffix in _SIDECARS:  # of an earlier version of the film
        (folder / f"{film.name}{suffix}").unlink(missing_ok=True)
    sidecar = _sidecar(folder, film)
    if sidecar is not None:
        with _whole(sidecar) as part:
            part.write_text(sidecar_text(film), encoding="utf-8")
    with _whole(_path(folder, film)) as part:
        _encode(part, film)
    made = {**_manifest(folder), film.name: fingerprint(film)}
    with _whole(folder / MANIFEST) as part:
        part.write_text(json.dumps(made, indent=2, sort_keys=True) + "\n", encoding="utf-8")


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """Give a temporary path that takes the name of `path` in the end, or vanishes when the body fails."""
    part = path.with_name(f".{path.name}.part")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _encode(path: Path, film: Film) -> None:
    with av.open(path, "w", format="mp4", options={"movflags": "+faststart"}) as container:
        container.metadata["title"] = film.title
        video = _video_stream(container, film)
        if film.subtitles == "stream":
            _add_subtitles(container, film)
        for number, image in enumerate(_frames(film)):
            image.pts = number
            container.mux(video.encode(image))
        container.mux(video.encode())


def _video_stream(container: av.container.OutputContainer, film: Film) -> VideoStream:
    # the number of threads changes the bytes, and x264's macroblock tree makes them differ from run to run
    options = {"preset": "veryfast", "crf": "23", "threads": "2", "mbtree": "0"}
    if not film.keyframes_at_cuts:
        options["sc_threshold"] = "0"
    stream = container.add_stream("libx264", rate=FPS, options=options)
    stream.width, stream.height = SIZE
    stream.pix_fmt = "yuv420p"
    stream.codec_context.gop_size = 5 * FPS
    return stream


def _frames(film: Film) -> Iterator[av.VideoFrame]:
    for shown in _shown(film):
        pictures = [np.asarray(render(film.scenes[scene], time)) for scene, time in shown.scenes]
        picture = pictures[0] if len(pictures) == 1 else _blended(pictures[0], pictures[1], shown.share)
        yield av.VideoFrame.from_ndarray(picture, format="rgb24")


@dataclass(frozen=True, slots=True)
class _Shown:
    """A frame: one scene with its time, or two of which the second has `share` of the picture, 0 to 1."""

    scenes: tuple[tuple[int, float], ...]
    share: float = 0.0


def _shown(film: Film) -> Iterator[_Shown]:
    """Yield what every frame shows; a scene's time begins where it is first seen."""
    half, bounds = FADE // 2, film.bounds
    first = [bound - half * (number in film.fades) for number, bound in enumerate(bounds)]
    for scene, (start, end) in enumerate(zip(bounds, bounds[1:], strict=False)):
        for frame in range(start, end):
            own = (scene, (frame - first[scene]) / FPS)
            if scene in film.fades and frame < start + half:
                share = (frame - start + half + 0.5) / FADE
                yield _Shown(((scene - 1, (frame - first[scene - 1]) / FPS), own), share)
            elif scene + 1 in film.fades and frame >= end - half:
                share = (frame - end + half + 0.5) / FADE
                yield _Shown((own, (scene + 1, (frame - first[scene + 1]) / FPS)), share)
            else:
                yield _Shown((own,))


def _blended(before: Pixels, after: Pixels, share: float) -> Pixels:
    mixed = before * (1 - share) + after * share
    return mixed.round().astype(np.uint8)


def _add_subtitles(container: av.container.OutputContainer, film: Film) -> None:
    """Add a text stream and all of its packets; the container interleaves them."""
    stream = container.add_stream("mov_text")
    context = stream.codec_context
    context.subtitle_header = ASS_HEADER
    context.time_base = _MILLISECOND
    for number, text in enumerate(film.subtitle_texts):
        start, length = round(text.span.start * 1000), round(text.span.duration * 1000)
        line = ass_line(number, text.text).encode()
        packet = context.encode_subtitle(SubtitleSet.create(line, 0, length, pts=start * 1000))
        packet.stream, packet.time_base = stream, _MILLISECOND
        packet.pts = packet.dts = start
        packet.duration = length
        container.mux(packet)
