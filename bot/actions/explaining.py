"""Why a moment was shown: what was asked and searched for, each arm's place, and what was seen."""

from dataclasses import dataclass

from bot.actions.showing import shown
from bot.dialogue.messages import Citation
from bot.dialogue.storing.base import ConversationStore
from retrieval.spaces import ARMS
from retrieval.types import ArmScore


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a moment was shown.

    Attributes:
        citation: the moment as it was shown; its ranking is None where it was pointed at and not searched for.
        asked: the user's words.
        query: what was searched for; may be empty.
        model: the vision model that looked for the answer, None where none did.
    """

    citation: Citation
    asked: str
    query: str
    model: str | None

    @property
    def arms(self) -> tuple[tuple[str, ArmScore | None], ...]:
        """Every arm with the moment's place in it, None where the arm did not find it."""
        places = {} if self.citation.ranking is None else dict(self.citation.ranking.arms)
        return tuple((arm, places.get(arm)) for arm in dict.fromkeys([*(arm.name for arm in ARMS), *places]))


def why(store: ConversationStore, conversation_id: str, handle: int | None = None) -> Explanation:
    """Return why a moment was shown; without a handle, the first of the last answer.

    Raises:
        UnknownConversation: nothing was asked yet.
        UnknownMoment: none was shown.
    """
    turn, citation = shown(store, conversation_id, handle)
    return Explanation(citation, turn.asked, turn.query, turn.model)
