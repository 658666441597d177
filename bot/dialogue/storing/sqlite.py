"""Conversations in one SQLite file: what a turn adds to it is the same however many there are. Pictures never go in.

Why: docs/decisions/conversations.md.
"""

import copy
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import Connection, Row
from typing import Self

from bot.dialogue.conversation import Conversation, Earlier, Turn, title_from
from bot.dialogue.messages import Citation
from bot.dialogue.storing import erasing
from bot.dialogue.storing.base import LONGEST_CONVERSATION, REMEMBERED, Summary
from bot.dialogue.storing.feedback import Feedback, feedback_from_json, feedback_to_json
from bot.dialogue.storing.readers import ConversationReader
from bot.dialogue.storing.records import turn_from_json, turn_to_json
from bot.dialogue.storing.schema import MIGRATIONS
from bot.dialogue.storing.sights import Sights, collections_of, sight_of
from bot.errors import UnknownConversation, UnknownMoment, UsageError
from retrieval.catalogue.backups import Backups
from retrieval.catalogue.database import RESTORE, Database
from retrieval.catalogue.erasures import Erasure
from retrieval.catalogue.soundness import Soundness
from retrieval.errors import LibraryUnusable
from retrieval.private import home_folder
from retrieval.types import TimeSpan, whole

CLAIMED_SECONDS = 24 * 3600.0
"""How long a handle stays claimed whose process ended before its turn was stored."""

