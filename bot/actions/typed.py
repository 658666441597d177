"""Times, handles, paths and names as people type them."""

import os
import re
from collections.abc import Iterable
from pathlib import Path

from bot.dialogue.reading.clock import seconds
from bot.errors import UsageError
from retrieval.ingest import annotations
from retrieval.sizes import LONGEST_ID, unfit_name
from retrieval.types import DROPPABLE, TextKind

MOST_CAPTIONS = annotations.MAX_BYTES
"""Bytes of a captions file; larger ones are refused."""


def time(text: str | float) -> float:
    """Return a time in seconds, given as seconds, mm:ss or hh:mm:ss.

    Raises:
        UsageError: it is none of these.
    """
    try:
        return seconds(str(text))
    except ValueError as error:
        raise UsageError(f"{text!r} is not a time: give seconds, mm:ss or hh:mm:ss", "Such as 75 or 1:15.") from error


def path(given: str | os.PathLike[str]) -> Path:
    """Return a path as it is given: an empty text is none, though the system takes it for the current folder.

    Raises:
        UsageError: it is empty, or holds a character that no path has.
    """
    text = os.fspath(given)
    if not text:
        raise UsageError("an empty text is not a path", "Name a file or a folder; `.` is the current folder.")
    if "\0" in text:
        raise UsageError(f"{text!r} is not a path: it holds a NUL", "Name a file or a folder.")
    return Path(given)


def collection_name(text: str) -> str:
    """Return the name of a collection.

    Raises:
        UsageError: it is empty, or no text that can be kept.
    """
    if unfit := unfit_name(text):
        raise UsageError(f"{text[:LONGEST_ID]!r} cannot name a collection: it {unfit}", "Give another name.")
    return text


def text_kinds(names: Iterable[str]) -> list[TextKind]:
    """Return kinds of text that can be taken away, by their names.

    Raises:
        UsageError: there is no such kind.
    """
    known: dict[str, TextKind] = {kind: kind for kind in DROPPABLE}
    for name in names:
        if name not in known:
            raise UsageError(f"{name!r} is no kind of text that can be dropped", f"There are: {', '.join(known)}.")
    return [known[name] for name in names]


def handle_of(text: str) -> int | None:
    """Return the number that names a moment, `2` or `[2]`; None for no text.

    Raises:
        UsageError: it is something else.
    """
    if not text:
        return None
    found = re.fullmatch(r"\[?(\d{1,9})\]?", text)
    if found is None:
        raise UsageError(f"{text!r} is not the number of a moment", "Moments are named by their numbers, such as 2.")
    return int(found[1])
