"""A proxy before a node that does one fault after the other, then passes everything on."""

import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Exchange:
    """One request on its way to the node; a fault answers it, or cuts it off."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    node: str
    client: Any

    def forward(self) -> tuple[int, bytes]:
        """Let the node do what is asked."""
        connection = http.client.HTTPConnection(self.node, timeout=60)
        try:
            connection.request(self.method, self.path, self.body or None, self.headers)
            reply = connection.getresponse()
            return reply.status, reply.read()
        finally:
            connection.close()

    def answer(self, status: int, body: bytes) -> None:
        self.client.send_response(status)
        self.client.send_header("Content-Type", "application/json")
        self.client.send_header("Content-Length", str(len(body)))
        self.client.end_headers()
        self.client.wfile.write(b"" if self.method == "HEAD" else body)

    def cut(self) -> None:
        self.client.close_connection = True
        self.client.connection.shutdown(socket.SHUT_RDWR)


Fault = Callable[[Exchange], None]


def refusing(status: int, reason: str = "not now") -> Fault:
    """Answer with a status, without asking the node."""
    told = json.dumps({"error": {"type": "some_exception", "reason": reason}, "status": status}).encode()
    return lambda exchange: exchange.answer(status, told)


def losing_the_reply(seconds: float) -> Fault:
    """Let the node do it, and be silent about it until the client has given up."""

    def fault(exchange: Exchange) -> None:
        exchange.forward()
        time.sleep(seconds)
        exchange.cut()

    return fault


def cutting_the_request(exchange: Exchange) -> None:
    """Pass half of the request on, then cut both connections."""
    host, port = exchange.node.split(":")
    with socket.create_connection((host, int(port))) as half:
        head = f"{exchange.method} {exchange.path} HTTP/1.1\r\nHost: {exchange.node}\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(exchange.body)}\r\n\r\n"
        half.sendall(head.encode() + exchange.body[: len(exchange.body) // 2])
    exchange.cut()


def cutting_the_reply(exchange: Exchange) -> None:
    """Let the node do it, and cut the connection in the middle of its reply."""
    status, body = exchange.forward()
    exchange.client.send_response(status)
    exchange.client.send_header("Content-Length", str(len(body)))
    exchange.client.end_headers()
    exchange.client.wfile.write(body[: len(body) // 2])
    exchange.cut()


def too_busy_for_every(nth: int) -> Fault:
    """Pass on all but every nth document of a bulk request, and say of those that there is too much to do."""

    def fault(exchange: Exchange) -> None:
        lines = exchange.body.decode().splitlines()
        pairs = [(lines[at], lines[at + 1]) for at in range(0, len(lines), 2)]
        kept = [pair for place, pair in enumerate(pairs) if place % nth]
        exchange.body = ("\n".join(line for pair in kept for line in pair) + "\n").encode()
        exchange.headers["Content-Length"] = str(len(exchange.body))
        status, told = exchange.forward()
        reply = json.loads(told)
        done = iter(reply["items"])
        busy = {"type": "rejected_execution_exception", "reason": "the queue is full"}
        reply["items"] = [
            next(done)
            if place % nth
            else {"index": {"_id": json.loads(action)["index"]["_id"], "status": 429, "error": busy}}
            for place, (action, _) in enumerate(pairs)
        ]
        exchange.answer(status, json.dumps({**reply, "errors": True}).encode())

    return fault


@dataclass
class Proxy:
    """Where it listens, the faults it will do, and the paths that were asked for.

    A fault waits for a request whose path holds its word.
    """

    url: str
    node: str
    faults: list[tuple[str, Fault]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next_fault(self, path: str) -> Fault | None:
        with self.lock:
            self.asked.append(path)
            if self.faults and self.faults[0][0] in path:
                return self.faults.pop(0)[1]
            return None

    def times(self, word: str) -> int:
        return sum(word in path for path in self.asked)


@contextmanager
def proxy_before(node: str) -> Iterator[Proxy]:
    """Run a proxy before the node at an address (`http://host:port`)."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
            exchange = Exchange(self.command, self.path, headers, body, proxy.node, self)
            fault = proxy.next_fault(self.path)
            try:
                if fault is None:
                    exchange.answer(*exchange.forward())
                else:
                    fault(exchange)
            except OSError:
                self.close_connection = True

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = handle_any  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    proxy = Proxy(f"http://127.0.0.1:{server.server_address[1]}", node.removeprefix("http://"))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
