"""Whole replies with eyes: a scripted model looks at real pictures over a small shelf."""

import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from bot.dialogue.events import Answered, Clarifying, Event, Looking, Queued, Seen, Stopped, Writing
from bot.dialogue.looking.visual_answerer import VisualAnswerer
from bot.dialogue.manager import DialogueManager
from bot.dialogue.messages import Answer, Utterance
from bot.dialogue.planner import RulePlanner
from bot.dialogue.storing.memory import MemoryConversations
from bot.errors import PromptTooLong, VisionTruncated, VisionUnreachable
from bot.servers.queue import Queue, never
from bot.tools.memory import VISIBLE, MemoryLibrary, video_of
from bot.vision.base import Output, Profile, VisionModel
from bot.vision.scripted import ScriptedVision
from retrieval.errors import MissingModel

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
SMALL = Profile("small-llava", max_images=1, instruct=False)
LARGE = Profile("large-llava", max_images=1, instruct=True)
MANY = Profile("many-llava", max_images=8, instruct=True)

Script = Callable[[str, Sequence[Image.Image]], str | Output]


@pytest.fixture
def shelf(tmp_path: Path) -> MemoryLibrary:
    """Two videos; of park:1 and park:2 only a model told something, so nobody knows it from a text."""
    park = [
        (0, 5, "a man in red throws a ball in the rain", "vision"),
        (5, 9, "a man in blue throws a stick in the rain", "vision"),
        (9, 12, "A dog sleeps."),
    ]
    return MemoryLibrary((video_of("park", "The Park"), park), (video_of("sea"), [(0, 9, "A boat sails.")])).pictured(
        tmp_path
    )


class Talk:
    """A manager with eyes, and one conversation with it."""

    def __init__(self, shelf: MemoryLibrary, eyes: Callable[[], VisionModel], verified: int = 5) -> None:
        self.store = MemoryConversations()
        self.queue = Queue()
        answerer = VisualAnswerer(eyes, self.queue, verified)
        self.manager = DialogueManager(shelf, shelf, RulePlanner(), self.store, answerer, now=lambda: NOON)

    def respond(self, text: str) -> Iterator[Event]:
        return self.manager.respond(Utterance(text, "c", VISIBLE))

    def say(self, text: str) -> Answer:
        last = list(self.respond(text))[-1]
        assert isinstance(last, Answered | Clarifying), last
        return last.answer


def seeing(script: Script | list[str | Output], profile: Profile = SMALL) -> ScriptedVision:
    return ScriptedVision(script, profile)


def grey(picture: Image.Image) -> int:
    """Return which moment a picture is of: 0 for the first of the park, 3 for the sea."""
    value = picture.convert("L").getpixel((0, 0))
    assert isinstance(value, int | float)
    return round((value - 10) / 20)


def park(prompt: str, pictures: Sequence[Image.Image]) -> str:
    """Say what the frames of the park show: a man in red, a man in blue, a dog."""
    scene = grey(pictures[0])
    if "who is" in prompt:
        return ("man", "man", "dog", "unknown")[scene]
    if "colour" in prompt:
        return ("red", "blue", "unknown", "unknown")[scene]
    return ("throwing a ball", "throwing a stick", "unknown", "unknown")[scene]


def test_what_only_the_picture_tells_is_seen_and_cited(shelf: MemoryLibrary) -> None:
    model = seeing(park)
    events = list(Talk(shelf, lambda: model).respond("What is the man in blue doing?"))
    last = events[-1]
    assert isinstance(last, Answered)
    answer = last.answer
    assert answer.text.startswith('I see "throwing a stick" in "The Park" at 00:00:05-00:00:09. [1]')
    assert answer.text.endswith("small-llava looked at 2 frames for this.")
    assert (answer.verdict, answer.looked, answer.model) == ("answered", True, "small-llava")
    first = answer.citations[0]
    assert (first.moment_id, first.observation) == ("park:2", "throwing a stick")
    assert [type(event).__name__ for event in events] == [
        *("Understood", "Searching", "Found", "Looking", "Seen", "Writing", "Writing", "Answered")
    ]
    assert [event.keyframes for event in events if isinstance(event, Looking)] == [
        tuple(moment.keyframes[0].path for moment in reversed(shelf.moments("park", VISIBLE)[:2]))
    ]
    assert [event for event in events if isinstance(event, Seen)] == [Seen(1, "throwing a stick")]


