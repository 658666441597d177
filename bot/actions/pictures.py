"""Pictures to search with, read from files of any origin."""

import warnings
from pathlib import Path

from PIL import Image

from bot.errors import PictureUnreadable


def picture(path: Path) -> Image.Image:
    """Read a picture from a file.

    Raises:
        PictureUnreadable: the file holds no picture, or one that is too large.
    """
    try:
        with (
            warnings.catch_warnings(action="error", category=Image.DecompressionBombWarning),
            Image.open(path) as opened,
        ):
            return opened.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureUnreadable(
            f"{str(path)!r} is not a picture that can be read", "Give a JPEG or PNG file."
        ) from error
