"""What happens while an answer is made, in order. A front end renders these and sees nothing else.

Every reply ends with exactly one of Answered, Clarifying and Failed.
"""

from dataclasses import dataclass

from bot.dialogue.messages import Answer, Filters
from bot.errors import Problem


@dataclass(frozen=True, slots=True)
class Understood:
    """What the assistant decided to do with the utterance."""

    act: str
    query: str
    filters: Filters


@dataclass(frozen=True, slots=True)
class Searching:
    """The library is being searched."""

    query: str


@dataclass(frozen=True, slots=True)
class Found:
    """The search is over; `moments` are worth quoting."""

    moments: int


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
class Failed:
    """The end: something went wrong; nothing was stored."""

    problem: Problem


Event = Understood | Searching | Found | Writing | Answered | Clarifying | Failed
