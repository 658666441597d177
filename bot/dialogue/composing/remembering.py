"""What is said of turns too old to be taken into account: a short summary, and once, that it is so. Pure."""

from dataclasses import dataclass

import prompts
from bot.dialogue.composing.citations import quotable
from bot.dialogue.composing.templates import Sentence
from bot.dialogue.conversation import Conversation

MOST_RECALLED = 20
"""Moments that a summary names at most: the latest."""


@dataclass(frozen=True, slots=True)
class Recalled:
    """A moment as a summary names it."""

    handle: int
    title: str
    timecode: str


def summary(conversation: Conversation) -> str:
    """Return the older turns in short: how many, and which moments they showed; "" where all turns are at hand."""
    earlier = conversation.earlier
    if not earlier.turns:
        return ""
    latest = earlier.shown[-MOST_RECALLED:]
    moments = [Recalled(c.handle, quotable(c.title, 100), c.timecode) for c in latest]
    more = len(earlier.shown) - len(latest)
    return prompts.render("earlier_turns", turns=earlier.turns, moments=moments, more=more)


def notice(conversation: Conversation) -> tuple[Sentence, ...]:
    """Return what is to be said as the first turn is no longer taken into account; nothing before and after that."""
    if conversation.earlier.turns != 1:
        return ()
    return (Sentence(prompts.render("long_conversation", turns=len(conversation.turns))),)
