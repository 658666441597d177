"""Plans by a language model that is held to a JSON schema; the rules stand behind it.

The rules plan first. Where they need no help (small talk, lists, a picture, exact words, a choice that was asked for)
their plan counts. Else the model is asked, and its plan counts if it is valid and comes in time; if not, the plan of
the rules does, and it says why.
"""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from threading import Event
from typing import TYPE_CHECKING, Any

from bot.dialogue.acts.table import ACTS, Acts
from bot.dialogue.conversation import Conversation
from bot.dialogue.messages import Utterance
from bot.dialogue.plan import Plan, Reading
from bot.dialogue.plan_reply import InvalidPlan, Offered, offered, prompt, read, schema
from bot.dialogue.planner import Planner
from bot.servers.breaker import Breaker, CircuitOpen
from bot.servers.listening import Cancelled, OutOfTime, listen
from retrieval.types import Video

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

LONGEST_PROMPT = 7_600
"""Bytes of a prompt: no tokenizer makes more tokens than bytes, so this fits into `CONTEXT` with the reply."""

CONTEXT = 8_192
LONGEST_REPLY = 400
"""Tokens that the model reads in all, and that it writes."""

REST = 60.0
"""Seconds for which a model is not asked that did not answer."""

log = logging.getLogger(__name__)


class NoPlan(Exception):
    """The model gave no plan; says why."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a plan may take, and what time it is: both in seconds."""

    seconds: float = 20.0
    now: Callable[[], float] = time.monotonic


class ModelPlanner:
    """Plans by a chat model of LangChain, and by rules where that gives no valid plan in time.

    Args:
        rules: plans without a model.
        chat: loads the model; called when it is first needed, again where that failed. It must know
            `with_structured_output(schema, method="json_schema")`.
        patience: how long the model may take.
        acts: what it may choose from.
    """

    def __init__(
        self,
        rules: Planner,
        chat: "Callable[[], BaseChatModel]",
        patience: Patience = Patience(),  # noqa: B008
        acts: Acts = ACTS,
    ) -> None:
        self._acts = acts
        self._rules = rules
        self._chat = chat
        self._patience = patience
        self._breaker = Breaker(1, REST, patience.now)

    def readings(self, conversation: Conversation, utterance: Utterance, videos: Sequence[Video]) -> list[Reading]:
        """Return the ways to take an utterance; `note` of a plan says why the rules made it where the model should."""
        ruled = self._rules.readings(conversation, utterance, videos)
        if not videos or self._settled(ruled[0].plan, utterance, conversation):
            return ruled
        try:
            planned = self._planned(conversation, utterance, videos)
        except (NoPlan, InvalidPlan) as failure:
            log.warning("planned by rules, not by the model: %s", failure)
            return [replace(one, plan=replace(one.plan, note=str(failure))) for one in ruled]
        words = ruled[0].plan.words
        return [replace(one, plan=replace(one.plan, words=words, wording=words)) for one in planned]

    def _planned(self, conversation: Conversation, utterance: Utterance, videos: Sequence[Video]) -> list[Reading]:
        choice = offered(conversation, videos)
        asked = prompt(conversation, utterance, videos, choice, self._acts)
        if len(asked.encode()) > LONGEST_PROMPT:
            raise NoPlan("there is more to tell the language model than it reads")
        try:
            with self._breaker.call(NoPlan):
                said = self._heard(lambda: self._said(asked, choice), utterance.cancel)
        except CircuitOpen as resting:
            raise NoPlan("the language model did not answer a short while ago") from resting
        try:
            return read(said, choice, utterance, conversation, self._acts)
        except InvalidPlan as invalid:
            raise NoPlan(f"the language model's plan is not valid ({invalid})") from invalid

    def _heard(self, ask: Callable[[], str], cancel: Event) -> str:
        """Return the model's reply. One that is late is left to itself: it is bounded by what the model may write."""

        def once() -> Iterator[str]:
            yield ask()

        try:
            return next(listen(once, cancel.is_set, total=self._patience.seconds))
        except Cancelled:
            raise
        except OutOfTime as late:
            raise NoPlan("the language model did not answer in time") from late
        except Exception as error:  # whatever a server or its client does, the rules go on
            raise NoPlan(f"the language model cannot be asked ({type(error).__name__})") from error

    def _settled(self, plan: Plan, utterance: Utterance, conversation: Conversation) -> bool:
        """Tell whether the rules' plan needs no model."""
        last = conversation.last
        chosen = last is not None and last.act == "clarify" and plan.unclear is None
        return chosen or utterance.image is not None or self._acts[plan.act].known or '"' in plan.query

    def _said(self, asked: str, choice: Offered) -> str:
        """Return the model's reply as it wrote it: what LangChain makes of broken JSON is not used."""
        from langsmith import tracing_context

        held = self._chat().with_structured_output(schema(choice, self._acts), method="json_schema", include_raw=True)
        with tracing_context(enabled=False):  # what is said stays here, whatever the environment asks LangChain to do
            replied: Any = held.invoke(asked)
        return str(replied["raw"].text)
