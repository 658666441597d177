"""What is asked of a server is given up from outside: by whoever waits for it, in another thread.

What says so is kept by context, so that nobody has to hand it through the packages in between.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from bot.servers.queue import never

_given_up: ContextVar[Callable[[], bool]] = ContextVar("given up", default=never)


@contextmanager
def given_up_when(unwanted: Callable[[], bool]) -> Iterator[None]:
    """Give up what is asked within the block, by this thread and those that take over its context, once that is true.

    Args:
        unwanted: called in another thread, again and again.
    """
    before = _given_up.get()
    token = _given_up.set(lambda: unwanted() or before())
    try:
        yield
    finally:
        _given_up.reset(token)


def giving_up() -> Callable[[], bool]:
    """Return what says whether what is asked now is given up."""
    return _given_up.get()
