"""Lets a language model work with the tools until it answers: in few steps, within its context, and then it must.

Nothing here knows what the tools do or what comes of the answer.
"""

import json
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import prompts

if TYPE_CHECKING:
    from langchain.agents.middleware import AgentMiddleware
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AnyMessage
    from langchain_core.tools import BaseTool

STEPS = 6
"""Times that the model is asked in all; the last time it has no tools."""

AT_ONCE = 3
"""Calls of tools that one step may make; further ones are dropped."""

CONTEXT = 16_384
LONGEST_REPLY = 600
"""Tokens that the model reads in all, and that it writes."""

ENOUGH = 10_000
"""Bytes told from which the model must answer: one more step could be more than it reads."""


class NoAnswer(Exception):
    """The model came to no answer; says why."""


@dataclass(frozen=True, slots=True)
class ToolCalls:
    """Tools that the model calls in one step: their names and arguments."""

    calls: tuple[tuple[str, dict[str, Any]], ...]


@dataclass(frozen=True, slots=True)
class ToolResult:
    """The tools told what they found."""


@dataclass(frozen=True, slots=True)
class FinalReply:
    """What the model answers, unchecked."""

    text: str


Step = ToolCalls | ToolResult | FinalReply


def run_steps(chat: "BaseChatModel", tools: "Sequence[BaseTool]", question: str) -> Generator[Step, None, None]:
    """Yield each step; the last is Final.

    Raises:
        NoAnswer: there is no answer after all steps, or more to tell than the model reads.
        Exception: whatever the model's client raises.
    """
    from langchain.agents import create_agent
    from langchain_core.messages import AIMessage, ToolMessage
    from langchain_core.utils.function_calling import convert_to_openai_tool
    from langsmith import tracing_context

    system = prompts.render("agent")
    spoken_for = len(system.encode()) + len(json.dumps([convert_to_openai_tool(tool) for tool in tools]))
    graph: Any = create_agent(chat, list(tools), system_prompt=system, middleware=[_bounds(spoken_for)])
    given = {"messages": [{"role": "user", "content": question}]}
    limits = {"recursion_limit": 4 * STEPS, "max_concurrency": 1}
    with tracing_context(enabled=False):  # what is said stays here, whatever the environment asks LangChain to do
        for update in graph.stream(given, limits, stream_mode="updates"):
            for message in _messages(update):
                if isinstance(message, AIMessage) and message.tool_calls:
                    yield ToolCalls(tuple((call["name"], call["args"]) for call in message.tool_calls))
                elif isinstance(message, ToolMessage):
                    yield ToolResult()
                elif isinstance(message, AIMessage):
                    yield FinalReply(message.text)
                    return
    raise NoAnswer("it came to no answer")


@dataclass(slots=True)
class _Count:
    """How often the model was asked."""

    steps: int = field(default=0)


def _bounds(spoken_for: int) -> "AgentMiddleware[Any, Any, Any]":
    """Return what bounds the steps; `spoken_for` are the bytes that the tools take of the model's context."""
    from langchain.agents.middleware import ModelRequest, ModelResponse, wrap_model_call
    from langchain_core.messages import AIMessage, HumanMessage

    count = _Count()

    @wrap_model_call
    def bounded(request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]) -> AIMessage:
        count.steps += 1
        told = spoken_for + sum(map(_size, request.messages))
        if count.steps < STEPS and told < ENOUGH:
            message = _only(handler(request))
            return message.model_copy(update={"tool_calls": message.tool_calls[:AT_ONCE]})
        if told > CONTEXT - LONGEST_REPLY:
            raise NoAnswer("there is more to tell than it reads")
        asked = [*request.messages, HumanMessage(prompts.render("agent_answer_now"))]
        return AIMessage(_only(handler(request.override(tools=[], messages=list(asked)))).text)

    def _only(response: ModelResponse[Any]) -> AIMessage:
        message = response.result[-1]
        if not isinstance(message, AIMessage):
            raise NoAnswer("it gave no message")
        return message

    return bounded


def _messages(update: dict[str, Any]) -> list[Any]:
    return [message for part in update.values() if part for message in part.get("messages", [])]


def _size(message: "AnyMessage") -> int:
    """Return the bytes of a message, calls of tools included; no tokenizer makes more tokens of them."""
    return len(message.text.encode()) + len(json.dumps(getattr(message, "tool_calls", [])))
