"""What somebody may see, read and say in the place where they ask: one thing for a front end to hold.

Why: docs/decisions/rights.md.
"""

from dataclasses import dataclass, replace
from threading import Event as Flag

from PIL import Image

from bot.dialogue.messages import Utterance
from bot.dialogue.storing.naming import JudgedByAll, NamedOpinions
from bot.rights import Asker, Rights, narrowed
from bot.tools.pieces import VideoNaming
from bot.tools.view import EVERYWHERE
from retrieval.types import Filter


@dataclass(frozen=True, slots=True)
class Access:
    """The rights of one who asks, as the grants are whenever they are used.

    Attributes:
        asker: who asks, and where.
        rights: of the library.
        store: keeps the conversations of all.
        naming: knows what videos are called.
        only: the collections that they narrow themselves to; None for all that they may see.
    """

    asker: Asker
    rights: Rights
    store: JudgedByAll
    naming: VideoNaming
    only: frozenset[str] | None = None

    @property
    def visible(self) -> frozenset[str]:
        """The collections that an answer may go by now."""
        allowed = self.rights.visible(self.asker.place, self.asker.principal)
        return allowed if self.only is None else narrowed(self.only, allowed)

    @property
    def conversations(self) -> NamedOpinions:
        """The conversations that are theirs, and of these what may be told now."""
        return NamedOpinions(self.store, self.naming, lambda: self.visible, self.asker)

    def within(self, only: frozenset[str] | None) -> "Access":
        """Return the same, narrowed to some collections; to all that may be seen where None."""
        return replace(self, only=only)

    def said(
        self,
        text: str,
        conversation_id: str,
        image: Image.Image | None = None,
        cancel: Flag | None = None,
        within: Filter = EVERYWHERE,
    ) -> Utterance:
        """Return what they say in a conversation; `within` is what the answer is limited to.

        Raises:
            UsageError: the text is too long.
        """
        return Utterance(text, conversation_id, self.visible, image, self.asker, cancel or Flag(), within)
