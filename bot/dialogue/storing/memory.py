"""Conversations that end with the process. Pictures never go in."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from threading import Lock

from bot.dialogue.conversation import Conversation, Turn
from bot.dialogue.storing.base import REMEMBERED, Summary
from bot.dialogue.storing.feedback import Feedback
from bot.errors import UnknownConversation, UnknownMoment


class MemoryConversations:
    """Conversations that end with the process; the store's fake."""

    def __init__(self) -> None:
        self._kept: dict[str, Conversation] = {}
        self._feedback: list[Feedback] = []
        self._claims: dict[str, list[tuple[str, int, str]]] = {}
        self._turn = Lock()

    def load(self, conversation_id: str) -> Conversation:
        """Return a conversation."""
        if conversation_id not in self._kept:
            raise UnknownConversation(conversation_id)
        return self._kept[conversation_id]

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
        known = self._kept.pop(conversation_id, Conversation(conversation_id))
        self._kept[conversation_id] = known.with_turn(turn)

    def claim(self, conversation_id: str, moment_id: str, claimant: str) -> int:
        """Return a moment's handle."""
        with self._turn:
            kept = self._kept.get(conversation_id, Conversation(conversation_id))
            shown = {c.moment_id: handle for handle, c in kept.shown.items()}
            claims = self._claims.setdefault(conversation_id, [])
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
            self._claims[conversation_id] = [c for c in self._claims.get(conversation_id, []) if c[2] != claimant]

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
        self._kept[conversation_id] = replace(self.load(conversation_id), title=title)

    def delete(self, conversation_id: str) -> None:
        """Delete a conversation."""
        self.load(conversation_id)
        del self._kept[conversation_id]
        self._feedback = [one for one in self._feedback if one.conversation_id != conversation_id]

    def judge(self, feedback: Feedback) -> None:
        """Keep an opinion."""
        self.load(feedback.conversation_id)
        self._feedback.append(feedback)

    def feedback(self) -> Sequence[Feedback]:
        """Return all opinions."""
        return tuple(self._feedback)

    def _summaries(self, wanted: Callable[[Conversation], bool]) -> Sequence[Summary]:
        kept = [c for c in reversed(self._kept.values()) if wanted(c)]
        return [Summary(c.conversation_id, c.title, len(c.turns), c.turns[-1].at) for c in kept]
