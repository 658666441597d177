"""The one place that opens pictures, and so the list of the kinds that are opened at all.

Pillow tries every kind it knows, whatever a file is called, and some start other programs. A keyframe is a JPEG that
was written here; pictures of others are read in a confined child process (`retrieval.ingest.pictures`).
"""

from pathlib import Path
from typing import BinaryIO

from PIL import Image, ImageFile

KINDS = ("JPEG", "PNG", "WEBP", "GIF")
"""What a picture of a user may be, by Pillow's names."""

BEGINNINGS = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG", b"RIFF": "WEBP", b"GIF8": "GIF"}
"""How the bytes of each kind begin."""


def read_keyframe(path: Path) -> Image.Image:
    """Return a keyframe of the library, RGB.

    Raises:
        OSError: it is gone, damaged, or no JPEG.
    """
    with Image.open(path, formats=("JPEG",)) as opened:
        return opened.convert("RGB")


def of_a_user(file: BinaryIO) -> Image.Image:
    """Return the picture in a file of any origin, not yet decoded; of a moving one it is the first.

    Raises:
        OSError: it is none of `KINDS`.
        Image.DecompressionBombError: it has too many pixels.
    """
    head = file.read(16)
    file.seek(0)
    kind = next((kind for beginning, kind in BEGINNINGS.items() if head.startswith(beginning)), None)
    if kind is None:
        raise OSError("it is no JPEG, PNG, WebP or GIF")
    return Image.open(file, formats=(kind,))


def decoded(given: Image.Image) -> Image.Image:
    """Return a picture that a program hands over, RGB. It may be a file that is read only now.

    Raises:
        OSError: it is a file of none of `KINDS`, or damaged.
    """
    if isinstance(given, ImageFile.ImageFile) and given.format not in KINDS:
        raise OSError("it is no JPEG, PNG, WebP or GIF")
    return given.convert("RGB")
