"""Giving a conversation another title, or a video another id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.dialogue.storing.base import ConversationStore
from bot.errors import UsageError
from retrieval.sizes import unfit_name

if TYPE_CHECKING:
    from retrieval.library import Library

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


def rename_video(library: Library, video_id: str, name: str, visible: frozenset[str]) -> str:
    """Give a video another id in its collection, and return what it is called then.

    Raises:
        UsageError: the text cannot be an id.
        NotInLibrary: there is no such video.
        AlreadyThere: its collection has a video of this id.
    """
    unfit = "holds a `/`" if "/" in name else unfit_name(name)
    if unfit:
        raise UsageError(f"{name[:60]!r} cannot be an id: it {unfit}", "Give another one.")
    collection = library.catalogue.video(video_id, visible).entry.collection
    return library.catalogue.naming.shown(library.move(video_id, collection, visible, name), visible)
