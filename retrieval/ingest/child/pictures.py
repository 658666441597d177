"""The child's task of reading a picture of a user."""

import os
import stat
import warnings
from pathlib import Path

import numpy as np
from PIL import Image

from retrieval.errors import UnreadableMedia
from retrieval.ingest.child.port import Port, Request
from retrieval.pictures import of_a_user

MOST_BYTES = 64 * 2**20
"""Of a file that is read as a picture."""

LONGEST = 4096
"""Pixels of the longer side of what is sent; models look at far fewer."""

HINT = "Give a JPEG, PNG, WebP or GIF file."


def picture(port: Port, path: Path, request: Request) -> None:
    """Send the pixels of a picture: RGB, one byte each."""
    port.opened(0.0)
    with os.fdopen(_plain(path), "rb") as file:
        try:
            with (
                warnings.catch_warnings(action="error", category=Image.DecompressionBombWarning),
                of_a_user(file) as opened,
            ):
                opened.draft("RGB", (LONGEST, LONGEST))
                shown = opened.convert("RGB")
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise UnreadableMedia(f"{path.name!r} has too many pixels", "Make it smaller.") from error
        except (OSError, ValueError, SyntaxError, EOFError) as error:
            raise UnreadableMedia(f"{path.name!r} is not a picture that can be read", HINT) from error
    shown.thumbnail((LONGEST, LONGEST))
    port.send("picture", np.ascontiguousarray(shown), width=shown.width, height=shown.height)


def _plain(path: Path) -> int:
    """Open a plain file; what it is is asked of what was opened, without waiting for whoever writes to a pipe."""
    try:
        opens = stat.S_ISREG(os.stat(path).st_mode)  # opening some devices does something
        opened = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC) if opens else -1
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise UnreadableMedia(f"{path.name!r} cannot be read: {why}", HINT) from error
    status = os.fstat(opened) if opens else None
    if status is None or not stat.S_ISREG(status.st_mode) or status.st_size > MOST_BYTES:
        if opens:
            os.close(opened)
        large = status is not None and stat.S_ISREG(status.st_mode)
        raise UnreadableMedia(f"{path.name!r} is {'too large' if large else 'not a plain file'}", HINT)
    return opened
