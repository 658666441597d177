"""The core of the assistant: an utterance goes in, events come out, and the turn is stored.

plan -> retrieve -> look -> compose -> check -> save. Nothing unchecked is ever shown.
"""

import time
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain

import prompts
from bot.dialogue import replies
from bot.dialogue.agent.agent import Agent
from bot.dialogue.composing import templates
from bot.dialogue.composing.citations import check, check_claim, quotable
from bot.dialogue.composing.remembering import notice
from bot.dialogue.composing.templates import Sentence
from bot.dialogue.composing.writing import places, prompt_for, sources_of
from bot.dialogue.conversation import Conversation, Turn
from bot.dialogue.events import Answered, Clarifying, Event, Failed, Stopped, Understood, Writing
from bot.dialogue.gather import Gatherer
from bot.dialogue.looking.looker import Looker
from bot.dialogue.messages import Answer, Citation, Utterance
from bot.dialogue.plan import Plan
from bot.dialogue.planner import Planner
from bot.dialogue.replier import Replier
from bot.dialogue.replies import Reply
from bot.dialogue.storing.base import ConversationStore
from bot.errors import AssistantError, UnknownConversation, problem_of
from bot.servers.listening import Cancelled
from bot.tools.shelf import Searcher, Shelf
from bot.untrusted import inert
from retrieval.errors import LibraryError
from retrieval.types import TextSource


@dataclass(slots=True)
class _Stages:
    """How long each stage took, in seconds."""

    taken: dict[str, float] = field(default_factory=dict)
    _since: float = field(default_factory=time.perf_counter)

    def done(self, stage: str) -> None:
        now = time.perf_counter()
        self.taken[stage], self._since = round(now - self._since, 4), now


@dataclass(slots=True)
class _Draft:
    """A reply in the making: what was planned, what is to be said, and what was said so far, every mark checked."""

    utterance: Utterance
    plan: Plan
    reply: Reply = field(default_factory=lambda: Reply("told", ()))
    said: list[str] = field(default_factory=list)
    cited: dict[int, Citation] = field(default_factory=dict)
    sources: list[TextSource] = field(default_factory=list)
    stages: _Stages = field(default_factory=_Stages)

    def go_on(self) -> None:
        """Raise Cancelled where the user does not want the reply any more."""
        if self.utterance.cancel.is_set():
            raise Cancelled

    def turn(self, now: datetime, stopped: bool = False) -> Turn:
        """Return the turn as it is kept."""
        plan, reply, looked = self.plan, self.reply, self.reply.looked
        return Turn(
            asked=plan.words,
            act=plan.act,
            query=plan.query,
            answer="\n".join(self.said),
            verdict=reply.verdict,
            at=now,
            citations=tuple(self.cited.values()),
            video=reply.video,
            listed=reply.listed,
            filters=plan.filters,
            confidence=round(reply.confidence, 4),
            looked=looked.happened,
            model=looked.model or None,
            stopped=stopped,
        )

    def answer(self) -> Answer:
        """Return the reply as a front end gets it."""
        plan, reply, looked = self.plan, self.reply, self.reply.looked
        return Answer(
            text="\n".join(self.said),
            verdict=reply.verdict,
            conversation_id=self.utterance.conversation_id,
            act=plan.act,
            query=plan.query,
            filters=plan.filters,
            confidence=round(reply.confidence, 4),
            looked=looked.happened,
            sources=templates.in_order(self.sources),
            choices=reply.choices,
            citations=tuple(self.cited.values()),
            model=looked.model or None,
            seconds=self.stages.taken,
        )


