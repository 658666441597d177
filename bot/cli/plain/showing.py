"""Shows the events of a reply as they come."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.actions.data import event_data
from bot.cli.output import plural
from bot.dialogue import events
from bot.dialogue.acts.table import ACTS
from bot.dialogue.messages import Filters
from bot.untrusted import inert_line, inert_name

if TYPE_CHECKING:
    from bot.cli.plain.screen import Screen

TALK = frozenset(act.name for act in ACTS.values() if not act.by_tools)
"""Acts of which it need not be said what was understood: the answer shows it."""


def show(event: events.Event, screen: "Screen") -> None:
    """Print one event; one that is unknown here prints nothing."""
    match event:
        case events.Failed(problem):
            screen.problem(problem)
        case events.Writing(sentence):
            screen.tell(event_data(event), sentence)
        case events.Stopped():
            screen.tell(event_data(event), "Stopped.")
        case events.Answered() | events.Clarifying() | events.Searching() | events.Found():
            screen.tell(event_data(event))
        case _:
            _show_progress(event, screen)


def _show_progress(event: events.Event, screen: "Screen") -> None:
    match event:
        case events.Understood(act, query, filters, note):
            said = [] if act in TALK else [understood(act, query, filters)]
            screen.tell(event_data(event), *said, *([f"({note})"] if note else []))
        case events.Queued(position):
            before = f"{plural(position, 'question')} before yours"
            screen.tell(event_data(event), f"(waiting for the vision model: {before})")
        case events.Looking(model, keyframes):
            screen.tell(event_data(event), f"({model} looks at {plural(len(keyframes), 'frame')})")
        case events.Seen(handle, observation):
            saw = f'saw "{inert_line(observation)}"' if observation else "saw nothing of it"
            screen.tell(event_data(event), f"([{handle}]: {saw})")


def understood(act: str, query: str, filters: Filters) -> str:
    """Return in a line what was understood: the act, the query, and what the search is narrowed to."""
    what = [f'{act.replace("_", " ")} "{inert_line(query)}"' if query else act.replace("_", " "), *_narrowed(filters)]
    return f"({'; '.join(what)})"


def _narrowed(filters: Filters) -> list[str]:
    parts: list[str] = []

    def add(words: str, values: Sequence[str]) -> None:
        if values:
            parts.append(f"{words} {', '.join(map(inert_name, values))}")

    add("in", filters.videos)
    add("from", [] if filters.start is None else [f"{filters.start:g} s"])
    add("to", [] if filters.end is None else [f"{filters.end:g} s"])
    for words, moment in (("before", filters.before), ("after", filters.after), ("during", filters.during)):
        add(words, [moment] if moment else [])
    add("without", filters.without)
    add("not in", filters.not_videos)
    add("not", filters.not_moments)
    add("not the", [filters.not_part] if filters.not_part else [])
    return parts
