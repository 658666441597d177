"""A circuit breaker: a server that failed several times in a row is left alone for a while, then tried once.

A dead model must not cost every turn its time limit.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class CircuitOpen(Exception):
    """Calls are refused for now.

    Attributes:
        seconds: after which one is let through.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(f"for {seconds:.0f} more seconds")
        self.seconds = seconds


class Breaker:
    """Counts failures in a row, and refuses calls for a while after too many. Safe to share between threads.

    Args:
        failures: that are too many.
        rest: for how many seconds calls are refused; then one is let through, and decides.
        now: tells the time, in seconds.
    """

    def __init__(self, failures: int, rest: float, now: Callable[[], float] = time.monotonic) -> None:
        self._most, self._rest, self._now = failures, rest, now
        self._failed = 0
        self._until = 0.0
        self._trying = False
        self._alone = threading.Lock()

    @contextmanager
    def call(self, *failures: type[Exception]) -> Iterator[None]:
        """Let a call through. It failed where it raises one of these, and succeeded where it raises nothing.

        Raises:
            CircuitOpen: the server is left alone.
        """
        trial = self._admit()
        try:
            yield
        except failures:
            with self._alone:
                self._failed += 1
                self._until = self._now() + self._rest
            raise
        else:
            with self._alone:
                self._failed = 0
        finally:
            if trial:
                with self._alone:
                    self._trying = False

    def _admit(self) -> bool:
        """Return whether this call is the one that is tried after a rest."""
        with self._alone:
            if self._failed < self._most:
                return False
            left = self._until - self._now()
            if left > 0 or self._trying:
                raise CircuitOpen(left)
            self._trying = True
            return True
