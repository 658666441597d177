"""The HTTP server of a model: one place for its address, its token, and all that can go wrong on the way.

Nothing is asked through a proxy and no redirect is followed: frames go to the address that was set, and nowhere else.
"""

import json
import socket
import threading
import weakref
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import httpx
from pydantic import SecretStr

from bot.addresses import address, is_loopback
from bot.errors import (
    AssistantError,
    ConfigurationError,
    VisionBadReply,
    VisionBusy,
    VisionTimeout,
    VisionTruncated,
    VisionUnreachable,
)
from bot.servers.queue import POLL, never
from retrieval.errors import LibraryError, MissingModel
from retrieval.types import whole

CONNECTING = 5.0
"""Seconds within which a server must take a connection."""

LONGEST_LINE = 2**20
"""Bytes that one line of a reply may have."""

LONGEST_REPLY = 2**24
"""Bytes that a reply may have."""

BUSY = (408, 429, 503)

Meaning = Callable[[int, str], AssistantError | LibraryError | None]
"""From the status of a refusal, and what was said with it, to the error that it means; None for an ordinary one."""


def ordinary(status: int, said: str) -> None:
    """See no special meaning in a refusal."""
    return None


class Server:
    """A server that is asked by HTTP. Safe to share between threads.

    Args:
        url: its address, without user and password.
        token: sent to it with every request; may be empty.
        patience: seconds within which each next byte of a reply must come.
        without_token: whether a server on another machine may be asked without a token; None where it never may.
        settings: what the names of its settings begin with, for errors.

    Raises:
        ConfigurationError: the address cannot be used.
    """

    def __init__(
        self,
        url: str,
        token: SecretStr,
        patience: float,
        without_token: bool | None = False,
        settings: str = "VDIALOG_VISION",
    ) -> None:
        self.settings = settings
        parts = address(url, f"{settings}_URL", "http://127.0.0.1:11434", f"{settings}_TOKEN")
        self.url = httpx.URL(parts.geturl())
        if not (is_loopback(self.url.host) or token.get_secret_value() or without_token):
            trusting = "" if without_token is None else f"; or, if you trust the network, {settings}_WITHOUT_TOKEN=true"
            raise ConfigurationError(
                f"the server of the model is on another machine ({self.url.host}), and no token is set",
                f"Whoever can reach it reads what it is asked: set {settings}_TOKEN{trusting}.",
            )
        self.headers = {"Accept-Encoding": "identity"}
        if token.get_secret_value():
            self.headers["Authorization"] = f"Bearer {token.get_secret_value()}"
        self._http = httpx.Client(
            headers=self.headers,
            timeout=httpx.Timeout(patience, connect=CONNECTING),
            trust_env=False,
            follow_redirects=False,
        )
        weakref.finalize(self, self._http.close)

    def __repr__(self) -> str:
        """Name the address, never the token."""
        return f"Server({str(self.url)!r})"

    def lines(
        self,
        model: str,
        path: str,
        body: dict[str, Any],
        meaning: Meaning = ordinary,
        unwanted: Callable[[], bool] = never,
    ) -> Generator[str, None, None]:
        """Yield the lines of the reply to a request, as they come; closing the generator closes the connection.

        So does `unwanted()` being true once the reply has begun, also while its next line is waited for: the reply then
        breaks off.

        Args:
            model: the model that is asked, for errors.
            path: joined to the address.
            body: sent as JSON.
            meaning: of the server's refusals.
            unwanted: whether the reply is no longer wanted; called in another thread.

        Raises:
            VisionFailed: no whole reply came.
            MissingModel: the server does not let us in, or what `meaning` made of a refusal.
        """
        with self._reply(model, "POST", path, body, meaning) as response, _watched(response, unwanted):
            try:
                yield from _lines(model, response)
            except httpx.TimeoutException as error:
                raise VisionTimeout(model, self._patience, "its next words") from error
            except httpx.HTTPError as error:
                raise VisionTruncated(model, "its server ended the connection") from error

    def json(
        self, model: str, method: str, path: str, body: dict[str, Any] | None = None, meaning: Meaning = ordinary
    ) -> Any:
        """Return the reply to a request, read as JSON. Raises as `lines`."""
        with self._reply(model, method, path, body, meaning) as response:
            try:
                return parsed(model, "".join(_lines(model, response)))
            except httpx.HTTPError as error:
                raise VisionTruncated(model, "its server ended the connection") from error

    @property
    def _patience(self) -> float:
        return self._http.timeout.read or 0.0

    @contextmanager
    def _reply(
        self, model: str, method: str, path: str, body: dict[str, Any] | None, meaning: Meaning
    ) -> Iterator[httpx.Response]:
        """Send a request and hand over the reply once it has begun; close it at the end."""
        request = self._http.build_request(method, f"{str(self.url).rstrip('/')}/{path}", json=body)
        try:
            response = self._http.send(request, stream=True)
        except httpx.ConnectTimeout as error:
            raise VisionUnreachable(model, str(self.url)) from error
        except httpx.TimeoutException as error:
            raise VisionTimeout(model, self._patience, "a word") from error
        except (httpx.NetworkError, httpx.RemoteProtocolError) as error:
            raise VisionUnreachable(model, str(self.url)) from error
        except httpx.HTTPError as error:
            raise VisionBadReply(model, type(error).__name__) from error
        try:
            if response.status_code != httpx.codes.OK:
                raise self._refusal(model, response, meaning)
            yield response
        finally:
            response.close()

    def _refusal(self, model: str, response: httpx.Response, meaning: Meaning) -> AssistantError | LibraryError:
        status, said = response.status_code, _said(model, response)
        special = meaning(status, said)
        if special is not None:
            return special
        if status in (401, 403):
            hint = f"Set {self.settings}_TOKEN to a token that it takes."
            return MissingModel(f"{self.url.host} does not let us ask {model}: status {status}", hint)
        if status in BUSY:
            return VisionBusy(model)
        return VisionBadReply(model, f"its server answered with status {status}{': ' if said else ''}{said}")


