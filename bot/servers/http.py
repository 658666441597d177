"""The HTTP server of a model: one place for its address, its token, and all that can go wrong on the way.

Nothing is asked through a proxy and no redirect is followed: frames go to the address that was set, and nowhere else.
"""

import json
import weakref
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
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
from bot.servers.bounded import CONNECTING, BoundedTransport, Bounds, TooLate, TooLong
from bot.servers.giving_up import given_up_when
from bot.servers.queue import never
from bot.untrusted import inert_line
from retrieval.errors import LibraryError, MissingModel
from retrieval.types import whole

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
        patience: seconds within which the whole of a reply must come.
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
                f"Whoever can reach it reads what it is asked: set {settings}_TOKEN and an https address{trusting}.",
            )
        if token.get_secret_value() and self.url.scheme == "http" and not is_loopback(self.url.host):
            raise ConfigurationError(
                f"the token of the model's server would go to {self.url.host!r} unprotected",
                f"Begin {settings}_URL with https.",
            )
        self._token, self._patience = token, patience
        self._http = httpx.Client(
            timeout=httpx.Timeout(patience, connect=CONNECTING),
            trust_env=False,
            follow_redirects=False,
            transport=self.transport(Bounds(patience)),
        )
        weakref.finalize(self, self._http.close)

    def transport(self, bounds: Bounds) -> BoundedTransport:
        """Return a way to the server for a package that asks it itself; whoever gets it closes it."""
        return BoundedTransport(bounds, self._token)

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

        So does `unwanted()` being true, also while something is waited for: the reply then breaks off.

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
        with self._reply(model, "POST", path, body, meaning, unwanted) as response:
            yield from self._read(model, response)

    def json(
        self, model: str, method: str, path: str, body: dict[str, Any] | None = None, meaning: Meaning = ordinary
    ) -> Any:
        """Return the reply to a request, read as JSON. Raises as `lines`."""
        with self._reply(model, method, path, body, meaning) as response:
            return parsed(model, "".join(self._read(model, response)))

    @contextmanager
    def _reply(
        self,
        model: str,
        method: str,
        path: str,
        body: dict[str, Any] | None,
        meaning: Meaning,
        unwanted: Callable[[], bool] = never,
    ) -> Iterator[httpx.Response]:
        """Send a request and hand over the reply once it has begun; close it at the end."""
        request = self._http.build_request(method, f"{str(self.url).rstrip('/')}/{path}", json=body)
        try:
            with given_up_when(unwanted):
                response = self._http.send(request, stream=True)
        except httpx.ConnectTimeout as error:
            raise VisionUnreachable(model, str(self.url)) from error
        except httpx.TimeoutException as error:
            raise VisionTimeout(model, self._patience, "a word") from error
        except (httpx.NetworkError, httpx.RemoteProtocolError) as error:
            raise VisionUnreachable(model, str(self.url)) from error
        except httpx.HTTPError as error:
            raise VisionBadReply(model, str(error) or type(error).__name__) from error
        try:
            if response.status_code != httpx.codes.OK:
                raise self._refusal(model, response, meaning)
            yield response
        finally:
            response.close()

    def _read(self, model: str, response: httpx.Response) -> Iterator[str]:
        """Yield the lines of a body."""
        try:
            yield from _lines(response)
        except httpx.TimeoutException as error:
            what = "an answer" if isinstance(error, TooLate) else "its next words"
            raise VisionTimeout(model, self._patience, what) from error
        except TooLong as error:
            raise VisionTruncated(model, str(error)) from error
        except httpx.HTTPError as error:
            raise VisionTruncated(model, "its server ended the connection") from error

    def _refusal(self, model: str, response: httpx.Response, meaning: Meaning) -> AssistantError | LibraryError:
        status, said = response.status_code, _said(response)
        special = meaning(status, said)
        if special is not None:
            return special
        if status in (401, 403):
            hint = f"Set {self.settings}_TOKEN to a token that it takes."
            return MissingModel(f"{self.url.host} does not let us ask {model}: status {status}", hint)
        if status in BUSY:
            return VisionBusy(model)
        return VisionBadReply(model, f"its server answered with status {status}{': ' if said else ''}{said}")


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
    """Return what a server said in one line of at most 200 characters that can be shown anywhere."""
    return inert_line(whole(str(said))[:4000])[:200]


def _lines(response: httpx.Response) -> Iterator[str]:
    """Yield the lines of a body; they are as long as the transport lets them be."""
    rest = b""
    for block in response.iter_raw():
        *lines, rest = (rest + block).split(b"\n")
        yield from (line.decode("utf-8", "replace") for line in lines)
    if rest:
        yield rest.decode("utf-8", "replace")


def _said(response: httpx.Response) -> str:
    """Return what a server said with a refusal, as far as it can be read."""
    try:
        text = "".join(_lines(response))
    except httpx.HTTPError:
        return ""
    try:
        told = json.loads(text)["error"]
        return short(told["message"] if isinstance(told, dict) else told)
    except (ValueError, KeyError, TypeError):
        return short(text)
