"""The server: it takes calls over HTTP, checks token, scope, pace and faults, and records all of it."""

import asyncio
import json
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, Self

from aiohttp import web

from tests.slack_server import files, messages
from tests.slack_server.limits import Fault, Limits, TooFast
from tests.slack_server.methods import METHODS, Answer, Args
from tests.slack_server.people import People
from tests.slack_server.sockets import Envelope, Sockets
from tests.slack_server.workspace import APP_TOKEN, BOT_TOKEN, ApiError, Message, Workspace

JSON_ARGUMENTS = ("blocks", "metadata", "files", "chunks", "prompts", "attachments")
MOST_REPLIES = 5
"""How often the address of a command or a button may be replied to."""


@dataclass(frozen=True)
class Call:
    """A call as it came, and what it was answered; `at` is in seconds of the server's clock."""

    method: str
    args: Args
    answer: Answer
    at: float
    token: str


class SlackServer(People):
    """A local Slack; a context manager that serves while it is open.

    Args:
        now: the clock of all limits, in seconds since 1970.
        scopes: that the app's token has, None for all.
        subscribed: events that the app is told of, None for all.
        ack_seconds: real seconds within which an envelope must be acknowledged.
        posts_a_second: posts that a channel takes.
        a_minute: methods that are held to so many calls a minute.
        stream_seconds: how long a stream may be open.
        file_seconds: how long a new file cannot be shown yet.
    """

    def __init__(
        self,
        now: Callable[[], float] = time.time,
        scopes: frozenset[str] | None = None,
        subscribed: frozenset[str] | None = None,
        ack_seconds: float = 3.0,
        posts_a_second: int = 1,
        a_minute: Mapping[str, int] | None = None,
        stream_seconds: float = 300.0,
        file_seconds: float = 0.0,
    ) -> None:
        self.workspace = Workspace(now)
        self.sockets = Sockets(self, ack_seconds)
        self.limits = Limits(now, posts_a_second, a_minute or {})
        self.scopes, self.subscribed = scopes, subscribed
        self.stream_seconds, self.file_seconds = stream_seconds, file_seconds
        self.bot_token, self.app_token, self.revoked = BOT_TOKEN, APP_TOKEN, ""
        self.calls: list[Call] = []
        self.refused: list[dict[str, Any]] = []
        self.downloads: list[str] = []
        self.origin = ""
        self._faults: list[Fault] = []
        self._loop: asyncio.AbstractEventLoop
        self._thread = threading.Thread(target=self._serve, name="local Slack", daemon=True)
        self._ready = threading.Event()

    @property
    def base_url(self) -> str:
        """What a client is given in place of Slack's own address."""
        return f"{self.origin}/api/"

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10), "the local Slack did not start"
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def fail(
        self,
        method: str,
        error: str = "",
        *,
        status: int = 0,
        retry_after: int = 1,
        cut: Literal["", "before", "after"] = "",
        times: int = 1,
        channel: str = "",
    ) -> Fault:
        """Let the next calls of a method go wrong; `times` -1 for all, until the fault's `times` is set to 0."""
        fault = Fault(method, times, status, retry_after, error, cut, channel)
        with self.workspace.changed:
            self._faults.append(fault)
        return fault

    def revoke(self, error: str = "token_revoked") -> None:
        """Take the app's tokens back, as an uninstall does."""
        self.revoked = error

    def refresh(self, reason: str = "refresh_requested") -> None:
        """Tell the app to connect anew."""
        self._run(self.sockets.disconnect(reason))

    def drop(self) -> None:
        """Cut the connections of the app without a word."""
        self._run(self.sockets.drop())

    def deafen(self) -> int:
        """Make the connections that are open now deaf: open, and without a sign of life; return how many."""
        with self.workspace.changed:
            for connection in self.sockets.connections:
                connection.is_deaf = True
            return len(self.sockets.connections)

    def called(self, method: str) -> list[Call]:
        """Return the calls of a method, in order, with those that were refused."""
        with self.workspace.changed:
            return [call for call in self.calls if call.method == method]

    def acknowledged(self, envelope: Envelope) -> None:
        """Show what an acknowledgement carries: only slash commands may carry a message."""
        if envelope.kind == "slash_commands" and envelope.response:
            body = envelope.payload
            self._show(body["channel_id"], body["user_id"], envelope.response)

    def _serve(self) -> None:
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)
        runner = self._loop.run_until_complete(self._started())
        delivering = self._loop.create_task(self.sockets.run())
        self._ready.set()
        try:
            self._loop.run_forever()
        finally:
            delivering.cancel()
            with suppress(asyncio.CancelledError):
                self._loop.run_until_complete(delivering)
            self._loop.run_until_complete(self.sockets.close())
            self._loop.run_until_complete(runner.cleanup())
            self._loop.close()

    async def _started(self) -> web.AppRunner:
        app = web.Application(client_max_size=64 << 20)
        app.router.add_route("*", "/api/{method}", self._called)
        app.router.add_post("/upload/{file}", partial(files.upload, self))
        app.router.add_get("/files-pri/T0LOCAL-{file}/{name:.*}", partial(files.download, self))
        app.router.add_post("/reply/{identity}", self._replied)
        app.router.add_get("/link/", self.sockets.connect)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = site._server.sockets[0].getsockname()[:2]  # type: ignore[union-attr]
        self.origin = f"http://{host}:{port}"
        return runner

    def _run(self, coroutine: Any) -> None:
        asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)

    async def _called(self, request: web.Request) -> web.StreamResponse:
        method, args = request.match_info["method"], await _arguments(request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or args.pop("token", "")
        with self.workspace.changed:
            fault = next((one for one in self._faults if one.applies(method, args)), None)
            if fault is not None:
                fault.times -= 1
                if not fault.cut:
                    self._record(method, args, {"ok": False, "error": fault.error or str(fault.status)}, token)
                    return _failed(fault)
            answer = {"ok": False, "error": "cut"} if fault and fault.cut == "before" else None
            answer = self._answered(method, args, token) if answer is None else answer
            self._record(method, args, answer, token)
            self.workspace.changed.notify_all()
        if fault is not None:
            assert request.transport is not None
            request.transport.abort()
        headers = {"x-oauth-scopes": ",".join(sorted(self.scopes or ()))}
        if answer.get("error") == "ratelimited":
            headers["Retry-After"] = str(answer.pop("seconds"))
            return web.json_response(answer, status=429, headers=headers)
        return web.json_response(answer, headers=headers)

    def _record(self, method: str, args: Args, answer: Answer, token: str) -> None:
        self.calls.append(Call(method, args, answer, self.workspace.now(), token))

    def _answered(self, method: str, args: Args, token: str) -> Answer:
        """Do a call, and return its answer."""
        try:
            if method not in METHODS:
                raise ApiError("unknown_method", req_method=method)
            does, scope = METHODS[method]
            self._authorize(method, scope, args, token)
            self.limits.take(method, args)
            return {"ok": True, **does(self, args)}
        except TooFast as error:
            return {**error.answer, "seconds": error.seconds}
        except ApiError as error:
            return error.answer

    def _authorize(self, method: str, scope: str, args: Args, token: str) -> None:
        if not token:
            raise ApiError("not_authed")
        if token != (self.app_token if scope == "connections:write" else self.bot_token):
            raise ApiError("invalid_auth")
        if self.revoked:
            raise ApiError(self.revoked)
        if self.scopes is None or not scope or scope == "connections:write":
            return
        channel = self.workspace.channels.get(str(args.get("channel", "")))
        needed = scope.format(kind=channel.scope if channel else "channels")
        if not self.scopes & set(needed.split("|")):
            raise ApiError("missing_scope", needed=needed.replace("|", ","), provided=",".join(sorted(self.scopes)))

    async def _replied(self, request: web.Request) -> web.Response:
        """Take a message for the address that came with a command or a button."""
        given = await request.json()
        with self.workspace.changed:
            channel, user, used = self.workspace.replies.get(request.match_info["identity"], ("", "", MOST_REPLIES))
            if used >= MOST_REPLIES:
                return web.json_response({"ok": False, "error": "used_url"}, status=404)
            self.workspace.replies[request.match_info["identity"]] = (channel, user, used + 1)
            try:
                self._show(channel, user, given)
            except ApiError as error:
                return web.json_response(error.answer, status=400)
            self._record("response_url", given, {"ok": True}, "")
            self.workspace.changed.notify_all()
        return web.Response(text="ok")

    def _show(self, channel: str, user: str, given: Mapping[str, Any]) -> None:
        if given.get("delete_original"):
            return
        shown: Message = messages.checked(self, dict(given))
        self.workspace.ephemeral.append({**shown, "ts": self.workspace.ts(), "channel": channel, "to": user})


async def _arguments(request: web.Request) -> Args:
    """Return the arguments of a call, however they came; what is JSON within a form is read as such."""
    args: Args = dict(request.query)
    if request.content_type == "application/json":
        body = await request.text()
        return args | (json.loads(body) if body else {})
    form = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    read = {name: json.loads(form[name]) for name in JSON_ARGUMENTS if form.get(name)}
    return args | form | read


def _failed(fault: Fault) -> web.Response:
    if fault.status == 429:
        headers = {"Retry-After": str(fault.retry_after)}
        return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
    if fault.status:
        return web.Response(status=fault.status, text="<html>Server error</html>", content_type="text/html")
    return web.json_response({"ok": False, "error": fault.error})
