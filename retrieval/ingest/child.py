"""The confined child process: takes one request, does one decoding task under limits, writes messages.

Run as a program by `retrieval.ingest.confined`. Limits are set before any media is opened.
"""

import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import av
import av.logging
import numpy.typing as npt

from retrieval.errors import UnreadableMedia
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


def main() -> None:
    """Do the task that standard input asks for."""
    request: Request = json.load(sys.stdin.buffer)
    limits = DecodeLimits(**request["limits"])
    port = Port(limits)
    task = _task(request["task"])
    _confine(limits)
    try:
        task(port, Path(request["path"]), request)
    except UnreadableMedia as error:
        port.send("error", message=error.message, hint=error.hint)
    except MemoryError:
        port.send("error", message=f"{Path(request['path']).name!r} needs more memory than allowed", hint="")
    except BrokenPipeError:
        os._exit(0)  # the parent has gone


def _task(name: str) -> Callable[[Port, Path, Request], None]:
    # Imported here, so that reading a few frames does not wait for the shot detector to load.
    if name in ("survey", "grab"):
        import retrieval.ingest.surveying as surveying

        return surveying.survey if name == "survey" else surveying.grab
    if name == "cut":
        import retrieval.ingest.cutting as cutting

        return cutting.cut
    if name == "audio":
        import retrieval.ingest.sound as sound

        return sound.audio
    import retrieval.ingest.reading as reading

    return {
        "probe": reading.probe,
        "frames": reading.frames,
        "subtitles": reading.subtitles,
    }[name]


def _confine(limits: DecodeLimits) -> None:
    av.logging.restore_default_callback()  # the decoders' complaints go to standard error: see media.complaints
    av.logging.set_level(av.logging.ERROR)
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


if __name__ == "__main__":
    main()
