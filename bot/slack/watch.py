"""The watchdog of the socket: one can be open and deaf. What counts is when Slack was last heard on it.

The connection asks Slack for a sign every few seconds. Where none came for long, or the connection is gone and nobody
mends it, a new one is made, to a fresh address.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.slack.calls import SlackRefused, errors, refusal_of

if TYPE_CHECKING:
    from slack_sdk.socket_mode.builtin import SocketModeClient

log = logging.getLogger(__name__)

DEAF_SECONDS = 30.0
"""Seconds without any sign after which a socket is taken for deaf."""


class Watchdog:
    """Watches one client.

    Args:
        client: that is connected, and answers pings.
        on_out: is called where Slack says that the app may not connect any more.
        deaf: seconds without any sign after which it connects anew.
        now: tells the time, in seconds since 1970.
    """

    def __init__(
        self,
        client: "SocketModeClient",
        on_out: Callable[[SlackRefused], None],
        deaf: float = DEAF_SECONDS,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._client = client
        self._on_out = on_out
        self.deaf = deaf
        self._now = now
        self._since = now()
        self._session: str | None = None
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="slack-watch", daemon=True)
        client.on_message_listeners.append(lambda _: self.heard())

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self) -> None:
        """Watchdog no more."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join(self.deaf)

    def heard(self) -> None:
        """Note that Slack was heard."""
        self._since = self._now()

    def look(self) -> bool:
        """Connect anew where Slack was not heard for too long; tell whether it did."""
        session = self._client.current_session
        if self._client.session_id() != self._session:
            self._session = self._client.session_id()
            self.heard()
        pong = session.last_ping_pong_time if session is not None else None
        last = max(self._since, pong or 0.0)
        if self._now() - last <= self.deaf:
            return False
        log.warning("Slack was not heard for %.0f seconds: connecting anew", self._now() - last)
        self.heard()
        self._client.connect_to_new_endpoint(force=True)
        return True

    def _run(self) -> None:
        while not self._ending.wait(min(1.0, self.deaf / 4)):
            try:
                self.look()
            except errors() as error:  # the next look tries again
                refusal = refusal_of(error, "apps.connections.open")
                if refusal is not None and refusal.is_out:
                    self._on_out(refusal)
                log.warning("Slack could not be connected anew: %s", type(error).__name__)
