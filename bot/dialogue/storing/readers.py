"""Who reads stored conversations: which are theirs, and which turns of these may be told to them now.

A conversation belongs to the place where it is led, and in a private place to who leads it there: others cannot name
it, whatever they type. Where several read along each goes on with it, and who began it alone changes or deletes it.
Why: docs/decisions/rights.md.
"""

from dataclasses import dataclass

from bot.errors import UnknownConversation
from bot.rights import Asker, admits

SEPARATOR = "\x1f"
"""Stands in keys between whose a conversation is and its id; no id has it."""


@dataclass(frozen=True, slots=True)
class ConversationReader:
    """Who reads, and the collections that they see now."""

    asker: Asker
    visible: frozenset[str]

    @property
    def place(self) -> str:
        """Where the conversations were led that they may read."""
        return str(self.asker.place)

    @property
    def owner(self) -> str:
        """Who they are, as the owner of what they begin."""
        return str(self.asker.principal)

    @property
    def _before(self) -> str:
        if self.asker.is_owner:
            return ""
        whose = self.owner if self.asker.place.is_private else ""
        return f"{self.place}{SEPARATOR}{whose}{SEPARATOR}"

    def key(self, conversation_id: str) -> str:
        """Return what a conversation of theirs is kept by.

        Raises:
            UnknownConversation: nothing can be of that id.
        """
        if SEPARATOR in conversation_id:
            raise UnknownConversation(conversation_id)
        return f"{self._before}{conversation_id}"

    def owns(self, key: str) -> bool:
        """Tell whether a conversation is one of theirs by its key."""
        return key.startswith(self._before) and SEPARATOR not in key[len(self._before) :]

    def name(self, key: str) -> str:
        """Return the id of a conversation of theirs."""
        return key[len(self._before) :]

    def admits(self, answered_under: frozenset[str] | None) -> bool:
        """Tell whether a turn may be told to them."""
        return admits(self.visible, answered_under)
