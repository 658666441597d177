"""Where the chat prints: plain lines for people or a JSON line for each thing that happens, at once in either case."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass

from bot.cli.output import emit, say
from bot.errors import Problem


@dataclass(frozen=True, slots=True)
class Screen:
    """Prints what happens, without control characters that a text may hold."""

    as_json: bool

    def tell(self, event: str, data: Mapping[str, object], *lines: str) -> None:
        """Print one thing that happened: a JSON line with its name, or the lines for people."""
        if self.as_json:
            emit({"event": event, **data})
        else:
            say(*lines)
        sys.stdout.flush()

    def problem(self, problem: Problem) -> None:
        """Print what went wrong; the chat goes on."""
        shape = {"error": {"code": problem.code, "message": problem.message, "hint": problem.hint}}
        said = f"Sorry: {problem.message.rstrip('.')}."
        self.tell("failed", shape, f"{said} {problem.hint}".rstrip())
