"""The one way to a server by HTTP: whatever it replies is bounded, and it stops for real once it is given up.

Every request of ours goes through `BoundedTransport`: those of `Server`, and those of the packages that talk with a
server themselves (`ollama`, LangChain). A reply has a limit of bytes, of bytes in a line, of seconds from the request
to its end, and of JSON in JSON. Past one of them, or when whoever asked does not want it any more, the socket is shut:
so the thread that reads it ends, wherever it waits.
"""

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import httpx
from pydantic import SecretStr

from bot.servers.giving_up import giving_up
from bot.servers.queue import POLL

CONNECTING = 5.0
"""Seconds within which a server must take a connection."""

NEARLY_THERE = 0.25
"""Seconds that a reply is read on for when its reader stops, so that one that is about to end does.

A stream of Ollama that breaks off while a word is on its way never gives its place free, and all that is asked after
it waits for ever (ollama/ollama issue 17131).
"""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a reply may have.

    Attributes:
        seconds: from the request to the end of the reply.
        total: bytes in all.
        line: bytes of one line.
        depth: lists and objects of JSON that lie in one another.
    """

    seconds: float
    total: int = 2**24
    line: int = 2**20
    depth: int = 100


class TooLong(httpx.TransportError):
    """A reply that goes on past a bound of its size."""


class TooLate(httpx.ReadTimeout):
    """A reply that did not end in time."""


class GivenUp(httpx.TransportError):
    """A reply that is not wanted any more."""


class BoundedTransport(httpx.BaseTransport):
    """Asks servers by HTTP; safe to share between threads. A connection ends with its reply.

    Args:
        bounds: of each reply.
        token: sent with each request. Without one nothing is, whatever a package finds in the environment.
    """

    def __init__(self, bounds: Bounds, token: SecretStr) -> None:
        self._bounds, self._token = bounds, token
        self._inner = httpx.HTTPTransport(limits=httpx.Limits(max_keepalive_connections=0))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and return its reply, whose body is bounded as it is read.

        Raises:
            TooLate: it did not begin in time.
            GivenUp: nobody wants it any more.
            httpx.TransportError: as any transport.
        """
        request.headers.pop("Authorization", None)
        if token := self._token.get_secret_value():
            request.headers["Authorization"] = f"Bearer {token}"
        request.headers["Accept-Encoding"] = "identity"
        watch = _Watch(self._bounds.seconds, giving_up())
        request.extensions = {**request.extensions, "trace": watch.note}
        try:
            with watch.telling():
                response = self._inner.handle_request(request)
        except BaseException:
            watch.end()
            raise
        encoding = response.headers.get("Content-Encoding", "identity")
        assert isinstance(response.stream, httpx.SyncByteStream)
        body = _Body(response.stream, self._bounds, watch)
        if encoding.lower() != "identity":  # a few bytes may become any number
            body.close()
            raise TooLong(f"its reply is packed ({encoding[:20]!r}), which nobody asked for")
        return httpx.Response(
            response.status_code, headers=response.headers, stream=body, extensions=response.extensions
        )

    def close(self) -> None:
        """End all connections."""
        self._inner.close()


class _Watch:
    """Shuts the socket of a request when its time is over, or when it is not wanted any more."""

    def __init__(self, seconds: float, unwanted: Callable[[], bool]) -> None:
        self._seconds, self._unwanted = seconds, unwanted
        self._until = time.monotonic() + seconds
        self._socket: socket.socket | None = None
        self._error: httpx.TransportError | None = None
        self._over = threading.Event()
        if unwanted():
            self._error = GivenUp("it is not wanted any more")
            raise self._error
        self._thread = threading.Thread(target=self._watch, name="watching a server", daemon=True)
        self._thread.start()

    def note(self, event: str, told: dict[str, Any]) -> None:
        """Take note of the socket once it is there; called by httpcore with all that it does."""
        if event == "connection.connect_tcp.complete":
            # a second descriptor, as the first is closed and reused by whoever reads, or becomes that of TLS
            self._socket = told["return_value"].get_extra_info("socket").dup()

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Raise what ended the socket instead of what became of reading from it."""
        try:
            yield
        except httpx.TransportError as error:
            if self._error is not None:
                raise self._error from error
            raise
        if self._error is not None:  # the end of a connection may look like the end of a reply
            raise self._error

    def hurry(self, seconds: float) -> None:
        """Leave what is watched no more than so long."""
        self._until = min(self._until, time.monotonic() + seconds)

    def end(self) -> None:
        """Watch no longer."""
        self._over.set()
        self._thread.join()
        if self._socket is not None:
            self._socket.close()

    def _watch(self) -> None:
        while not self._over.wait(max(0.0, min(POLL, self._until - time.monotonic())) if not self._error else POLL):
            if self._error is None and self._unwanted():
                self._error = GivenUp("it is not wanted any more")
            elif self._error is None and time.monotonic() >= self._until:
                self._error = TooLate(f"it took more than {self._seconds:g} seconds")
            if self._error is not None and self._socket is not None:
                with suppress(OSError):
                    self._socket.shutdown(socket.SHUT_RDWR)


class _Body(httpx.SyncByteStream):
    """The body of a reply, within bounds."""

    def __init__(self, blocks: httpx.SyncByteStream, bounds: Bounds, watch: _Watch) -> None:
        self._blocks, self._bounds, self._watch = blocks, bounds, watch
        self._ended = False

    def __iter__(self) -> Iterator[bytes]:
        total, line, nesting = 0, 0, _Nesting()
        blocks = iter(self._blocks)
        with self._watch.telling():
            for block in blocks:
                total += len(block)
                first, last = block.find(b"\n"), block.rfind(b"\n")
                longest = line + (first if first >= 0 else len(block))
                line = len(block) - last - 1 if last >= 0 else longest
                if total > self._bounds.total or max(longest, line) > self._bounds.line:
                    raise TooLong("it did not come to an end")
                if nesting.fed(block) > self._bounds.depth:
                    raise TooLong("what it sent is nested too deeply")
                try:
                    yield block
                except GeneratorExit:
                    self._watch.hurry(NEARLY_THERE)
                    with suppress(httpx.TransportError):
                        for _ in blocks:
                            pass
                    raise

    def close(self) -> None:
        if not self._ended:
            self._ended = True
            self._blocks.close()
            self._watch.end()


class _Nesting:
    """How deep the JSON of a reply is nested, as it comes. A string ends with its line at the latest."""

    _TOKEN = re.compile(rb'\\.?|["\n\[\]{}]', re.DOTALL)

    def __init__(self) -> None:
        self._depth, self._quoted, self._rest = 0, False, b""

    def fed(self, block: bytes) -> int:
        """Take the next bytes; return how deep it got."""
        deepest = self._depth
        block, self._rest = self._rest + block, b""
        for token in self._TOKEN.finditer(block):
            kind = token[0]
            if kind == b"\\":
                self._rest = kind  # what it escapes is still to come
            elif kind == b'"':
                self._quoted = not self._quoted
            elif kind == b"\n":
                self._quoted = False
            elif kind in b"[{" and not self._quoted:
                self._depth += 1
                deepest = max(deepest, self._depth)
            elif kind in b"]}" and not self._quoted:
                self._depth = max(0, self._depth - 1)
        return deepest
