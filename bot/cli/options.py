"""Options that several commands share, and how their values are read."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from bot.errors import UsageError

G = TypeVar("G")
R = TypeVar("R")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace FILE where it exists.")]
NoVision = Annotated[bool, typer.Option("--no-vision", help="Let nobody look at frames.")]
FailEmpty = Annotated[bool, typer.Option("--fail-empty", help="Exit with 5 where nothing is found.")]


def read(reader: Callable[[G], R], given: G) -> R:
    """Read an option's value; what is wrong with it is wrong usage.

    Raises:
        typer.BadParameter: it cannot be read.
    """
    try:
        return reader(given)
    except UsageError as error:
        raise typer.BadParameter(error.message) from error


def named(text: str) -> str:
    """Return the name of a collection.

    Raises:
        typer.BadParameter: it is empty, or no text that can be kept.
    """
    from bot.actions import typed

    return read(typed.collection_name, text)


def path(text: str | Path) -> Path:
    """Read a path, which is not empty.

    Raises:
        typer.BadParameter: it is.
    """
    from bot.actions import typed

    return read(typed.path, text)


def existing(text: str | Path) -> Path:
    """Read the path of a file or a folder that is there.

    Raises:
        typer.BadParameter: it is empty, or there is nothing.
    """
    if not path(text).exists():
        raise typer.BadParameter(f"Path {str(text)!r} does not exist.")
    return Path(text)


def file_or_dash(text: str | Path) -> Path:
    """Read the path of a file that is there, or `-`, which stands for standard input.

    Raises:
        typer.BadParameter: it is empty, there is nothing, or it is a folder.
    """
    if str(text) == "-":
        return Path(text)
    if existing(text).is_dir():
        raise typer.BadParameter(f"Path {str(text)!r} is a folder, and a file is needed.")
    return Path(text)


_VIDEO = "Only in this video; may be repeated."
_COLLECTION = "Only in this collection; may be repeated."

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
PictureOption = Annotated[
    Path | None,
    typer.Option("--image", metavar="FILE", exists=True, dir_okay=False, help="A picture to search with."),
]


WithinVideos = Annotated[list[str] | None, typer.Option("--video", metavar="ID", help=_VIDEO)]
WithinCollections = Annotated[list[str] | None, typer.Option("--collection", metavar="C", help=_COLLECTION)]


def time(text: str) -> float:
    """Read a time given as seconds, mm:ss or hh:mm:ss.

    Raises:
        typer.BadParameter: it is none of these.
    """
    from bot.actions import typed

    return read(typed.time, text)


From = Annotated[
    float | None, typer.Option("--from", metavar="S", parser=time, help="Only from this time: seconds or mm:ss.")
]
To = Annotated[float | None, typer.Option("--to", metavar="S", parser=time, help="Only up to this time.")]
