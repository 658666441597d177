"""Pictures to search with, read from files of any origin."""

import warnings
from pathlib import Path

from PIL import Image

from bot.errors import PictureUnreadable

Picture = str | Path | Image.Image
"""A picture, or where one is."""


def picture(given: Picture) -> Image.Image:
    """Read a picture from a file; one that was read already comes back as it is.

    Raises:
        PictureUnreadable: the file holds no picture, or one that is too large.
    """
    if isinstance(given, Image.Image):
        return given
    try:
        with (
            warnings.catch_warnings(action="error", category=Image.DecompressionBombWarning),
            Image.open(given) as opened,
        ):
            return opened.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureUnreadable(
            f"{str(given)!r} is not a picture that can be read", "Give a JPEG or PNG file."
        ) from error
