"""Slack's limits on calls, and the faults that a test asks for."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from tests.slack_server.workspace import ApiError

POSTS = ("chat.postMessage", "chat.startStream", "files.completeUploadExternal")
"""Methods that put a message into a channel: one a second in each."""


class TooFast(ApiError):
    """More calls than Slack allows; answered with 429."""

    def __init__(self, seconds: float) -> None:
        super().__init__("ratelimited")
        self.seconds = max(1, round(seconds + 0.499))


class Pace:
    """How often something may be done: so many times within so many seconds."""

    def __init__(self, most: int, seconds: float, now: Callable[[], float]) -> None:
        self._most = most
        self._seconds = seconds
        self._now = now
        self._done: dict[str, list[float]] = defaultdict(list)

    def take(self, what: str) -> None:
        now = self._now()
        recent = [at for at in self._done[what] if now - at < self._seconds]
        if len(recent) >= self._most:
            raise TooFast(self._seconds - (now - recent[-self._most]))
        self._done[what] = [*recent, now]


class Limits:
    """The pace of all methods.

    Args:
        now: tells seconds.
        posts_a_second: posts in a channel.
        a_minute: calls of a method in a minute, of those that are to be held to it.
    """

    def __init__(self, now: Callable[[], float], posts_a_second: int, a_minute: Mapping[str, int]) -> None:
        self._posts = Pace(posts_a_second, 1.0, now)
        self._methods = {method: Pace(most, 60.0, now) for method, most in a_minute.items()}

    def take(self, method: str, args: Mapping[str, Any]) -> None:
        """Count a call; TooFast where it is one too many."""
        if method in self._methods:
            self._methods[method].take(method)
        channel = args.get("channel") or args.get("channel_id")
        if method in POSTS and channel:
            self._posts.take(str(channel))


@dataclass
class Fault:
    """What is to go wrong with the next calls of a method.

    Attributes:
        method: which, "*" for any.
        times: how often, -1 for always.
        status: an HTTP status instead of an answer, with Retry-After where it is 429.
        error: Slack's name of what is wrong.
        cut: the connection is closed, before the call takes effect or after.
        channel: only calls for this channel.
    """

    method: str
    times: int = 1
    status: int = 0
    retry_after: int = 1
    error: str = ""
    cut: Literal["", "before", "after"] = ""
    channel: str = ""

    def applies(self, method: str, args: Mapping[str, Any]) -> bool:
        return (
            self.times != 0
            and self.method in ("*", method)
            and self.channel in ("", args.get("channel"), args.get("channel_id"))
        )
