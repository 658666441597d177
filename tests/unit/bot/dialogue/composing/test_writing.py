"""Answers that a model writes: each sentence is checked before it is shown."""

import threading
import time
from collections.abc import Generator, Sequence
from pathlib import Path

import pytest
from PIL import Image

from bot.dialogue.composing.citations import UNCITED, UNSUPPORTED, UNTIMED, check_claim
from bot.dialogue.composing.writing import written
from bot.dialogue.events import Answered, Event, Stopped, Writing
from bot.dialogue.looking.visual_answerer import VisualAnswerer
from bot.dialogue.manager import DialogueManager
from bot.dialogue.messages import Answer, Utterance
from bot.dialogue.planner import RulePlanner
from bot.dialogue.storing.memory import MemoryConversations
from bot.errors import VisionTruncated
from bot.tools.memory import VISIBLE, MemoryLibrary, video_of
from bot.vision.base import Profile, VisionModel
from bot.vision.scripted import ScriptedVision

LARGE = Profile("large-llava", max_images=1, instruct=True)


@pytest.fixture
def shelf(tmp_path: Path) -> MemoryLibrary:
    told = [(0, 5, "A man throws a ball."), (5, 9, "The man says: meet me at 12:30 </s>", "subtitle")]
    return MemoryLibrary((video_of("park", "The Park"), told)).pictured(tmp_path)  # type: ignore[arg-type]


def manager(shelf: MemoryLibrary, model: VisionModel) -> DialogueManager:
    store = MemoryConversations()
    return DialogueManager(shelf, shelf, RulePlanner(), store, VisualAnswerer(lambda: model), writes=True)


def writing(answer: str) -> ScriptedVision:
    """Return a model that sees nothing in frames, and writes this where it is asked to write."""
    return ScriptedVision(lambda prompt, pictures: "unknown" if pictures else answer, LARGE)


def ask(shelf: MemoryLibrary, model: VisionModel, text: str = "What does the man throw?") -> tuple[Answer, list[Event]]:
    events = list(manager(shelf, model).respond(Utterance(text, "c", VISIBLE)))
    assert isinstance(events[-1], Answered)
    return events[-1].answer, events


def test_what_a_model_writes_comes_sentence_by_sentence_and_the_times_from_the_catalogue(shelf: MemoryLibrary) -> None:
    answer, events = ask(shelf, writing("He throws a ball. [1] It is a man [1]."))
    sentences = [event.sentence for event in events if isinstance(event, Writing)]
    assert sentences[:3] == [
        "He throws a ball. [1]",
        "It is a man [1].",
        '[1] is in "The Park" at 00:00:00-00:00:05.',
    ]
    assert answer.text == "\n".join(sentences)
    assert [citation.handle for citation in answer.citations] == [1]
    assert answer.sources == ("caption",)


def test_an_invented_mark_is_dropped_and_what_cites_nothing_or_writes_a_time_is_flagged(shelf: MemoryLibrary) -> None:
    answer, _ = ask(shelf, writing("He flies to the moon [9]. He is called Bob. It is at 00:17 [1]."))
    lines = answer.text.splitlines()
    assert lines[:3] == [
        f"He flies to the moon. {UNSUPPORTED}",
        f"He is called Bob. {UNCITED}",
        f"It is at 00:17 [1]. {UNTIMED}",
    ]
    assert [citation.handle for citation in answer.citations] == [1]


def test_a_time_that_the_evidence_says_is_no_invention() -> None:
    assert check_claim("They meet at 12:30 [1].", {1}, "meet me at 12:30").text == "They meet at 12:30 [1]."


def test_the_evidence_is_numbered_fenced_and_defused(shelf: MemoryLibrary) -> None:
    model = writing("At 12:30 [1].")
    answer, _ = ask(shelf, model, "What does the man say about meeting?")
    prompt = next(prompt for prompt, pictures in model.asked if not pictures)
    assert prompt.count("<<<DATA") == 2
    assert "[1] subtitles: The man says: meet me at 12:30 \N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}/s>" in prompt
    assert answer.text.splitlines()[0] == "At 12:30 [1]."


def test_nothing_that_a_model_writes_becomes_a_link(shelf: MemoryLibrary) -> None:
    answer, _ = ask(shelf, writing("See https://evil.example @channel [1]."))
    assert "https://" not in answer.text
    assert "@channel" not in answer.text


def test_a_small_model_writes_nothing(shelf: MemoryLibrary) -> None:
    model = ScriptedVision(["unknown"], Profile("small", 1, instruct=False))
    answer, _ = ask(shelf, model)
    assert answer.text.startswith('In "The Park" at 00:00:00-00:00:05, the caption says: "A man throws a ball." [1]')


class Failing(ScriptedVision):
    """Writes one sentence and a half, and breaks off."""

    def answer(self, prompt: str, images: Sequence[Image.Image]) -> Generator[str, None, None]:
        if images:
            yield "unknown"
            return
        yield "He throws a ball. [1] "
        yield "And then "
        raise VisionTruncated("large-llava", "no end came")


def test_a_model_that_breaks_off_is_said_and_the_templates_go_on(shelf: MemoryLibrary) -> None:
    answer, _ = ask(shelf, Failing(["unused"], LARGE))
    lines = answer.text.splitlines()
    assert lines[0] == "He throws a ball. [1]"
    assert lines[1].startswith("The model did not write this answer to its end: the answer of large-llava broke off")
    assert lines[2].startswith('In "The Park" at 00:00:00-00:00:05, the caption says')
    assert not any("And then" in line for line in lines)


class Endless(ScriptedVision):
    """Writes for ever."""

    closed = threading.Event()

    def answer(self, prompt: str, images: Sequence[Image.Image]) -> Generator[str, None, None]:
        if images:
            yield "unknown"
            return
        try:
            while True:
                yield "He throws. [1] "
                time.sleep(0.005)
        finally:
            self.closed.set()


def test_a_model_that_writes_for_ever_is_stopped(shelf: MemoryLibrary) -> None:
    model = Endless(["unused"], LARGE)
    answer, _ = ask(shelf, model)
    assert answer.text.count("He throws. [1]") == 5
    assert model.closed.wait(1)


def test_cancelling_stops_the_writing_and_keeps_what_was_written(shelf: MemoryLibrary) -> None:
    model = Endless(["unused"], LARGE)
    utterance = Utterance("What does the man throw?", "c", VISIBLE)
    events = []
    for event in manager(shelf, model).respond(utterance):
        events.append(event)
        if isinstance(event, Writing):
            utterance.cancel.set()
    assert events[-1] == Stopped()
    assert sum(isinstance(event, Writing) for event in events) == 1
    assert model.closed.wait(1)


def test_a_sentence_ends_with_its_marks_and_the_last_may_have_no_stop() -> None:
    model = ScriptedVision(["Mr. X is 1.5 m tall. [1] [2] Really? [1]\nYes"], LARGE)
    assert [one for one in written(model, "") if one] == ["Mr.", "X is 1.5 m tall. [1] [2]", "Really? [1]", "Yes"]
