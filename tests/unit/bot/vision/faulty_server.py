"""A small HTTP server that fails in every way a server of a model can fail."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Act = Callable[["Request"], None]
"""What is done with a request."""


class Request(BaseHTTPRequestHandler):
    """A request, and what can be done with it."""

    protocol_version = "HTTP/1.1"
    server: "FaultyServer"

    def do_POST(self) -> None:
        self.body: dict[str, Any] = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
        self._act()

    def do_GET(self) -> None:
        self.body = {}
        self._act()

    def reply(self, status: int, text: str, kind: str = "application/json") -> None:
        """Send a whole reply."""
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def reply_packed(self, data: bytes) -> None:
        """Send a whole reply of packed bytes."""
        self.send_response(200)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def begin(self, status: int = 200) -> None:
        """Begin a reply that comes in chunks."""
        self.send_response(status)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def chunk(self, text: str) -> None:
        data = text.encode()
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def end(self) -> None:
        self.wfile.write(b"0\r\n\r\n")

    def lines(self, *parts: Any) -> None:
        """Send lines of JSON and end."""
        self.begin()
        for part in parts:
            self.chunk(part if isinstance(part, str) else json.dumps(part) + "\n")
        self.end()

    def hang_up(self) -> None:
        """End the connection without another word."""
        self.close_connection = True

    def wait(self, seconds: float) -> None:
        """Do nothing, as long as the test lasts."""
        self.server.over.wait(seconds)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def _act(self) -> None:
        self.server.asked.append((self.path, self.body, dict(self.headers)))
        self.server.serving.append(self.connection)
        acts = self.server.acts
        act = acts.pop(0) if len(acts) > 1 else acts[0]
        try:
            act(self)
        except (BrokenPipeError, ConnectionResetError):
            self.server.left.append(time.monotonic())
            self.close_connection = True


def _open(connection: socket.socket) -> bool:
    try:
        return connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False


class FaultyServer(ThreadingHTTPServer):
    """Does with each request what comes next in `acts`; the last is done for ever.

    Attributes:
        acts: see above; may be changed at any time.
        asked: path, body and headers of each request.
        left: when those who asked went away before the end.
    """

    daemon_threads = True

    def __init__(self, acts: list[Act]) -> None:
        super().__init__(("127.0.0.1", 0), Request)
        self.acts = acts
        self.asked: list[tuple[str, dict[str, Any], dict[str, str]]] = []
        self.left: list[float] = []
        self.serving: list[socket.socket] = []
        self.over = threading.Event()

    def connected(self) -> int:
        """Return how many connections are open whose other side is."""
        return sum(map(_open, self.serving))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@contextmanager
def faulty(*acts: Act) -> Iterator[FaultyServer]:
    """Run a server; ended with all that it is doing at the end of the block."""
    with FaultyServer(list(acts)) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            server.shutdown()
            thread.join()


def dripping(head: bytes) -> Act:
    """Begin in this way, then send a byte now and then, for a minute: no single wait is long."""

    def act(request: Request) -> None:
        request.wfile.write(head)
        for _ in range(600):
            request.wfile.write(b"x")
            request.wfile.flush()
            request.wait(0.1)
        request.hang_up()

    return act


def flooding(block: bytes) -> Act:
    """Send the same block again and again, as long as somebody reads."""

    def act(request: Request) -> None:
        request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
        while not request.server.over.is_set():
            request.wfile.write(block)
        request.hang_up()

    return act
