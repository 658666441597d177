"""Further moments like one that was shown."""

from collections.abc import Iterator

from bot.dialogue import more as dialogue_more
from bot.dialogue.events import Event, Failed
from bot.dialogue.messages import Utterance
from bot.dialogue.storing.base import ConversationStore
from bot.errors import AssistantError, problem_of
from bot.tools.shelf import Searcher, Shelf
from bot.tools.view import View
from retrieval.errors import LibraryError


def more_like(
    store: ConversationStore, shelf: Shelf, searcher: Searcher, handle: int, utterance: Utterance
) -> Iterator[Event]:
    """Yield what happens until the answer: moments like the one of a handle that were not shown before."""
    try:
        view = View(shelf, searcher, utterance.visible)
        yield from dialogue_more.more_like(handle, utterance.conversation_id, store, view)
    except (LibraryError, AssistantError) as error:
        yield Failed(problem_of(error))