@contextmanager
def _watched(response: httpx.Response, unwanted: Callable[[], bool]) -> Iterator[None]:
    """End the connection of a reply once that is not wanted any more, whoever waits for it."""
    if unwanted is never:
        yield
        return
    read = threading.Event()

    def watch() -> None:
        while not read.wait(POLL):
            if unwanted():
                with suppress(OSError):
                    response.extensions["network_stream"].get_extra_info("socket").shutdown(socket.SHUT_RDWR)
                return

    watcher = threading.Thread(target=watch, name="watching", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        read.set()
        watcher.join()


def parsed(model: str, text: str) -> dict[str, Any]:
    """Return the object that a piece of a reply is.

    Raises:
        VisionBadReply: it is none.
    """
    try:
        given = json.loads(text)
    except ValueError as error:
        raise VisionBadReply(model, f"its server sent what is no JSON: {short(text)!r}") from error
    if not isinstance(given, dict):
        raise VisionBadReply(model, f"its server sent what is no answer: {short(text)!r}")
    return given


def short(said: object) -> str:
    """Return what a server said in one line of at most 200 characters that can be shown in a terminal."""
    shown = "".join(letter if letter.isprintable() else " " for letter in whole(str(said)))
    return " ".join(shown.split())[:200]


def _lines(model: str, response: httpx.Response) -> Iterator[str]:
    """Yield the lines of a body, none of them endless."""
    rest, taken = b"", 0
    for block in response.iter_raw():
        taken += len(block)
        *lines, rest = (rest + block).split(b"\n")
        if taken > LONGEST_REPLY or len(rest) > LONGEST_LINE:
            raise VisionTruncated(model, "it did not come to an end")
        yield from (line.decode("utf-8", "replace") for line in lines)
    if rest:
        yield rest.decode("utf-8", "replace")


def _said(model: str, response: httpx.Response) -> str:
    """Return what a server said with a refusal, as far as it can be read."""
    try:
        text = "".join(_lines(model, response))
    except (httpx.HTTPError, VisionTruncated):
        return ""
    try:
        told = json.loads(text)["error"]
        return short(told["message"] if isinstance(told, dict) else told)
    except (ValueError, KeyError, TypeError):
        return short(text)