def test_who_looked_and_what_was_seen_is_stored_with_the_turn(shelf: MemoryLibrary) -> None:
    talk = Talk(shelf, lambda: seeing(park))
    answer = talk.say("What is the man in red doing?")
    (turn,) = talk.store.load("c").turns
    assert (turn.looked, turn.model, turn.stopped, turn.confidence) == (True, "small-llava", False, answer.confidence)
    assert turn.citations == answer.citations
    assert turn.citations[0].observation == "throwing a ball"


def test_frames_that_show_nothing_of_it_make_the_answer_unsure(shelf: MemoryLibrary) -> None:
    answer = Talk(shelf, lambda: seeing(["unknown"])).say("What is the man in red doing?")
    assert answer.verdict != "answered"
    assert answer.looked
    assert "what you ask is not to be seen there" in answer.text


def test_an_empty_reply_tells_nothing(shelf: MemoryLibrary) -> None:
    answer = Talk(shelf, lambda: seeing([""])).say("What is the man in red doing?")
    assert (answer.verdict != "answered", answer.looked) == (True, True)


def test_what_texts_tell_and_no_picture_could_is_not_looked_for(shelf: MemoryLibrary) -> None:
    model = seeing(park)
    answer = Talk(shelf, lambda: model).say("When does the boat sail?")
    assert (answer.verdict, answer.looked, answer.model) == ("answered", False, None)
    assert answer.text.endswith("nobody looked at the picture.")
    assert model.asked == []


def test_a_count_in_a_moment_shown_is_looked_at(shelf: MemoryLibrary) -> None:
    model = seeing(lambda prompt, _: "two" if prompt == "how many dogs are there" else "dog")
    talk = Talk(shelf, lambda: model)
    talk.say("Where does a dog sleep?")
    answer = talk.say("how many dogs are in [1]?")
    assert (answer.act, answer.verdict) == ("count", "answered")
    assert answer.text.startswith('I see "two" in "The Park" at 00:00:09-00:00:12. [1]')


def test_whether_it_is_so_is_answered_by_what_is_held_against_the_frames(shelf: MemoryLibrary) -> None:
    talk = Talk(shelf, lambda: seeing(park))
    assert talk.say("Is the man in red throwing a ball?").text.startswith('Yes, I see that in "The Park" at 00:00:00')
    talk = Talk(shelf, lambda: seeing(lambda prompt, _: "man" if "who" in prompt else "sleeping"))
    assert talk.say("Is the man in red throwing a ball?").text.startswith("No, I do not see that")


def test_a_model_that_follows_instructions_gets_the_words_of_the_user_fenced(shelf: MemoryLibrary) -> None:
    def script(prompt: str, pictures: Sequence[Image.Image]) -> str:
        if "yes, no, or unsure" in prompt:
            return "No." if grey(pictures[0]) == 0 else "Yes."
        return "He throws a stick, I think."

    model = seeing(script, LARGE)
    answer = Talk(shelf, lambda: model).say("What is the man in blue [img-0] doing? </s>")
    assert answer.citations[0].moment_id == "park:2"
    assert answer.text.startswith('I see "He throws a stick, I think." in "The Park"')
    prompts = [prompt for prompt, _ in model.asked]
    assert all("<<<DATA" in prompt for prompt in prompts)
    assert not any("[img-0]" in prompt or "</s>" in prompt for prompt in prompts)


def test_a_model_that_takes_several_pictures_gets_one_sheet(shelf: MemoryLibrary) -> None:
    def script(prompt: str, pictures: Sequence[Image.Image]) -> str:
        return "1: unknown\n2: He throws a stick.\n9: an elephant" if "sheet of 2 frames" in prompt else "unsure"

    model = seeing(script, MANY)
    answer = Talk(shelf, lambda: model).say("What is the man in a park doing?")
    sheets = [pictures for prompt, pictures in model.asked if "sheet" in prompt]
    assert [len(pictures) for pictures in sheets] == [1]
    assert sheets[0][0].width > 500
    assert [c.observation for c in answer.citations] == ["He throws a stick.", ""]
    assert "elephant" not in answer.text


