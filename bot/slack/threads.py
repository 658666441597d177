"""Threads that the app was called into: which conversation each is, and whether it is followed without a mention.

A thread that begins with a mention is followed; where somebody calls the app into a thread of others, only mentions
count. Each thread can be told to be quiet, and to listen again. What is kept here outlives a restart.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from sqlite3 import Row
from typing import Literal

from retrieval.catalogue.database import Database

Rule = Literal["root", "always", "never"]
Mode = Literal["", "quiet", "listen"]


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread that the app was called into.

    Attributes:
        conversation: its id in the store.
        is_root: whether it begins with a mention.
        mode: what it was told: to be quiet, to listen, or "" for neither.
        asked: when somebody last asked there, in seconds since 1970.
        noticed: when an outage was told there, 0 where none is.
    """

    conversation: str
    is_root: bool
    mode: Mode
    asked: float
    noticed: float


class Threads:
    """The threads of one home.

    Args:
        database: as `bot.slack.state.opened` returns it.
        rule: which threads are followed that were told nothing.
        idle: seconds after which a thread in which nobody asks is not followed any more.
        now: tells the time, in seconds since 1970.
    """

    def __init__(
        self, database: Database, rule: Rule = "root", idle: float = 86_400.0, now: Callable[[], float] = time.time
    ) -> None:
        self._database = database
        self._rule = rule
        self._idle = idle
        self._now = now

    def thread(self, channel: str, thread: str) -> Thread | None:
        """Return a thread; None where the app was never called into it."""
        rows = self._database.rows("SELECT * FROM threads WHERE channel = ? AND thread = ?", (channel, thread))
        return _read(rows[0]) if rows else None

    def call(self, channel: str, thread: str, conversation: str, is_root: bool) -> Thread:
        """Note that the app was called into a thread, and return the thread."""
        with self._database.writing() as db:
            db.execute(
                "INSERT INTO threads (channel, thread, conversation, is_root, asked) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT DO UPDATE SET asked = excluded.asked, is_root = max(is_root, excluded.is_root)",
                (channel, thread, conversation, int(is_root), self._now()),
            )
            query = "SELECT * FROM threads WHERE channel = ? AND thread = ?"
            return _read(db.execute(query, (channel, thread)).fetchone())

    def follows(self, channel: str, thread: str) -> bool:
        """Tell whether messages of a thread may be for the app that do not mention it."""
        known = self.thread(channel, thread)
        if known is None or known.mode == "quiet" or self._now() - known.asked > self._idle:
            return False
        return known.mode == "listen" or self._rule == "always" or (self._rule == "root" and known.is_root)

    def asked(self, channel: str, thread: str) -> None:
        """Note that somebody asks in a thread."""
        self._set("asked", self._now(), channel, thread)

    def tell(self, channel: str, thread: str, mode: Mode) -> None:
        """Tell a thread to be quiet, or to listen: then it is followed as if somebody asked there now."""
        self._set("mode", mode, channel, thread)
        if mode == "listen":
            self.asked(channel, thread)

    def notice(self, channel: str, thread: str) -> bool:
        """Note that an outage is told in a thread; return whether it was not told there yet."""
        with self._database.writing() as db:
            query = "UPDATE threads SET noticed = ? WHERE channel = ? AND thread = ? AND noticed = 0"
            return db.execute(query, (self._now(), channel, thread)).rowcount > 0

    def is_over(self, channel: str, thread: str) -> None:
        """Note that an outage is over, so that the next one is told."""
        if (known := self.thread(channel, thread)) is not None and known.noticed:
            self._set("noticed", 0.0, channel, thread)

    def latest(self, channel: str) -> Thread | None:
        """Return the thread of a channel in which somebody asked last, unless it is idle."""
        query = "SELECT * FROM threads WHERE channel = ? AND asked > ? ORDER BY asked DESC LIMIT 1"
        rows = self._database.rows(query, (channel, self._now() - self._idle))
        return _read(rows[0]) if rows else None

    def expire(self, keep_days: float) -> None:
        """Forget the threads in which nobody asked for so many days."""
        with self._database.writing() as db:
            db.execute("DELETE FROM threads WHERE asked < ?", (self._now() - keep_days * 86_400.0,))

    def _set(self, column: str, value: float | str, channel: str, thread: str) -> None:
        with self._database.writing() as db:
            query = f"UPDATE threads SET {column} = ? WHERE channel = ? AND thread = ?"
            db.execute(query, (value, channel, thread))


def _read(row: Row) -> Thread:
    return Thread(row["conversation"], bool(row["is_root"]), row["mode"], row["asked"], row["noticed"])
