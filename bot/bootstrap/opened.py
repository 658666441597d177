"""What a front end gets of an opened home."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.actions.access import Access
    from bot.dialogue.manager import DialogueManager
    from bot.dialogue.storing.naming import NamedOpinions
    from bot.rights import Asker
    from retrieval.ingest.confined import DecodeLimits
    from retrieval.library import Library


@dataclass(frozen=True, slots=True)
class Assistant:
    """Everything that answering needs, and what decoding a file to cut it may use.

    `access` is that of the owner of the home at its terminal; `at` gives that of others.
    """

    library: Library
    access: Access
    manager: DialogueManager
    limits: DecodeLimits

    @property
    def conversations(self) -> NamedOpinions:
        """The conversations of the owner."""
        return self.access.conversations

    def at(self, asker: Asker) -> Access:
        """Return what somebody else may see and read, where they ask."""
        return replace(self.access, asker=asker)
