"""Files that a person has written: an existing one is kept unless they say otherwise, and what goes wrong is said."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import DiskFull, UsageError
from retrieval.private import shared


@contextmanager
def writing(target: Path, overwrite: bool = False) -> Iterator[None]:
    """Check that a file may be written, and let what goes wrong inside be said of the file as it was given.

    Raises:
        UsageError: its folder is not there, it is there and may not be replaced, or it cannot be written.
        DiskFull: there is no room for it.
    """
    try:
        check_target(target, overwrite)
        is_there = target.exists()
        yield
        if not is_there:
            shared(target)
    except FileExistsError as error:
        raise _already_there(target) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(str(target)) from error
        raise _unwritable(target, error.strerror or str(error)) from error


def check_target(target: Path, overwrite: bool = False) -> None:
    """Check that a file may be written: its folder is there, and what is there already may be replaced.

    Raises:
        UsageError: it may not.
    """
    try:
        folder = target.absolute().parent
        is_there = os.access(target, os.F_OK)
    except ValueError as error:
        raise _unwritable(target, str(error)) from error
    if not os.path.isdir(folder):
        raise UsageError(f"the folder {str(folder)!r} does not exist", "Make it first.")
    if os.path.isdir(target):
        raise _unwritable(target, "it is a folder")
    if is_there and not overwrite:
        raise _already_there(target)


def write_text(target: Path, text: str, overwrite: bool = False) -> None:
    """Write a text to a file.

    Raises:
        UsageError: the file cannot be written, or it is there and may not be replaced.
        DiskFull: there is no room for it.
    """
    with writing(target, overwrite), target.open("w" if overwrite else "x", encoding="utf-8") as file:
        file.write(text)


def _already_there(target: Path) -> UsageError:
    return UsageError(
        f"{str(target)!r} already exists",
        "Give another name; a command replaces the file with --overwrite, Python with overwrite=True.",
    )


def _unwritable(target: Path, reason: str) -> UsageError:
    return UsageError(f"{str(target)!r} cannot be written: {reason}", "Name a file in a folder that you can write to.")
