import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.servers.breaker import Breaker, CircuitOpen


class Clock:
    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        return self.time


def test_after_a_rest_only_one_of_many_is_let_through() -> None:
    clock = Clock()
    breaker, inside, release = Breaker(1, 10.0, clock), threading.Event(), threading.Event()
    with pytest.raises(ZeroDivisionError), breaker.call(ZeroDivisionError):
        raise ZeroDivisionError
    clock.time = 11.0

    def trial() -> str:
        with breaker.call(ZeroDivisionError):
            inside.set()
            release.wait(30)
        return "done"

    with ThreadPoolExecutor() as pool:
        first = pool.submit(trial)
        assert inside.wait(30)
        with pytest.raises(CircuitOpen), breaker.call(ZeroDivisionError):
            pass
        release.set()
        assert first.result() == "done"
    with breaker.call(ZeroDivisionError):
        pass


def test_other_errors_say_nothing_of_the_server_and_failures_must_be_in_a_row() -> None:
    breaker = Breaker(2, 10.0, Clock())
    for raised in (ZeroDivisionError, KeyError, KeyError, None, ZeroDivisionError, KeyError):
        with pytest.raises(raised) if raised else breaker.call(), breaker.call(ZeroDivisionError):
            if raised:
                raise raised
    with pytest.raises(ZeroDivisionError), breaker.call(ZeroDivisionError):
        raise ZeroDivisionError
    with pytest.raises(CircuitOpen, match="10 more seconds"), breaker.call(ZeroDivisionError):
        pass
