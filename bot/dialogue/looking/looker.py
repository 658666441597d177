"""Shows the moments found to the vision model: waits for its turn, chooses frames, asks, and survives its faults."""

import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace

from bot.dialogue.composing.writing import written
from bot.dialogue.events import Event, Looking, Queued
from bot.dialogue.looking import glances
from bot.dialogue.looking.evidence import EvidenceFrame, choose
from bot.dialogue.looking.glances import Sight, Steps
from bot.dialogue.looking.verifying import Held, Verification, verification
from bot.dialogue.looking.votes import Observation, Vote, vote
from bot.dialogue.looking.wanted import Wanted
from bot.dialogue.reading.aspects import Aspect
from bot.errors import AssistantError, problem_of
from bot.servers.listening import Cancelled, listen
from bot.servers.queue import Queue
from bot.tools.shelf import Piece
from bot.vision.base import VisionModel
from retrieval.errors import LibraryError

MOST_VERIFIED = 5
"""Hits that are verified at most."""

OF_EACH = 2
"""Keyframes of each hit that a small model, which answers many questions at once, is asked about."""

Eyes = Callable[[], VisionModel]
Cancel = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of looking.

    Attributes:
        model: the model that saw frames; empty where none did.
        observations: what it said of each frame to the question.
        held: what was searched for of each moment, held against its frames.
        frames: how many frames it saw.
        fault: why nobody looked, or looked no further; empty where all went well.
        concluded: whether the observations say yes or no, drawn from what was held against the frames.
        aspect: what was asked of a model that knows short questions alone.
    """

    model: str = ""
    observations: tuple[Observation, ...] = ()
    held: tuple[Held, ...] = ()
    frames: int = 0
    fault: str = ""
    concluded: bool = False
    aspect: Aspect | None = None

    @property
    def happened(self) -> bool:
        """Whether a model said anything of any frame."""
        return bool(self.observations or self.held)

    def vote(self, moment_id: str) -> Vote:
        """Return what the frames of a moment say together."""
        return vote([one for one in self.observations if one.moment_id == moment_id])

    def verification(self, moment_id: str) -> Verification:
        """Return whether the frames of a moment show what was searched for."""
        return verification([held for held in self.held if held.moment_id == moment_id])


class Looker:
    """Looks at moments with one vision model, one reply at a time.

    Args:
        eyes: returns the model; may take long the first time.
        queue: those who wait for it.
        verified: hits whose frames are held against what was searched for, 0 for none.
    """

    def __init__(self, eyes: Eyes, queue: Queue | None = None, verified: int = MOST_VERIFIED) -> None:
        self._eyes = eyes
        self._queue = Queue() if queue is None else queue
        self.verified = verified

    def look(self, wanted: Wanted, pieces: Sequence[Piece], cancelled: Cancel) -> Generator[Event, None, Looked]:
        """Yield what happens, and return what was seen. A model that fails is no error: it is said in `fault`.

        Raises:
            Cancelled: the user does not want it any more.
        """
        left = threading.Event()
        sight = Sight(lambda: left.is_set() or cancelled())
        model = ""
        with self._queue.place() as place, ExitStack() as end:
            end.callback(left.set)
            for before in place.wait(cancelled):
                yield Queued(before)
            if not place.admitted:
                raise Cancelled
            try:
                seer = next(listen(lambda: _loaded(self._eyes), cancelled))
                model = seer.profile.name
                yield from self._ask(seer, wanted, pieces, sight, cancelled)
            except (AssistantError, LibraryError, OSError, RuntimeError, ValueError) as error:
                return _looked(model, sight, problem_of(error).message, wanted.aspect)
        return _looked(model, sight, "", wanted.aspect)

    def write(self, prompt: str, cancelled: Cancel) -> Generator[Event | str, None, None]:
        """Yield what happens, and the sentences of an answer as the model writes them; none by one that cannot.

        Raises:
            Cancelled: the user does not want it any more.
            VisionFailed, MissingModel: the model did not go on.
        """
        with self._queue.place() as place:
            for before in place.wait(cancelled):
                yield Queued(before)
            if not place.admitted:
                raise Cancelled
            model = next(listen(lambda: _loaded(self._eyes), cancelled))
            if model.profile.instruct:
                yield from (sentence for sentence in listen(lambda: written(model, prompt), cancelled) if sentence)

    def _ask(
        self, model: VisionModel, wanted: Wanted, pieces: Sequence[Piece], sight: Sight, cancelled: Cancel
    ) -> Generator[Event, None, None]:
        profile = model.profile
        wanted = wanted if self.verified else replace(wanted, description="")
        checked = list(pieces[: self.verified]) if wanted.description else []
        if not profile.instruct:
            frames = choose(checked or pieces, OF_EACH * max(1, len(checked)), OF_EACH)
            yield from self._run(glances.short_glances, model, wanted, frames, sight, cancelled)
            return
        if checked:
            firsts = choose(checked, len(checked), 1)
            yield from self._run(glances.verifying_glances, model, wanted, firsts, sight, cancelled)
        if wanted.question:
            frames = choose(_in_order(pieces, sight))
            glance = glances.free_glances
            if profile.max_images > 1:
                glance, frames = glances.sheet_glances, sorted(frames, key=lambda frame: (frame.video_id, frame.time))
            yield from self._run(glance, model, wanted, frames, sight, cancelled)

    def _run(
        self,
        glance: Callable[[VisionModel, Wanted, Sequence[EvidenceFrame], Sight], Steps],
        model: VisionModel,
        wanted: Wanted,
        frames: Sequence[EvidenceFrame],
        sight: Sight,
        cancelled: Cancel,
    ) -> Generator[Event, None, None]:
        if not frames:
            return
        yield Looking(model.profile.name, tuple(frame.path for frame in frames))
        for _ in listen(lambda: glance(model, wanted, frames, sight), cancelled):
            pass


def _in_order(pieces: Sequence[Piece], sight: Sight) -> list[Piece]:
    """Return moments with those last that do not show what was searched for."""
    rejected = {held.moment_id for held in sight.held if held.finding == "rejected"}
    return sorted(pieces, key=lambda piece: piece.moment.moment_id in rejected)


def _loaded(eyes: Eyes) -> Generator[VisionModel, None, None]:
    yield eyes()


def _looked(model: str, sight: Sight, fault: str, aspect: Aspect | None) -> Looked:
    return Looked(
        model, tuple(sight.observations), tuple(sight.held), len(sight.frames), fault, sight.concluded, aspect
    )
