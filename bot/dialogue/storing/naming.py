"""Conversations are kept by the keys of videos, and read as these are called where they are read.

What a video is called follows from what may be seen, and that changes: an id that was shown alone is shared tomorrow.
So a kept turn names videos and moments by their keys; what may not be seen any more is called by what is nobody's id.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from bot.dialogue.conversation import Conversation, Earlier, Turn
from bot.dialogue.messages import Citation
from bot.dialogue.storing.base import ConversationsOfAll, ConversationStore, Readable, Summary
from bot.dialogue.storing.called import called, renamed
from bot.dialogue.storing.feedback import Feedback, FeedbackStore
from bot.dialogue.storing.readers import ConversationReader
from bot.rights import AT_TERMINAL, Asker
from bot.tools.pieces import VideoNaming
from retrieval.catalogue.ids import split_key
from retrieval.errors import NotInLibrary
from retrieval.types import Everything

REMOVED = "[removed]"
"""Stands for what is not there any more."""

NOBODY = "/removed"
"""The id of what is gone, for who may not know what it was."""


class NamedConversations:
    """A store of conversations as somebody reads it who sees some collections.

    Args:
        store: keeps them.
        naming: knows what videos are called.
        visible: returns the collections that are seen.
        asker: who reads, and where.
    """

    def __init__(
        self,
        store: ConversationsOfAll,
        naming: VideoNaming,
        visible: Callable[[], frozenset[str]],
        asker: Asker = AT_TERMINAL,
    ) -> None:
        self._all = store
        self._naming = naming
        self._visible = visible
        self._asker = asker

    @property
    def _store(self) -> ConversationStore:
        return self._all.read_by(ConversationReader(self._asker, self._visible()))

    def load(self, conversation_id: str) -> Conversation:
        """Return a conversation."""
        return self._read(self._store.load(conversation_id))

    def recall(self, conversation_id: str) -> Conversation:
        """Return a conversation as an answer needs it."""
        return self._read(self._store.recall(conversation_id))

    def latest(self, conversation_id: str, handle: int | None = None) -> tuple[int, Turn]:
        """Return the latest turn, or the latest that cites a moment."""
        number, turn = self._store.latest(conversation_id, handle)
        return number, Named(self._naming, self._visible(), keys_in(turn)).turn(turn)

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
        found = self._store.search(text)
        if isinstance(self._visible(), Everything):
            return found
        return [one for one in found if holds(self.load(one.conversation_id), text)]

    def rename(self, conversation_id: str, title: str) -> None:
        """Give a conversation another title."""
        self._store.rename(conversation_id, title)

    def delete(self, conversation_id: str) -> None:
        """Delete a conversation."""
        self._store.delete(conversation_id)

    def forget(self, conversation_id: str, at: datetime) -> None:
        """Forget a turn."""
        self._store.forget(conversation_id, at)

    def _read(self, kept: Conversation) -> Conversation:
        keys = [*(one.video_id for one in kept.earlier.shown), *(key for turn in kept.turns for key in keys_in(turn))]
        named = Named(self._naming, self._visible(), keys)
        shown = tuple(map(named.citation, kept.earlier.shown))
        return replace(kept, turns=tuple(map(named.turn, kept.turns)), earlier=Earlier(kept.earlier.turns, shown))

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


class JudgedByAll(JudgedStore, Readable, Protocol):
    """Keeps the conversations and opinions of all who ask."""


class NamedOpinions(NamedConversations):
    """A store of conversations and of opinions of them, read and written in the same way."""

    def __init__(
        self,
        store: JudgedByAll,
        naming: VideoNaming,
        visible: Callable[[], frozenset[str]],
        asker: Asker = AT_TERMINAL,
    ) -> None:
        super().__init__(store, naming, visible, asker)
        self._of_all = store

    @property
    def _opinions(self) -> FeedbackStore:
        return self._of_all.read_by(ConversationReader(self._asker, self._visible()))

    def judge(self, feedback: Feedback) -> None:
        """Keep an opinion."""
        moments = tuple(called(one, self._key, self._key_of_moment) for one in feedback.moments)
        self._opinions.judge(replace(feedback, moments=moments))

    def feedback(self) -> Sequence[Feedback]:
        """Return all opinions that the reader gave or reads along."""
        return self._told(self._opinions.feedback())

    def feedback_of_all(self) -> Sequence[Feedback]:
        """Return the opinions of all, wherever they were given: for who sees all of the home."""
        return self._told(self._of_all.feedback())

    def _told(self, kept: Sequence[Feedback]) -> Sequence[Feedback]:
        visible = self._visible()
        quoted = [self._quoted(one, visible) for one in kept]
        named = Named(self._naming, visible, [key for keys in quoted for key in keys])
        return [named.opinion(one, keys) for one, keys in zip(kept, quoted, strict=True)]

    def _quoted(self, kept: Feedback, visible: frozenset[str]) -> set[str]:
        """Return the keys of the videos that an opinion tells of: its answer may quote more than what was judged."""
        keys = {one.video_id for one in kept.moments}
        if isinstance(visible, Everything):
            return keys
        turns = self._store.load(kept.conversation_id).turns
        return keys.union(*(keys_in(turn) for turn in turns if (turn.asked, turn.answer) == (kept.asked, kept.answer)))


class Named:
    """What was kept by keys, called as it is now. What is gone has an id that is nobody's.

    To who does not see everything nothing is quoted of what is gone: it may be where they see nothing.

    Args:
        naming: knows what videos are called.
        visible: the collections that are seen.
        keys: of all videos that come up.
    """

    def __init__(self, naming: VideoNaming, visible: frozenset[str], keys: Iterable[str]) -> None:
        self._naming = naming
        self._visible = visible
        asked = frozenset(keys)
        self._gone = naming.missing(asked)
        if not isinstance(visible, Everything):  # what was moved out of sight is gone from here
            self._gone |= {key for key in asked if "/" in key and split_key(key)[0] not in visible}

    def turn(self, turn: Turn) -> Turn:
        """Return a turn."""
        named = renamed(turn, self._video, self._moment)
        if not self._hides(keys_in(turn)):
            return named
        return replace(named, answer=REMOVED, citations=tuple(map(self.citation, turn.citations)))

    def citation(self, citation: Citation) -> Citation:
        """Return a citation."""
        named = called(citation, self._video, self._moment)
        if not self._hides([citation.video_id]):
            return named
        return replace(named, title=REMOVED, keyframe=None, observation=None, ranking=None)

    def opinion(self, kept: Feedback, quoted: Iterable[str]) -> Feedback:
        """Return an opinion of an answer that quotes some videos."""
        moments = tuple(map(self.citation, kept.moments))
        return replace(kept, moments=moments, answer=REMOVED if self._hides(quoted) else kept.answer)

    def _hides(self, keys: Iterable[str]) -> bool:
        return not isinstance(self._visible, Everything) and not self._gone.isdisjoint(keys)

    def _video(self, key: str) -> str:
        if key in self._gone:
            return NOBODY if self._hides([key]) else f"/{key.partition('/')[2]}"
        return self._naming.shown(key, self._visible)

    def _moment(self, key: str) -> str:
        video, _, number = key.rpartition(":")
        return (
            f"{self._video(video)}:{number}" if video in self._gone else self._naming.shown_moment(key, self._visible)
        )


def holds(kept: Conversation, text: str) -> bool:
    """Tell whether a title, a question or an answer of a conversation holds a text, whatever the case."""
    said = (kept.title, *(words for turn in kept.turns for words in (turn.asked, turn.answer)))
    return any(text.casefold() in words.casefold() for words in said)


def keys_in(turn: Turn) -> set[str]:
    """Return the keys of all videos that a turn as it is kept names."""
    keys: set[str] = set()

    def noted(key: str) -> str:
        keys.add(key)
        return key

    def of_moment(key: str) -> str:
        keys.add(key.rpartition(":")[0])
        return key

    renamed(turn, noted, of_moment)
    return keys
