"""From the events of a reply to its answer."""

from collections.abc import Callable, Iterator

from bot.dialogue.events import Answered, Clarifying, Event, Failed, Stopped
from bot.dialogue.messages import Answer
from bot.errors import Refused


def answer_of(events: Iterator[Event], on_event: Callable[[Event], None] | None = None) -> Answer | None:
    """Return the answer that a reply ends with, None where it was stopped; each event is told as it comes.

    Raises:
        Refused: the reply ended in a failure.
    """
    for event in events:
        if on_event is not None:
            on_event(event)
        if isinstance(event, Failed):
            raise Refused(event.problem)
        if isinstance(event, Answered | Clarifying):
            return event.answer
        if isinstance(event, Stopped):
            return None
    raise AssertionError("a reply ends with an answer, a stop or a failure")
