"""Replies by a language model that works with the tools itself, under the same checks as every reply.

Only moments that the tools told of have handles, and only sentences that cite them count as supported. Where the model
fails, loops, or cites nothing, there is no reply of its own and the ordinary way answers.
"""

import logging
import re
import time
from collections.abc import Callable, Generator, Iterator
from typing import TYPE_CHECKING

import prompts
from bot.dialogue.acts.base import Context, Reply
from bot.dialogue.agent.loop import FinalReply, NoAnswer, Step, ToolCalls, run_steps
from bot.dialogue.agent.vision import AgentVision
from bot.dialogue.composing.citations import UNSUPPORTED, check, quotable
from bot.dialogue.composing.templates import Sentence, Shown
from bot.dialogue.conversation import Conversation
from bot.dialogue.events import Event, Found, Searching
from bot.dialogue.looking.visual_answerer import VisualAnswerer, VqaResult
from bot.dialogue.messages import Citation, Utterance
from bot.dialogue.plan_reply import LONGEST_QUERY, MOST_SHOWN, said_before
from bot.dialogue.reading.queries import plain_query
from bot.dialogue.verdict import matches, of_sentences
from bot.errors import AssistantError
from bot.servers.breaker import Breaker, CircuitOpen
from bot.servers.listening import Cancelled, OutOfTime, listen
from bot.tools.moments import FrameQuestion
from bot.tools.pieces import Piece
from bot.tools.view import View
from bot.untrusted import fenced
from retrieval.errors import LibraryError
from retrieval.searching import search
from retrieval.searching.query import Query

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

MOST_SENTENCES = 8

REST = 60.0
"""Seconds for which a model is not asked that was late."""


_END = re.compile(r"(?<=[.!?])\s+(?!\[\s*\d)|\n+")
_CLOCK = re.compile(r"\b\d{1,2}:\d{2}(?::\d{2})?\b")

log = logging.getLogger(__name__)


class Agent:
    """A language model that reports that it knows tools.

    Args:
        chat: loads the model; called when it is first needed.
        answerer: looks at frames for it; None where nobody does.
        seconds: the time that one answer may take.
    """

    def __init__(
        self, chat: "Callable[[], BaseChatModel]", answerer: VisualAnswerer | None = None, seconds: float = 120.0
    ) -> None:
        self._chat = chat
        self._answerer = answerer
        self._seconds = seconds
        self._breaker = Breaker(1, REST)

    def reply(self, context: Context, utterance: Utterance) -> Generator[Event, None, Reply | None]:
        """Yield what happens, and return what to say; None where the model has no answer that rests on moments.

        Raises:
            Cancelled: the user does not want it any more.
        """
        if utterance.image is not None:
            return None
        conversation, view = context.conversation, context.view
        notes, until = AgentNotes(conversation), time.monotonic() + self._seconds
        cancelled = utterance.cancel.is_set
        vision = (
            AgentVision(self._answerer, lambda: cancelled() or time.monotonic() > until) if self._answerer else None
        )
        reason = "it cited no moment"
        try:
            with self._breaker.call(OutOfTime):
                steps = listen(
                    lambda: self._work(conversation, utterance, view, vision, notes), cancelled, total=self._seconds
                )
                text = yield from _followed(steps, notes, vision)
            if reply := _reply(text, notes, vision):
                return reply
        except Cancelled:
            if cancelled():
                raise
            reason = "it did not answer in time"  # it was still looking
        except OutOfTime:
            reason = "it did not answer in time"
        except CircuitOpen:
            return None
        except NoAnswer as failure:
            reason = str(failure)
        except (AssistantError, LibraryError) as error:
            reason = error.message
        except Exception as error:  # whatever a server or its client does, the ordinary way answers
            reason = type(error).__name__
        log.warning("the language model's work with the tools is not used: %s", reason)
        return None

    def _work(
        self,
        conversation: Conversation,
        utterance: Utterance,
        view: View,
        look: FrameQuestion | None,
        notes: "AgentNotes",
    ) -> Generator[Step, None, None]:
        from bot.tools.langchain_tools import offered

        yield from run_steps(self._chat(), offered(view, notes, look), _question(conversation, utterance, view))


