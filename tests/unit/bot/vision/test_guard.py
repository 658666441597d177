import threading
import time
from collections.abc import Callable, Generator, Sequence

import pytest
from PIL import Image

from bot.errors import (
    PromptTooLong,
    VisionBadReply,
    VisionBusy,
    VisionCircuitOpen,
    VisionFailed,
    VisionTimeout,
    VisionUnreachable,
)
from bot.servers.queue import never
from bot.vision.base import Output, Profile
from bot.vision.guard import Guarded, TimeLimits
from bot.vision.scripted import ScriptedVision
from retrieval.errors import MissingModel

RED = Image.new("RGB", (8, 8), "red")
QUICK = TimeLimits(first=20.0, total=30.0, attempts=3, pause=0.01, failures=3, rest=30.0)


class Moody:
    """Does what comes next at each question; the last for ever."""

    profile = Profile("moody", max_images=1, instruct=True, batch=2)

    def __init__(self, *moods: Callable[[], str]) -> None:
        self.moods, self.asked = list(moods), 0

    def answer(self, prompt: str, images: Sequence[Image.Image]) -> Generator[str, None, None]:
        yield self._next()
        yield " indeed"

    def ask_each(self, asked: Sequence[tuple[str, Image.Image]], unwanted: Callable[[], bool] = never) -> list[Output]:
        return [Output(self._next(), 0.5) for _ in asked]

    def _next(self) -> str:
        self.asked += 1
        mood = self.moods.pop(0) if len(self.moods) > 1 else self.moods[0]
        return mood()


def says(text: str) -> Callable[[], str]:
    return lambda: text


def fails(error: Exception) -> Callable[[], str]:
    def mood() -> str:
        raise error

    return mood


def stuck() -> str:
    time.sleep(1.5)
    return "late"


class Endless(Moody):
    """Always has another word."""

    def answer(self, prompt: str, images: Sequence[Image.Image]) -> Generator[str, None, None]:
        while True:
            yield "and so on "
            time.sleep(0.01)


class Slow(Moody):
    """Takes half a minute for a batch, and looks meanwhile whether that is still wanted."""

    def __init__(self) -> None:
        super().__init__(says("at last"))
        self.stopped = threading.Event()

    def ask_each(self, asked: Sequence[tuple[str, Image.Image]], unwanted: Callable[[], bool] = never) -> list[Output]:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            if unwanted():
                self.stopped.set()
                return []
            time.sleep(0.01)
        return [Output("at last", 1.0) for _ in asked]


class Clock:
    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        return self.time


def test_a_model_that_does_well_is_passed_on_as_it_is() -> None:
    inner = ScriptedVision([Output("a red dog", 0.7)])
    model = Guarded(inner, QUICK)
    assert model.profile == inner.profile
    assert "".join(model.answer("what?", [RED])) == "a red dog"
    assert model.ask_each([("what?", RED)] * 3) == [Output("a red dog", 0.7)] * 3
    with pytest.raises(ValueError, match="pictures at most"):
        model.answer("what?", [RED, RED])


def test_who_is_busy_or_not_there_is_asked_again_before_anything_was_said() -> None:
    inner = Moody(fails(VisionUnreachable("moody", "x")), fails(VisionBusy("moody")), says("hello"))
    assert "".join(Guarded(inner, QUICK).answer("what?", [])) == "hello indeed"
    assert inner.asked == 3


def test_it_is_not_asked_for_ever_nor_again_after_another_failure() -> None:
    for error, times in ((VisionUnreachable("moody", "x"), 3), (VisionBadReply("moody", "status 500"), 1)):
        inner = Moody(fails(error))
        with pytest.raises(VisionFailed) as raised:
            list(Guarded(inner, QUICK).answer("what?", []))
        assert raised.value is error
        assert inner.asked == times


def test_who_says_nothing_in_time_or_does_not_end_in_time_is_given_up() -> None:
    started = time.monotonic()
    with pytest.raises(VisionTimeout, match="a word within 0.3 seconds"):
        list(Guarded(Moody(stuck), TimeLimits(first=0.3)).answer("what?", []))
    with pytest.raises(VisionTimeout, match="an answer within 0.6 seconds"):
        list(Guarded(Endless(stuck), TimeLimits(first=20, total=0.6)).answer("what?", []))
    with pytest.raises(VisionTimeout, match="within 0.4 seconds"):
        Guarded(Moody(stuck), TimeLimits(total=0.2)).ask_each([("what?", RED)] * 2)
    assert time.monotonic() - started < 5.0


def test_a_batch_that_is_not_wanted_any_more_stops_the_model_and_is_no_failure_of_it() -> None:
    slow, unwanted = Slow(), threading.Event()
    model = Guarded(slow, TimeLimits(total=60, failures=1))
    for _ in range(2):
        unwanted.clear()
        threading.Timer(0.1, unwanted.set).start()
        assert model.ask_each([("what?", RED)] * 5, unwanted.is_set) == []
    assert slow.stopped.wait(1.0)


def test_a_batch_that_is_late_stops_the_model() -> None:
    slow = Slow()
    with pytest.raises(VisionTimeout):
        Guarded(slow, TimeLimits(total=0.1)).ask_each([("what?", RED)])
    assert slow.stopped.wait(1.0)


def test_what_nobody_foresaw_is_a_failure_as_well() -> None:
    with pytest.raises(VisionBadReply, match="MemoryError: no room"):
        list(Guarded(Moody(fails(MemoryError("no room"))), QUICK).answer("what?", []))


def test_a_model_that_fails_several_times_is_left_alone_and_then_tried_once() -> None:
    clock = Clock()
    inner = Moody(*[fails(VisionBadReply("moody", "status 500"))] * 4, says("back again"))
    model = Guarded(inner, QUICK, clock)
    for _ in range(3):
        with pytest.raises(VisionBadReply):
            list(model.answer("what?", []))
    with pytest.raises(VisionCircuitOpen, match="in 30 seconds"):
        list(model.answer("what?", []))
    assert inner.asked == 3
    clock.time = 31.0
    with pytest.raises(VisionBadReply):  # the trial fails
        model.ask_each([("what?", RED)])
    with pytest.raises(VisionCircuitOpen):
        list(model.answer("what?", []))
    clock.time = 62.0
    assert "".join(model.answer("what?", [])) == "back again indeed"
    assert "".join(model.answer("what?", [])) == "back again indeed"


def test_failures_that_are_not_in_a_row_and_those_of_the_question_do_not_count() -> None:
    bad = fails(VisionBadReply("moody", "status 500"))
    too_long, missing = fails(PromptTooLong("moody", 9, 8)), fails(MissingModel("not there"))
    inner = Moody(bad, bad, says("yes"), bad, bad, too_long, missing, says("still here"))
    model = Guarded(inner, QUICK)
    heard: list[str] = []
    for _ in range(8):
        try:
            heard.append("".join(model.answer("what?", [])))
        except (VisionBadReply, PromptTooLong, MissingModel) as error:
            heard.append(type(error).__name__)
    assert heard[-1] == "still here indeed"
    assert heard.count("VisionBadReply") == 4


def test_a_trial_that_was_given_up_lets_the_next_one_try() -> None:
    clock = Clock()
    inner = Moody(*[fails(VisionBadReply("moody", "x"))] * 3, says("yes"))
    model = Guarded(inner, QUICK, clock)
    for _ in range(3):
        with pytest.raises(VisionBadReply):
            list(model.answer("what?", []))
    clock.time = 31.0
    begun = model.answer("what?", [])
    next(begun)
    begun.close()
    assert "".join(model.answer("what?", [])) == "yes indeed"
