"""Going on with a conversation: the one named, the last one, or a new one."""

from bot.dialogue.storing.base import ConversationStore, new_conversation_id
from bot.errors import UsageError


def conversation_to_go_on(store: ConversationStore, named: str | None = None, last: bool = False) -> str:
    """Return the id of the conversation named, of the last one, or of a new one.

    Raises:
        UsageError: both are asked for.
        UnknownConversation: there is none of that id.
    """
    if named is not None and last:
        raise UsageError("-c and --conversation name two conversations", "Give one of them.")
    if named is not None:
        return store.recall(named).conversation_id
    kept = store.list() if last else ()
    return kept[0].conversation_id if kept else new_conversation_id()
