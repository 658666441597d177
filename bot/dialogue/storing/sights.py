"""Which rows of stored conversations one may read: a turn belongs to a sight, the collections it was answered under.

There are few sights and many turns. So a reader's sights are worked out first, and queries ask for their numbers.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from sqlite3 import Connection, Row

from bot.dialogue.conversation import title_from
from bot.dialogue.storing.base import Summary
from bot.dialogue.storing.readers import ConversationReader
from bot.dialogue.storing.records import turn_from_json
from bot.errors import UnknownConversation
from retrieval.catalogue.database import Database
from retrieval.types import Everything

OWNERS_AND_SIGHTS = """
    -- Whose a conversation is, and under which collections each turn was answered. What older versions kept is the
    -- terminal's, and of sight 0: unknown.
    CREATE TABLE sights (sight INTEGER PRIMARY KEY, collections TEXT NOT NULL UNIQUE);
    INSERT INTO sights VALUES (0, 'null');
    ALTER TABLE conversations ADD COLUMN owner TEXT NOT NULL DEFAULT 'terminal';
    ALTER TABLE conversations ADD COLUMN led_at TEXT NOT NULL DEFAULT 'terminal';
    ALTER TABLE conversations ADD COLUMN title_sight INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE turns ADD COLUMN sight INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX turns_by_sight ON turns (conversation_id, sight, number);
    ALTER TABLE feedback ADD COLUMN sight INTEGER NOT NULL DEFAULT 0;
    CREATE TABLE shown_by_sight (
        conversation_id TEXT NOT NULL REFERENCES conversations ON DELETE CASCADE,
        handle INTEGER NOT NULL,
        sight INTEGER NOT NULL DEFAULT 0,
        turn INTEGER NOT NULL,
        moment_id TEXT NOT NULL,
        video_id TEXT NOT NULL,
        title TEXT NOT NULL,
        start REAL NOT NULL,
        end REAL NOT NULL,
        PRIMARY KEY (conversation_id, handle, sight)
    ) WITHOUT ROWID;
    INSERT INTO shown_by_sight
        SELECT conversation_id, handle, 0, turn, moment_id, video_id, title, start, end FROM shown;
    DROP TABLE shown;
    ALTER TABLE shown_by_sight RENAME TO shown
"""

_SUMMARY = """
    SELECT c.conversation_id, c.title, c.title_sight, c.updated, count(*) AS turns, min(t.number) AS first,
        max(t.number) AS last
    FROM conversations AS c JOIN turns AS t USING (conversation_id)
