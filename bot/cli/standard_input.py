"""What a pipe or a person gives on standard input, where `-` stands for it."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from bot.cli.output import complain
from bot.errors import UsageError

MARK = "-"
"""Stands for standard input, in place of a text or a file."""


def is_marked(given: str | Path | None) -> bool:
    """Tell whether standard input is meant."""
    return given is not None and str(given) == MARK


def typed_text(awaited: str, most: int) -> str:
    """Return the text of standard input; at a terminal it is said what is awaited.

    Args:
        awaited: what is to be given, such as "your question".
        most: bytes at most.

    Raises:
        UsageError: it is closed, too long, or no text in UTF-8.
    """
    content = _opened(awaited).read(most + 1)
    if len(content) > most:
        raise UsageError(f"standard input holds more than {most:,} bytes", "Give less at once.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError("standard input is not a text in UTF-8", "Save it as UTF-8.") from error


@contextmanager
def file_or_input(file: Path, awaited: str, most: int) -> Iterator[Path]:
    """Yield a file, or for `-` one that holds what standard input gives, and which is deleted in the end.

    Args:
        file: the file, or `-`.
        awaited: as above.
        most: bytes that whoever reads the file takes; of longer input a few more are kept, so that it is refused.

    Raises:
        UsageError: standard input is closed.
    """
    if not is_marked(file):
        yield file
        return
    given = _opened(awaited)
    with tempfile.TemporaryDirectory(prefix="vdialog-") as folder:
        kept = Path(folder) / "standard input"
        with kept.open("wb") as copy:
            left = most + 1
            while left > 0 and (piece := given.read(min(left, 1 << 20))):
                copy.write(piece)
                left -= len(piece)
        yield kept


def _opened(awaited: str) -> BinaryIO:
    if sys.stdin is None or sys.stdin.closed:
        raise UsageError("standard input is closed", f"Pipe {awaited} in, or do not give {MARK}.")
    if sys.stdin.isatty():
        complain(f"Type {awaited}; Ctrl+D on an empty line ends it.")
    return sys.stdin.buffer
