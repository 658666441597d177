"""Runs commands as a person types them: in a plain shell without the virtual environment, or on a terminal."""

import os
import pty
import select
import struct
import subprocess
import sys
import time
from collections.abc import Mapping
from fcntl import ioctl
from pathlib import Path
from termios import TIOCSWINSZ

ROOT = Path(__file__).parents[1]
PROGRAM = Path(sys.executable).parent / "vdialog"
"""The installed program; it runs the sources beside these tests."""


def plain(home: Path, **more: str) -> dict[str, str]:
    """Return the environment of a plain shell, in which `vdialog` is not found, with a home folder of its own."""
    kept = {name: os.environ[name] for name in ("PYTHONPATH", "TESTS_REACHED_OUT") if name in os.environ}
    kept["PYTHONPATH"] = os.pathsep.join((str(ROOT), kept.get("PYTHONPATH", "")))
    own = {"PATH": "/usr/bin:/bin", "HOME": str(home), "LANG": "C.UTF-8", "OMP_WAIT_POLICY": "PASSIVE"}
    return {**kept, **own, **more}


def shell(line: str, folder: Path, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a line in bash, in a folder."""
    return subprocess.run(
        ["bash", "--norc", "-c", line],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def on_terminal(line: str, folder: Path, environment: Mapping[str, str], columns: int = 80, typed: str = "") -> str:
    """Run a line in bash on a terminal of a width, and return what it shows; `typed` is given when it asks."""
    ours, theirs = pty.openpty()
    ioctl(theirs, TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    told = {**environment, "TERM": "xterm-256color"}
    child = subprocess.Popen(
        ["bash", "--norc", "-c", line],
        cwd=folder,
        env=told,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown = b""
    deadline = time.monotonic() + 120
    try:
        while time.monotonic() < deadline and _more(ours):
            try:
                piece = os.read(ours, 65536)
            except OSError:  # the terminal is gone: the program ended
                break
            if not piece:
                break
            shown += piece
            if typed and (b"[y/N]" in shown or b"Ctrl+D" in shown):
                os.write(ours, typed.encode())
                typed = ""
    finally:
        child.kill()
        child.wait()
        os.close(ours)
    return shown.decode().replace("\r\n", "\n")


def _more(descriptor: int) -> bool:
    return bool(select.select([descriptor], [], [], 120)[0])
