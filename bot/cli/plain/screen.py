"""Where the chat prints: plain lines for people or a JSON line for each thing that happens, at once in either case."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass

from bot.actions.data import event_data
from bot.cli.output import emit, say
from bot.dialogue.events import Failed
from bot.errors import Problem


@dataclass(frozen=True, slots=True)
class Screen:
    """Prints what happens, without control characters that a text may hold."""

    as_json: bool

    def tell(self, data: Mapping[str, object], *lines: str) -> None:
        """Print one thing that happened: a JSON line, which names it as `event`, or the lines for people."""
        if self.as_json:
            emit(data)
        else:
            say(*lines)
        sys.stdout.flush()

    def problem(self, problem: Problem) -> None:
        """Print what went wrong; the chat goes on."""
        said = f"Sorry: {problem.message.rstrip('.')}."
        self.tell(event_data(Failed(problem)), f"{said} {problem.hint}".rstrip())
