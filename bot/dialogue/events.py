"""What happens while an answer is made, in order. A front end renders these and sees nothing else.

Every reply ends with exactly one of Answered, Clarifying, Stopped and Failed.
"""

from dataclasses import dataclass
from pathlib import Path

from bot.dialogue.messages import Answer, Filters
from bot.errors import Problem


@dataclass(frozen=True, slots=True)
class Understood:
    """What the assistant decided to do with the utterance.

    `note` says why no language model was part of it where one is set.
    """

    act: str
    query: str
    filters: Filters
    note: str = ""


@dataclass(frozen=True, slots=True)
class Searching:
    """The library is being searched."""

    query: str


@dataclass(frozen=True, slots=True)
class Found:
    """The search is over; `moments` are worth quoting."""

    moments: int


@dataclass(frozen=True, slots=True)
class Queued:
    """The vision model is busy; `position` others are before this one."""

    position: int


@dataclass(frozen=True, slots=True)
class Looking:
    """A vision model looks at these keyframes, moment by moment, the best moment first."""

    model: str
    keyframes: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """What the vision model saw in a moment; `observation` is empty where its frames do not show what is asked."""

    handle: int
    observation: str


@dataclass(frozen=True, slots=True)
class Writing:
    """One sentence of the answer, its marks already checked."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The end: the answer, already stored."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Clarifying:
    """The end: the assistant asks back; `answer.choices` are what to choose from."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Stopped:
    """The end: the user cancelled; what was written until then is stored, and the turn is marked as stopped."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The end: something went wrong; nothing was stored."""

    problem: Problem


ENDS = (Answered, Clarifying, Stopped, Failed)
"""The last event of every reply is one of these."""

Event = Understood | Searching | Found | Queued | Looking | Seen | Writing | Answered | Clarifying | Stopped | Failed
