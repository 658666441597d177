import threading
import time
from collections.abc import Generator, Iterator

import pytest

from bot.servers.listening import Cancelled, OutOfTime, listen


def slow(pause: float, count: int = 100) -> Generator[int, None, None]:
    for number in range(count):
        time.sleep(pause)
        yield number


def test_what_is_read_in_the_background_comes_whole_and_in_order() -> None:
    assert list(listen(lambda: iter(range(50)), first=60, total=60)) == list(range(50))


def test_an_error_comes_after_what_came_before_it() -> None:
    def failing() -> Iterator[int]:
        yield 1
        raise ZeroDivisionError

    heard = listen(failing)
    assert next(heard) == 1
    with pytest.raises(ZeroDivisionError):
        next(heard)


def test_what_does_not_begin_or_does_not_end_in_time_is_given_up() -> None:
    with pytest.raises(OutOfTime) as never_begun:
        list(listen(lambda: slow(5), first=0.1, total=9))
    assert (never_begun.value.seconds, never_begun.value.begun) == (0.1, False)
    started = time.monotonic()
    with pytest.raises(OutOfTime) as endless:
        list(listen(lambda: slow(0.1), first=5, total=0.2))
    assert endless.value.begun
    assert time.monotonic() - started < 5  # the whole would take longer


def test_who_cancels_need_not_wait_for_the_next_piece() -> None:
    cancelled = threading.Event()
    threading.Timer(0.1, cancelled.set).start()
    started = time.monotonic()
    with pytest.raises(Cancelled):
        list(listen(lambda: slow(20), cancelled.is_set))
    assert time.monotonic() - started < 10


def test_closing_closes_the_source_where_it_was_opened() -> None:
    closed = threading.Event()
    where: list[threading.Thread] = []

    def source() -> Generator[int, None, None]:
        where.append(threading.current_thread())
        try:
            yield from slow(0.01)
        finally:
            where.append(threading.current_thread())
            closed.set()

    heard = listen(source)
    next(heard)
    heard.close()
    assert closed.is_set()
    assert where[0] is where[1] is not threading.current_thread()


def test_nothing_is_begun_before_somebody_reads() -> None:
    begun: list[int] = []

    def source() -> Iterator[int]:
        begun.append(1)
        return iter([1])

    listen(source).close()
    assert begun == []


def test_a_source_that_is_silent_is_left_behind_and_closed_when_it_wakes_up() -> None:
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
        next(listen(work, cancel.is_set))
    assert time.monotonic() - begun < 9  # it would be silent for ten seconds
    assert not closed.is_set()
    awake.set()
    assert closed.wait(60)
