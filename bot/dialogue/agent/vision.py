"""Lends visual question answering to a language model that works with the tools: the same queue, frames and votes."""

from collections.abc import Callable
from dataclasses import replace

from bot.dialogue.composing.templates import Shown
from bot.dialogue.events import Event
from bot.dialogue.looking.visual_answerer import VisualAnswerer, VqaResult
from bot.dialogue.looking.visual_question import VisualQuestion
from bot.dialogue.reading.aspects import asked_aspect
from bot.errors import AssistantError
from bot.tools.pieces import Piece

MOST_LOOKED_AT = 5
"""Times that may be looked for one answer: each takes as long as an answer of the vision model."""


class AgentVision:
    """Looks at moments for one answer, as `bot.tools.moments.FrameQuestion`, and keeps what was seen.

    Args:
        answerer: looks at frames.
        cancelled: tells whether the answer is still wanted.
    """

    def __init__(self, answerer: VisualAnswerer, cancelled: Callable[[], bool]) -> None:
        self._answerer = answerer
        self._cancelled = cancelled
        self._times = 0
        self.looked = VqaResult()
        self.events: list[Event] = []

    def __call__(self, piece: Piece, question: str) -> str:
        """Return what the frames of a moment show to a question; empty where they do not show it.

        Raises:
            AssistantError: the vision model failed, there is no frame, or it was asked often enough.
            Cancelled: the answer is not wanted any more.
        """
        self._times += 1
        if self._times > MOST_LOOKED_AT:
            raise AssistantError("enough pictures were looked at for one answer")
        steps = self._answerer.look(
            VisualQuestion(question, asked_aspect(question), about=question), [piece], self._cancelled
        )
        while True:
            try:
                self.events.append(next(steps))
            except StopIteration as end:
                looked: VqaResult = end.value
                break
        self._keep(looked)
        if not looked.happened:
            raise AssistantError(looked.fault or "no picture of it can be looked at")
        return looked.vote(piece.moment.moment_id).text

    def seen(self, one: Shown) -> Shown:
        """Return a moment with what was seen of it, if anybody looked."""
        vote = self.looked.vote(one.moment.moment_id)
        if vote.keyframe is None:
            return one
        return replace(one, citation=replace(one.citation, keyframe=vote.keyframe, observation=vote.text))

    def _keep(self, looked: VqaResult) -> None:
        before = self.looked
        self.looked = VqaResult(
            looked.model or before.model,
            (*before.observations, *looked.observations),
            (*before.checks, *looked.checks),
            before.frames + looked.frames,
            looked.fault or before.fault,
        )
