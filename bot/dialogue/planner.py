"""Says in which ways an utterance can be taken. The rules here need no model and read nothing but their arguments."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from bot.dialogue.conversation import Conversation
from bot.dialogue.messages import Utterance
from bot.dialogue.plan import ActName, Plan, Reading
from bot.dialogue.reading.names import Names, names_of
from bot.dialogue.reading.readings import readings
from bot.dialogue.reading.utterance import LONGEST_READ
from retrieval.types import Video


class Planner(Protocol):
    """Turns an utterance into readings: with the user's own words, and nothing in them that is not visible.

    Whatever is said, there is at least one, and each can be carried out.
    """

    def readings(self, conversation: Conversation, utterance: Utterance, videos: Sequence[Video]) -> list[Reading]:
        """Return the ways to take an utterance, the likeliest first; `videos` are those that it may see."""
        ...


def words_of(utterance: Utterance) -> str:
    """Return the user's own words as a plan holds them."""
    return " ".join(utterance.text[:LONGEST_READ].split())


class RulePlanner:
    """Reads by rules alone: English, no model, the same readings for the same words."""

    def __init__(self) -> None:
        self._known: tuple[list[Video], Names] | None = None

    def readings(self, conversation: Conversation, utterance: Utterance, videos: Sequence[Video]) -> list[Reading]:
        """Return the ways to take an utterance."""
        if utterance.image is not None:
            return [Reading(self._of_picture(utterance, videos), searched=False)]
        words = words_of(utterance)
        found = readings(utterance.text, conversation, videos, self._names(videos))
        return [replace(one, plan=replace(one.plan, words=words)) for one in found]

    def _of_picture(self, utterance: Utterance, videos: Sequence[Video]) -> Plan:
        """Return the plan of a picture: "this" is the picture, and nothing that was shown before."""
        alone = Conversation(utterance.conversation_id)
        plan = readings(utterance.text, alone, videos, self._names(videos))[0].plan
        act: ActName = plan.act if plan.act in ("find", "ask", "count") else "find"
        return Plan(act, words_of(utterance), plan.query, videos=plan.videos, start=plan.start, end=plan.end)

    def _names(self, videos: Sequence[Video]) -> Names:
        """Return the names of the videos: those of the last time where the videos are the same."""
        known = self._known
        if known is None or known[0] != list(videos):
            known = self._known = (list(videos), names_of(videos))
        return known[1]
