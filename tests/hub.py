"""A hub of models on loopback, which speaks what the hub's client asks: what there is, heads, files, ranges.

Large files are redirected to another port, as the hub redirects to those who keep files for it.
"""

import hashlib
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

LARGE = 2**20
"""Bytes from which a file lies elsewhere, and its checksum is a SHA-256."""
BLOCK = 2**18

Repositories = Mapping[str, Mapping[str, Path]]
"""Files by the names of their repositories and their own."""


@dataclass
class LocalHub:
    """A hub that runs.

    Attributes:
        repositories: what it has.
        stops_after: bytes of a large file after which it waits for `go_on`; None for never.
        breaks_after: bytes of a large file after which it ends the connection; None for never.
        damages: names of files that come with a changed byte.
        asked: (method, path, first byte) of every request.
        tokens: of requests, by the port that they came to.
    """

    repositories: Repositories
    stops_after: int | None = None
    breaks_after: int | None = None
    damages: set[str] = field(default_factory=set)
    asked: list[tuple[str, str, int]] = field(default_factory=list)
    tokens: dict[int, set[str | None]] = field(default_factory=dict)
    url: str = ""
    elsewhere: str = ""
    waits: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)
    _digests: dict[Path, str] = field(default_factory=dict)

    def digest(self, path: Path) -> str:
        if path not in self._digests:
            data = path.read_bytes()
            small = hashlib.sha1(f"blob {len(data)}\0".encode() + data)
            self._digests[path] = (hashlib.sha256(data) if len(data) >= LARGE else small).hexdigest()
        return self._digests[path]

    def files_asked(self) -> list[tuple[str, int]]:
        """Return the names of the files whose bytes were asked for, and from which byte on."""
        return [
            (path.rpartition("/")[2], first)
            for method, path, first in self.asked
            if method == "GET" and "/api/" not in path
        ]


@contextmanager
def running(repositories: Repositories) -> Iterator[LocalHub]:
    """Run a hub until the end of the block."""
    hub = LocalHub(repositories)
    servers = [ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"hub": hub})) for _ in range(2)]
    hub.url, hub.elsewhere = (f"http://127.0.0.1:{server.server_port}" for server in servers)
    threads = [threading.Thread(target=server.serve_forever, args=(0.05,)) for server in servers]
    for thread in threads:
        thread.start()
    try:
        yield hub
    finally:
        hub.go_on.set()
        for server, thread in zip(servers, threads, strict=True):
            server.shutdown()
            server.server_close()
            thread.join()


def commit_of(repository: str) -> str:
    """Return the commit of a repository; the client of the hub deletes by it alone, so each has its own."""
    return hashlib.sha1(repository.encode()).hexdigest()


class _Handler(BaseHTTPRequestHandler):
    hub: LocalHub
    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        self._reply(with_body=False)

    def do_GET(self) -> None:
        self._reply(with_body=True)

    def log_message(self, format: str, *args: object) -> None:
        pass

    def _reply(self, with_body: bool) -> None:
        path = unquote(urlsplit(self.path).path)
        first = int((self.headers.get("Range") or "bytes=0-").removeprefix("bytes=").partition("-")[0])
        self.hub.asked.append((self.command, path, first))
        port = self.server.server_address[1]
        self.hub.tokens.setdefault(port, set()).add(self.headers.get("Authorization"))
        parts = path.strip("/").split("/")
        if parts[:2] == ["api", "models"] and "/".join(parts[2:4]) in self.hub.repositories:
            self._described("/".join(parts[2:4]), as_tree=parts[4:5] == ["tree"])
        elif len(parts) >= 5 and (found := self.hub.repositories.get("/".join(parts[:2]), {}).get("/".join(parts[4:]))):
            self._file(found, first, parts, with_body, is_elsewhere=self.hub.elsewhere.endswith(f":{port}"))
        else:
            self._say(404, {"X-Error-Code": "RepoNotFound", "Content-Length": "0"})

    def _described(self, repository: str, as_tree: bool) -> None:
        siblings, tree = [], []
        for name, path in self.hub.repositories[repository].items():
            size, digest = path.stat().st_size, self.hub.digest(path)
            large = {"size": size, "pointerSize": 135}
            lfs = (
                ({"lfs": {"sha256": digest, **large}}, {"lfs": {"oid": digest, **large}}) if size >= LARGE else ({}, {})
            )
            siblings.append({"rfilename": name, "size": size, "blobId": digest[:40], **lfs[0]})
            tree.append({"type": "file", "path": name, "size": size, "oid": digest[:40], **lfs[1]})
        whole = {"id": repository, "sha": commit_of(repository), "siblings": siblings, "private": False}
        body = json.dumps(tree if as_tree else whole).encode()
        self._say(200, {"Content-Type": "application/json", "Content-Length": str(len(body))})
        self.wfile.write(body)

    def _file(self, path: Path, first: int, parts: list[str], with_body: bool, is_elsewhere: bool) -> None:
        size, etag = path.stat().st_size, f'"{self.hub.digest(path)}"'
        known = {"X-Repo-Commit": commit_of("/".join(parts[:2])), "ETag": etag, "Accept-Ranges": "bytes"}
        if size >= LARGE and not is_elsewhere:
            linked = {"X-Linked-Etag": etag, "X-Linked-Size": str(size), "Content-Length": "0"}
            self._say(302, {**known, **linked, "Location": f"{self.hub.elsewhere}/{'/'.join(parts)}"})
            return
        span = {"Content-Range": f"bytes {first}-{size - 1}/{size}"} if first else {}
        self._say(206 if first else 200, {**known, **span, "Content-Length": str(size - first)})
        if with_body:
            self._send(path, first)

    def _send(self, path: Path, first: int) -> None:
        damaged = path.stat().st_size // 2 if self.path.rpartition("/")[2] in self.hub.damages else None
        is_large = path.stat().st_size >= LARGE
        with path.open("rb") as file:
            file.seek(first)
            at = first
            while block := bytearray(file.read(BLOCK)):
                if damaged is not None and at <= damaged < at + len(block):
                    block[damaged - at] ^= 1
                try:
                    self.wfile.write(block)
                except OSError:
                    self.close_connection = True
                    return
                at += len(block)
                if is_large and self.hub.breaks_after is not None and at - first >= self.hub.breaks_after:
                    self.close_connection = True
                    return
                if is_large and self.hub.stops_after is not None and at >= self.hub.stops_after:
                    self.hub.waits.set()
                    self.hub.go_on.wait(120)

    def _say(self, status: int, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
