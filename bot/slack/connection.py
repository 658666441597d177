"""The connection to Slack by Socket Mode, which ends without losing what it has taken; imported where it is opened."""

import threading
import time

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

PING_SECONDS = 5.0
"""Seconds between two signs that are asked for."""

RECEIVED_AT_ONCE = 2**16
"""Bytes that are read at once: the client breaks frames that come in several reads."""

LAST_WORDS = 2.0
"""Seconds that what Slack told may take to be taken and acknowledged."""


class SocketConnection(SocketModeHandler):
    """A connection of an app.

    Args:
        app: takes what Slack tells.
        token: of connections, xapp-...
    """

    def __init__(self, app: App, token: str) -> None:
        super().__init__(app, token, ping_interval=PING_SECONDS, receive_buffer_size=RECEIVED_AT_ONCE)
        self._taking, self._lock = 0, threading.Lock()
        self._is_ending = False

    def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        """Let the app take what Slack tells, and acknowledge it; at the end Slack tells it again to another process."""
        with self._lock:
            if self._is_ending:
                return
            self._taking += 1
        try:
            super().handle(client, req)
        finally:
            with self._lock:
                self._taking -= 1

    def end(self) -> None:
        """Hear no more, acknowledge what was heard, and close."""
        with self._lock:
            self._is_ending = True
        until = time.monotonic() + LAST_WORDS
        while self._taking and time.monotonic() < until:
            time.sleep(0.02)
        try:
            self.client.close()
        except AttributeError:  # the client closes a socket twice that Slack closes at the same moment
            self.client.close()
