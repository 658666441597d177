"""Where conversations are kept: a contract, one in memory, one in SQLite. Pictures never go in."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from sqlite3 import Row
from typing import Protocol

from bot.dialogue.conversation import Conversation, Turn, title_from
from bot.dialogue.records import turn_from_json, turn_to_json
from bot.errors import UnknownConversation
from retrieval.database import Database
from retrieval.errors import LibraryUnusable
from retrieval.types import whole


@dataclass(frozen=True, slots=True)
class Summary:
    """A conversation as a list shows it; `updated` is when its last turn was stored."""

    conversation_id: str
    title: str
    turns: int
    updated: datetime


class ConversationStore(Protocol):
    """Keeps conversations. Appending costs the same however long a conversation is."""

    def load(self, conversation_id: str) -> Conversation:
        """Return a conversation; UnknownConversation where there is none."""
        ...

    def append(self, conversation_id: str, turn: Turn) -> None:
        """Add a turn, in one transaction; the first makes the conversation."""
        ...

    def list(self) -> Sequence[Summary]:
        """Return all conversations, the latest first."""
        ...

    def search(self, text: str) -> Sequence[Summary]:
        """Return the conversations whose title, questions or answers hold this text, the latest first."""
        ...

    def rename(self, conversation_id: str, title: str) -> None:
        """Give a conversation another title; UnknownConversation where there is none."""
        ...

    def delete(self, conversation_id: str) -> None:
        """Delete a conversation with all its turns; UnknownConversation where there is none."""
        ...


def new_conversation_id() -> str:
    """Return an id for a conversation that is not yet stored."""
    return secrets.token_hex(4)


class MemoryConversations:
    """Conversations that end with the process; the store's fake."""

    def __init__(self) -> None:
        self._kept: dict[str, Conversation] = {}

    def load(self, conversation_id: str) -> Conversation:
        """Return a conversation."""
        if conversation_id not in self._kept:
            raise UnknownConversation(conversation_id)
        return self._kept[conversation_id]

    def append(self, conversation_id: str, turn: Turn) -> None:
        """Add a turn."""
        known = self._kept.pop(conversation_id, Conversation(conversation_id))
        self._kept[conversation_id] = known.with_turn(turn)

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

    def _summaries(self, wanted: Callable[[Conversation], bool]) -> Sequence[Summary]:
        kept = [c for c in reversed(self._kept.values()) if wanted(c)]
        return [Summary(c.conversation_id, c.title, len(c.turns), c.turns[-1].at) for c in kept]


MIGRATIONS = (
    """
    CREATE TABLE conversations (
        conversation_id TEXT PRIMARY KEY,
        title TEXT NOT NULL,
        place INTEGER NOT NULL UNIQUE,
        updated TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE turns (
        conversation_id TEXT NOT NULL REFERENCES conversations ON DELETE CASCADE,
        number INTEGER NOT NULL,
        searchable TEXT NOT NULL,
        turn TEXT NOT NULL,
        PRIMARY KEY (conversation_id, number)
    )
    """,
)

_SUMMARY = """
    SELECT c.conversation_id, c.title, c.updated, count(t.number) AS turns
    FROM conversations AS c JOIN turns AS t USING (conversation_id)
"""


class SqliteConversations:
    """Conversations in one SQLite file: WAL, one immediate transaction for each turn.

    Raises:
        LibraryUnusable: the file cannot be opened or written.
    """

    def __init__(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LibraryUnusable(
                f"the folder {str(path.parent)!r} cannot be made: {error.strerror}",
                "Set VDIALOG_HOME to a folder that you can write to.",
            ) from error
        self._database = Database(path, MIGRATIONS)

    def load(self, conversation_id: str) -> Conversation:
        """Return a conversation."""
        found = self._rows("SELECT title FROM conversations WHERE conversation_id = ?", conversation_id)
        if not found:
            raise UnknownConversation(conversation_id)
        rows = self._rows("SELECT turn FROM turns WHERE conversation_id = ? ORDER BY number", conversation_id)
        return Conversation(conversation_id, tuple(turn_from_json(row["turn"]) for row in rows), found[0]["title"])

    def append(self, conversation_id: str, turn: Turn) -> None:
        """Add a turn."""
        searchable = f"{turn.asked}\n{turn.answer}".casefold()
        with self._database.writing() as db:
            db.execute(
                "INSERT INTO conversations VALUES (?, ?, (SELECT coalesce(max(place), 0) + 1 FROM conversations), ?)"
                " ON CONFLICT (conversation_id) DO UPDATE SET place = excluded.place, updated = excluded.updated",
                (conversation_id, title_from(turn.asked), turn.at.isoformat()),
            )
            db.execute(
                "INSERT INTO turns SELECT ?, coalesce(max(number), 0) + 1, ?, ? FROM turns WHERE conversation_id = ?",
                (conversation_id, searchable, turn_to_json(turn), conversation_id),
            )

    def list(self) -> Sequence[Summary]:
        """Return all conversations, the latest first."""
        return self._summaries("1 = 1")

    def search(self, text: str) -> Sequence[Summary]:
        """Return the conversations that hold this text."""
        where = """c.conversation_id IN (SELECT conversation_id FROM turns WHERE instr(searchable, ?))
            OR instr(lower(c.title), ?)"""
        return self._summaries(where, text.casefold(), text.casefold())

    def rename(self, conversation_id: str, title: str) -> None:
        """Give a conversation another title."""
        self._change("UPDATE conversations SET title = ? WHERE conversation_id = ?", title, conversation_id)

    def delete(self, conversation_id: str) -> None:
        """Delete a conversation."""
        self._change("DELETE FROM conversations WHERE conversation_id = ?", conversation_id)

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def _change(self, statement: str, *values: str) -> None:
        with self._database.writing() as db:
            if db.execute(statement, [whole(value) for value in values]).rowcount == 0:
                raise UnknownConversation(values[-1])

    def _summaries(self, where: str, *values: str) -> Sequence[Summary]:
        query = f"{_SUMMARY} WHERE {where} GROUP BY c.conversation_id ORDER BY c.place DESC"
        return [
            Summary(row["conversation_id"], row["title"], row["turns"], datetime.fromisoformat(row["updated"]))
            for row in self._rows(query, *values)
        ]

    def _rows(self, query: str, *values: str) -> Sequence[Row]:
        return self._database.rows(query, values)
