import threading
import time

import pytest

from bot.servers.queue import Queue


def test_who_is_alone_is_admitted_without_waiting() -> None:
    queue = Queue()
    with queue.place() as place:
        assert list(place.wait()) == []
        assert place.admitted
    assert len(queue) == 0


def test_who_waits_is_told_of_every_step_forward() -> None:
    queue = Queue()
    with queue.place() as third:
        pass  # a place that is given up counts no longer
    with queue.place() as first, queue.place() as second, queue.place() as third:
        told = third.wait()
        assert next(told) == 2
        first.leave()
        assert next(told) == 1
        assert not third.admitted
        second.leave()
        assert list(told) == []
        assert third.admitted


def test_it_is_first_come_first_served_and_one_at_a_time() -> None:
    queue, served, inside = Queue(), list[int](), list[int]()
    most = 0

    def come(number: int) -> None:
        nonlocal most
        with queue.place() as place:
            arrived.set()
            for _ in place.wait():
                pass
            inside.append(number)
            most = max(most, len(inside))
            time.sleep(0.002)
            inside.remove(number)
            served.append(number)

    threads = []
    with queue.place():  # nobody is served until all stand in line
        for number in range(12):
            arrived = threading.Event()
            threads.append(threading.Thread(target=come, args=(number,)))
            threads[-1].start()
            assert arrived.wait(30)
    for thread in threads:
        thread.join(60)
    assert served == list(range(12))
    assert most == 1
    assert len(queue) == 0


def test_who_no_longer_wants_to_wait_leaves_at_once_and_those_behind_move_on() -> None:
    queue, cancelled = Queue(), threading.Event()
    with queue.place() as first, queue.place() as second, queue.place() as third:
        waiting = second.wait(cancelled.is_set)
        behind = third.wait()
        assert (next(waiting), next(behind)) == (1, 2)
        threading.Timer(0.05, cancelled.set).start()
        begun = time.monotonic()
        assert list(waiting) == []
        assert time.monotonic() - begun < 10  # it would wait for ever
        assert not second.admitted
        assert next(behind) == 1
        assert first.admitted


def test_what_is_cancelled_beforehand_is_never_admitted() -> None:
    queue = Queue()
    with queue.place() as place:
        assert list(place.wait(lambda: True)) == []
        assert not place.admitted


def test_a_place_is_free_again_whatever_happens_in_it() -> None:
    queue = Queue()
    with pytest.raises(ZeroDivisionError), queue.place():
        raise ZeroDivisionError
    with queue.place() as first, queue.place() as second:
        waiting = second.wait()
        next(waiting)
        waiting.close()  # who stops listening keeps the place until its block ends
        assert len(queue) == 2
        assert first.admitted
    assert len(queue) == 0
