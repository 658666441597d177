"""Conversations in one SQLite file: what a turn adds to it is the same however many there are. Pictures never go in.

Why: docs/decisions/conversations.md.
"""

import time
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from sqlite3 import Connection, Row

from bot.dialogue.conversation import Conversation, Earlier, Turn, title_from
from bot.dialogue.messages import Citation
from bot.dialogue.storing.base import LONGEST_CONVERSATION, REMEMBERED, Summary
from bot.dialogue.storing.feedback import Feedback, feedback_from_json, feedback_to_json
from bot.dialogue.storing.records import turn_from_json, turn_to_json
from bot.errors import UnknownConversation, UnknownMoment, UsageError
from retrieval.catalogue.backups import Backups
from retrieval.catalogue.database import RESTORE, Database
from retrieval.catalogue.soundness import Soundness
from retrieval.errors import LibraryUnusable
from retrieval.private import home_folder
from retrieval.types import TimeSpan, whole

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
    """
    CREATE TABLE shown (
        conversation_id TEXT NOT NULL REFERENCES conversations ON DELETE CASCADE,
        handle INTEGER NOT NULL,
        turn INTEGER NOT NULL,
        moment_id TEXT NOT NULL,
        video_id TEXT NOT NULL,
        title TEXT NOT NULL,
        start REAL NOT NULL,
        end REAL NOT NULL,
        PRIMARY KEY (conversation_id, handle)
    ) WITHOUT ROWID;
    INSERT OR REPLACE INTO shown
        SELECT t.conversation_id, c.value ->> 'handle', t.number, c.value ->> 'moment_id', c.value ->> 'video_id',
            c.value ->> 'title', c.value ->> 'start', c.value ->> 'end'
        FROM turns AS t, json_each(t.turn, '$.citations') AS c ORDER BY t.number;
    CREATE TABLE feedback (
        number INTEGER PRIMARY KEY,
        conversation_id TEXT NOT NULL REFERENCES conversations ON DELETE CASCADE,
        feedback TEXT NOT NULL
    );
    CREATE INDEX feedback_by_conversation ON feedback (conversation_id)
    """,
    """
    -- Handles that answers in the making have given, until their turns are stored.
    CREATE TABLE claims (
        conversation_id TEXT NOT NULL, handle INTEGER NOT NULL, moment_id TEXT NOT NULL, claimant TEXT NOT NULL,
        at REAL NOT NULL, PRIMARY KEY (conversation_id, handle, claimant)
    ) WITHOUT ROWID
    """,
)

CLAIMED_SECONDS = 24 * 3600.0
"""How long a handle stays claimed whose process ended before its turn was stored."""

_SUMMARY = """
    SELECT c.conversation_id, c.title, c.updated, max(t.number) AS turns
    FROM conversations AS c JOIN turns AS t USING (conversation_id)
"""


