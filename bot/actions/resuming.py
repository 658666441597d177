"""Going on with a conversation: the one named, the last one, or a new one."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bot.dialogue.composing.remembering import summary
from bot.dialogue.storing.base import ConversationStore, new_conversation_id
from bot.errors import UnknownConversation, UsageError


@dataclass(frozen=True, slots=True)
class Resumed:
    """A conversation that goes on: its title, how many turns it has, and the older ones in short, "" where none are."""

    title: str
    turns: int
    summary: str


def conversation_to_go_on(store: ConversationStore, named: str | None = None, last: bool = False) -> str:
    """Return the id of the conversation named, of the last one, or of a new one.

    Raises:
        UsageError: both are asked for.
        UnknownConversation: there is none of that id.
    """
    if named is not None and last:
        raise UsageError("the last conversation and one of an id are two conversations", "Ask for one of them.")
    if named is not None:
        return store.recall(named).conversation_id
    kept = store.list() if last else ()
    return kept[0].conversation_id if kept else new_conversation_id()


def resumed(store: ConversationStore, conversation_id: str) -> Resumed:
    """Return what to say of a conversation that goes on.

    Raises:
        UnknownConversation: there is none of that id yet.
    """
    kept = store.recall(conversation_id)
    return Resumed(kept.title, kept.earlier.turns + len(kept.turns), summary(kept))


@contextmanager
def asked_before() -> Iterator[None]:
    """Say of an open conversation that is not kept yet what that means; its id was never shown to anybody.

    Raises:
        UsageError: nothing was asked in it yet.
    """
    try:
        yield
    except UnknownConversation as error:
        raise UsageError("nothing was asked here yet", "Ask a question first.") from error
