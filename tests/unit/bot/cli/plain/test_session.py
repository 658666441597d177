"""Ctrl+C in a chat, and what it prints of each event."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path
from threading import Event as Flag
from typing import Any

import pytest

from bot.cli.plain.screen import Screen
from bot.cli.plain.session import Session
from bot.cli.plain.showing import Typed, show, understood
from bot.dialogue.events import Answered, Event, Failed, Found, Looking, Queued, Seen, Stopped, Writing
from bot.dialogue.messages import Answer, Filters
from bot.errors import Problem

ANSWER = Answer("x", "answered", "c", "find", "")


def session(as_json: bool = False) -> Session:
    unused: Any = None
    return Session(unused, unused, "c", Screen(as_json))


def test_ctrl_c_asks_the_reply_to_stop_and_the_chat_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    cancel = Flag()

    def reply() -> Iterator[Event]:
        yield Writing("One.")
        signal.raise_signal(signal.SIGINT)
        yield Stopped() if cancel.is_set() else Writing("Two.")

    before = signal.getsignal(signal.SIGINT)
    session().show(reply(), cancel)
    assert capsys.readouterr().out == "One.\nStopped.\n"
    assert signal.getsignal(signal.SIGINT) is before


def test_a_reply_that_does_not_stop_by_itself_is_closed(capsys: pytest.CaptureFixture[str]) -> None:
    closed: list[bool] = []

    def reply() -> Iterator[Event]:
        try:
            yield Writing("One.")
            signal.raise_signal(signal.SIGINT)
            yield Writing("Two.")
        finally:
            closed.append(True)

    session().show(reply(), Flag())
    assert capsys.readouterr().out == "One.\nStopped.\n"
    assert closed == [True]


def test_ctrl_c_given_twice_interrupts_whatever_is_done(capsys: pytest.CaptureFixture[str]) -> None:
    def reply() -> Iterator[Event]:
        yield Writing("One.")
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        raise AssertionError("not reached")

    session().show(reply(), Flag())
    assert capsys.readouterr().out == "One.\nStopped.\n"


def test_what_was_answered_before_ctrl_c_is_not_called_stopped(capsys: pytest.CaptureFixture[str]) -> None:
    def reply() -> Iterator[Event]:
        yield Writing("One.")
        signal.raise_signal(signal.SIGINT)
        yield Answered(ANSWER)

    session().show(reply(), Flag())
    assert capsys.readouterr().out == "One.\n"


@pytest.mark.parametrize(
    ("event", "line", "data"),
    [
        (Found(2), "", {"moments": 2}),
        (Queued(1), "(waiting for the vision model: 1 question before yours)\n", {"position": 1}),
        (
            Looking("llava", (Path("/a.jpg"),)),
            "(llava looks at 1 frame)\n",
            {"model": "llava", "keyframes": ["/a.jpg"]},
        ),
        (Seen(2, "a dog"), '([2]: saw "a dog")\n', {"handle": 2, "observation": "a dog"}),
        (Seen(2, ""), "([2]: saw nothing of it)\n", {"handle": 2, "observation": ""}),
        (Stopped(), "Stopped.\n", {}),
        (
            Failed(Problem("gone", "it is gone", "Look elsewhere.", 1)),
            "Sorry: it is gone. Look elsewhere.\n",
            {"error": {"code": "gone", "message": "it is gone", "hint": "Look elsewhere."}},
        ),
    ],
)
def test_events_are_printed_for_people_and_for_programs(
    event: Event, line: str, data: dict[str, object], capsys: pytest.CaptureFixture[str]
) -> None:
    show(event, Screen(as_json=False), Typed())
    assert capsys.readouterr().out == line
    show(event, Screen(as_json=True), Typed())
    printed = json.loads(capsys.readouterr().out)
    assert printed == {"version": 2, "event": type(event).__name__.lower(), **data}


def test_an_event_that_is_not_known_yet_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    new: Any = object()
    show(new, Screen(as_json=False), Typed())
    assert capsys.readouterr().out == ""


TITLES = {"park": "The Park", "sea": "By the Sea"}


@pytest.mark.parametrize(
    ("query", "filters", "typed", "said"),
    [
        ("dog ball", Filters(), "where does a dog catch the ball?", ""),
        ("dog catches ball", Filters(), "and in the water?", '(looking for "dog catches ball")'),
        ("dog", Filters(videos=("park",)), "where is the dog in the park video?", ""),
        ("dog", Filters(videos=("park",)), "and the dog?", "(in The Park)"),
        ("dog", Filters(videos=("park", "sea")), "and he?", '(looking for "dog" in The Park or By the Sea)'),
        ("", Filters(start=22.0), "after 0:22", ""),
    ],
)
def test_of_what_was_understood_only_what_was_not_typed_is_said(
    query: str, filters: Filters, typed: str, said: str
) -> None:
    assert understood(query, filters, Typed(typed, TITLES)) == said