"""


class Sights:
    """What a reader may read; without one, everything.

    Args:
        database: of the conversations.
        reader: who reads.
    """

    def __init__(self, database: Database, reader: ConversationReader | None = None) -> None:
        self._database = database
        self._reader = reader

    @property
    def is_all(self) -> bool:
        """Whether all turns of a conversation may be read."""
        return self._reader is None or isinstance(self._reader.visible, Everything)

    @property
    def is_shared(self) -> bool:
        """Whether others read along."""
        return self._reader is not None and not self._reader.asker.place.is_private

    @property
    def owner(self) -> str:
        """Who begins conversations."""
        return "terminal" if self._reader is None else self._reader.owner

    @property
    def place(self) -> str:
        """Where they are led."""
        return "terminal" if self._reader is None else self._reader.place

    def key(self, conversation_id: str) -> str:
        """Return what a conversation is kept by; UnknownConversation where nothing can be of that id."""
        return conversation_id if self._reader is None else self._reader.key(conversation_id)

    def condition(self, sight: str = "sight") -> str:
        """Return the condition that a row of some sight may be read."""
        reader = self._reader
        if reader is None or self.is_all:
            return "1 = 1"
        known = self._database.rows("SELECT sight, collections FROM sights")
        return f"{sight} IN ({','.join(str(row[0]) for row in known if reader.admits(collections_of(row[1])))})"

    def mine(self) -> tuple[str, tuple[str, ...]]:
        """Return the condition that a conversation `c` is one of the reader's, with its values."""
        reader = self._reader
        if reader is None:
            return "1 = 1", ()
        whose = ("", ()) if not reader.asker.place.is_private else (" AND c.owner = ?", (reader.owner,))
        return f"c.led_at = ?{whose[0]}", (reader.place, *whose[1])

    def here(self, db: Connection) -> int:
        """Return the number of what the reader sees now, within a transaction."""
        return sight_of(db, None if self._reader is None else self._reader.visible)

    def title(self, conversation_id: str) -> str:
        """Return the title of a conversation; UnknownConversation where no turn of it may be read."""
        (where, whose), key, told = self.mine(), self.key(conversation_id), self.condition()
        first = f"SELECT min(number) FROM turns WHERE conversation_id = ? AND {told}"
        query = f"SELECT *, ({first}) AS first FROM conversations AS c WHERE c.conversation_id = ? AND {where}"
        found = self._database.rows(query, (key, key, *whose))
        if not found or found[0]["first"] is None:
            raise UnknownConversation(conversation_id)
        return self._titled(found[0], self.condition("title_sight"))

    def number(self, key: str, number: int) -> int:
        """Return which of the turns that may be read one is, from 1."""
        if self.is_all:
            return number
        query = f"SELECT count(*) FROM turns WHERE conversation_id = ? AND number <= ? AND {self.condition()}"
        return int(self._database.rows(query, (key, number))[0][0])

    def summaries(self, text: str | None = None) -> Sequence[Summary]:
        """Return the conversations, the latest first: all, or those whose title, questions or answers hold a text."""
        (where, values), told, titled = self.mine(), self.condition("t.sight"), self.condition("c.title_sight")
        if text is not None:
            where += f""" AND (c.conversation_id IN
                (SELECT t.conversation_id FROM turns AS t WHERE instr(t.searchable, ?) AND {told})
                OR ({titled} AND instr(lower(c.title), ?)))"""
            values = (*values, text.casefold(), text.casefold())
        query = f"{_SUMMARY} WHERE {where} AND {told} GROUP BY c.conversation_id ORDER BY c.place DESC"
        rows = self._database.rows(query, values)
        found = [Summary(self._id(row), self._titled(row, titled), row["turns"], self._updated(row)) for row in rows]
        return found if self.is_all else sorted(found, key=lambda one: one.updated, reverse=True)

    def name(self, key: str) -> str:
        """Return the id of a conversation."""
        return key if self._reader is None else self._reader.name(key)

    def _id(self, row: Row) -> str:
        return self.name(row["conversation_id"])

    def _titled(self, row: Row, condition: str) -> str:
        """Return a title, made anew from the first turn that may be read where it was given under wider rights."""
        query = f"SELECT 1 FROM conversations AS c WHERE conversation_id = ? AND {condition}"
        if self.is_all or self._database.rows(query, (row["conversation_id"],)):
            return str(row["title"])
        return title_from(turn_from_json(self._turn(row, "first")).asked)

    def _updated(self, row: Row) -> datetime:
        return datetime.fromisoformat(row["updated"]) if self.is_all else turn_from_json(self._turn(row, "last")).at

    def _turn(self, row: Row, which: str) -> str:
        query = "SELECT turn FROM turns WHERE conversation_id = ? AND number = ?"
        return str(self._database.rows(query, (row["conversation_id"], row[which]))[0][0])


def sight_of(db: Connection, visible: frozenset[str] | None) -> int:
    """Return the number of a set of collections, a new one where it is the first time, within a transaction."""
    named = json.dumps(None if visible is None else sorted(visible))
    db.execute("INSERT OR IGNORE INTO sights (collections) VALUES (?)", (named,))
    (number,) = db.execute("SELECT sight FROM sights WHERE collections = ?", (named,)).fetchone()
    return int(number)


def collections_of(named: str) -> frozenset[str] | None:
    """Return a set of collections as it is kept; None for the one that is not known."""
    kept = json.loads(named)
    return None if kept is None else frozenset(kept)
