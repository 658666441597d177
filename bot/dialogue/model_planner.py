"""Readings by a language model, beside those of the rules.

The model writes the question that stands alone, and says which video or moment is meant. The rules read that question
as they read any other, and the search weighs it with the rules' own readings: so the search decides, and a model that
goes astray takes nothing away. Where the rules need no help (small talk, lists, a picture, exact words, a choice that
was asked for) no model is asked. A model that cannot keep to JSON is asked for the question alone.
Why: docs/decisions/language-models.md.
"""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from threading import Event
from typing import TYPE_CHECKING, Any, Literal

from bot.dialogue.acts.table import ACTS, Acts
from bot.dialogue.conversation import Conversation
from bot.dialogue.messages import Utterance
from bot.dialogue.plan import ANCHORED, Carried, Plan, Reading, Reference
from bot.dialogue.plan_reply import (
    InvalidReply,
    Offered,
    Rewritten,
    line_prompt,
    offered,
    prompt,
    read,
    read_line,
    schema,
    strays,
)
from bot.dialogue.planner import Planner
from bot.servers.breaker import Breaker, CircuitOpen
from bot.servers.listening import Cancelled, OutOfTime, listen
from retrieval.analysis import terms
from retrieval.types import Video

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

CONTEXT = 4_096
LONGEST_REPLY = 120
"""Tokens that the model reads in all, and that it writes."""

LONGEST_PROMPT = 3_900
"""Bytes of a prompt: no tokenizer makes more tokens than bytes, so this fits into `CONTEXT` with the reply."""

REST = 60.0
"""Seconds for which a model is not asked that did not answer."""

MOST_INVALID = 3
"""Replies in a row that are not of the schema, after which the question alone is asked for."""

REWRITTEN = 0.0
"""Prior of a model's question, wherever it is searched: that of the words as they were said."""

SEARCHING = ("find", "ask", "count", "compare", "summarise")
"""Acts of a model's question that a search can weigh."""

Form = Literal["auto", "json", "question"]
"""How a model replies: in JSON, by the question alone, or in JSON until it failed `MOST_INVALID` times in a row."""

log = logging.getLogger(__name__)


class NoReply(Exception):
    """The model gave no reply of use; says why."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a reply may take, and what time it is: both in seconds."""

    seconds: float = 20.0
    now: Callable[[], float] = time.monotonic


