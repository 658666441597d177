"""Runs what takes long in a thread of its own, so that whoever waits for it can stop waiting at once.

A generator cannot be closed while it is being read. So it is read, and closed, in one thread, and what it yields is
handed over to another, which looks between two waits whether it is still wanted.
"""

import queue
import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

POLL = 0.05
"""Seconds between two looks at whether the work is still wanted."""

PATIENCE = 0.5
"""Seconds that a stopped work is waited for; one that is in the middle of a step ends after it, by itself."""


class Cancelled(Exception):
    """The user does not want the reply any more."""


def stoppable(work: Generator[T, None, None], cancelled: Callable[[], bool]) -> Generator[T, None, None]:
    """Yield what the work yields. Once it is cancelled, or this generator is closed, the work is closed too.

    The work is closed when it next yields; one that wants to be stopped soon yields often.

    Raises:
        Cancelled: `cancelled()` became true; at most a moment after that.
        Exception: whatever the work raised.
    """
    unwanted = threading.Event()
    made: queue.SimpleQueue[_Made[T] | _Raised | None] = queue.SimpleQueue()

    def run() -> None:
        try:
            for result in work:
                made.put(_Made(result))
                if unwanted.is_set():
                    break
        except BaseException as error:  # raised again where the results are read
            made.put(_Raised(error))
        finally:
            work.close()
            made.put(None)

    thread = threading.Thread(target=run, name="looking", daemon=True)
    thread.start()
    try:
        while True:
            if cancelled():
                raise Cancelled
            try:
                item = made.get(timeout=POLL)
            except queue.Empty:
                continue
            if isinstance(item, _Raised):
                raise item.error
            if item is None:
                return
            yield item.result
    finally:
        unwanted.set()
        thread.join(PATIENCE)


@dataclass(frozen=True, slots=True)
class _Made(Generic[T]):
    result: T


@dataclass(frozen=True, slots=True)
class _Raised:
    error: BaseException
