"""What was said of what left the library is taken out of the conversations."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrieval.catalogue.erasures import Erasure


def forget(path: Path, left: Sequence[Erasure]) -> bool:
    """Take what left the library out of the conversations of a file; tell whether no byte of it stays there."""
    from bot.dialogue.storing.sqlite import SqliteConversations

    if not path.is_file():
        return True
    with closing(SqliteConversations(path)) as store:
        return store.erase(left)
