"""Where conversations are kept: the contract. Pictures never go in."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, Self

from bot.dialogue.conversation import Conversation, Turn
from bot.dialogue.storing.readers import ConversationReader

LONGEST_CONVERSATION = 20_000
"""Turns of a conversation."""

REMEMBERED = 50
"""Turns of a conversation that an answer takes into account; of those before them it knows the moments shown."""


@dataclass(frozen=True, slots=True)
class Summary:
    """A conversation as a list shows it; `updated` is when its last turn was stored."""

    conversation_id: str
    title: str
    turns: int
    updated: datetime


class ConversationStore(Protocol):
    """Keeps conversations. Appending costs the same however long a conversation is."""

    def load(self, conversation_id: str) -> Conversation:
        """Return a conversation with all its turns; UnknownConversation where there is none."""
        ...

    def recall(self, conversation_id: str) -> Conversation:
        """Return a conversation as an answer needs it: its latest turns, the others folded, however many these are.

        UnknownConversation where there is none.
        """
        ...

    def latest(self, conversation_id: str, handle: int | None = None) -> tuple[int, Turn]:
        """Return the latest turn, or the latest that cites a moment, and its number from 1.

        UnknownConversation where there is none; UnknownMoment where no turn cites that moment.
        """
        ...

    def append(self, conversation_id: str, turn: Turn) -> None:
        """Add a turn, in one transaction; the first makes the conversation."""
        ...

    def claim(self, conversation_id: str, moment_id: str, claimant: str) -> int:
        """Return the handle of a moment: the one it has, else the next that nobody has, also none that claims it now.

        A claim holds until it is released; the turn that shows the moment is stored before that.
        """
        ...

    def release(self, conversation_id: str, claimant: str) -> None:
        """Let go of all that was claimed in this name."""
        ...

    def list(self) -> Sequence[Summary]:
        """Return all conversations, the latest first."""
        ...

    def search(self, text: str) -> Sequence[Summary]:
        """Return the conversations whose title, questions or answers hold this text, the latest first."""
        ...

    def rename(self, conversation_id: str, title: str) -> None:
        """Give a conversation another title; UnknownConversation where there is none."""
        ...

    def delete(self, conversation_id: str) -> None:
        """Delete a conversation with its turns and opinions of it; UnknownConversation where there is none."""
        ...

    def forget(self, conversation_id: str, at: datetime) -> None:
        """Forget the turn that was answered at a time, and the opinions of it; a conversation without turns is none.

        Where there is no such turn nothing changes.
        """
        ...


class Readable(Protocol):
    """Keeps conversations of many, and gives each its own."""

    def read_by(self, reader: ConversationReader) -> Self:
        """Return the store as one reads and writes it: what is not theirs is answered like what does not exist."""
        ...


class ConversationsOfAll(ConversationStore, Readable, Protocol):
    """Keeps the conversations of all who ask; without a reader, whatever there is."""


def new_conversation_id() -> str:
    """Return an id for a conversation that is not yet stored: 128 bits, so that no two are alike."""
    return secrets.token_hex(16)
