"""One queue before the vision model: it answers one at a time, first come first served, and who waits is told.

A server that has one slot says nothing to those who wait. So the waiting is done here.
"""

import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager

POLL = 0.05
"""Seconds between two looks at whether a place is still wanted."""


def never() -> bool:
    """Say that nothing is cancelled."""
    return False


class Queue:
    """Places in the order in which they were taken. Safe to share between threads; one for each model.

    Example::

        with queue.place() as place:
            for before in place.wait(cancelled):
                ...  # tell how many are before
            if place.admitted:
                ...  # ask the model
    """

    def __init__(self) -> None:
        self._places: list[QueuePlace] = []
        self._changed = threading.Condition()

    def __len__(self) -> int:
        """Return how many places are taken, with the one whose turn it is."""
        return len(self._places)

    @contextmanager
    def place(self) -> Iterator["QueuePlace"]:
        """Take the last place; it is free again at the end of the block, however that ends.

        The one who holds a place must not take another and wait for it: it would wait for itself.
        """
        taken = QueuePlace(self._places, self._changed)
        try:
            yield taken
        finally:
            taken.leave()


class QueuePlace:
    """A place in a queue, taken when it is made."""

    def __init__(self, places: list["QueuePlace"], changed: threading.Condition) -> None:
        self._places, self._changed = places, changed
        with changed:
            places.append(self)

    @property
    def admitted(self) -> bool:
        """Whether it is this one's turn."""
        with self._changed:
            return bool(self._places) and self._places[0] is self

    def wait(self, cancelled: Callable[[], bool] = never) -> Generator[int, None, None]:
        """Yield how many are before this place, each time that changes, until it is admitted or no longer wanted.

        Nothing is yielded where nobody is before it. Once `cancelled()` is true the place is given up within `POLL`
        seconds; so look at `admitted` afterwards.
        """
        told = 0
        while True:
            if cancelled():
                return self.leave()
            with self._changed:
                before = self._before()
                if before == told and before:
                    self._changed.wait(POLL)
                    before = self._before()
            if not before:
                return None
            if before != told:
                told = before
                yield before

    def leave(self) -> None:
        """Give the place up; those behind move on. Again: nothing."""
        with self._changed:
            if self in self._places:
                self._places.remove(self)
                self._changed.notify_all()

    def _before(self) -> int:
        return self._places.index(self) if self in self._places else 0
