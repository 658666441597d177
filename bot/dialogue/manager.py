"""The core of the assistant: an utterance goes in, events come out, and the turn is stored.

plan -> retrieve -> look -> compose -> check -> save. Nothing unchecked is ever shown.
"""

import secrets
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import chain
from typing import Any

import prompts
from bot.dialogue.acts.answering import answer
from bot.dialogue.acts.base import Context, Reply
from bot.dialogue.acts.more_like import plan_of
from bot.dialogue.acts.quoting import empty_library, looking_told
from bot.dialogue.acts.table import ACTS, Acts
from bot.dialogue.agent.agent import Agent
from bot.dialogue.composing import templates
from bot.dialogue.composing.citations import check, check_claim, quotable
from bot.dialogue.composing.remembering import notice
from bot.dialogue.composing.templates import Sentence
from bot.dialogue.composing.writing import places, prompt_for, sources_of
from bot.dialogue.conversation import Conversation, Turn
from bot.dialogue.events import Answered, Clarifying, Event, Failed, Stopped, Understood, Writing
from bot.dialogue.gone import still_there
from bot.dialogue.looking.visual_answerer import VisualAnswerer
from bot.dialogue.messages import Answer, Citation, Utterance
from bot.dialogue.plan import Plan, Reading
from bot.dialogue.planner import Planner
from bot.dialogue.reading.completing import completed
from bot.dialogue.storing.base import ConversationsOfAll
from bot.dialogue.storing.naming import NamedConversations
from bot.dialogue.verdict import TOLD
from bot.dialogue.weighing import meant
from bot.errors import AssistantError, UnknownConversation, problem_of
from bot.rights import Place, Principal, narrowed
from bot.servers.listening import Cancelled
from bot.tools.pieces import CatalogueReader, Searcher
from bot.tools.view import View
from bot.untrusted import inert
from retrieval.errors import LibraryError
from retrieval.types import TextSource, Video


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
    reply: Reply = field(default_factory=lambda: Reply(TOLD, ()))
    said: list[str] = field(default_factory=list)
    cited: dict[int, Citation] = field(default_factory=dict)
    sources: list[TextSource] = field(default_factory=list)
    stages: _Stages = field(default_factory=_Stages)
    claimant: str = field(default_factory=lambda: secrets.token_hex(8))

    def go_on(self) -> None:
        """Raise Cancelled where the user does not want the reply any more."""
        if self.utterance.cancel.is_set():
            raise Cancelled

    def outcome(self) -> dict[str, Any]:
        """Return what is kept of the reply and told of it alike."""
        plan, reply, looked = self.plan, self.reply, self.reply.looked
        return {
            "act": plan.act,
            "query": plan.query,
            "filters": plan.filters.limited(self.utterance.within),
            "verdict": reply.judgement.verdict,
            "confidence": round(reply.judgement.confidence, 4),
            "looked": looked.happened,
            "model": looked.model or None,
            "citations": tuple(self.cited.values()),
        }

    def turn(self, now: datetime, whole: bool, stopped: bool) -> Turn:
        """Return the turn as it is kept."""
        return Turn(
            asked=self.plan.words,
            answer="\n".join(self.said),
            at=now,
            video=self.reply.video,
            listed=self.reply.listed,
            stopped=stopped,
            whole=whole,
            visible=frozenset(self.utterance.visible),
            **self.outcome(),
        )

    def answer(self) -> Answer:
        """Return the reply as a front end gets it."""
        return Answer(
            text="\n".join(self.said),
            conversation_id=self.utterance.conversation_id,
            sources=templates.in_order(self.sources),
            choices=self.reply.choices,
            seconds=self.stages.taken,
            **self.outcome(),
        )


_Planning = Callable[[Conversation, Sequence[Video]], list[Reading]]


