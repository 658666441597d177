"""A few videos, what was said about them, and the ways to take what is said next, for the tests of reading."""

from datetime import UTC, datetime
from typing import Any

from bot.dialogue.conversation import Conversation, Turn
from bot.dialogue.messages import Citation
from bot.dialogue.plan import Plan, Reading
from bot.dialogue.reading.names import names_of
from bot.dialogue.reading.readings import SURE, readings
from bot.tools.memory import video_of
from retrieval.types import TimeSpan

VIDEOS = [
    video_of("asl_bird"),
    video_of("bbb", "Big Buck Bunny"),
    video_of("chaplin"),
    video_of("harbour-morning"),
    video_of("x1", "Trip"),
    video_of("x2", "Trip"),
]
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def cited(handle: int, moment: str, start: float = 0.0, end: float = 5.0) -> Citation:
    video = moment.partition(":")[0]
    return Citation(handle, moment, video, video, TimeSpan(start, end))


def turn(asked: str, query: str = "", *citations: Citation, listed: tuple[str, ...] = (), act: str = "find") -> Turn:
    videos = {citation.video_id for citation in citations}
    video = videos.pop() if len(videos) == 1 else None
    return Turn(asked, act, query, "...", "answered", NOON, citations, video, listed)


def talk(*turns: Turn) -> Conversation:
    return Conversation("c", turns)


NEW = talk()
SHOWN = talk(turn("Who is at the table?", "table", cited(1, "chaplin:2"), cited(2, "chaplin:5", 9, 12)))
LISTED = talk(turn("Which videos are there?", listed=("asl_bird", "bbb"), act="library"))
ASKED_BACK = talk(turn("Summarise Trip", listed=("x1", "x2"), act="clarify"))
TWO_VIDEOS = talk(turn("Which clips?", "sign language", cited(1, "asl_bird:1"), cited(2, "bbb:1")))

NAMES = names_of(VIDEOS)


def ways(text: str, conversation: Conversation = NEW) -> list[Reading]:
    return readings(text, conversation, VIDEOS, NAMES)


def first(text: str, conversation: Conversation = NEW) -> Plan:
    return ways(text, conversation)[0].plan


def is_sure(text: str, conversation: Conversation = NEW) -> bool:
    """Tell whether the first reading counts whatever a search finds."""
    best = ways(text, conversation)[0]
    return not best.searched or best.prior == SURE


def has(plan: Plan, **wanted: Any) -> bool:
    return all(getattr(plan, name) == value for name, value in wanted.items())
