"""Runs one decoding task in a confined child process, and hands its messages to the parent.

The parent never opens media itself: a file can crash a decoder or make it eat memory and time, and then only the
child ends. Requests go in as JSON on standard input; messages come out as a JSON header and raw bytes.
Why: docs/decisions/decoding.md.
"""

import json
import os
import selectors
import signal
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from retrieval.errors import ReadingStopped, UnreadableMedia

HEADER = struct.Struct(">II")
"""Lengths, in bytes, of a message's JSON and of the raw bytes after it."""

PACKAGE_ROOT = Path(__file__).resolve().parents[2]
LONGEST_GUESS = 600.0
"""Seconds of media assumed until the child has said how long the file is."""


@dataclass(frozen=True, slots=True)
class DecodeLimits:
    """What one decoding task may use.

    Attributes:
        memory_bytes: address space beyond what the loaded program takes.
        cpu_seconds: processor time for a file of length zero.
        cpu_per_second: processor time more for each second of media.
        wall_per_cpu: how much longer than its processor time a task may make the parent wait.
        stall_seconds: longest silence of the child before it counts as stuck.
    """

    memory_bytes: int = 3 * 1024**3
    cpu_seconds: float = 60.0
    cpu_per_second: float = 4.0
    wall_per_cpu: float = 5.0
    stall_seconds: float = 120.0

    def cpu(self, duration: float) -> float:
        """Return the processor seconds for media of `duration` seconds."""
        return self.cpu_seconds + self.cpu_per_second * max(0.0, duration)


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the child: its kind, its fields, and raw bytes (may be empty)."""

    kind: str
    fields: dict[str, Any]
    blob: bytes | bytearray


def messages(task: str, path: Path, request: dict[str, Any], limits: DecodeLimits) -> Generator[Message, None, None]:
    """Run a task on a file and yield its messages; closing the generator ends the child.

    Raises:
        UnreadableMedia: the file cannot be read, or a limit was reached.
    """
    order = json.dumps({"task": task, "path": str(path), "limits": asdict(limits), **request})
    with tempfile.TemporaryFile() as log, _started(order, log) as child:
        try:
            yield from _conversation(child, path, limits)
        finally:
            _end(child)
        if child.returncode != 0:
            raise _broken_down(child.returncode, path, log)


def _started(order: str, log: IO[bytes]) -> subprocess.Popen[bytes]:
    child = subprocess.Popen(
        [sys.executable, "-m", "retrieval.ingest.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        cwd=PACKAGE_ROOT,
        start_new_session=True,
        bufsize=0,
    )
    assert child.stdin is not None
    try:
        with child.stdin as pipe:
            pipe.write(order.encode("ascii"))
    except BrokenPipeError:
        pass  # it ended at once: its exit status says why
    return child


def _conversation(child: subprocess.Popen[bytes], path: Path, limits: DecodeLimits) -> Generator[Message, None, None]:
    pipe = _Pipe(child, path, limits)
    while head := pipe.read(HEADER.size):
        header_size, blob_size = HEADER.unpack(head)
        fields = json.loads(pipe.read(header_size))
        message = Message(fields.pop("kind"), fields, pipe.read(blob_size))
        if message.kind == "error":
            raise UnreadableMedia(fields["message"], fields["hint"])
        if message.kind == "opened":
            pipe.patience = limits.cpu(fields["duration"]) * limits.wall_per_cpu
        else:
            yield message
    child.wait()


class _Pipe:
    """Reads the child's output, and counts the time that the parent had to wait for it."""

    def __init__(self, child: subprocess.Popen[bytes], path: Path, limits: DecodeLimits) -> None:
        assert child.stdout is not None
        self._fd = child.stdout.fileno()
        self._path = path
        self._stall = limits.stall_seconds
        self._waited = 0.0
        self.patience = limits.cpu(LONGEST_GUESS) * limits.wall_per_cpu
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._fd, selectors.EVENT_READ)

    def read(self, size: int) -> bytearray:
        """Return `size` bytes, or none at the end of the output."""
        data = bytearray()
        while len(data) < size:
            self._wait()
            piece = os.read(self._fd, size - len(data))
            if not piece:
                return bytearray()
            data += piece
        return data

    def _wait(self) -> None:
        allowed = min(self._stall, self.patience - self._waited)
        began = time.monotonic()
        ready = self._selector.select(max(0.0, allowed))
        self._waited += time.monotonic() - began
        if not ready:
            raise _too_long(self._path)


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _too_long(path: Path) -> UnreadableMedia:
    return ReadingStopped(
        f"reading {path.name!r} took longer than allowed and was stopped",
        "The file may be damaged or made to keep a decoder busy; converting it may help.",
    )


def _broken_down(status: int, path: Path, log: IO[bytes]) -> UnreadableMedia:
    if status in (-signal.SIGXCPU, -signal.SIGALRM):
        return _too_long(path)
    if status == -signal.SIGKILL:
        return ReadingStopped(f"the system ended the reading of {path.name!r}, most likely for lack of memory")
    log.seek(0)
    lines = log.read().decode("utf-8", "replace").split("\n")
    said = next((line for line in reversed(lines) if line.strip()), f"exit status {status}")
    return UnreadableMedia(f"the decoder broke down on {path.name!r}; its last words: {said.strip()}")
