"""Chat models of LangChain that say what a script tells them, for tests of whatever talks with one."""

import time
from collections.abc import Callable, Sequence
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable, RunnableLambda

Script = Callable[[Sequence[BaseMessage]], AIMessage]


class ScriptedChat(BaseChatModel):
    """Replies by a function of all messages; keeps what it was asked, with which schemas and tools."""

    script: Script
    asked: list[Sequence[BaseMessage]] = []
    schemas: list[dict[str, Any]] = []
    offered: list[list[str]] = []

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _generate(self, messages: list[BaseMessage], *args: Any, **options: Any) -> ChatResult:
        self.asked.append(messages)
        self.offered.append(options.get("tools", []))
        return ChatResult(generations=[ChatGeneration(message=self.script(messages))])

    def bind_tools(self, tools: Sequence[Any], **options: Any) -> Runnable[Any, AIMessage]:
        return self.bind(tools=[tool.name for tool in tools])

    def with_structured_output(self, schema: Any, **options: Any) -> Runnable[Any, Any]:
        assert options == {"method": "json_schema", "include_raw": True}
        self.schemas.append(schema)
        return self | RunnableLambda(lambda message: {"raw": message, "parsed": None, "parsing_error": None})


def says(*texts: str | Exception, delay: float = 0.0) -> ScriptedChat:
    """Return a model that gives these replies in turn, the last for ever; errors are raised."""
    left = list(texts)

    def script(messages: Sequence[BaseMessage]) -> AIMessage:
        time.sleep(delay)
        said = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(said, Exception):
            raise said
        return AIMessage(said)

    return ScriptedChat(script=script)