class SqliteConversations:
    """Conversations and opinions in one SQLite file: WAL, one immediate transaction for each turn.

    Raises:
        LibraryUnusable: the file cannot be opened or written, or is damaged; it is left as it is.
    """

    def __init__(self, path: Path) -> None:
        try:
            home_folder(path.parent)
        except OSError as error:
            raise LibraryUnusable(
                f"the folder {str(path.parent)!r} cannot be made: {error.strerror}",
                "Set VDIALOG_HOME to a folder that you can write to.",
            ) from error
        self._backups = Backups(path)
        self._backups.keep()  # of what earlier processes wrote
        self._database = Database(path, MIGRATIONS, synchronous="NORMAL")

    def load(self, conversation_id: str) -> Conversation:
        """Return a conversation."""
        title = self._title(conversation_id)
        self._verify("turns", "t.conversation_id = ?", conversation_id)
        rows = self._rows("SELECT turn FROM turns WHERE conversation_id = ? ORDER BY number", conversation_id)
        return Conversation(conversation_id, self._turns(rows), title)

    def recall(self, conversation_id: str) -> Conversation:
        """Return a conversation as an answer needs it."""
        title = self._title(conversation_id)
        query = f"SELECT number, turn FROM turns WHERE conversation_id = ? ORDER BY number DESC LIMIT {REMEMBERED}"
        rows = self._rows(query, conversation_id)[::-1]
        before = rows[0]["number"] - 1 if rows else 0
        self._verify("turns", "t.conversation_id = ? AND t.number > ?", conversation_id, before)
        earlier = Earlier(before, self._shown(conversation_id) if before else ())
        return Conversation(conversation_id, self._turns(rows), title, earlier)

    def latest(self, conversation_id: str, handle: int | None = None) -> tuple[int, Turn]:
        """Return the latest turn, or the latest that cites a moment."""
        self._title(conversation_id)
        query = "SELECT number, turn FROM turns AS t WHERE conversation_id = ? "
        if handle is None:
            rows = self._rows(query + "ORDER BY number DESC LIMIT 1", conversation_id)
        else:
            where = "AND number = (SELECT turn FROM shown WHERE conversation_id = t.conversation_id AND handle = ?)"
            rows = self._rows(query + where, conversation_id, handle)
        if not rows:
            raise UnknownMoment(handle)
        self._verify("turns", "t.conversation_id = ? AND t.number = ?", conversation_id, rows[0]["number"])
        return rows[0]["number"], self._turns(rows)[0]

    def append(self, conversation_id: str, turn: Turn) -> None:
        """Add a turn; raises UsageError where the conversation has `LONGEST_CONVERSATION` already."""
        with self._database.writing() as db:
            db.execute(
                "INSERT INTO conversations VALUES (?, ?, (SELECT coalesce(max(place), 0) + 1 FROM conversations), ?)"
                " ON CONFLICT (conversation_id) DO UPDATE SET place = excluded.place, updated = excluded.updated",
                (conversation_id, title_from(turn.asked), turn.at.isoformat()),
            )
            (number,) = db.execute(
                "SELECT coalesce(max(number), 0) + 1 FROM turns WHERE conversation_id = ?", (conversation_id,)
            ).fetchone()
            if number > LONGEST_CONVERSATION:
                raise UsageError(
                    f"a conversation has at most {LONGEST_CONVERSATION:,} turns", "Begin a new one: leave out -c."
                )
            write_turn(db, conversation_id, number, turn)

    def claim(self, conversation_id: str, moment_id: str, claimant: str) -> int:
        """Return a moment's handle."""
        with self._database.writing() as db:
            return claimed(db, conversation_id, moment_id, claimant, time.time())

    def release(self, conversation_id: str, claimant: str) -> None:
        """Let go of handles."""
        with self._database.writing() as db:
            db.execute("DELETE FROM claims WHERE conversation_id = ? AND claimant = ?", (conversation_id, claimant))

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
        """Delete a conversation; no byte of it stays in the file or in the copies that were made by themselves."""
        self._change("DELETE FROM conversations WHERE conversation_id = ?", conversation_id)
        with self._database.writing() as db:
            db.execute("DELETE FROM claims WHERE conversation_id = ?", (conversation_id,))
        self._database.compact()
        self._backups.drop()

    def judge(self, feedback: Feedback) -> None:
        """Keep an opinion."""
        self._change(
            "INSERT INTO feedback (conversation_id, feedback)"
            " SELECT conversation_id, ? FROM conversations WHERE conversation_id = ?",
            feedback_to_json(feedback),
            feedback.conversation_id,
        )

    def feedback(self) -> Sequence[Feedback]:
        """Return all opinions."""
        self._verify("feedback", "1")
        return [
            feedback_from_json(row["feedback"]) for row in self._rows("SELECT feedback FROM feedback ORDER BY number")
        ]

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def check(self) -> str:
        """Return what is damaged, "" when all is well."""
        return self._database.check()

    def soundness(self, seconds: float | None = None) -> Soundness:
        """Return what a check of all rows finds, in as many seconds as it may take."""
        return self._database.soundness(seconds)

    def _turns(self, rows: Iterable[Row]) -> tuple[Turn, ...]:
        try:
            return tuple(turn_from_json(row["turn"]) for row in rows)
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise LibraryUnusable(f"{str(self._database.path)!r} is damaged: a turn cannot be read", RESTORE) from error

    def _title(self, conversation_id: str) -> str:
        found = self._rows("SELECT title FROM conversations WHERE conversation_id = ?", conversation_id)
        if not found:
            raise UnknownConversation(conversation_id)
        self._verify("conversations", "t.conversation_id = ?", conversation_id)
        return str(found[0]["title"])

    def _shown(self, conversation_id: str) -> tuple[Citation, ...]:
        query = """SELECT handle, moment_id, video_id, title, start, end FROM shown
            WHERE conversation_id = ? ORDER BY handle"""
        self._verify("shown", "t.conversation_id = ?", conversation_id)
        rows = self._rows(query, conversation_id)
        return tuple(Citation(n, of, video, title, TimeSpan(start, end)) for n, of, video, title, start, end in rows)

    def _change(self, statement: str, *values: str) -> None:
        with self._database.writing() as db:
            if db.execute(statement, [whole(value) for value in values]).rowcount == 0:
                raise UnknownConversation(values[-1])

    def _summaries(self, where: str, *values: str) -> Sequence[Summary]:
        query = f"{_SUMMARY} WHERE {where} GROUP BY c.conversation_id ORDER BY c.place DESC"
        self._verify("conversations", "1")
        return [
            Summary(row["conversation_id"], row["title"], row["turns"], datetime.fromisoformat(row["updated"]))
            for row in self._rows(query, *values)
        ]

    def _verify(self, table: str, where: str, *values: str | int) -> None:
        """See that rows are what was written; the condition calls their table `t`."""
        self._database.verify({table: f"{table} AS t WHERE {where}"}, "", values)

    def _rows(self, query: str, *values: str | int) -> Sequence[Row]:
        return self._database.rows(query, values)


