"""What a node of OpenSearch may reply: so many bytes, in so many seconds, and nothing that is packed.

The limit of urllib3 is one between two bytes, so a node that sends one now and then would never reach it; and it reads
whatever comes.
"""

import http.client
import socket
import threading
from contextlib import suppress
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

LONGEST = 2**26
"""Bytes of a reply."""

PATIENCE = 30.0
"""Seconds for a reply where no limit is set."""


def bounded(pool: HTTPConnectionPool) -> None:
    """Let the connections of a pool bound what they read; the limit of time is the one that a request has."""
    pool.ConnectionCls = _BoundedSecure if isinstance(pool, HTTPSConnectionPool) else _Bounded


class _TooLong(http.client.HTTPException):
    """A reply past its bounds."""


class _Counted:
    """The bytes of a reply as they come, counted."""

    def __init__(self, file: Any) -> None:
        self._file, self._left = file, LONGEST

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def read(self, *size: int) -> bytes:
        # one byte more than is allowed: what says that it has no end is not believed
        asked = size[0] if size and size[0] is not None and size[0] >= 0 else self._left + 1
        return self._took(self._file.read(min(asked, self._left + 1)))

    def read1(self, *size: int) -> bytes:
        return self._took(self._file.read1(*size))

    def readline(self, *size: int) -> bytes:
        return self._took(self._file.readline(*size))

    def readinto(self, buffer: Any) -> int:
        count: int = self._file.readinto(buffer)
        self._took(b"", count)
        return count

    def _took(self, data: bytes, count: int = 0) -> bytes:
        self._left -= len(data) + count
        if self._left < 0:
            raise _TooLong("its reply did not come to an end")
        return data


class _Reply(http.client.HTTPResponse):
    """A reply, whose body is counted."""

    def begin(self) -> None:
        super().begin()
        if self.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise _TooLong("its reply is packed, which nobody asked for")
        if self.fp is not None:
            self.fp = _Counted(self.fp)  # type: ignore[assignment]


class _InTime:
    """A connection that shuts its socket when a reply takes too long."""

    response_class: Any = _Reply
    sock: socket.socket | None

    def getresponse(self) -> Any:
        """Return the reply, read to its end.

        Raises:
            TimeoutError: it did not end in time.
        """
        connected, late = self.sock, threading.Event()
        assert connected is not None

        def shut() -> None:
            late.set()
            with suppress(OSError):
                socket.socket.shutdown(connected, socket.SHUT_RDWR)  # not TLS's own, which may wait

        limit = threading.Timer(connected.gettimeout() or PATIENCE, shut)
        limit.daemon = True
        limit.start()
        try:
            reply = super().getresponse()  # type: ignore[misc]
        except Exception as error:
            if late.is_set():
                raise TimeoutError("the reply did not end in time") from error
            raise
        finally:
            limit.cancel()
        if late.is_set():  # the end of the connection looked like the end of the reply
            raise TimeoutError("the reply did not end in time")
        return reply


class _Bounded(_InTime, HTTPConnection):
    pass


class _BoundedSecure(_InTime, HTTPSConnection):
    pass
