"""The log of a home: when which command ran, how it ended, and under which reference an error can be found again.

It holds no text, no title, no id, no path and no question: times, names of commands and errors, places in the
program, sizes. It is its owner's alone and keeps at most `FILES` files of `LONGEST` bytes each.
"""

import json
import logging
import os
import re
import resource
import secrets
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

from retrieval.private import DATABASES

NAME = "log.txt"
LONGEST = 256 * 1024
FILES = 3
SHOWN = 20
"""Entries that are shown without a reference."""

_PACKAGES = Path(__file__).parents[2]
_OURS = ("bot/", "retrieval/", "prompts/", "demo/", "video_dialog/")
_REFERENCE = re.compile(r"[0-9a-f]{8}")

Noted = Mapping[str, object]


class Logbook:
    """The log of a home folder; nothing is written where there is no library yet, or where it cannot be.

    Args:
        home: the folder; None where it is not known.
        now: tells the time, in seconds since 1970.
    """

    def __init__(self, home: Path | None, now: Callable[[], float] = time.time) -> None:
        self._home = home
        self._now = now

    def ended(self, command: str, code: int, seconds: float) -> None:
        """Note that a command ended."""
        unit = 1 if sys.platform == "darwin" else 1024  # bytes of what the system counts in
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit // 1024**2
        self._write({"command": command, "exit": code, "seconds": round(seconds, 2), "memory_mb": memory})

    def failed(self, command: str, code: str, error: BaseException | None) -> str:
        """Note an error and return its reference, "" where it could not be noted."""
        reference = secrets.token_hex(4)
        shown = {"kinds": kinds(error), "at": places(error)}
        entry = {"command": command, "reference": reference, "error": code, **shown}
        return reference if self._write(entry) else ""

    def entries(self, reference: str | None = None) -> list[Noted]:
        """Return what was noted, the oldest first; of one reference, or the last ones."""
        names = [f"{NAME}.{number}" for number in range(FILES - 1, 0, -1)] + [NAME]
        found = [entry for name in names for entry in self._read(name)]
        return [entry for entry in found if entry.get("reference") == reference] if reference else found[-SHOWN:]

    def _read(self, name: str) -> Iterator[Noted]:
        with suppress(OSError):
            for line in ((self._home or Path()) / name).read_text(errors="replace").splitlines():
                with suppress(ValueError):
                    entry = json.loads(line)
                    if isinstance(entry, dict):
                        yield entry

    def _write(self, entry: Noted) -> bool:
        if self._home is None or not any((self._home / name).exists() for name in DATABASES):
            return False
        when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self._now()))
        try:
            handler = _Private(self._home / NAME, maxBytes=LONGEST, backupCount=FILES - 1, encoding="utf-8")
        except OSError:
            return False
        try:
            handler.handle(logging.makeLogRecord({"msg": json.dumps({"when": when, **entry})}))
        finally:
            handler.close()
        return not handler.has_failed


class _Private(RotatingFileHandler):
    """Writes files that only their owner reads, and is silent where it cannot."""

    has_failed = False

    def _open(self):  # type: ignore[no-untyped-def]
        os.close(os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
        return super()._open()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        self.has_failed = True


def is_reference(text: str) -> bool:
    """Tell whether a text can be a reference."""
    return _REFERENCE.fullmatch(text) is not None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def kinds(error: BaseException | None) -> list[str]:
    """Return the names of an error's class, and of those that it came from."""
    return [type(one).__name__ for one in _causes(error)]


def places(error: BaseException | None) -> list[str]:
    """Return where an error came about, its causes included: files, lines and functions, none of their values.

    Places of the program itself, or all where none of them is.
    """
    frames: list[traceback.FrameSummary] = []
    while error is not None:
        frames += traceback.extract_tb(error.__traceback__)
        error = error.__cause__
    ours = [frame for frame in frames if _file(frame.filename).startswith(_OURS)]
    return [f"{_file(frame.filename)}:{frame.lineno} {frame.name}" for frame in ours or frames][-12:]


def _file(name: str) -> str:
    path = Path(name)
    return str(path.relative_to(_PACKAGES)) if path.is_relative_to(_PACKAGES) else path.name
