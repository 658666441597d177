"""What an act is: a way to answer a plan, and what it answers from and with."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from PIL import Image

from bot.dialogue.acts.gathering import Gathered
from bot.dialogue.composing.templates import Sentence, Shown
from bot.dialogue.conversation import Conversation
from bot.dialogue.looking.visual_answerer import VqaResult
from bot.dialogue.looking.visual_question import VisualQuestion
from bot.dialogue.plan import Plan
from bot.dialogue.verdict import Judgement
from bot.tools.view import View
from retrieval.types import Video


@dataclass(frozen=True, slots=True)
class Context:
    """What an act answers from: the plan, what was said before, the visible videos, and the library as it may be seen.

    `image` is the picture that was asked by, `others` are plans of other ways to take the words, nearly as likely.
    """

    plan: Plan
    conversation: Conversation
    videos: Sequence[Video]
    view: View
    image: Image.Image | None = None
    others: Sequence[Plan] = ()


@dataclass(frozen=True, slots=True)
class Material:
    """What was gathered for an act, the moments to show under their handles, and what came of looking at frames."""

    gathered: Gathered = Gathered("nothing")
    shown: tuple[Shown, ...] = ()
    looked: VqaResult = VqaResult()

    def told_by_texts(self, query: str) -> bool:
        """Tell whether a text says that the first moment is the one meant, so that a look takes nothing from it."""
        first = self.shown[0].moment.moment_id if self.shown else None
        found = (*self.gathered.candidates, *self.gathered.pieces)
        return next((piece.found_by_texts(query) for piece in found if piece.moment.moment_id == first), False)


@dataclass(frozen=True, slots=True)
class Reply:
    """What is to be said, and what it shows.

    `video` is the video that the reply is about, `listed` the videos it offers in their order, `looked` what came of
    looking at frames.
    """

    judgement: Judgement
    sentences: Iterable[Sentence]
    shown: tuple[Shown, ...] = ()
    video: str | None = None
    listed: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    looked: VqaResult = VqaResult()


def _no_fault(_: Plan) -> str:
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A way to answer.

    Attributes:
        name: what plans and turns call it.
        reply: says what the material shows.
        gather: finds the moments; None where nothing is searched for.
        look: says what to look for in the frames of what was gathered, None for nothing; None where it never helps.
        choose: says which moments are shown after somebody looked; None for those gathered.
        fault: says what is wrong with a plan of it; "" where all is well.
        known: whether it needs no library: it can be answered whatever there is, and no model helps.
        by_tools: whether a language model that works with the tools may answer it.
        writable: whether a model may put the evidence into words of its own.
        whole: whether it tells a whole stretch, so that its moments are no choice that "the second one" counts in.
    """

    name: str
    reply: Callable[[Context, Material], Reply]
    gather: Callable[[Context], Gathered] | None = None
    look: Callable[[Context, Gathered], VisualQuestion | None] | None = None
    choose: Callable[[Context, Gathered, VqaResult], Gathered] | None = None
    fault: Callable[[Plan], str] = _no_fault
    known: bool = False
    by_tools: bool = False
    writable: bool = False
    whole: bool = False
