"""How the child process speaks to its parent, and the limits it sets itself before any media is opened."""

import json
import os
import resource
import signal
import sys
from pathlib import Path
from typing import Any, cast

import av
import av.logging
import numpy.typing as npt

from retrieval.ingest.confined import HEADER, DecodeLimits

Request = dict[str, Any]


class Port:
    """Where a task writes its messages.

    Messages go to a private copy of standard output, so that a library that prints cannot disturb them.
    """

    def __init__(self, limits: DecodeLimits) -> None:
        self._limits = limits
        self._out = os.fdopen(os.dup(1), "wb")
        os.dup2(2, 1)

    def send(self, kind: str, blob: bytes | npt.NDArray[Any] = b"", **fields: Any) -> None:
        """Write one message; `blob` is bytes or a contiguous array."""
        header = json.dumps({"kind": kind, **fields}).encode("ascii")
        raw = memoryview(cast(bytes, blob)).cast("B")
        self._out.write(HEADER.pack(len(header), len(raw)))
        self._out.write(header)
        self._out.write(raw)
        self._out.flush()

    def opened(self, duration: float) -> None:
        """Say how long the media is, in seconds; the time limits follow from it."""
        _limit(resource.RLIMIT_CPU, int(self._limits.cpu(duration)) + 1)
        self.send("opened", duration=duration)


def confine(limits: DecodeLimits) -> None:
    """Set the limits of this process."""
    # Not PyAV's own callback: it wants the interpreter's lock, which is held where a decoder is closed and its threads
    # are waited for. Complaints go to standard error: see media.complaints.
    av.logging.set_libav_level(av.logging.ERROR)
    av.logging.restore_default_callback()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_CPU, int(limits.cpu(0.0)) + 1)
    _limit(resource.RLIMIT_AS, _address_space() + limits.memory_bytes)


def _limit(which: int, value: int) -> None:
    hard = resource.getrlimit(which)[1]
    soft = value if hard == resource.RLIM_INFINITY else min(value, hard)
    try:
        resource.setrlimit(which, (soft, hard))
    except (ValueError, OSError) as error:
        print(f"a limit could not be set: {error}", file=sys.stderr)


def _address_space() -> int:
    statm = Path("/proc/self/statm")
    if not statm.exists():
        return 0
    return int(statm.read_text().split()[0]) * resource.getpagesize()
