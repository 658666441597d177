"""Workers: each takes a job of the inbox, has it done, and shows what happens until it is.

A ticking thread shows that the leases of this process live, hears what they are told, and says to those who wait how
many are before them.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Protocol

from bot.slack.calls import SlackRefused, SlackUnreachable
from bot.slack.inbox import Inbox
from bot.slack.jobs import ADDING, KeptJob, Lease
from bot.slack.outbox import LeaseLost
from retrieval.errors import LibraryError

log = logging.getLogger(__name__)

IDLE = 0.1
"""Seconds after which an empty inbox is looked at again."""

TICK = 1.0
WAITED = 2.0
"""Seconds that a question waits before its place in the queue is told."""

MOST_TRIES = 6
"""How often a job is begun at most."""

EXPIRY = 3600.0
"""Seconds between two looks at what may be forgotten."""


class Doing(Protocol):
    """Does what jobs ask for; see `bot.slack.doing.Doer`."""

    def do(self, lease: Lease, cancel: threading.Event) -> float | None:
        """Do it; return None when it is done, else the seconds after which it is to be tried again."""
        ...

    def give_up(self, lease: Lease, error: BaseException | None) -> None:
        """Say that it could not be done."""
        ...

    def tell_place(self, kept: KeptJob, before: int) -> None:
        """Say how many questions are before one that waits."""
        ...

    def expire(self) -> None:
        """Forget what is too old to be kept."""
        ...


class Workers:
    """The workers of one process.

    Args:
        inbox: of all processes.
        doing: does what jobs ask for.
        count: of jobs that are worked on at once.
        on_out: is called where Slack says that the app may do nothing any more.
        now: tells seconds.
    """

    def __init__(
        self,
        inbox: Inbox,
        doing: Doing,
        count: int,
        on_out: Callable[[SlackRefused], None],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._inbox = inbox
        self._doing = doing
        self._on_out = on_out
        self._now = now
        self._ending = threading.Event()
        self._running: dict[int, tuple[Lease, threading.Event]] = {}
        self._lock, self._taking = threading.Lock(), threading.Lock()
        named = [(f"slack-worker-{number}", self._work) for number in range(count)]
        named.append(("slack-adding", self._add))
        self._threads = [
            threading.Thread(target=run, name=name, daemon=True) for name, run in [*named, ("slack-ticker", self._tick)]
        ]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def stop(self, seconds: float) -> bool:
        """Take nothing new, and wait so long for what is worked on; tell whether all of it ended.

        What did not end is begun anew by the next process, when its lease is over.
        """
        self._ending.set()
        with self._lock:
            for lease, cancel in self._running.values():
                if lease.job.queue == ADDING:  # it may take hours; the next process goes on with it
                    cancel.set()
        until = time.monotonic() + seconds
        for thread in self._threads:
            if thread.is_alive():  # none is where Slack was never connected
                thread.join(max(0.0, until - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _work(self) -> None:
        while True:
            with self._taking:  # one of them looks, the others rest
                lease = self._next()
            if lease is None:
                return
            self._do(lease)

    def _add(self) -> None:
        while (lease := self._next(adding=True)) is not None:
            self._do(lease)

    def _next(self, adding: bool = False) -> Lease | None:
        """Wait for the next job; return None at the end."""
        while not self._ending.is_set():
            try:
                if (lease := self._inbox.take(adding)) is not None:
                    return lease
                self._ending.wait(IDLE)
            except LibraryError as error:
                log.error("the inbox cannot be read: %s", error.message)
                self._ending.wait(TICK)
        return None

    def _do(self, lease: Lease) -> None:
        cancel = threading.Event()
        with self._lock:
            self._running[lease.number] = lease, cancel
            if self._ending.is_set() and lease.job.queue == ADDING:
                cancel.set()
        try:
            self._done(lease, cancel)
        except LeaseLost:
            log.info("another process goes on with a job")
        except Exception as error:  # it is taken again when its lease is over
            log.error("a job could not be ended: %r", error)
        finally:
            with self._lock:
                del self._running[lease.number]

    def _done(self, lease: Lease, cancel: threading.Event) -> None:
        try:
            if lease.tries >= MOST_TRIES:
                raise SlackUnreachable("what it is asked for")
            again = self._doing.do(lease, cancel)
        except LeaseLost:
            raise
        except SlackRefused as error:
            self._refused(lease, error)
        except SlackUnreachable as error:
            if lease.tries >= MOST_TRIES:
                self._give_up(lease, error)
            else:
                self._inbox.release(lease, max(error.after, min(2.0**lease.tries, 60.0)))
        except Exception as error:  # whatever it is, it ends with this job, and is told by a reference
            self._give_up(lease, error)
        else:
            if again is None:
                self._inbox.end(lease)
            else:
                self._inbox.release(lease, again, is_try=False)

    def _refused(self, lease: Lease, error: SlackRefused) -> None:
        log.warning("%s", error.message)
        if not (error.is_gone or error.is_out):
            self._give_up(lease, error)
            return
        self._inbox.end(lease, "refused")
        if error.is_out:
            self._on_out(error)

    def _give_up(self, lease: Lease, error: Exception) -> None:
        try:
            self._doing.give_up(lease, error)
        except LeaseLost:
            raise
        except Exception as another:  # a worker that ends would take nothing more, and nobody would know
            log.warning("that a job failed could not be told: %r", another)
        self._inbox.end(lease, "refused")

    def _tick(self) -> None:
        expired = self._now()
        while True:
            is_ending = self._ending.wait(TICK)
            with self._lock:
                running = list(self._running.values())
            if is_ending and not running:
                return
            try:
                self._beat(running)
                for kept, before in self._inbox.untold(WAITED):
                    self._doing.tell_place(kept, before)
                if self._now() - expired > EXPIRY:
                    expired = self._now()
                    self._doing.expire()
            except Exception as error:  # without a sign of this thread, other processes would take over all
                log.error("the inbox cannot be kept up: %r", error)
            if is_ending:
                time.sleep(IDLE)

    def _beat(self, running: list[tuple[Lease, threading.Event]]) -> None:
        if not running:
            return
        told = self._inbox.beat([lease for lease, _ in running])
        for lease, cancel in running:
            if told.get(lease.number):
                cancel.set()
