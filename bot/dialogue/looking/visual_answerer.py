"""Shows the moments found to the vision model: waits for its turn, chooses frames, asks, and survives its faults."""

import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace

from bot.dialogue.composing.writing import written
from bot.dialogue.events import Event, Looking, Queued
from bot.dialogue.looking import vqa
from bot.dialogue.looking.aspects import pictured
from bot.dialogue.looking.evidence import EvidenceFrame, choose
from bot.dialogue.looking.verifying import AspectCheck, Verification, verification
from bot.dialogue.looking.visual_question import VisualQuestion
from bot.dialogue.looking.votes import Observation, Vote, vote
from bot.dialogue.looking.vqa import Steps, VqaProgress
from bot.dialogue.reading.aspects import Aspect
from bot.errors import AssistantError, problem_of
from bot.servers.listening import Cancelled, listen
from bot.servers.queue import Queue
from bot.tools.pieces import Piece
from bot.vision.base import VisionModel
from retrieval.errors import LibraryError

MOST_VERIFIED = 5
"""Hits that are verified at most."""

OF_EACH = 2
"""Keyframes of each hit that a small model, which answers many questions at once, is asked about."""

LoadVisionModel = Callable[[], VisionModel]
Cancel = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class VqaResult:
    """What came of looking.

    Attributes:
        model: the model that saw frames; empty where none did.
        observations: what it said of each frame to the question.
        checks: what was searched for of each moment, held against its frames.
        frames: how many frames it saw.
        fault: why nobody looked, or looked no further; empty where all went well.
        concluded: whether the observations say yes or no, drawn from what was held against the frames.
        aspect: what was asked of a model that knows short questions alone.
    """

    model: str = ""
    observations: tuple[Observation, ...] = ()
    checks: tuple[AspectCheck, ...] = ()
    frames: int = 0
    fault: str = ""
    concluded: bool = False
    aspect: Aspect | None = None

    @property
    def happened(self) -> bool:
        """Whether a model said anything of any frame."""
        return bool(self.observations or self.checks)

    def vote(self, moment_id: str) -> Vote:
        """Return what the frames of a moment say together."""
        return vote([one for one in self.observations if one.moment_id == moment_id])

    def verification(self, moment_id: str) -> Verification:
        """Return whether the frames of a moment show what was searched for."""
        return verification([check for check in self.checks if check.moment_id == moment_id])


class VisualAnswerer:
    """Answers questions about the frames of moments with one vision model, one reply at a time.

    Args:
        load_model: returns the model; may take long the first time.
        queue: those who wait for it.
        verified: hits whose frames are held against what was searched for, 0 for none.
    """

    def __init__(self, load_model: LoadVisionModel, queue: Queue | None = None, verified: int = MOST_VERIFIED) -> None:
        self._load_model = load_model
        self._queue = Queue() if queue is None else queue
        self.verified = verified

    def look(
        self, wanted: VisualQuestion, pieces: Sequence[Piece], cancelled: Cancel
    ) -> Generator[Event, None, VqaResult]:
        """Yield what happens, and return what was seen. A model that fails is no error: it is said in `fault`.

        Raises:
            Cancelled: the user does not want it any more.
        """
        left = threading.Event()
        progress = VqaProgress(lambda: left.is_set() or cancelled())
        model = ""
        with self._queue.place() as place, ExitStack() as end:
            end.callback(left.set)
            for before in place.wait(cancelled):
                yield Queued(before)
            if not place.admitted:
                raise Cancelled
            try:
                loaded = next(listen(lambda: _loaded(self._load_model), cancelled))
                model = loaded.profile.name
                yield from self._ask(loaded, wanted, pieces, progress, cancelled)
            except (AssistantError, LibraryError, OSError, RuntimeError, ValueError) as error:
                return _looked(model, progress, problem_of(error).message, wanted.aspect)
        return _looked(model, progress, "", wanted.aspect)

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
            model = next(listen(lambda: _loaded(self._load_model), cancelled))
            if model.profile.instruct:
                yield from (sentence for sentence in listen(lambda: written(model, prompt), cancelled) if sentence)

    def _ask(
        self,
        model: VisionModel,
        wanted: VisualQuestion,
        pieces: Sequence[Piece],
        progress: VqaProgress,
        cancelled: Cancel,
    ) -> Generator[Event, None, None]:
        profile = model.profile
        wanted = wanted if self.verified else replace(wanted, description="")
        checked = list(pieces[: self.verified]) if wanted.description else []
        if not profile.instruct:
            asks_of_pictures = pictured(wanted.description or wanted.about)
            if not asks_of_pictures:
                wanted, checked = replace(wanted, description=""), []
            if not wanted.description and (
                wanted.aspect is None or (wanted.aspect == "holds" and not asks_of_pictures)
            ):
                return  # nothing that frames could tell
            frames = choose(checked or pieces, OF_EACH * max(1, len(checked)), OF_EACH)
            yield from self._run(vqa.ask_short_questions, model, wanted, frames, progress, cancelled)
            return
        if checked:
            firsts = choose(checked, len(checked), 1)
            yield from self._run(vqa.verify_frames, model, wanted, firsts, progress, cancelled)
        if wanted.question:
            frames = choose(_in_order(pieces, progress))
            ask = vqa.ask_frame_by_frame
            if profile.max_images > 1:
                ask, frames = vqa.ask_contact_sheet, sorted(frames, key=lambda frame: (frame.video_id, frame.time))
            yield from self._run(ask, model, wanted, frames, progress, cancelled)

    def _run(
        self,
        ask: Callable[[VisionModel, VisualQuestion, Sequence[EvidenceFrame], VqaProgress], Steps],
        model: VisionModel,
        wanted: VisualQuestion,
        frames: Sequence[EvidenceFrame],
        progress: VqaProgress,
        cancelled: Cancel,
    ) -> Generator[Event, None, None]:
        if not frames:
            return
        yield Looking(model.profile.name, tuple(frame.path for frame in frames))
        for _ in listen(lambda: ask(model, wanted, frames, progress), cancelled):
            pass


def _in_order(pieces: Sequence[Piece], progress: VqaProgress) -> list[Piece]:
    """Return moments with those last that do not show what was searched for."""
    rejected = {check.moment_id for check in progress.checks if check.finding == "rejected"}
    return sorted(pieces, key=lambda piece: piece.moment.moment_id in rejected)


def _loaded(load_model: LoadVisionModel) -> Generator[VisionModel, None, None]:
    yield load_model()


def _looked(model: str, progress: VqaProgress, fault: str, aspect: Aspect | None) -> VqaResult:
    return VqaResult(
        model,
        tuple(progress.observations),
        tuple(progress.checks),
        len(progress.frames),
        fault,
        progress.concluded,
        aspect,
    )
