"""Giving a conversation another title."""

from bot.dialogue.storing.base import ConversationStore
from bot.errors import UsageError

LONGEST_TITLE = 200
"""Characters of a conversation's title."""


def rename(store: ConversationStore, conversation_id: str, title: str) -> str:
    """Give a conversation another title, of one line, and return it.

    Raises:
        UsageError: the title is empty.
        UnknownConversation: there is none of that id.
    """
    line = " ".join(title.split())
    if not any(character.isprintable() for character in line.replace(" ", "")):
        raise UsageError("an empty text is not a title", "Give at least one word.")
    if len(line) > LONGEST_TITLE:
        raise UsageError(f"a title has at most {LONGEST_TITLE} characters, and this one {len(line):,}")
    store.rename(conversation_id, line)
    return line
