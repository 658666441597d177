"""The door of the Python interface: what is given is of the type that is meant, or a TypeError says so at once."""

import os
from collections.abc import Callable, Iterable
from types import NoneType
from typing import Final

from PIL import Image

from bot.dialogue.messages import Citation
from retrieval.types import TimeSpan

PATH: Final = (str, os.PathLike)
PICTURE: Final = (str, os.PathLike, Image.Image, NoneType)
TIME: Final = (int, float, str, NoneType)
SHOWN: Final = (int, Citation)
TEXT_OR_NONE: Final = (str, NoneType)


def check(name: str, given: object, *kinds: type) -> None:
    """Check that an argument is of one of these types; True and False are no numbers.

    Raises:
        TypeError: it is of another.
    """
    if not isinstance(given, kinds) or (isinstance(given, bool) and bool not in kinds):
        raise wrong(name, " or ".join("None" if kind is NoneType else kind.__name__ for kind in kinds), given)


def wrong(name: str, meant: str, given: object) -> TypeError:
    """Return what to say of an argument of another type than is meant."""
    return TypeError(f"{name} must be {meant}, not {type(given).__name__}")


def names(name: str, given: object) -> tuple[str, ...]:
    """Return the names that are given: one, or several.

    Raises:
        TypeError: they are not texts.
    """
    if isinstance(given, str):
        return (given,)
    if not isinstance(given, Iterable) or isinstance(given, bytes):
        raise wrong(name, "str or several", given)
    listed = tuple(given)
    for one in listed:
        check(f"each of {name}", one, str)
    return listed


def check_spanned(name: str, given: object) -> None:
    """Check that an argument is a text, or lies somewhere in a video.

    Raises:
        TypeError: it is neither.
    """
    lies = isinstance(getattr(given, "span", None), TimeSpan) and isinstance(getattr(given, "video_id", None), str)
    if not (lies or isinstance(given, str)):
        raise wrong(name, "str, Citation, Hit or Moment", given)


def check_called(name: str, given: Callable[..., object] | None) -> None:
    """Check that an argument can be called, where it is given.

    Raises:
        TypeError: it cannot.
    """
    if given is not None and not callable(given):
        raise wrong(name, "a function or None", given)
