"""Options that several commands share, and how their values are read."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import PictureUnreadable

if TYPE_CHECKING:
    from PIL import Image

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
NoVision = Annotated[bool, typer.Option("--no-vision", help="Let nobody look at frames.")]
FailEmpty = Annotated[bool, typer.Option("--fail-empty", help="Exit with 5 where nothing is found.")]


def named(text: str) -> str:
    """Return the name of a collection.

    Raises:
        typer.BadParameter: it is empty, or no text that can be kept.
    """
    from retrieval.types import whole

    if not text.strip() or whole(text) != text:
        raise typer.BadParameter(f"{text!r} cannot name a collection")
    return text


Collection = Annotated[
    str | None,
    typer.Option(
        "--collection",
        metavar="C",
        parser=named,
        help="Collection; default: the setting VDIALOG_COLLECTION.",
        show_default=False,
    ),
]
Picture = Annotated[
    Path | None,
    typer.Option("--image", metavar="FILE", exists=True, dir_okay=False, help="A picture to search with."),
]


def time(text: str) -> float:
    """Read a time given as seconds, mm:ss or hh:mm:ss.

    Raises:
        typer.BadParameter: it is none of these.
    """
    from bot.dialogue.planning.times import seconds

    try:
        return seconds(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not a time: give seconds, mm:ss or hh:mm:ss") from error


def picture(path: Path) -> "Image.Image":
    """Read a picture from a file.

    Raises:
        PictureUnreadable: the file holds no picture, or one that is too large.
    """
    import warnings

    from PIL import Image

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
