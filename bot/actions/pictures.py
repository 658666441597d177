"""Pictures to search with, read from files of any origin."""

from pathlib import Path

from PIL import Image

from bot.errors import PictureUnreadable
from retrieval.errors import UnreadableMedia
from retrieval.ingest.pictures import read_picture
from retrieval.pictures import decoded

Picture = str | Path | Image.Image
"""A picture, or where one is."""


def picture(given: Picture) -> Image.Image:
    """Return a picture, RGB: of a file, which is read in a confined child process, or one that was read already.

    Raises:
        PictureUnreadable: it is no JPEG, PNG, WebP or GIF, no plain file, damaged, or too large.
    """
    try:
        return decoded(given) if isinstance(given, Image.Image) else read_picture(Path(given))
    except UnreadableMedia as error:
        raise PictureUnreadable(error.message, error.hint) from error
    except (OSError, ValueError, SyntaxError) as error:
        raise PictureUnreadable(f"the picture cannot be read: {error}", "Give a JPEG, PNG, WebP or GIF.") from error
