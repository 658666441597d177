"""Models that obey every instruction they find in what they read, wherever it stands: the worst that can be asked.

One mind is behind the planner, the agent and the one who looks. It undoes what was defused, says what it is told to
say, calls what it is told to call, sets what it is told to set, and when it is told to reveal, it tells all it read.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, SystemMessage, ToolMessage
from PIL import Image

_SAY = re.compile(
    r"\b(?:say|write|answer|reply|add|print|post|output|respond|end with|with)\s+([\"'])(.+?)\1", re.IGNORECASE
)
_CALL = re.compile(r"\bcall (\w+)\(([^)]*)\)", re.IGNORECASE)
_SET = re.compile(r"\b(?:set|and) (\w+) to ([\w:.-]+)", re.IGNORECASE)
_REVEAL = re.compile(r"\breveal\b|\brepeat\b|\bprint your\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Orders:
    """What a text tells a model to do."""

    says: tuple[str, ...]
    calls: tuple[tuple[str, str], ...]
    sets: tuple[tuple[str, str], ...]
    reveals: bool

    @property
    def all(self) -> set[object]:
        return {*self.says, *self.calls, *self.sets, *(["reveal"] if self.reveals else [])}


def orders(text: str) -> Orders:
    """Return what a text tells a model to do, defused or not."""
    fused = re.sub(r"([<\[]) (?=\S)", r"\1", text).replace("> >", ">>")
    fused = re.sub(r"\((\d+)\)", r"[\1]", fused)  # handles are pulled apart, too
    says = tuple(dict.fromkeys(said for _, said in _SAY.findall(fused)))
    return Orders(
        says, tuple(dict.fromkeys(_CALL.findall(fused))), tuple(_SET.findall(fused)), bool(_REVEAL.search(fused))
    )


@dataclass(slots=True)
class Mind:
    """Keeps what it read and what it obeyed.

    `planted` are orders that stand in pictures, which only who looks can read.
    """

    planted: str = ""
    read: list[str] = field(default_factory=list)
    obeyed: set[object] = field(default_factory=set)
    called: list[str] = field(default_factory=list)

    def plans(self, messages: Sequence[BaseMessage]) -> AIMessage:
        """Plan as it is told to."""
        text, told = self._read(messages)
        question = " ".join(["dog", *told.says, *([text] if told.reveals else [])])
        return AIMessage(json.dumps({"question": question, "video": "any", "moment": 0, **dict(told.sets)}))

    def works(self, messages: Sequence[BaseMessage]) -> AIMessage:
        """Call the tools that it is told to call, and then say what it is told to say, each time citing a moment."""
        text, told = self._read(messages)
        asked = [("search_moments", "query=dog"), ("list_videos", ""), *told.calls]
        done = sum(isinstance(message, ToolMessage) for message in messages)
        if due := asked[done : done + 2]:
            self.called += [name for name, _ in due]
            named = [
                {"name": name, "args": _arguments(given), "id": f"{done}-{i}"} for i, (name, given) in enumerate(due)
            ]
            return AIMessage("", tool_calls=named)
        said = [*told.says, *([text] if told.reveals else [])]
        return AIMessage("\n".join(f"{one} [1]." for one in said) or "There is a dog [1].")

    def looks(self, prompt: str, pictures: Sequence[Image.Image]) -> str:
        """Say what the picture tells it to say, and what the prompt does."""
        self.read.append(prompt)
        told = orders(f"{self.planted}\n{prompt}")
        self.obeyed |= told.all
        return " ".join([*told.says, *([prompt] if told.reveals else [])]) or "a dog"

    def _read(self, messages: Sequence[BaseMessage]) -> tuple[str, Orders]:
        text = "\n".join(message.text for message in messages)
        self.read.append(text)
        told = orders("\n".join(message.text for message in messages if not isinstance(message, SystemMessage)))
        self.obeyed |= told.all
        return text, told


def _arguments(given: str) -> dict[str, Any]:
    """Return arguments from `name=value, name=value`; of a value with several parts a list."""
    found: dict[str, Any] = {}
    last = ""
    for part in filter(None, (part.strip() for part in given.split(","))):
        name, equals, value = part.partition("=")
        if equals:
            last, found[name] = name, value
        else:
            found[last] = [found[last], part]
    if "moments" in found and isinstance(found["moments"], str):
        found["moments"] = [found["moments"], "1"]
    return found