class DialogueManager:
    """Answers utterances from one library.

    Args:
        shelf: the catalogue.
        searcher: the search.
        planner: decides what to do.
        store: keeps the conversations.
        looker: looks at frames; None where nobody does.
        agent: a language model that works with the tools itself; None where there is none.
        writes: whether the model that looks writes answers, if it can; templates, or the agent, do otherwise.
        now: tells the time.
    """

    def __init__(
        self,
        shelf: Shelf,
        searcher: Searcher,
        planner: Planner,
        store: ConversationStore,
        looker: Looker | None = None,
        agent: Agent | None = None,
        writes: bool = False,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._shelf = shelf
        self._replier = Replier(Gatherer(shelf, searcher), looker, agent)
        self._writer = looker if writes and agent is None else None
        self._planner = planner
        self._store = store
        self._now = now

    def respond(self, utterance: Utterance) -> Iterator[Event]:
        """Yield what happens until the answer, which is stored before it is yielded.

        The last event is Answered, Clarifying, Stopped or Failed; an error of the library or the assistant is the
        latter. Closing the generator stops the reply as `utterance.cancel` does; either way what was written until
        then is stored, marked as stopped.
        """
        try:
            yield from self._respond(utterance)
        except Cancelled:
            yield Stopped()
        except (LibraryError, AssistantError) as error:
            yield Failed(problem_of(error))

    def _respond(self, utterance: Utterance) -> Iterator[Event]:
        draft = _Draft(utterance, Plan("chat", utterance.text))
        try:
            yield from self._draft(draft)
        except (Cancelled, GeneratorExit, KeyboardInterrupt):
            self._store.append(utterance.conversation_id, draft.turn(self._now(), stopped=True))
            raise
        draft.stages.done("write")
        self._store.append(utterance.conversation_id, draft.turn(self._now()))
        draft.stages.done("save")
        answer = draft.answer()
        yield Clarifying(answer) if answer.verdict == "clarify" else Answered(answer)

    def _draft(self, draft: _Draft) -> Generator[Event, None, None]:
        """Plan, gather, look and write."""
        utterance = draft.utterance
        conversation = self._conversation(utterance.conversation_id)
        videos = self._shelf.videos(utterance.visible)
        draft.plan = self._planner.plan(conversation, utterance, videos)
        draft.stages.done("plan")
        draft.go_on()
        yield Understood(draft.plan.act, inert(draft.plan.query), draft.plan.filters, draft.plan.note)
        draft.reply = yield from self._replier.reply(draft.plan, conversation, utterance, videos)
        draft.stages.done("search")
        draft.go_on()
        yield from _write(draft, notice(conversation))
        wrote = yield from self._written(draft)
        yield from _write(draft, chain(() if wrote else draft.reply.sentences, _closed(draft)))

    def _written(self, draft: _Draft) -> Generator[Event, None, bool]:
        """Let a model write the answer, if one may; tell whether it wrote anything."""
        shown, question = draft.reply.shown, draft.plan.words
        if self._writer is None or draft.plan.act != "ask" or not shown:
            return False
        prompt, handles = prompt_for(question, shown), {one.citation.handle for one in shown}
        wrote = False
        try:
            for made in self._writer.write(prompt, draft.utterance.cancel.is_set):
                if not isinstance(made, str):
                    yield made
                    continue
                if not wrote:
                    draft.sources += sources_of(shown, question)
                wrote = True
                yield from _write(draft, [Sentence(check_claim(made, handles, prompt).text)])
        except (AssistantError, LibraryError, OSError, RuntimeError, ValueError) as error:
            reason = quotable(problem_of(error).message).rstrip(" .")
            yield from _write(draft, [Sentence(prompts.render("writing_failed", reason=reason))])
            return False
        yield from _write(draft, places(shown, draft.cited))
        return wrote

    def _conversation(self, conversation_id: str) -> Conversation:
        try:
            return self._store.recall(conversation_id)
        except UnknownConversation:
            return Conversation(conversation_id)


def _write(draft: _Draft, sentences: Iterable[Sentence]) -> Generator[Event, None, None]:
    """Write sentence by sentence, each checked before it is shown."""
    known = {one.citation.handle: one.citation for one in draft.reply.shown}
    for sentence in sentences:
        draft.go_on()
        checked = check(sentence.text, known.keys() | sentence.names)
        draft.cited |= {handle: known[handle] for handle in checked.handles if handle in known}
        draft.sources += sentence.sources
        draft.said.append(checked.text)
        yield Writing(checked.text)


def _closed(draft: _Draft) -> Iterator[Sentence]:
    """Yield what a reply rests on; the draft's sources grow until it is asked for."""
    reply = draft.reply
    yield from replies.looking_told(reply)
    if reply.shown:
        yield templates.closing(draft.sources, reply.looked.model if reply.looked.happened else "", reply.looked.frames)