class ModelPlanner:
    """Adds readings by a chat model of LangChain to those of the rules.

    Args:
        rules: read without a model, what was said and what the model makes of it.
        chat: loads the model; called when it is first needed, again where that failed. For JSON it must know
            `with_structured_output(schema, method="json_schema")`.
        patience: how long the model may take.
        acts: what can be done.
        form: how it replies.
        alone: whether its readings count instead of the rules' where it gives any: to measure it by itself.
    """

    def __init__(
        self,
        rules: Planner,
        chat: "Callable[[], BaseChatModel]",
        patience: Patience = Patience(),  # noqa: B008
        acts: Acts = ACTS,
        form: Form = "auto",
        alone: bool = False,
    ) -> None:
        self._acts = acts
        self._rules = rules
        self._chat = chat
        self._patience = patience
        self._breaker = Breaker(1, REST, patience.now)
        self._form = form
        self._alone = alone
        self._invalid = 0

    @property
    def form(self) -> Literal["json", "question"]:
        """How the model is asked to reply now."""
        given_up = self._form == "auto" and self._invalid >= MOST_INVALID
        return "question" if given_up or self._form == "question" else "json"

    def readings(self, conversation: Conversation, utterance: Utterance, videos: Sequence[Video]) -> list[Reading]:
        """Return the ways to take an utterance; `note` of a plan says why there is none by a model that was asked."""
        ruled = self._rules.readings(conversation, utterance, videos)
        if not videos or self._settled(ruled[0].plan, utterance, conversation):
            return ruled
        try:
            said = self._rewritten(conversation, utterance, videos)
            if strays(said.question, _known(conversation, utterance, videos)):
                raise NoReply("the language model asks for what nobody said")
        except NoReply as failure:
            log.warning("read by rules alone: %s", failure)
            return [replace(one, plan=replace(one.plan, note=str(failure))) for one in ruled]
        added = self._read(said, ruled, conversation, utterance, videos)
        return added if self._alone and added else [*ruled, *added]

    def _settled(self, plan: Plan, utterance: Utterance, conversation: Conversation) -> bool:
        """Tell whether the rules need no model."""
        last = conversation.last
        chosen = last is not None and last.act == "clarify" and plan.unclear is None
        return chosen or utterance.image is not None or self._acts[plan.act].known or '"' in plan.query

    def _read(
        self,
        said: Rewritten,
        ruled: Sequence[Reading],
        conversation: Conversation,
        utterance: Utterance,
        videos: Sequence[Video],
    ) -> list[Reading]:
        """Return the readings of a model's question: where the model says, and in the whole library.

        What is asked of the library itself, and whether to ask back, is left to the rules: of such a reading no search
        could tell whether it is right. So is a turn that names nothing: earlier words find what was found before.
        """
        alone = Conversation(conversation.conversation_id)
        plan = self._rules.readings(alone, replace(utterance, text=said.question), videos)[0].plan
        own = next((one.plan for one in ruled if one.searched and not one.plan.references), ruled[0].plan)
        earlier = set(terms(plan.query)) - set(terms(utterance.text))
        if not plan.query or plan.act not in SEARCHING or (earlier and not own.query):
            return []
        words: frozenset[Carried] = frozenset({"words"}) if earlier & set(terms(conversation.query)) else frozenset()
        plan = replace(
            plan,
            words=ruled[0].plan.words,
            whole=own.whole or ruled[0].plan.words,
            own=own.query if earlier else "",
            carried=words,
        )
        found = [*_where(plan, said), Reading(plan, REWRITTEN)]
        return [one for one in found if not self._acts[one.plan.act].fault(one.plan)]

    def _rewritten(self, conversation: Conversation, utterance: Utterance, videos: Sequence[Video]) -> Rewritten:
        choice, form = offered(conversation, videos), self.form
        json = form == "json"

        def told(said: Utterance) -> str:
            return prompt(conversation, said, videos, choice) if json else line_prompt(conversation, said)

        asked = told(utterance)
        if utterance.overheard and len(asked.encode()) > LONGEST_PROMPT:
            asked = told(replace(utterance, overheard=()))
        if len(asked.encode()) > LONGEST_PROMPT:
            raise NoReply("there is more to tell the language model than it reads")
        try:
            with self._breaker.call(NoReply):
                said = self._heard(lambda: self._said(asked, choice if json else None), utterance.cancel)
        except CircuitOpen as resting:
            raise NoReply("the language model did not answer a short while ago") from resting
        try:
            found = read(said, choice) if json else read_line(said)
        except InvalidReply as invalid:
            self._invalid += json
            raise NoReply(f"the language model's reply is not valid ({invalid})") from invalid
        self._invalid = 0 if json else self._invalid
        return found

    def _heard(self, ask: Callable[[], str], cancel: Event) -> str:
        """Return the model's reply. One that is late is left to itself: it is bounded by what the model may write."""

        def once() -> Iterator[str]:
            yield ask()

        try:
            return next(listen(once, cancel.is_set, total=self._patience.seconds))
        except Cancelled:
            raise
        except OutOfTime as late:
            raise NoReply("the language model did not answer in time") from late
        except Exception as error:  # whatever a server or its client does, the rules go on
            raise NoReply(f"the language model cannot be asked ({type(error).__name__})") from error

    def _said(self, asked: str, choice: Offered | None) -> str:
        """Return the model's reply as it wrote it: what LangChain makes of broken JSON is not used."""
        from langsmith import tracing_context

        chat = self._chat()
        with tracing_context(enabled=False):  # what is said stays here, whatever the environment asks LangChain to do
            if choice is None:
                return str(chat.invoke(asked).text)
            held = chat.with_structured_output(schema(choice), method="json_schema", include_raw=True)
            replied: Any = held.invoke(asked)
        return str(replied["raw"].text)


def _where(plan: Plan, said: Rewritten) -> Iterator[Reading]:
    """Yield the reading where a model says that it is meant: at a moment, else in a video."""
    carried: frozenset[Carried] = plan.carried | {"video"}
    if said.moment:
        here = Reference("that", "", (said.moment,))
        anchor = "" if plan.relation in ANCHORED else plan.anchor
        yield Reading(replace(plan, references=(here,), anchor=anchor, carried=carried), REWRITTEN)
    if said.video and not plan.videos:
        yield Reading(replace(plan, videos=(said.video,), carried=carried), REWRITTEN)


def _known(conversation: Conversation, utterance: Utterance, videos: Sequence[Video]) -> Iterator[str]:
    """Yield what was said and shown so far, and the titles."""
    yield from (utterance.text, *utterance.overheard)
    for turn in conversation.turns:
        yield from (turn.asked, turn.query, turn.answer)
    yield from (video.title for video in videos)
