"""A guard around a vision model: what it does wrong becomes one VisionFailed, and never takes longer than it may.

An answer has a time limit, for its first words and for the whole. Where nothing was said yet, because the server was
busy or just not there, it is tried again, ever later. A model that fails several times in a row is left alone for a
while, then tried once: a dead model must not cost every turn its time limit.
Why: docs/decisions/model-servers.md.
"""

import threading
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from itertools import islice

from PIL import Image
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential

from bot.errors import (
    AssistantError,
    VisionBadReply,
    VisionBusy,
    VisionCircuitOpen,
    VisionFailed,
    VisionTimeout,
    VisionUnreachable,
)
from bot.servers.breaker import Breaker, CircuitOpen
from bot.servers.giving_up import giving_up
from bot.servers.listening import Cancelled, OutOfTime, T, listen
from bot.servers.queue import never
from bot.vision.base import Output, Profile, VisionModel, check_count
from retrieval.errors import LibraryError, first_line


@dataclass(frozen=True, slots=True)
class TimeLimits:
    """How long a model may take, in seconds, and how often it may fail.

    Attributes:
        first: until the first words of an answer.
        total: until its end; of `ask_each`, for each question.
        attempts: how often an answer is begun, as long as its server is busy or not there.
        pause: before the second attempt; doubled before each further one.
        failures: in a row, after which the model is left alone.
        rest: for how long.
    """

    first: float = 120.0
    total: float = 300.0
    attempts: int = 3
    pause: float = 0.25
    failures: int = 3
    rest: float = 30.0


class Guarded:
    """A vision model that keeps to limits.

    Args:
        model: the one that is asked.
        limits: what it may take.
        now: tells the time, in seconds.
    """

    def __init__(
        self, model: VisionModel, limits: TimeLimits | None = None, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._model, self._limits = model, limits or TimeLimits()
        self._breaker = Breaker(self._limits.failures, self._limits.rest, now)

    @property
    def profile(self) -> Profile:
        """The model's own."""
        return self._model.profile

    def answer(self, prompt: str, images: Sequence[Image.Image]) -> Generator[str, None, None]:
        """Yield the model's answer. See `VisionModel`."""
        check_count(self.profile, images)
        return self._kept(lambda: self._model.answer(prompt, images), self._limits.first, self._limits.total)

    def ask_each(self, asked: Sequence[tuple[str, Image.Image]], unwanted: Callable[[], bool] = never) -> list[Output]:
        """Return the model's short answers; each batch of them has its own limit. See `VisionModel`."""
        said: list[Output] = []
        for start in range(0, len(asked), self.profile.batch):
            batch = asked[start : start + self.profile.batch]
            try:
                said += self._answered(batch, unwanted)
            except Cancelled:
                break
        return said

    def _answered(self, batch: Sequence[tuple[str, Image.Image]], unwanted: Callable[[], bool]) -> list[Output]:
        """Return the answers to a batch; whoever is too late with them is told to stop."""
        left = threading.Event()

        def once() -> Generator[list[Output], None, None]:
            yield self._model.ask_each(batch, lambda: left.is_set() or unwanted())

        try:
            (said,) = self._kept(once, None, self._limits.total * len(batch), unwanted)
        finally:
            left.set()
        return said

    def _kept(
        self,
        ask: Callable[[], Generator[T, None, None]],
        first: float | None,
        total: float,
        unwanted: Callable[[], bool] = never,
    ) -> Generator[T, None, None]:
        """Yield what is asked for, within the limits, as long as the model is not left alone.

        Raises:
            Cancelled: it is not wanted any more, which says nothing of the model.
        """
        try:
            with self._breaker.call(VisionFailed):
                yield from self._heard(ask, first, total, unwanted)
        except CircuitOpen as resting:
            raise VisionCircuitOpen(self.profile.name, resting.seconds) from resting

    def _heard(
        self,
        ask: Callable[[], Generator[T, None, None]],
        first: float | None,
        total: float,
        unwanted: Callable[[], bool],
    ) -> Generator[T, None, None]:
        name = self.profile.name
        try:
            yield from listen(lambda: self._tried(ask), unwanted, first, total)
        except OutOfTime as late:
            raise VisionTimeout(name, late.seconds, "an answer" if late.begun else "a word") from late
        except (AssistantError, LibraryError, Cancelled) as error:
            if giving_up()():  # whoever waits for this thread has left, and the model did nothing wrong
                raise Cancelled from error
            raise
        except Exception as error:  # no memory left, a damaged state: no answer, whatever it was
            raise VisionBadReply(name, f"{type(error).__name__}: {first_line(error)}") from error
        if unwanted():
            raise Cancelled

    def _tried(self, ask: Callable[[], Generator[T, None, None]]) -> Generator[T, None, None]:
        """Yield what is asked for; what fails before its first piece because nobody is there is asked for again."""
        limits = self._limits
        for attempt in Retrying(
            retry=retry_if_exception_type((VisionUnreachable, VisionBusy)),
            stop=stop_after_attempt(limits.attempts),
            wait=wait_exponential(multiplier=limits.pause, max=5.0),
            reraise=True,
        ):
            with attempt:
                pieces = ask()
                begun = list(islice(pieces, 1))
        try:
            yield from begun
            yield from pieces
        finally:
            pieces.close()