def write_turn(db: Connection, conversation_id: str, number: int, turn: Turn) -> None:
    """Write one turn of a conversation that is there, and the moments that it shows, within a transaction."""
    searchable = f"{turn.asked}\n{turn.answer}".casefold()
    db.execute("INSERT INTO turns VALUES (?, ?, ?, ?)", (conversation_id, number, searchable, turn_to_json(turn)))
    rows = [(conversation_id, c.handle, number, *_as_row(c)) for c in turn.citations]
    db.executemany("INSERT OR REPLACE INTO shown VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)


def claimed(db: Connection, conversation_id: str, moment_id: str, claimant: str, now: float) -> int:
    """Return the handle of a moment, claimed where no turn shows it yet, within a transaction; `now` is in seconds."""
    db.execute("DELETE FROM claims WHERE at < ?", (now - CLAIMED_SECONDS,))
    query = "SELECT min(handle) FROM {} WHERE conversation_id = ? AND moment_id = ?"
    (shown,) = db.execute(query.format("shown"), (conversation_id, moment_id)).fetchone()
    if shown is not None:
        return int(shown)
    (handle,) = db.execute(query.format("claims"), (conversation_id, moment_id)).fetchone()
    if handle is None:
        query = "SELECT 1 + ifnull(max(handle), 0) FROM (SELECT handle FROM shown WHERE conversation_id = ?1 UNION ALL"
        query += " SELECT handle FROM claims WHERE conversation_id = ?1)"
        (handle,) = db.execute(query, (conversation_id,)).fetchone()
    row = (conversation_id, handle, moment_id, claimant, now)
    db.execute("INSERT OR REPLACE INTO claims VALUES (?, ?, ?, ?, ?)", row)
    return int(handle)


def _as_row(citation: Citation) -> tuple[object, ...]:
    span = citation.span
    return citation.moment_id, citation.video_id, citation.title, span.start, span.end