class AgentNotes:
    """What the tools told a model of in one answer."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self._handles: dict[str, int] = {}
        self.shown: dict[int, Shown] = {}
        self.confidence = 0.0

    def handle(self, piece: Piece) -> int:
        """Return a moment's handle: the one it has in the conversation, or the next."""
        moment = piece.moment
        handle = self._handles[moment.moment_id] = self._conversation.handle(moment.moment_id, self._handles)
        if handle not in self.shown:
            place = (moment.moment_id, moment.video_id, piece.title, piece.span, piece.keyframe)
            self.shown[handle] = Shown(Citation(handle, *place, ranking=piece.ranking), moment)
        return handle

    def moment_id(self, named: str) -> str:
        """Return the id behind a handle, shown now or earlier; whatever else it may be comes back."""
        number = re.fullmatch(r"\W*(\d{1,9})\W*", named)
        if number is None:
            return named
        known = {handle: citation.moment_id for handle, citation in self._conversation.shown.items()}
        known |= {handle: moment for moment, handle in self._handles.items()}
        return known.get(int(number[1]), named)

    def query(self, words: str) -> Query:
        """Return what is asked for by words of the model."""
        return plain_query(words)

    def searched(self, found: search.SearchResult) -> bool:
        """Take note of how sure the best search was, and tell whether this one found what was asked."""
        self.confidence = max(self.confidence, found.confidence)
        return matches(found)


def _followed(steps: Iterator[Step], notes: AgentNotes, vision: AgentVision | None) -> Generator[Event, None, str]:
    """Yield what the steps mean to a front end, and return what the model answers."""
    told = 0
    for step in steps:
        if isinstance(step, FinalReply):
            return step.text
        if isinstance(step, ToolCalls):
            for name, arguments in step.calls:
                if name == "search_moments":
                    yield Searching(_words(str(arguments.get("query", ""))))
        elif len(notes.shown) > told:
            told = len(notes.shown)
            yield Found(told)
        while vision and vision.events:
            yield vision.events.pop(0)
    raise NoAnswer("it came to no answer")


def _question(conversation: Conversation, utterance: Utterance, view: View) -> str:
    """Return the question with what was said before; moments shown that are not visible any more are left out."""
    titles = {video.video_id: video.title for video in view.videos()}
    known = [(handle, citation.video_id) for handle, citation in conversation.shown.items()]
    shown = [f"[{handle}] in {titles[video][:80]}" for handle, video in known if video in titles]
    return prompts.render(
        "agent_question",
        turns=said_before(conversation, utterance),
        shown=fenced("moments shown so far", shown[-MOST_SHOWN:]),
        words=fenced("the question of the user", [utterance.text[:LONGEST_QUERY]]),
    )


def _reply(text: str, notes: AgentNotes, vision: AgentVision | None) -> Reply | None:
    """Return what the model says with what its sentences rest on; None where no sentence cites a moment."""
    said = [sentence for part in _END.split(text) if (sentence := " ".join(part.split()))][:MOST_SENTENCES]
    judged = [_judged(sentence, notes) for sentence in said]
    cited = dict.fromkeys(handle for sentence in said for handle in check(sentence, notes.shown).handles)
    if not cited:
        return None
    shown = tuple(vision.seen(notes.shown[handle]) if vision else notes.shown[handle] for handle in cited)
    supported = sum(rests for _, rests in judged)
    videos = {one.citation.video_id for one in shown}
    return Reply(
        of_sentences(supported, len(judged), notes.confidence),
        [*(sentence for sentence, _ in judged), *map(_place, shown)],
        shown,
        video=videos.pop() if len(videos) == 1 else None,
        looked=vision.looked if vision else VqaResult(),
    )


def _judged(sentence: str, notes: AgentNotes) -> tuple[Sentence, bool]:
    """Return a sentence, and whether it rests on moments; it is flagged where it cites none, or tells other times."""
    checked = check(sentence, notes.shown)
    moments = [notes.shown[handle].moment for handle in checked.handles]
    texts = [text for moment in moments for text in moment.texts]
    heard = {clock for text in texts for clock in _CLOCK.findall(text.text)}
    if moments and not checked.invented and heard.issuperset(_CLOCK.findall(sentence)):
        return Sentence(sentence, tuple(dict.fromkeys(text.source for text in texts))), True
    return Sentence(sentence if checked.invented else f"{sentence} {UNSUPPORTED}"), False


def _place(one: Shown) -> Sentence:
    citation = one.citation
    title = quotable(citation.title, 100)
    return Sentence(prompts.render("agent_place", title=title, timecode=citation.timecode, handle=citation.handle))


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w[\w'-]*", text))
