"""The inbox: what Slack told us to do, each thing once, in the order of its thread, by one of several processes.

A job waits, is leased to a worker for as long as this one shows that it lives, and ends. A worker that ended
without a word loses its leases when the lease is over; whoever takes them next goes on where that one was.
Why: docs/decisions/slack.md.
"""

import secrets
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from sqlite3 import Connection
from typing import Literal

from bot.slack.jobs import ADDING, KeptJob, Lease, SlackJob, kept, read, written
from retrieval.catalogue.database import Database

Put = Literal["taken", "known", "full", "person", "channel"]
"""What became of a job: taken, known already, or refused: too much waits of all, of its person, or its channel."""

LEASE = 20.0
"""Seconds that a lease lives without a sign of its worker."""

SETTLED = 0.25
"""Seconds that a job rests, so that one which was said before it and comes after it goes first."""

SEEN = 24 * 3600.0
"""Seconds that the ids of events are kept."""

OPEN = ("waiting", "running")


@dataclass(frozen=True, slots=True)
class Limits:
    """How many jobs may wait: in all, of one person, of one channel."""

    waiting: int = 1000
    of_person: int = 10
    of_channel: int = 100


class Inbox:
    """The jobs of one home.

    Args:
        database: as `bot.slack.state.opened` returns it.
        limits: of what waits.
        now: tells the time, in seconds since 1970.
        lease: seconds that a lease lives without a sign.
        settled: seconds that a job rests.
    """

    def __init__(
        self,
        database: Database,
        limits: Limits = Limits(),
        now: Callable[[], float] = time.time,
        lease: float = LEASE,
        settled: float = SETTLED,
    ) -> None:
        self._database = database
        self._limits = limits
        self._now = now
        self._lease = lease
        self._settled = settled

    def is_new(self, event: str) -> bool:
        """Note an event; tell whether it was not known."""
        with self._database.writing() as db:
            return _noted(db, event, self._now())

    def knows(self, event: str) -> bool:
        """Tell whether an event was taken before."""
        return bool(self._database.rows("SELECT 1 FROM seen WHERE event = ?", (event,)))

    def put(self, job: SlackJob) -> Put:
        """Take a job, once; it waits until a worker takes it."""
        now = self._now()
        with self._database.writing() as db:
            if not _noted(db, job.event, now):
                return "known"
            if (refused := self._over(db, job)) is not None:
                return refused
            row = (job.queue, job.channel, job.message, job.person, written(job), now, now + self._settled)
            columns = "queue, channel, message, person, job, at, ready"
            db.execute(f"INSERT INTO jobs ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        return "taken"

    def take(self, adding: bool = False) -> Lease | None:
        """Return the next job that may be done now, leased; None where there is none. `adding` asks for those alone."""
        now, claimant = self._now(), secrets.token_hex(8)
        stale = "SELECT 1 FROM jobs WHERE state = 'running' AND until < ?"
        if not self._database.rows(_NEXT, (now, adding)) and not self._database.rows(stale, (now,)):
            return None  # without a write, which would keep others waiting
        with self._database.writing() as db:
            db.execute("UPDATE jobs SET state = 'waiting' WHERE state = 'running' AND until < ?", (now,))
            row = db.execute(_NEXT, (now, adding)).fetchone()
            if row is None:
                return None
            query = """UPDATE jobs SET state = 'running', claimant = ?, until = ?, tries = tries + 1, steer = ''
                WHERE number = ?"""
            db.execute(query, (claimant, now + self._lease, row["number"]))
        return Lease(row["number"], read(row), claimant, row["tries"], row["at"], row["result"])

    def beat(self, leases: Collection[Lease]) -> dict[int, str]:
        """Show that leases are worked on; return of each by its number what it is told: "" to go on, "stop", "lost"."""
        told = {}
        with self._database.writing() as db:
            for lease in leases:
                query = "SELECT steer FROM jobs WHERE number = ? AND state = 'running' AND claimant = ?"
                row = db.execute(query, (lease.number, lease.claimant)).fetchone()
                told[lease.number] = "lost" if row is None else row["steer"]
                if row is not None:
                    until = self._now() + self._lease
                    db.execute("UPDATE jobs SET until = ? WHERE number = ?", (until, lease.number))
        return told

    def holds(self, lease: Lease) -> bool:
        """Tell whether a lease still counts."""
        return bool(self._database.rows(f"SELECT 1 {_OF_LEASE}", _values(lease)))

    def keep(self, lease: Lease, result: str, turn: str = "") -> bool:
        """Keep what is to be posted, and when its turn was stored; tell whether the lease still counts."""
        with self._database.writing() as db:
            values = (result, turn, *_values(lease))
            return db.execute(f"UPDATE jobs SET result = ?, turn = ? {_MINE}", values).rowcount > 0

    def end(self, lease: Lease, state: Literal["done", "refused"] = "done") -> None:
        """Say that a job needs no more work; what was to be posted is not kept."""
        with self._database.writing() as db:
            db.execute(f"UPDATE jobs SET state = ?, result = NULL {_MINE}", (state, *_values(lease)))

    def release(self, lease: Lease, after: float = 0.0, is_try: bool = True) -> None:
        """Let a job wait again, for so many seconds at least, unless it was told to stop.

        `is_try` says whether this one counts as a try.
        """
        with self._database.writing() as db:
            values = (self._now() + after, lease.tries + is_try, *_values(lease))
            query = f"""UPDATE jobs SET state = CASE steer WHEN 'stop' THEN 'refused' ELSE 'waiting' END, claimant = '',
                ready = ?, tries = ? {_MINE}"""
            db.execute(query, values)

    def steer(self, queue: str, what: str) -> bool:
        """Tell whatever is done in a queue now something; return whether there is anything."""
        with self._database.writing() as db:
            query = "UPDATE jobs SET steer = ? WHERE queue = ? AND state = 'running'"
            return db.execute(query, (what, queue)).rowcount > 0

    def stop(self, queue: str, person: str, message: str) -> Literal["running", "waiting", ""]:
        """Stop what is done in a queue now, and forget what waits there; return which of them there was.

        What others asked stays, unless the queue was put off: then nothing that waits there is near to an answer.

        Args:
            queue: of the conversation.
            person: who says stop.
            message: when; what was asked later stays.
        """
        waits, until = "queue = ? AND state = 'waiting' AND message < ?", self._now() + self._settled
        with self._database.writing() as db:
            put_off = db.execute(f"SELECT 1 FROM jobs WHERE {waits} AND ready > ?", (queue, message, until)).fetchone()
            query = f"UPDATE jobs SET state = 'refused' WHERE {waits} AND (person = ? OR ?)"
            dropped = db.execute(query, (queue, message, person, put_off is not None)).rowcount
            query = "UPDATE jobs SET steer = 'stop' WHERE queue = ? AND state = 'running'"
            is_running = db.execute(query, (queue,)).rowcount > 0
        return "running" if is_running else "waiting" if dropped else ""

    def of_message(self, channel: str, message: str) -> Sequence[KeptJob]:
        """Return the jobs that a message made, the oldest first."""
        query = "SELECT * FROM jobs WHERE channel = ? AND message = ? ORDER BY number"
        return [kept(row) for row in self._database.rows(query, (channel, message))]

    def job(self, number: int) -> KeptJob | None:
        """Return a job by its number, None where it is not kept."""
        rows = self._database.rows("SELECT * FROM jobs WHERE number = ?", (number,))
        return kept(rows[0]) if rows else None

    def people(self, queue: str) -> Collection[str]:
        """Return who asks in a queue."""
        return {row["person"] for row in self._database.rows("SELECT person FROM jobs WHERE queue = ?", (queue,))}

    def follows_answer(self, number: int, job: SlackJob) -> bool:
        """Tell whether the message before one in its queue was answered."""
        query = """SELECT turn FROM jobs WHERE queue = ? AND (message, number) < (?, ?)
            ORDER BY message DESC, number DESC LIMIT 1"""
        rows = self._database.rows(query, (job.queue, job.message, number))
        return bool(rows and rows[0]["turn"])

    def turns(self, queue: str) -> Collection[str]:
        """Return when the turns were stored that answered what is kept of a queue."""
        return {row["turn"] for row in self._database.rows("SELECT turn FROM jobs WHERE queue = ?", (queue,))}

    def change(self, number: int, job: SlackJob) -> bool:
        """Put another job in the place of one that waits; tell whether it did."""
        with self._database.writing() as db:
            query = "UPDATE jobs SET job = ? WHERE number = ? AND state = 'waiting'"
            return db.execute(query, (written(job), number)).rowcount > 0

    def replace(self, number: int, job: SlackJob) -> None:
        """Keep another job in the place of one, whatever became of it: what it asks for the next time."""
        with self._database.writing() as db:
            db.execute("UPDATE jobs SET job = ? WHERE number = ?", (written(job), number))

    def drop(self, number: int) -> None:
        """Forget a job: one that waits is not done, one that runs is stopped."""
        with self._database.writing() as db:
            db.execute("UPDATE jobs SET state = 'refused' WHERE number = ? AND state = 'waiting'", (number,))
            db.execute("UPDATE jobs SET steer = 'stop' WHERE number = ? AND state = 'running'", (number,))

    def drop_all(self) -> None:
        """Forget everything that waits, and stop what runs."""
        with self._database.writing() as db:
            db.execute(f"UPDATE jobs SET state = 'refused' WHERE state = 'waiting' OR queue = '{ADDING}'")
            db.execute("UPDATE jobs SET steer = 'stop' WHERE state = 'running'")

    def untold(self, after: float, most: int = 5) -> Sequence[tuple[KeptJob, int]]:
        """Return questions that have waited for so many seconds, each once, and how many are before it."""
        with self._database.writing() as db:
            query = "SELECT * FROM jobs WHERE state = 'waiting' AND told = 0 AND at < ? ORDER BY number LIMIT ?"
            rows = db.execute(query, (self._now() - after, most)).fetchall()
            db.executemany("UPDATE jobs SET told = 1 WHERE number = ?", [(row["number"],) for row in rows])
            query = f"SELECT count(*) FROM jobs WHERE state IN {OPEN} AND number < ?"
            return [(kept(row), db.execute(query, (row["number"],)).fetchone()[0]) for row in rows]

    def count(self) -> int:
        """Return how many jobs wait or are worked on."""
        return int(self._database.rows(f"SELECT count(*) FROM jobs WHERE state IN {OPEN}")[0][0])

    def expire(self, keep_days: float) -> None:
        """Forget the ids of old events, and what ended so many days ago."""
        now = self._now()
        with self._database.writing() as db:
            db.execute("DELETE FROM seen WHERE at < ?", (now - SEEN,))
            query = f"DELETE FROM jobs WHERE at < ? AND state NOT IN {OPEN}"
            db.execute(query, (now - keep_days * 86_400.0,))

    def _over(self, db: Connection, job: SlackJob) -> Put | None:
        """Return which limit a job is over."""
        query = "SELECT count(*) FROM jobs WHERE state = 'waiting'"
        if db.execute(query).fetchone()[0] >= self._limits.waiting:
            return "full"
        if db.execute(f"{query} AND person = ?", (job.person,)).fetchone()[0] >= self._limits.of_person:
            return "person"
        if db.execute(f"{query} AND channel = ?", (job.channel,)).fetchone()[0] >= self._limits.of_channel:
            return "channel"
        return None


_MINE = "WHERE number = ? AND state = 'running' AND claimant = ?"
_OF_LEASE = f"FROM jobs {_MINE}"

_NEXT = f"""
    SELECT * FROM jobs AS e WHERE e.state = 'waiting' AND e.ready <= ? AND (e.queue = '{ADDING}') = ?
        AND NOT EXISTS (SELECT 1 FROM jobs AS r WHERE r.queue = e.queue AND r.state = 'running')
        AND NOT EXISTS (SELECT 1 FROM jobs AS b WHERE b.queue = e.queue AND b.state = 'waiting'
            AND (b.message, b.number) < (e.message, e.number))
    ORDER BY (SELECT count(*) FROM jobs AS r WHERE r.state = 'running' AND r.person = e.person
        AND r.queue != '{ADDING}'), e.number LIMIT 1
"""
"""The oldest job whose turn it is in its queue, of those who have the least done for them now."""


def _values(lease: Lease) -> tuple[int, str]:
    return lease.number, lease.claimant


def _noted(db: Connection, event: str, now: float) -> bool:
    return db.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (event, now)).rowcount > 0
