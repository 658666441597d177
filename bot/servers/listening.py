"""Reading in the background: what comes piece by piece is waited for no longer than it may take or is wanted.

A model says nothing for a while before its first word, and whoever reads its answer directly cannot leave meanwhile.
Why: docs/decisions/model-servers.md.
"""

import contextlib
import queue
import threading
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import TypeVar

from bot.servers.giving_up import given_up_when, giving_up
from bot.servers.queue import POLL, never

T = TypeVar("T")

LEAVING = 0.5
"""Seconds that are given to a source to stop, once it is no longer wanted."""


class Cancelled(Exception):
    """What was to come is not wanted any more."""


class OutOfTime(Exception):
    """A source took too long.

    Attributes:
        seconds: that it had.
        begun: whether anything had come.
    """

    def __init__(self, seconds: float, begun: bool) -> None:
        super().__init__(f"more than {seconds:g} seconds")
        self.seconds, self.begun = seconds, begun


@dataclass(frozen=True, slots=True)
class _End:
    """The end of a source, by an error or without."""

    error: Exception | None = None


def listen(
    source: Callable[[], Iterator[T]],
    cancelled: Callable[[], bool] = never,
    first: float | None = None,
    total: float | None = None,
) -> Generator[T, None, None]:
    """Yield what a source yields, which is read in a thread of its own, and raise what it raises.

    A generator cannot be closed while it is being read: so the other thread closes it too. Cancelled, closed, or out of
    time, the source is closed as soon as its next piece has come; that is waited for half a second at most. What the
    source asks of a server is given up at once, and with it the thread.

    Args:
        source: called in the other thread; what it returns is closed there if it can be.
        cancelled: whether it is no longer wanted.
        first: seconds within which the first piece must come.
        total: seconds within which the end must come.

    Raises:
        Cancelled: `cancelled()` became true, at most `POLL` seconds before.
        OutOfTime: it took longer.
    """
    handed: queue.SimpleQueue[T | _End] = queue.SimpleQueue()
    unwanted = threading.Event()
    outer = giving_up()
    reading = (source, handed, lambda: unwanted.is_set() or outer())
    reader = threading.Thread(target=_read, args=reading, name="listening", daemon=True)
    since, begun, patient = time.monotonic(), False, True
    reader.start()
    try:
        while True:
            if cancelled():
                raise Cancelled
            limit = total if begun or first is None else first
            left = POLL if limit is None else since + limit - time.monotonic()
            if limit is not None and left <= 0:
                patient = False
                raise OutOfTime(limit, begun)
            try:
                item = handed.get(timeout=min(POLL, left))
            except queue.Empty:
                continue
            if isinstance(item, _End):
                if item.error is not None:
                    raise item.error
                return
            begun = True
            yield item
    finally:
        unwanted.set()
        if patient:
            reader.join(LEAVING)


def _read(
    source: Callable[[], Iterator[T]], handed: "queue.SimpleQueue[T | _End]", unwanted: Callable[[], bool]
) -> None:
    error: Exception | None = None
    try:
        with given_up_when(unwanted), contextlib.ExitStack() as stack:
            pieces = source()
            if isinstance(pieces, Generator):
                stack.callback(pieces.close)
            for piece in pieces:
                if unwanted():
                    break
                handed.put(piece)
    except Exception as caught:  # raised again where it is read
        error = caught
    finally:
        handed.put(_End(error))