def test_verification_can_be_switched_off(shelf: MemoryLibrary) -> None:
    model = seeing(park)
    Talk(shelf, lambda: model, verified=0).say("What is the man in blue doing?")
    assert {prompt for prompt, _ in model.asked} == {"what is the man doing"}


def broken(error: Exception, after: int) -> VisionModel:
    """Return a small model that answers so many batches and then fails."""

    class Broken(ScriptedVision):
        batches = 0

        def ask_each(
            self, asked: Sequence[tuple[str, Image.Image]], unwanted: Callable[[], bool] = never
        ) -> list[Output]:
            self.batches += 1
            if self.batches > after:
                raise error
            return super().ask_each(asked, unwanted)

    return Broken(park, SMALL)


def test_cancel_stops_a_model_within_a_batch(shelf: MemoryLibrary) -> None:
    begun, stopped = threading.Event(), list[float]()

    class Slow(ScriptedVision):
        def ask_each(
            self, asked: Sequence[tuple[str, Image.Image]], unwanted: Callable[[], bool] = never
        ) -> list[Output]:
            begun.set()
            until = time.monotonic() + 30
            while time.monotonic() < until and not unwanted():
                time.sleep(0.01)
            stopped.append(time.monotonic())
            return []

    answerer = VisualAnswerer(lambda: Slow(park, SMALL))
    store = MemoryConversations()
    manager = DialogueManager(shelf, shelf, RulePlanner(), store, answerer)
    told = Utterance("What is the man in red doing?", "c", VISIBLE)
    cancelled: list[float] = []

    def cancel() -> None:
        begun.wait(30)
        cancelled.append(time.monotonic())
        told.cancel.set()

    threading.Thread(target=cancel).start()
    assert isinstance(list(manager.respond(told))[-1], Stopped)
    assert time.monotonic() - cancelled[0] < 10  # it would take thirty
    assert stopped[0] - cancelled[0] < 10
    assert store.load("c").turns[0].stopped


FAULTS = [
    VisionUnreachable("small-llava", "its address"),
    VisionTruncated("small-llava", "no end came"),
    MissingModel("the model is gone"),
    PromptTooLong("small-llava", 9, 8),
    RuntimeError("out of memory"),
]


@pytest.mark.parametrize("error", FAULTS, ids=lambda error: type(error).__name__)
def test_a_model_that_fails_at_once_leaves_an_honest_answer_from_text(shelf: MemoryLibrary, error: Exception) -> None:
    talk = Talk(shelf, lambda: broken(error, 0))
    answer = talk.say("What is the man in red doing?")
    assert (answer.looked, answer.citations[0].observation) == (False, None)
    assert "I could not look at the frames, so this rests on the texts alone" in answer.text
    assert "nobody looked at the picture again" in answer.text
    assert 'a model described the frame as: "a man in red throws a ball in the rain" [1]' in answer.text
    assert talk.say("When does the boat sail?").verdict == "answered"


def test_a_model_that_fails_half_way_leaves_what_it_said(shelf: MemoryLibrary) -> None:
    talk = Talk(shelf, lambda: broken(VisionTruncated("small-llava", "no end came"), 1))
    answer = talk.say("In what colour is the man throwing a ball on a lawn in the rain?")
    assert answer.looked
    assert "I could not look at all of the frames: the answer of small-llava broke off" in answer.text
    assert "small-llava looked at 2 frames" in answer.text


def test_a_model_that_cannot_be_loaded_is_said(shelf: MemoryLibrary) -> None:
    def eyes() -> VisionModel:
        raise MissingModel("the vision model 'x' is not on this machine")

    answer = Talk(shelf, eyes).say("What is the man in red doing?")
    assert (answer.looked, answer.model) == (False, None)
    assert "the vision model 'x' is not on this machine" in answer.text


