"""Lets a Python process reach this machine alone: looking up a name or connecting elsewhere fails, and is written down.

Imported by the tests' own process, and by every Python that a test starts (see `sitecustomize.py` beside it).
"""

import ipaddress
import os
import sys
from pathlib import Path

LOG = "TESTS_REACHED_OUT"
"""Variable of the environment that names the file where attempts are written down."""

_LOOKED_UP = {"socket.getaddrinfo": 0, "socket.gethostbyname": 0, "socket.gethostbyaddr": 0}
_REACHED = {"socket.connect": 1, "socket.sendto": 1, "socket.sendmsg": 1}


class ReachedOut(RuntimeError):
    """A test that wants to reach another machine."""


def install() -> None:
    """Watch this process from now on; it cannot be undone."""
    sys.addaudithook(_watch)


def attempts() -> list[str]:
    """Return what was tried so far, by this process and those that it started."""
    path = Path(os.environ[LOG])
    return path.read_text().splitlines() if path.exists() else []


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event in _LOOKED_UP:
        host = arguments[_LOOKED_UP[event]]
    elif event in _REACHED:
        address = arguments[_REACHED[event]]
        if not isinstance(address, tuple):  # of a socket that is a file, or one that is connected already
            return
        host = address[0]
    else:
        return
    if not _is_here(host):
        if log := os.environ.get(LOG):
            with open(log, "a", encoding="utf-8") as file:
                file.write(f"{event} {host!r} by {' '.join(sys.argv)[:200]!r}\n")
        raise ReachedOut(f"{event}: {host!r} is not this machine")


def _is_here(host: object) -> bool:
    name = host.decode("ascii", "replace") if isinstance(host, bytes | bytearray) else host
    if name is None or name in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(name).partition("%")[0]).is_loopback or str(name) in ("0.0.0.0", "::")
    except ValueError:
        return False