class DialogueManager:
    """Answers utterances from one library.

    Args:
        shelf: the catalogue.
        searcher: the search.
        planner: decides what to do.
        store: keeps the conversations of all who ask.
        answerer: looks at frames; None where nobody does.
        agent: a language model that works with the tools itself; None where there is none.
        writes: whether the model that looks writes answers, if it can; templates, or the agent, do otherwise.
        acts: what can be done, by name.
        now: tells the time.
        may_see: returns what an asker may see now; no utterance is answered by more. Without it, each says so itself.
    """

    def __init__(
        self,
        shelf: CatalogueReader,
        searcher: Searcher,
        planner: Planner,
        store: ConversationsOfAll,
        answerer: VisualAnswerer | None = None,
        agent: Agent | None = None,
        writes: bool = False,
        acts: Acts = ACTS,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        may_see: Callable[[Place, Principal], frozenset[str]] | None = None,
    ) -> None:
        self._shelf = shelf
        self._searcher = searcher
        self._answerer = answerer
        self._agent = agent
        self._acts = acts
        self._writer = answerer if writes and agent is None else None
        self._planner = planner
        self._store = store
        self._now = now
        self._may_see = may_see

    def respond(self, utterance: Utterance) -> Iterator[Event]:
        """Yield what happens until the answer, which is stored before it is yielded.

        The last event is Answered, Clarifying, Stopped or Failed; an error of the library or the assistant is the
        latter. Closing the generator stops the reply as `utterance.cancel` does; either way what was written until
        then is stored, marked as stopped.
        """

        def plan(conversation: Conversation, videos: Sequence[Video]) -> list[Reading]:
            return self._planner.readings(conversation, utterance, videos)

        return self._told(_Draft(utterance, Plan("chat", utterance.text)), plan)

    def more_like(self, handle: int, utterance: Utterance) -> Iterator[Event]:
        """Yield what happens until moments are shown that are like one shown before, as `respond` does.

        Of the utterance its conversation, what is visible, and `cancel` count, and not its words.
        """

        def plan(conversation: Conversation, _: Sequence[Video]) -> list[Reading]:
            return [Reading(plan_of(handle, conversation), searched=False)]

        return self._told(_Draft(utterance, Plan("more_like", f"more like [{handle}]")), plan)

    def _told(self, draft: "_Draft", plan: "_Planning") -> Iterator[Event]:
        try:
            if self._may_see is not None:
                said, asker = draft.utterance, draft.utterance.asker
                visible = narrowed(said.visible, self._may_see(asker.place, asker.principal))
                draft.utterance = replace(said, visible=visible)
            yield from self._kept(draft, plan)
        except Cancelled:
            yield Stopped()
        except (LibraryError, AssistantError) as error:
            yield Failed(problem_of(error))

    def _kept(self, draft: "_Draft", plan: "_Planning") -> Iterator[Event]:
        """Make the answer, and store the turn."""
        conversation_id, store = draft.utterance.conversation_id, self._named(draft.utterance)
        try:
            try:
                yield from self._draft(draft, plan)
            except (Cancelled, GeneratorExit, KeyboardInterrupt):
                store.append(conversation_id, self._turn(draft, stopped=True))
                raise
            draft.stages.done("write")
            store.append(conversation_id, self._turn(draft))
        finally:
            store.release(conversation_id, draft.claimant)
        draft.stages.done("save")
        answer = draft.answer()
        yield Clarifying(answer) if answer.verdict == "clarify" else Answered(answer)

    def _draft(self, draft: "_Draft", plan: "_Planning") -> Generator[Event, None, None]:
        """Plan, gather, look and write."""
        conversation, said = self._conversation(draft), draft.utterance
        view = View(self._shelf, self._searcher, said.visible, said.within)
        videos = view.videos()
        found = plan(conversation.limited(said.within), videos)
        ways = [replace(way, plan=completed(way.plan, conversation).limited(said.within)) for way in found]
        chosen = meant(still_there(ways, videos, view), view)
        draft.plan = chosen.plan
        draft.stages.done("plan")
        draft.go_on()
        yield Understood(draft.plan.act, inert(draft.plan.query), draft.outcome()["filters"], inert(draft.plan.note))
        draft.reply = yield from self._reply(
            draft, Context(chosen.plan, conversation, videos, view, draft.utterance.image, chosen.others)
        )
        draft.stages.done("search")
        draft.go_on()
        yield from _write(draft, notice(conversation))
        wrote = yield from self._written(draft)
        yield from _write(draft, chain(() if wrote else draft.reply.sentences, _closed(draft)))

    def _reply(self, draft: "_Draft", context: Context) -> Generator[Event, None, Reply]:
        """Return what the act says, or the language model that works with the tools."""
        utterance, act = draft.utterance, self._acts[draft.plan.act]
        if not (act.known or context.videos):
            return empty_library()
        if self._agent and act.by_tools and (reply := (yield from self._agent.reply(context, utterance))):
            return reply
        return (yield from answer(act, context, self._answerer, utterance.cancel.is_set))

    def _turn(self, draft: "_Draft", stopped: bool = False) -> Turn:
        return draft.turn(self._now(), self._acts[draft.plan.act].whole, stopped)

    def _written(self, draft: _Draft) -> Generator[Event, None, bool]:
        """Let a model write the answer, if one may; tell whether it wrote anything."""
        shown, question = draft.reply.shown, draft.plan.words
        if self._writer is None or not self._acts[draft.plan.act].writable or not shown:
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

    def _named(self, utterance: Utterance) -> NamedConversations:
        """Return the store as it is read where the answer goes."""
        return NamedConversations(self._store, self._shelf.naming, lambda: utterance.visible, utterance.asker)

    def _conversation(self, draft: "_Draft") -> Conversation:
        name, store = draft.utterance.conversation_id, self._named(draft.utterance)
        try:
            kept = store.recall(name)
        except UnknownConversation:
            kept = Conversation(name)
        return replace(kept, claim=lambda moment: store.claim(name, moment, draft.claimant))


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
    yield from looking_told(reply)
    if reply.shown:
        yield templates.closing(draft.sources, reply.looked.model if reply.looked.happened else "", reply.looked.frames)
