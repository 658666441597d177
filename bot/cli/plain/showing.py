"""Shows the events of a reply as they come."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.actions.data import event_data
from bot.cli.output import headline, plural
from bot.dialogue import events
from bot.dialogue.acts.table import ACTS
from bot.dialogue.messages import Filters
from bot.untrusted import inert_line, inert_name

if TYPE_CHECKING:
    from bot.cli.plain.screen import Screen

TALK = frozenset(act.name for act in ACTS.values() if not act.by_tools)
"""Acts of which it need not be said what was understood: the answer shows it."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person typed, and the titles of the videos by id; `apart` are those that others have, told apart."""

    text: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)
    apart: Mapping[str, str] = field(default_factory=dict)


def show(event: events.Event, screen: "Screen", typed: Typed) -> None:
    """Print one event; one that is unknown here prints nothing."""
    match event:
        case events.Failed(problem):
            screen.problem(problem)
        case events.Writing(sentence):
            screen.tell(event_data(event), sentence)
        case events.Stopped():
            screen.tell(event_data(event), "Stopped.")
        case events.Answered(answer):
            alike = [citation for citation in answer.citations if citation.video_id in typed.apart]
            screen.tell(event_data(event), *(headline(citation, typed.apart) for citation in alike))
        case events.Clarifying() | events.Searching() | events.Found():
            screen.tell(event_data(event))
        case _:
            _show_progress(event, screen, typed)


def _show_progress(event: events.Event, screen: "Screen", typed: Typed) -> None:
    match event:
        case events.Understood(act, query, filters, note):
            said = "" if act in TALK else understood(query, filters, typed)
            screen.tell(event_data(event), *([said] if said else []), *([f"({note})"] if note else []))
        case events.Queued(position):
            before = f"{plural(position, 'question')} before yours"
            screen.tell(event_data(event), f"(waiting for the vision model: {before})")
        case events.Looking(model, keyframes):
            screen.tell(event_data(event), f"({model} looks at {plural(len(keyframes), 'frame')})")
        case events.Seen(handle, observation):
            saw = f'saw "{inert_line(observation)}"' if observation else "saw nothing of it"
            screen.tell(event_data(event), f"([{handle}]: {saw})")


def understood(query: str, filters: Filters, typed: Typed) -> str:
    """Return in a line what was understood and not typed: words and a video of earlier turns; "" for nothing."""
    given, parts = _words(typed.text), []
    if _words(query) - given:
        parts.append(f'looking for "{inert_line(query)}"')
    titles = {video: typed.titles.get(video, video) for video in filters.videos}
    if carried := [title for video, title in titles.items() if not _words(f"{video} {title}", 4) & given]:
        parts.append(f"in {' or '.join(inert_name(title) for title in carried)}")
    return f"({' '.join(parts)})" if parts else ""


def _words(text: str, least: int = 1) -> set[str]:
    """Return the words of a text with so many letters at least."""
    return {word for word in re.findall(r"\w+", text.casefold()) if len(word) >= least}
