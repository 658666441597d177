"""Socket Mode: tickets, connections, envelopes with their acknowledgements, and what is sent again without one."""

import asyncio
import json
import time
import uuid
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from tests.slack_server.workspace import APP

if TYPE_CHECKING:
    from tests.slack_server.server import SlackServer

TICK = 0.02
PING_EVERY = 5.0
MOST_SENDINGS = 4
"""How often an event is sent at most: once, and three times again."""


@dataclass(eq=False)
class Connection:
    """One open socket; a deaf one stays open, and neither hears nor says anything any more."""

    socket: web.WebSocketResponse
    request: web.Request
    is_deaf: bool = False
    pings: int = 0
    retired: bool = False


@dataclass
class Envelope:
    """Something that the app is told, until it is acknowledged."""

    kind: str
    payload: dict[str, Any]
    sent: int = 0
    sent_at: float = 0.0
    ids: list[str] = field(default_factory=list)
    acknowledged_after: float | None = None
    response: Any = None
    is_lost: bool = False


class Sockets:
    """All connections of the app; events go to one of them in turn, as Slack does."""

    def __init__(self, server: "SlackServer", ack_seconds: float) -> None:
        self.server = server
        self.ack_seconds = ack_seconds
        self.connections: list[Connection] = []
        self.opened = 0
        self.envelopes: list[Envelope] = []
        self._tickets: set[str] = set()
        self._waiting: deque[Envelope] = deque()
        self._open: dict[str, Envelope] = {}
        self._turn = 0

    def ticket(self) -> str:
        """Return an address that can be connected to once."""
        ticket = uuid.uuid4().hex
        self._tickets.add(ticket)
        return f"ws://{self.server.origin.partition('//')[2]}/link/?ticket={ticket}&app_id={APP}"

    def send(self, kind: str, payload: dict[str, Any]) -> Envelope:
        """Tell the app something; from any thread."""
        envelope = Envelope(kind, payload)
        with self.server.workspace.changed:
            self.envelopes.append(envelope)
            self._waiting.append(envelope)
        return envelope

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection until it ends."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=400, text="no such ticket")
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(autoping=False, timeout=0.5)
        await socket.prepare(request)
        connection = Connection(socket, request)
        with self.server.workspace.changed:
            self.connections.append(connection)
            self.opened += 1
            self.server.workspace.changed.notify_all()
        try:
            await socket.send_str(json.dumps(self._hello()))
            async for message in socket:
                if not connection.is_deaf:
                    await self._heard(connection, message.type, message.data)
        except (ConnectionError, RuntimeError):
            pass  # it was cut while something was sent
        finally:
            with self.server.workspace.changed:
                self.connections.remove(connection)
                self.server.workspace.changed.notify_all()
        return socket

    def _hello(self) -> dict[str, Any]:
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "debug_info": {"host": "applink-local", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": APP},
        }

    async def _heard(self, connection: Connection, kind: WSMsgType, data: Any) -> None:
        if kind == WSMsgType.PING:
            connection.pings += 1
            await connection.socket.pong(data)
        elif kind == WSMsgType.TEXT:
            said = json.loads(data)
            with self.server.workspace.changed:
                envelope = self._open.pop(said.get("envelope_id", ""), None)
                if envelope is not None and envelope.acknowledged_after is None:
                    envelope.acknowledged_after = time.monotonic() - envelope.sent_at
                    envelope.response = said.get("payload")
                    self.server.acknowledged(envelope)
                self.server.workspace.changed.notify_all()

    async def run(self) -> None:
        """Deliver what waits, and send again what was not acknowledged, until cancelled."""
        pinged = time.monotonic()
        while True:
            await asyncio.sleep(TICK if not self._waiting else 0)
            await self._deliver()
            self._send_again()
            if time.monotonic() - pinged > PING_EVERY:
                pinged = time.monotonic()
                for connection in self._live():
                    if not connection.is_deaf:
                        await connection.socket.ping(b"slack")

    def _live(self) -> list[Connection]:
        return [one for one in self.connections if not one.retired and not one.socket.closed]

    async def _deliver(self) -> None:
        while self._waiting and (live := self._live()):
            envelope = self._waiting.popleft()
            self._turn += 1
            connection = live[self._turn % len(live)]
            identity = str(uuid.uuid4())
            envelope.ids.append(identity)
            envelope.sent, envelope.sent_at = envelope.sent + 1, time.monotonic()
            with self.server.workspace.changed:
                self._open[identity] = envelope
            if not connection.is_deaf:
                try:
                    await connection.socket.send_str(json.dumps(_written(envelope, identity)))
                except (ConnectionError, RuntimeError):
                    connection.retired = True

    def _send_again(self) -> None:
        """Put what was not acknowledged in time back into the queue: events; what a person did fails instead."""
        now = time.monotonic()
        with self.server.workspace.changed:
            late = {key: one for key, one in self._open.items() if now - one.sent_at > self.ack_seconds}
            for key, envelope in late.items():
                del self._open[key]
                if envelope.kind == "events_api" and envelope.sent < MOST_SENDINGS:
                    self._waiting.append(envelope)
                else:
                    envelope.is_lost = True
            if late:
                self.server.workspace.changed.notify_all()

    async def disconnect(self, reason: str) -> None:
        """Tell every connection that it is about to be closed, as Slack does every few hours, and close it later."""
        for connection in self._live():
            connection.retired = True
            told = {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-local"}}
            await connection.socket.send_str(json.dumps(told))
            asyncio.get_running_loop().call_later(1.0, lambda one=connection: asyncio.ensure_future(one.socket.close()))

    async def drop(self) -> None:
        """Cut every connection without a word."""
        for connection in self._live():
            connection.retired = True
            if connection.request.transport is not None:
                connection.request.transport.abort()

    async def close(self) -> None:
        """End every connection."""
        for connection in list(self.connections):
            await connection.socket.close()


def _written(envelope: Envelope, identity: str) -> dict[str, Any]:
    told = {
        "envelope_id": identity,
        "type": envelope.kind,
        "payload": envelope.payload,
        "accepts_response_payload": envelope.kind != "events_api",
    }
    return told | ({"retry_attempt": 0, "retry_reason": ""} if envelope.kind == "events_api" else {})
