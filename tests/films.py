"""Small films for the tests, made on the spot."""

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame

Image = npt.NDArray[np.uint8]

WIDTH, HEIGHT, RATE = 192, 144, 25
TICK = Fraction(1, 1000)


def picture(number: int, width: int = WIDTH, height: int = HEIGHT) -> Image:
    """A picture of coloured squares, different for each number."""
    squares = np.random.default_rng(number).integers(0, 255, (6, 8, 3), dtype=np.uint8)
    return np.kron(squares, np.ones((height // 6, width // 8, 1), np.uint8))


def shots(*lengths: tuple[int, float]) -> list[tuple[float, Image]]:
    """Frames of still shots, given as pairs of picture number and seconds."""
    pictures = [picture(number) for number, seconds in lengths for _ in range(round(seconds * RATE))]
    return [(place / RATE, image) for place, image in enumerate(pictures)]


def film(
    path: Path,
    frames: Iterable[tuple[float, Image]],
    codec: str = "libx264",
    pixels: str = "yuv420p",
    options: dict[str, str] | None = None,
    sound: float = 0.0,
    sound_start: float = 0.0,
    muxing: dict[str, str] | None = None,
) -> Path:
    """Write a film of frames with their times, with `sound` seconds of a tone."""
    frames = list(frames)
    height, width = frames[0][1].shape[:2]
    with av.open(str(path), "w", options=muxing or {}) as out:
        stream = out.add_stream(codec, rate=RATE, options=options or {"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = width, height, pixels
        stream.codec_context.time_base = TICK
        hearing = out.add_stream("aac", rate=16_000, layout="mono") if sound else None
        for time, image in frames:
            frame = VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts, frame.time_base = round(time / TICK), TICK
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
        if hearing is not None:
            out.mux(hearing.encode(tone(sound, sound_start)))
            out.mux(hearing.encode(None))
    return path


def tone(seconds: float, start: float = 0.0) -> AudioFrame:
    """A tone of 440 Hz."""
    wave = 0.5 * np.sin(np.arange(round(seconds * 16_000)) * 2 * np.pi * 440 / 16_000)
    frame = AudioFrame.from_ndarray(wave.astype(np.float32)[None], format="fltp", layout="mono")
    frame.sample_rate, frame.time_base, frame.pts = 16_000, Fraction(1, 16_000), round(start * 16_000)
    return frame


def turned(path: Path) -> Path:
    """Set the flag in an MP4 film that says: show it a quarter turn clockwise."""
    data = bytearray(path.read_bytes())
    matrix = data.index(b"tkhd") + 4 + 40
    one, minus = (1 << 16).to_bytes(4, "big"), ((1 << 32) - (1 << 16)).to_bytes(4, "big")
    zero = bytes(4)
    width = (HEIGHT << 16).to_bytes(4, "big")
    data[matrix : matrix + 36] = zero + one + zero + minus + zero + zero + width + zero + (1 << 30).to_bytes(4, "big")
    path.write_bytes(data)
    return path
