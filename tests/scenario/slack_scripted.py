"""A dialogue whose answers a test decides, for what a real one does too seldom: being slow, long, down, or stopped."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.dialogue.events import Answered, Event, Failed, Stopped, Understood, Writing
from bot.dialogue.messages import Answer, Filters, Utterance
from bot.errors import SERVICE_MISSING, Problem


@dataclass
class Scripted:
    """Answers each question with its own words.

    Attributes:
        text: what it says instead; the words of the question where empty.
        pause: seconds between two sentences.
        is_down: whether what it needs is out of order.
        asked: what it was asked, in order.
        began: is set as soon as it works on a question.
    """

    text: str = ""
    pause: float = 0.0
    is_down: bool = False
    asked: list[Utterance] = field(default_factory=list)
    began: threading.Event = field(default_factory=threading.Event)

    def respond(self, utterance: Utterance) -> Iterator[Event]:
        self.asked.append(utterance)
        self.began.set()
        if self.is_down:
            yield Failed(Problem("vision_unreachable", "the model at /x does not answer", "", SERVICE_MISSING))
            return
        yield Understood("find", utterance.text, Filters())
        said = self.text or f"You asked: {utterance.text}."
        for line in said.split("\n"):
            if utterance.cancel.is_set():
                yield Stopped()
                return
            yield Writing(line)
            time.sleep(self.pause)
        yield Answered(Answer(said, "told", utterance.conversation_id, "chat", utterance.text))

    def more_like(self, handle: int, utterance: Utterance) -> Iterator[Event]:
        return self.respond(utterance)
