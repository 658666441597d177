"""Conversations are kept by the keys of videos, and read as these are called where they are read.

What a video is called follows from what may be seen, and that changes: an id that was shown alone is shared tomorrow.
So a kept turn names videos and moments by their keys; what may not be seen any more is called by what is nobody's id.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from bot.dialogue.conversation import Conversation, Earlier, Turn
from bot.dialogue.messages import Citation, Filters
from bot.dialogue.storing.base import ConversationStore, Summary
from bot.dialogue.storing.feedback import Feedback, FeedbackStore
from bot.tools.pieces import VideoNaming
from retrieval.errors import NotInLibrary

Rename = Callable[[str], str]


class NamedConversations:
    """A store of conversations as somebody reads it who sees some collections.

    Args:
        store: keeps them.
        naming: knows what videos are called.
        visible: returns the collections that are seen.
    """

    def __init__(self, store: ConversationStore, naming: VideoNaming, visible: Callable[[], frozenset[str]]) -> None:
        self._store = store
        self._naming = naming
        self._visible = visible

    def load(self, conversation_id: str) -> Conversation:
        """Return a conversation."""
        return self._read(self._store.load(conversation_id))

    def recall(self, conversation_id: str) -> Conversation:
        """Return a conversation as an answer needs it."""
        return self._read(self._store.recall(conversation_id))

    def latest(self, conversation_id: str, handle: int | None = None) -> tuple[int, Turn]:
        """Return the latest turn, or the latest that cites a moment."""
        number, turn = self._store.latest(conversation_id, handle)
        return number, renamed(turn, self._shown, self._shown_moment)

    def append(self, conversation_id: str, turn: Turn) -> None:
        """Add a turn."""
        self._store.append(conversation_id, renamed(turn, self._key, self._key_of_moment))

    def claim(self, conversation_id: str, moment_id: str, claimant: str) -> int:
        """Return a moment's handle."""
        return self._store.claim(conversation_id, self._key_of_moment(moment_id), claimant)

    def release(self, conversation_id: str, claimant: str) -> None:
        """Let go of handles."""
        self._store.release(conversation_id, claimant)

    def list(self) -> Sequence[Summary]:
        """Return all conversations, the latest first."""
        return self._store.list()

    def search(self, text: str) -> Sequence[Summary]:
        """Return the conversations that hold this text."""
        return self._store.search(text)

    def rename(self, conversation_id: str, title: str) -> None:
        """Give a conversation another title."""
        self._store.rename(conversation_id, title)

    def delete(self, conversation_id: str) -> None:
        """Delete a conversation."""
        self._store.delete(conversation_id)

    def _read(self, kept: Conversation) -> Conversation:
        turns = tuple(renamed(turn, self._shown, self._shown_moment) for turn in kept.turns)
        shown = tuple(_citation(one, self._shown, self._shown_moment) for one in kept.earlier.shown)
        return replace(kept, turns=turns, earlier=Earlier(kept.earlier.turns, shown))

    def _shown(self, key: str) -> str:
        return self._naming.shown(key, self._visible())

    def _shown_moment(self, key: str) -> str:
        return self._naming.shown_moment(key, self._visible())

    def _key(self, video_id: str) -> str:
        try:
            return self._naming.key(video_id, self._visible())
        except NotInLibrary:  # removed meanwhile
            return video_id

    def _key_of_moment(self, moment_id: str) -> str:
        try:
            return self._naming.key_of_moment(moment_id, self._visible())
        except NotInLibrary:
            return moment_id


class JudgedStore(ConversationStore, FeedbackStore, Protocol):
    """Keeps conversations and opinions of them."""


class NamedOpinions(NamedConversations):
    """A store of conversations and of opinions of them, read and written in the same way."""

    def __init__(self, store: JudgedStore, naming: VideoNaming, visible: Callable[[], frozenset[str]]) -> None:
        super().__init__(store, naming, visible)
        self._opinions = store

    def judge(self, feedback: Feedback) -> None:
        """Keep an opinion."""
        moments = tuple(_citation(one, self._key, self._key_of_moment) for one in feedback.moments)
        self._opinions.judge(replace(feedback, moments=moments))

    def feedback(self) -> Sequence[Feedback]:
        """Return all opinions."""
        return [
            replace(kept, moments=tuple(_citation(one, self._shown, self._shown_moment) for one in kept.moments))
            for kept in self._opinions.feedback()
        ]


def renamed(turn: Turn, video: Rename, moment: Rename) -> Turn:
    """Return a turn with other names of its videos and moments."""
    return replace(
        turn,
        citations=tuple(_citation(one, video, moment) for one in turn.citations),
        video=None if turn.video is None else video(turn.video),
        listed=tuple(map(video, turn.listed)),
        filters=_filters(turn.filters, video, moment),
    )


def _citation(citation: Citation, video: Rename, moment: Rename) -> Citation:
    return replace(citation, moment_id=moment(citation.moment_id), video_id=video(citation.video_id))


def _filters(filters: Filters, video: Rename, moment: Rename) -> Filters:
    def one(moment_id: str | None) -> str | None:
        return None if moment_id is None else moment(moment_id)

    return replace(
        filters,
        videos=tuple(map(video, filters.videos)),
        not_videos=tuple(map(video, filters.not_videos)),
        before=one(filters.before),
        after=one(filters.after),
        during=one(filters.during),
        not_moments=tuple(map(moment, filters.not_moments)),
    )
