"""Talks the golden dialogues over the sample films and the real clips, and marks what each reply shows.

What was shown before is what the assistant did show, so a mistake goes on into the turns that follow it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.dialogue.events import Answered, Clarifying
from bot.dialogue.manager import DialogueManager
from bot.dialogue.messages import Answer, Citation, Utterance
from bot.dialogue.planner import RulePlanner
from bot.dialogue.storing.memory import MemoryConversations
from retrieval.library import Library
from tests.scenario.dialogue_values import Dialogue, Place, Turn

FIRST = 2
"""Citations among which a right moment must be."""

TALK = {"chat": "chat", "list_videos": "library", "clarify": "clarify"}
"""Acts that show no moment, and what the assistant calls them."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A turn of a dialogue, the reply, and whether it is right."""

    dialogue: Dialogue
    turn: Turn
    answer: Answer
    right: bool


def talked(library: Library, collection: str, dialogues: Sequence[Dialogue]) -> Iterator[Marked]:
    """Yield every turn, marked."""
    visible = frozenset({collection})
    for dialogue in dialogues:
        manager = DialogueManager(library.catalogue, library.searcher, RulePlanner(), MemoryConversations())
        for turn in dialogue.turns:
            last = list(manager.respond(Utterance(turn.say, dialogue.name, visible)))[-1]
            assert isinstance(last, Answered | Clarifying), (turn.say, last)
            yield Marked(dialogue, turn, last.answer, is_right(turn, last.answer))


def is_right(turn: Turn, answer: Answer) -> bool:
    """Tell whether a reply shows what a turn asks for, or says honestly that nothing is there."""
    expected = turn.expected
    if any(answer.act == TALK.get(act) for act in (expected.act, *expected.also)):
        return True
    if not expected.moments:
        return answer.verdict == "not_found"
    if answer.verdict == "not_found":
        return False
    whole = any(place.span is None for place in expected.moments)
    shown = answer.citations if whole else answer.citations[:FIRST]
    told = any(place.video in answer.text for place in expected.moments) and answer.verdict == "told"
    return told or any(_shows(citation, place) for citation in shown for place in expected.moments)


def _shows(citation: Citation, place: Place) -> bool:
    if citation.video_id != place.video:
        return False
    if place.span is None:
        return True
    shorter = min(place.span.duration, citation.span.duration)
    return place.span.overlap(citation.span) > 0.5 * shorter