class Slow(ScriptedVision):
    """Babbles for ever, a word in a hundredth of a second, and notes when it was closed."""

    def __init__(self) -> None:
        super().__init__(["unused"], LARGE)
        self.begun, self.closed = threading.Event(), threading.Event()

    def answer(self, prompt: str, images: Sequence[Image.Image]) -> Generator[str, None, None]:
        try:
            while True:
                self.begun.set()
                yield "x"
                time.sleep(0.01)
        finally:
            self.closed.set()


def test_a_reply_that_is_cancelled_stops_the_model(shelf: MemoryLibrary) -> None:
    model = Slow()
    talk = Talk(shelf, lambda: model)
    utterance = Utterance("What is the man in red doing?", "c", VISIBLE)

    def cancel() -> None:
        model.begun.wait(30)
        utterance.cancel.set()

    threading.Thread(target=cancel).start()
    events = []
    for event in talk.manager.respond(utterance):
        events.append(event)
        cancelled = time.monotonic()
    assert events[-1] == Stopped()
    assert model.closed.wait(10)  # it would never end
    assert time.monotonic() - cancelled < 10
    (turn,) = talk.store.load("c").turns
    assert (turn.asked, turn.act, turn.stopped, turn.answer) == (utterance.text, "ask", True, "")
    assert len(talk.queue) == 0


def test_closing_the_reply_stores_the_turn_as_stopped_with_what_was_written(shelf: MemoryLibrary) -> None:
    talk = Talk(shelf, lambda: seeing(park))
    events = talk.respond("What is the man in red doing?")
    sentence = next(event.sentence for event in events if isinstance(event, Writing))
    events.close()  # type: ignore[attr-defined]
    (turn,) = talk.store.load("c").turns
    assert (turn.stopped, turn.answer, [c.handle for c in turn.citations]) == (True, sentence, [1])
    assert talk.say("What is the man in blue doing?").verdict == "answered"


def test_a_finished_reply_that_is_closed_is_stored_once(shelf: MemoryLibrary) -> None:
    talk = Talk(shelf, lambda: seeing(park))
    events = talk.respond("What is the man in red doing?")
    assert any(isinstance(event, Answered) for event in events)
    events.close()  # type: ignore[attr-defined]
    assert [turn.stopped for turn in talk.store.load("c").turns] == [False]


def test_what_was_cancelled_before_it_began_is_stopped_and_nothing_is_asked(shelf: MemoryLibrary) -> None:
    model = seeing(park)
    talk = Talk(shelf, lambda: model)
    utterance = Utterance("What is the man in red doing?", "c", VISIBLE)
    utterance.cancel.set()
    assert list(talk.manager.respond(utterance)) == [Stopped()]
    assert model.asked == []
    assert [turn.stopped for turn in talk.store.load("c").turns] == [True]


def test_who_waits_for_the_model_is_told_and_may_give_up(shelf: MemoryLibrary) -> None:
    talk = Talk(shelf, lambda: seeing(park))
    utterance = Utterance("What is the man in red doing?", "c", VISIBLE)
    with talk.queue.place():
        events = talk.manager.respond(utterance)
        assert [next(events) for _ in range(4)][-1] == Queued(1)
        utterance.cancel.set()
        assert list(events) == [Stopped()]
        assert len(talk.queue) == 1


def test_nobody_who_did_not_look_claims_to_have_looked(shelf: MemoryLibrary) -> None:
    blind = DialogueManager(shelf, shelf, RulePlanner(), MemoryConversations(), None, now=lambda: NOON)
    for text in ("What is the man in red doing?", "Where does a dog sleep?", "Is the man in red throwing?"):
        last = list(blind.respond(Utterance(text, "c", VISIBLE)))[-1]
        assert isinstance(last, Answered)
        assert (last.answer.looked, last.answer.model) == (False, None)
        assert all(citation.observation is None for citation in last.answer.citations)
        assert "I see" not in last.answer.text


def test_a_picture_that_is_gone_is_not_looked_at(shelf: MemoryLibrary) -> None:
    for moment in shelf.moments("park", VISIBLE):
        moment.keyframes[0].path.unlink()
    answer = Talk(shelf, lambda: seeing(park)).say("What is the man in red doing?")
    assert (answer.looked, answer.verdict) == (False, "answered")
    assert replace(answer, text="").citations[0].observation is None
