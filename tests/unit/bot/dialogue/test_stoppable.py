import threading
import time
from collections.abc import Generator

import pytest

from bot.dialogue.stoppable import Cancelled, stoppable


class Work:
    """Counts for ever, a step in a hundredth of a second, and notes when it was closed."""

    def __init__(self) -> None:
        self.closed = threading.Event()

    def steps(self) -> Generator[int, None, None]:
        number = 0
        try:
            while True:
                yield number
                number += 1
                time.sleep(0.01)
        finally:
            self.closed.set()


def never() -> bool:
    return False


def test_what_is_made_comes_in_order_and_ends() -> None:
    assert list(stoppable((number for number in range(5)), never)) == [0, 1, 2, 3, 4]


def test_an_error_is_raised_where_the_results_are_read() -> None:
    def work() -> Generator[int, None, None]:
        yield 1
        raise ZeroDivisionError

    results = stoppable(work(), never)
    assert next(results) == 1
    with pytest.raises(ZeroDivisionError):
        next(results)


def test_what_is_cancelled_ends_within_a_second_and_closes_the_work() -> None:
    work, cancel = Work(), threading.Event()
    results = stoppable(work.steps(), cancel.is_set)
    assert next(results) == 0
    threading.Timer(0.1, cancel.set).start()
    begun = time.monotonic()
    with pytest.raises(Cancelled):
        for _ in results:
            pass
    assert time.monotonic() - begun < 1.0
    assert work.closed.wait(1)


def test_closing_closes_the_work() -> None:
    work = Work()
    results = stoppable(work.steps(), never)
    next(results)
    results.close()
    assert work.closed.wait(1)


def test_a_work_that_is_silent_is_left_behind_and_closed_when_it_wakes_up() -> None:
    awake, closed = threading.Event(), threading.Event()

    def work() -> Generator[int, None, None]:
        try:
            awake.wait(10)
            yield 1
        finally:
            closed.set()

    cancel = threading.Event()
    threading.Timer(0.05, cancel.set).start()
    begun = time.monotonic()
    with pytest.raises(Cancelled):
        next(stoppable(work(), cancel.is_set))
    assert time.monotonic() - begun < 1.0
    assert not closed.is_set()
    awake.set()
    assert closed.wait(1)
