"""A node of OpenSearch that does what it should not: each reply ends within its bounds, and says so."""

import gzip
import threading
import time

import pytest

from retrieval.errors import IndexUnavailable
from retrieval.index.opensearch import Cluster, Connection
from tests.unit.bot.vision.faulty_server import Act, Request, dripping, faulty, flooding


def in_chunks(request: Request) -> None:
    request.begin()
    while not request.server.over.is_set():
        request.chunk("x" * 2**20)


REPLIES: dict[str, Act] = {
    "a byte now and then": dripping(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{"),
    "headers without end": dripping(b"HTTP/1.1 200 OK\r\nX-Long: "),
    "bytes without end": flooding(b"x" * 2**20),
    "chunks without end": in_chunks,
    "packed": lambda request: request.reply_packed(gzip.compress(b"x" * 2**26)),
    "lists in lists": lambda request: request.reply(200, "[" * 200_000),
    "no JSON": lambda request: request.reply(200, "Welcome"),
}


@pytest.mark.parametrize("reply", REPLIES)
def test_what_a_node_replies_is_bounded(reply: str) -> None:
    with faulty(REPLIES[reply]) as server:
        cluster = Cluster(Connection((server.url,), timeout=1.5))
        began = time.monotonic()
        with pytest.raises(IndexUnavailable, match=server.url):
            cluster.version()
        assert time.monotonic() - began < 15.0
        cluster.close()
        assert server.connected() == 0
    for watching in [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]:
        watching.join(5.0)
        assert not watching.is_alive()