_TURNS = "SELECT number, turn, collections FROM turns AS t JOIN sights USING (sight) WHERE conversation_id = ?"


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
        self._told = Sights(self._database)
        self._erasing = path.with_name(f"{path.name}.erasing")
        if self._erasing.exists():  # whoever took something out ended before no byte of it was left
            with suppress(LibraryUnusable):  # another process writes: the next one that opens the file does it
                self._emptied()

    def read_by(self, reader: ConversationReader) -> Self:
        """Return the store as one reads and writes it."""
        theirs = copy.copy(self)
        theirs._told = Sights(self._database, reader)
        return theirs

    def load(self, conversation_id: str) -> Conversation:
        """Return a conversation."""
        title, key = self._told.title(conversation_id), self._told.key(conversation_id)
        self._verify("conversations", "t.conversation_id = ?", key)
        self._verify("turns", "t.conversation_id = ?", key)
        rows = self._rows(f"{_TURNS} AND {self._told.condition()} ORDER BY number", key)
        return Conversation(conversation_id, self._turns(rows), title)

    def recall(self, conversation_id: str) -> Conversation:
        """Return a conversation as an answer needs it."""
        title, key = self._told.title(conversation_id), self._told.key(conversation_id)
        self._verify("conversations", "t.conversation_id = ?", key)
        query = f"{_TURNS} AND {self._told.condition()} ORDER BY number DESC LIMIT {REMEMBERED}"
        rows = self._rows(query, key)[::-1]
        first = rows[0]["number"] if rows else 1
        self._verify("turns", "t.conversation_id = ? AND t.number >= ?", key, first)
        before = self._told.number(key, first - 1) if rows else 0
        earlier = Earlier(before, self._shown(key) if before else ())
        return Conversation(conversation_id, self._turns(rows), title, earlier)

    def latest(self, conversation_id: str, handle: int | None = None) -> tuple[int, Turn]:
        """Return the latest turn, or the latest that cites a moment."""
        self._told.title(conversation_id)
        key, told = self._told.key(conversation_id), self._told.condition()
        if handle is None:
            rows = self._rows(f"{_TURNS} AND {told} ORDER BY number DESC LIMIT 1", key)
        else:
            latest = "SELECT max(turn) FROM shown WHERE conversation_id = t.conversation_id AND handle = ?"
            rows = self._rows(f"{_TURNS} AND number = ({latest} AND {told})", key, handle)
        if not rows:
            raise UnknownMoment(handle)
        self._verify("turns", "t.conversation_id = ? AND t.number = ?", key, rows[0]["number"])
        return self._told.number(key, rows[0]["number"]), self._turns(rows)[0]

    def append(self, conversation_id: str, turn: Turn) -> None:
        """Add a turn; raises UsageError where the conversation has `LONGEST_CONVERSATION` already."""
        key = self._told.key(conversation_id)
        with self._database.writing() as db:
            whose = self._told.owner, self._told.place, sight_of(db, turn.visible)
            db.execute(
                "INSERT INTO conversations (place, conversation_id, title, updated, owner, led_at, title_sight)"
                " VALUES ((SELECT coalesce(max(place), 0) + 1 FROM conversations), ?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (conversation_id) DO UPDATE SET place = excluded.place, updated = excluded.updated",
                (key, title_from(turn.asked), turn.at.isoformat(), *whose),
            )
            (number,) = db.execute(
                "SELECT coalesce(max(number), 0) + 1 FROM turns WHERE conversation_id = ?", (key,)
            ).fetchone()
            if number > LONGEST_CONVERSATION:
                raise UsageError(
                    f"a conversation has at most {LONGEST_CONVERSATION:,} turns", "Begin a new one: leave out -c."
                )
            write_turn(db, key, number, turn)

    def claim(self, conversation_id: str, moment_id: str, claimant: str) -> int:
        """Return a moment's handle."""
        with self._database.writing() as db:
            return claimed(db, self._told.key(conversation_id), moment_id, claimant, time.time())

    def release(self, conversation_id: str, claimant: str) -> None:
        """Let go of handles."""
        with self._database.writing() as db:
            values = (self._told.key(conversation_id), claimant)
            db.execute("DELETE FROM claims WHERE conversation_id = ? AND claimant = ?", values)

    def list(self) -> Sequence[Summary]:
        """Return all conversations, the latest first."""
        self._verify("conversations", "1")
        return self._told.summaries()

    def search(self, text: str) -> Sequence[Summary]:
        """Return the conversations that hold this text."""
        self._verify("conversations", "1")
        self._verify("turns", "1")  # no text is found that could not be shown
        return self._told.summaries(text)

    def rename(self, conversation_id: str, title: str) -> None:
        """Give a conversation another title."""
        self._change("UPDATE conversations AS c SET title = ?, title_sight = ?", conversation_id, whole(title))

    def delete(self, conversation_id: str) -> None:
        """Delete a conversation; no byte of it stays in the file or in the copies that were made by themselves."""
        self._erasing.touch()
        self._change("DELETE FROM conversations AS c", conversation_id)
        with self._database.writing() as db:
            db.execute("DELETE FROM claims WHERE conversation_id = ?", (self._told.key(conversation_id),))
        self._emptied()

    def forget(self, conversation_id: str, at: datetime) -> None:
        """Forget a turn; no byte of it stays in the file or in the copies that were made by themselves."""
        key = self._told.key(conversation_id)
        query = f"{_TURNS} AND json_extract(turn, '$.at') = ? AND {self._told.condition()}"
        if found := self._rows(query, key, at.isoformat()):
            self._erasing.touch()
            with self._database.writing() as db:
                erasing.forget(db, key, found[0]["number"])
            self._emptied()

    def expire(self, before: datetime) -> int:
        """Delete the conversations of members of a workspace whose last turn is older; return how many they were."""
        query = "SELECT conversation_id FROM conversations WHERE owner LIKE 'member:%' AND updated < ?"
        gone = [row["conversation_id"] for row in self._rows(query, before.astimezone(UTC).isoformat())]
        if gone:
            self._erasing.touch()
            with self._database.writing() as db:
                for key in gone:
                    db.execute("DELETE FROM conversations WHERE conversation_id = ?", (key,))
                    db.execute("DELETE FROM claims WHERE conversation_id = ?", (key,))
            self._emptied()
        return len(gone)

    def erase(self, left: Sequence[Erasure]) -> bool:
        """Take what left the library out of all turns and opinions; tell whether no byte of it stays.

        Where another process reads all the while, the next one that opens the file does the rest.
        """
        self._erasing.touch()
        with self._database.writing() as db:
            erasing.erase(db, left)
        return self._emptied()

    def _emptied(self) -> bool:
        is_done = self._database.compact()
        self._backups.drop()
        if is_done:
            self._erasing.unlink(missing_ok=True)
        return is_done

    def judge(self, feedback: Feedback) -> None:
        """Keep an opinion."""
        self._told.title(feedback.conversation_id)
        with self._database.writing() as db:
            db.execute(
                "INSERT INTO feedback (conversation_id, feedback, sight) VALUES (?, ?, ?)",
                (self._told.key(feedback.conversation_id), feedback_to_json(feedback), self._told.here(db)),
            )

    def feedback(self) -> Sequence[Feedback]:
        """Return all opinions."""
        self._verify("feedback", "1")
        where, values = self._told.mine()
        query = f"""SELECT f.feedback FROM feedback AS f JOIN conversations AS c USING (conversation_id)
            WHERE {where} AND {self._told.condition("f.sight")} ORDER BY f.number"""
        return [feedback_from_json(row["feedback"]) for row in self._rows(query, *values)]

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
            return tuple(
                replace(turn_from_json(row["turn"]), visible=collections_of(row["collections"])) for row in rows
            )
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise LibraryUnusable(f"{str(self._database.path)!r} is damaged: a turn cannot be read", RESTORE) from error

    def _shown(self, key: str) -> tuple[Citation, ...]:
        query = f"""SELECT handle, moment_id, video_id, title, start, end FROM shown
            WHERE conversation_id = ? AND {self._told.condition()} ORDER BY handle, turn"""
        self._verify("shown", "t.conversation_id = ?", key)
        rows = self._rows(query, key)
        shown = {n: Citation(n, of, video, title, TimeSpan(start, end)) for n, of, video, title, start, end in rows}
        return tuple(shown.values())

    def _change(self, statement: str, conversation_id: str, *values: str) -> None:
        """Change a conversation that the reader began, given with the sight that they have; another is unknown."""
        self._told.title(conversation_id)
        (where, whose), key = self._told.mine(), self._told.key(conversation_id)
        if self._told.is_shared:
            where, whose = f"{where} AND c.owner = ?", (*whose, self._told.owner)
        with self._database.writing() as db:
            given = (*values, self._told.here(db)) if values else ()
            if not db.execute(f"{statement} WHERE c.conversation_id = ? AND {where}", (*given, key, *whose)).rowcount:
                raise UnknownConversation(conversation_id)

    def _verify(self, table: str, where: str, *values: str | int) -> None:
        """See that rows are what was written; the condition calls their table `t`."""
        self._database.verify({table: f"{table} AS t WHERE {where}"}, "", values)

    def _rows(self, query: str, *values: str | int) -> Sequence[Row]:
        return self._database.rows(query, values)


def write_turn(db: Connection, conversation_id: str, number: int, turn: Turn) -> None:
    """Write one turn of a conversation that is there, and the moments that it shows, within a transaction."""
    searchable, sight = f"{turn.asked}\n{turn.answer}".casefold(), sight_of(db, turn.visible)
    row = (conversation_id, number, searchable, turn_to_json(turn), sight)
    db.execute("INSERT INTO turns VALUES (?, ?, ?, ?, ?)", row)
    erasing.note_shown(db, conversation_id, number, sight, turn)


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
