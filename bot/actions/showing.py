"""A moment that an answer showed: the turn that shows it, and all that the library holds of it."""

from bot.dialogue.conversation import Turn
from bot.dialogue.messages import Citation
from bot.dialogue.storing.base import ConversationStore
from bot.errors import UnknownMoment, UsageError
from bot.tools.pieces import CatalogueReader
from retrieval.types import Moment


def shown(store: ConversationStore, conversation_id: str, handle: int | None = None) -> tuple[Turn, Citation]:
    """Return the latest turn that shows a moment, and the moment; without a handle, the first of the last answer.

    Raises:
        UnknownConversation: nothing was asked yet.
        UnknownMoment: none was shown.
    """
    _, turn = store.latest(conversation_id, handle)
    for citation in turn.citations:
        if handle in (None, citation.handle):
            return turn, citation
    raise UnknownMoment(handle)


def handle_in(store: ConversationStore, conversation_id: str, shown: int | Citation) -> int:
    """Return the handle of a moment in a conversation, given by that or as the conversation cited it.

    Raises:
        UsageError: in this conversation the citation's handle means no moment, or another one.
        UnknownConversation: nothing was asked yet.
    """
    if not isinstance(shown, Citation):
        store.latest(conversation_id)
        return shown
    try:
        _, turn = store.latest(conversation_id, shown.handle)
    except UnknownMoment:
        meant = set()
    else:
        meant = {one.moment_id for one in turn.citations if one.handle == shown.handle}
    if shown.moment_id not in meant:
        raise UsageError(
            f"[{shown.handle}] {shown.moment_id!r} was not shown in this conversation",
            "A citation belongs to the conversation that answered with it.",
        )
    return shown.handle


def moment_of(citation: Citation, shelf: CatalogueReader, visible: frozenset[str]) -> Moment:
    """Return the moment that a citation points at, with its texts and keyframes.

    Raises:
        NotInLibrary: it is gone, or not visible.
    """
    return shelf.moment(citation.moment_id, visible)
