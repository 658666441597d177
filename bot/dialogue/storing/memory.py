"""Conversations that end with the process. Pictures never go in."""

import copy
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from threading import Lock
from typing import Self

from bot.dialogue.conversation import Conversation, Turn, title_from
from bot.dialogue.storing.base import REMEMBERED, Summary
from bot.dialogue.storing.feedback import Feedback
from bot.dialogue.storing.readers import ConversationReader
from bot.errors import UnknownConversation, UnknownMoment


class MemoryConversations:
    """Conversations that end with the process; the store's fake."""

    def __init__(self) -> None:
        self._kept: dict[str, Conversation] = {}
        self._owners: dict[str, str] = {}
        self._titled: dict[str, frozenset[str] | None] = {}
        self._feedback: list[tuple[str, frozenset[str] | None, Feedback]] = []
        self._claims: dict[str, list[tuple[str, int, str]]] = {}
        self._turn = Lock()
        self._reader: ConversationReader | None = None

    def read_by(self, reader: ConversationReader) -> Self:
        """Return the store as one reads and writes it."""
        theirs = copy.copy(self)
        theirs._reader = reader
        return theirs

    def load(self, conversation_id: str) -> Conversation:
        """Return a conversation."""
        found = self._told(self._key(conversation_id))
        if found is None:
            raise UnknownConversation(conversation_id)
        return found

    def recall(self, conversation_id: str) -> Conversation:
        """Return a conversation as an answer needs it."""
        return self.load(conversation_id).folded(REMEMBERED)

    def latest(self, conversation_id: str, handle: int | None = None) -> tuple[int, Turn]:
        """Return the latest turn, or the latest that cites a moment."""
        numbered = list(enumerate(self.load(conversation_id).turns, start=1))
        for number, turn in reversed(numbered):
            if handle is None or any(c.handle == handle for c in turn.citations):
                return number, turn
        raise UnknownMoment(handle)

    def append(self, conversation_id: str, turn: Turn) -> None:
        """Add a turn."""
        key = self._key(conversation_id)
        known = self._kept.pop(key, Conversation(conversation_id))
        self._kept[key] = known.with_turn(turn)
        self._owners.setdefault(key, "" if self._reader is None else self._reader.owner)
        self._titled.setdefault(key, turn.visible)

    def claim(self, conversation_id: str, moment_id: str, claimant: str) -> int:
        """Return a moment's handle."""
        with self._turn:
            key = self._key(conversation_id)
            kept = self._kept.get(key, Conversation(conversation_id))
            shown = {c.moment_id: handle for handle, c in kept.shown.items()}
            claims = self._claims.setdefault(key, [])
            claimed = {moment: handle for moment, handle, _ in claims}
            known = claimed | shown
            if moment_id in shown:
                return shown[moment_id]
            handle = known.get(moment_id, max(known.values(), default=0) + 1)
            claims.append((moment_id, handle, claimant))
            return handle

    def release(self, conversation_id: str, claimant: str) -> None:
        """Let go of handles."""
        with self._turn:
            key = self._key(conversation_id)
            self._claims[key] = [c for c in self._claims.get(key, []) if c[2] != claimant]

    def list(self) -> Sequence[Summary]:
        """Return all conversations, the latest first."""
        return self._summaries(lambda _: True)

    def search(self, text: str) -> Sequence[Summary]:
        """Return the conversations that hold this text."""
        wanted = text.casefold()

        def holds(kept: Conversation) -> bool:
            said = [kept.title, *(words for turn in kept.turns for words in (turn.asked, turn.answer))]
            return any(wanted in words.casefold() for words in said)

        return self._summaries(holds)

    def rename(self, conversation_id: str, title: str) -> None:
        """Give a conversation another title."""
        key = self._changed(conversation_id)
        self._kept[key] = replace(self._kept[key], title=title)
        self._titled[key] = None if self._reader is None else frozenset(self._reader.visible)

    def delete(self, conversation_id: str) -> None:
        """Delete a conversation."""
        key = self._changed(conversation_id)
        del self._kept[key], self._owners[key], self._titled[key]
        self._feedback[:] = [one for one in self._feedback if one[0] != key]

    def forget(self, conversation_id: str, at: datetime) -> None:
        """Forget a turn."""
        key = self._key(conversation_id)
        kept = self._told(key)
        gone = next((turn for turn in kept.turns if turn.at == at), None) if kept else None
        if gone is None:
            return
        left = tuple(turn for turn in self._kept[key].turns if turn != gone)
        title = self._kept[key].title
        of = [f for of, _, f in self._feedback if of == key and (f.asked, f.answer) == (gone.asked, gone.answer)]
        self._feedback[:] = [one for one in self._feedback if one[2] not in of]
        if left:
            renamed = title_from(left[0].asked) if title == title_from(gone.asked) else title
            self._kept[key] = replace(self._kept[key], turns=left, title=renamed)
        else:
            del self._kept[key], self._owners[key], self._titled[key]

    def judge(self, feedback: Feedback) -> None:
        """Keep an opinion."""
        self.load(feedback.conversation_id)
        under = None if self._reader is None else frozenset(self._reader.visible)
        self._feedback.append((self._key(feedback.conversation_id), under, feedback))

    def feedback(self) -> Sequence[Feedback]:
        """Return all opinions."""
        reader = self._reader
        return tuple(
            one for key, under, one in self._feedback if reader is None or (reader.owns(key) and reader.admits(under))
        )

    def _summaries(self, wanted: Callable[[Conversation], bool]) -> Sequence[Summary]:
        mine = [key for key in reversed(self._kept) if self._reader is None or self._reader.owns(key)]
        kept = [c for key in mine if (c := self._told(key)) is not None and wanted(c)]
        return [Summary(c.conversation_id, c.title, len(c.turns), c.turns[-1].at) for c in kept]

    def _key(self, conversation_id: str) -> str:
        return conversation_id if self._reader is None else self._reader.key(conversation_id)

    def _told(self, key: str) -> Conversation | None:
        """Return a conversation with the turns that may be told to the reader; None where there is none of them."""
        kept, reader = self._kept.get(key), self._reader
        if kept is None or reader is None:
            return kept
        turns = tuple(turn for turn in kept.turns if reader.admits(turn.visible))
        if not turns:
            return None
        return replace(
            kept, turns=turns, title=kept.title if reader.admits(self._titled[key]) else title_from(turns[0].asked)
        )

    def _changed(self, conversation_id: str) -> str:
        """Return the key of a conversation that the reader may change."""
        self.load(conversation_id)
        key = self._key(conversation_id)
        if self._reader is not None and self._owners[key] != self._reader.owner:
            raise UnknownConversation(conversation_id)
        return key
