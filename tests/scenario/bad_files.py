"""Makes the files that a folder of videos should not hold, but does. Each is as small as shows its fault."""

import os
import re
import socket
import struct
import zlib
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from tests.films import HEIGHT, RATE, WIDTH, film, picture, shots, tone, turned

INDEX_FIRST = {"movflags": "faststart"}
SIDE = 16_000
HOUR = 3600.0
COMMENT = 6
"""The kind of H.264 unit in which the encoder names itself."""

Maker = Callable[[Path], object]


def good(path: Path, number: int, seconds: float = 1.0, muxing: dict[str, str] | None = None) -> Path:
    """A sound film of one picture; each number gives other bytes."""
    return film(path, shots((number, seconds)), muxing=muxing)


def half(path: Path) -> None:
    cut(good(path, 1, 2.0), path.stat().st_size // 2)


def half_with_its_index(path: Path) -> None:
    film(path, shots((2, 2.0), (3, 2.0), (4, 2.0)), options={"g": "10"}, muxing=INDEX_FIRST)
    cut(path, path.stat().st_size * 6 // 10)


def without_its_end(path: Path) -> None:
    cut(good(path, 5, 2.0), path.stat().st_size - 2_000)


def cut(path: Path, size: int) -> None:
    os.truncate(path, size)


def flipped(path: Path) -> None:
    film(path, shots((6, 2.0), (7, 2.0), (8, 2.0)), options={"g": "25"})
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 3_000] = bytes(byte ^ 0xA5 for byte in data[middle : middle + 3_000])
    path.write_bytes(data)


def sound_alone(path: Path) -> None:
    with av.open(str(path), "w") as out:
        stream = out.add_stream("aac", rate=16_000, layout="mono")
        out.mux(stream.encode(tone(1.0)))
        out.mux(stream.encode(None))


def two_pictures(path: Path) -> None:
    with av.open(str(path), "w") as out:
        streams = []
        for width, height in ((96, 72), (WIDTH, HEIGHT)):
            stream = out.add_stream("libx264", rate=RATE, options={"preset": "ultrafast"})
            stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
            streams.append(stream)
        for _ in range(RATE):
            for stream in streams:
                pixels = picture(9, stream.width, stream.height)
                out.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        for stream in streams:
            out.mux(stream.encode(None))


def rotated(path: Path) -> None:
    turned(good(path, 10))


def uneven(path: Path) -> None:
    film(path, [(time, picture(11)) for time in (0.0, 0.04, 0.5, 0.52, 1.9, 2.0, 3.0)])


def no_frames(path: Path) -> None:
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=RATE)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        out.start_encoding()


def says_ten_hours(path: Path) -> None:
    """Two seconds whose header says ten hours."""
    good(path, 12, 2.0)
    data = bytearray(path.read_bytes())
    for box, place in ((b"mvhd", 16), (b"mdhd", 16)):
        at = data.index(box) + 4
        scale = struct.unpack_from(">I", data, at + place - 4)[0]
        struct.pack_into(">I", data, at + place, round(10 * HOUR * scale))
    path.write_bytes(data)


def says_a_minute(path: Path) -> None:
    """Two seconds of Matroska, where one number says how long it is: a minute."""
    good(path, 17, 2.0)
    data = bytearray(path.read_bytes())
    length = data.index(b"\x44\x89\x88") + 3
    data[length : length + 8] = struct.pack(">d", 60_000.0)
    path.write_bytes(data)


def says_a_blink(path: Path) -> None:
    """Two seconds whose header says a tenth of one."""
    good(path, 13, 2.0)
    data = bytearray(path.read_bytes())
    for box in (b"mvhd", b"mdhd"):
        at = data.index(box) + 4
        struct.pack_into(">I", data, at + 16, struct.unpack_from(">I", data, at + 12)[0] // 10)
    path.write_bytes(data)


def before_zero(path: Path) -> None:
    frames = [(time - 0.5, image) for time, image in shots((14, 2.0))]
    film(path, frames, muxing={"avoid_negative_ts": "disabled"})


def without_stamps(path: Path) -> None:
    """A bare H.264 stream: no container, no stamps."""
    film(path.with_suffix(".h264"), shots((15, 1.0)))
    path.with_suffix(".h264").rename(path)


def zeros_deflated(size: int) -> bytes:
    """Return `size` zero bytes in zlib's form, without ever holding them."""
    block = 2**20
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    whole = packer.compress(bytes(block)) + packer.flush(zlib.Z_FULL_FLUSH)
    last = zlib.compressobj(9, zlib.DEFLATED, -15)
    rest = last.compress(bytes(size % block)) + last.flush()
    checksum = (size % 65_521) << 16 | 1
    return b"\x78\xda" + whole * (size // block) + rest + struct.pack(">I", checksum)


def huge_png() -> bytes:
    """A PNG of 16,000 x 16,000 black pixels: 768 MB once it is unpacked."""
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zeros_deflated(SIDE * (3 * SIDE + 1))), (b"IEND", b""))
    packed = (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def three_huge_pngs(path: Path) -> None:
    with av.open(str(path), "w") as out:
        stream = out.add_stream("png", rate=1)
        stream.width, stream.height, stream.pix_fmt = SIDE, SIDE, "rgb24"
        still = huge_png()
        for number in range(3):
            _add(out, stream, still, number)


def long_still(path: Path, hours: float) -> None:
    """One picture, once a second, for hours, in a few bytes each."""
    with av.open(str(path), "w", format="matroska") as out:
        stream = out.add_stream("libx264", rate=1, options={"preset": "ultrafast", "tune": "zerolatency"})
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1)
        frame = av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="rgb24")
        coded = bytes((stream.encode(frame) + stream.encode(None))[0])
        units = [unit for unit in re.split(rb"\x00\x00\x00?\x01", coded) if unit and unit[0] & 31 != COMMENT]
        still = b"".join(b"\x00\x00\x00\x01" + unit for unit in units)
        for number in range(round(hours * HOUR)):
            _add(out, stream, still, number)


def _add(out: av.container.OutputContainer, stream: av.VideoStream, data: bytes, second: int) -> None:
    packet: av.Packet[av.VideoStream] = av.Packet(data)
    packet.stream, packet.time_base, packet.is_keyframe = stream, Fraction(1, 1), True
    packet.pts = packet.dts = second
    packet.duration = 1
    out.mux(packet)


def waiting_socket(path: Path) -> None:
    """A socket file; bound by a short relative name, since such names may have 108 bytes at most."""
    here = Path.cwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)
