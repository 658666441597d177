"""A checksum of every row of a database, kept by triggers: a row that changes otherwise is damaged.

SQLite notices a broken page; it notices neither a changed word nor a row that fell out with a page. Each table gets a
table of sums beside it, which follows whatever is written, and the sums know when the tables themselves are changed.
A sum is a CRC-32: it finds each changed bit and all but one in four billions of other damage. It is no protection
against somebody who may write to the file.
Why: docs/decisions/damage.md.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from sqlite3 import Connection, Error

PREFIX = "sum_of_"
WHOLE = f"{PREFIX}all_tables"
"""The table with the one sum of how all tables are made."""

NAMED = 5
"""Rows of a table that a finding names at most."""

UNSUMMED = ("vocabulary", "spellings", "claims")
"""Counts of words, which are checked by counting anew, and what holds for the time of an answer."""

_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"


@dataclass(frozen=True, slots=True)
class DamagedRow:
    """A row that is not what was written, or is gone: its table, and the values of its key."""

    table: str
    key: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Table:
    name: str
    key: tuple[str, ...]
    types: tuple[str, ...]
    columns: tuple[str, ...]

    @staticmethod
    def of(db: Connection, name: str) -> "_Table":
        columns = list(db.execute(f'PRAGMA table_info("{name}")'))
        key = sorted((column for column in columns if column["pk"]), key=lambda column: int(column["pk"]))
        names = tuple(column["name"] for column in columns)
        if not key:
            return _Table(name, ("rowid",), ("INTEGER",), names)
        return _Table(name, tuple(column["name"] for column in key), tuple(column["type"] for column in key), names)

    @property
    def sums(self) -> str:
        return f"{PREFIX}{self.name}"

    def summed(self, row: str) -> str:
        return f"row_sum({', '.join(f'{row}.{column}' for column in self.columns)})"

    def same(self, one: str, other: str) -> str:
        return " AND ".join(f"{one}.k{place} = {other}.{name}" for place, name in enumerate(self.key))

    def statements(self) -> Iterator[str]:
        """Yield what makes the sums of this table: their table, its rows, and the triggers that keep them."""
        held = ", ".join(f"k{place} {kind} NOT NULL" for place, kind in enumerate(self.types))
        places = ", ".join(f"k{place}" for place in range(len(self.key)))
        yield f"CREATE TABLE {self.sums} ({held}, sum INTEGER NOT NULL, PRIMARY KEY ({places})) WITHOUT ROWID"
        keys = ", ".join(f"t.{name}" for name in self.key)
        yield f"INSERT INTO {self.sums} SELECT {keys}, {self.summed('t')} FROM {self.name} AS t"
        keys = ", ".join(f"new.{name}" for name in self.key)
        added = f"INSERT OR REPLACE INTO {self.sums} VALUES ({keys}, {self.summed('new')});"
        gone = f"DELETE FROM {self.sums} WHERE {self.same(self.sums, 'old')};"
        for event, done in (("INSERT", added), ("DELETE", gone), ("UPDATE", f"{gone} {added}")):
            yield f"CREATE TRIGGER {self.sums}_{event.lower()} AFTER {event} ON {self.name} BEGIN {done} END"


def register(db: Connection) -> None:
    """Let a connection keep sums; without this it cannot write.

    A row that another takes the place of by `OR REPLACE` is deleted without its trigger otherwise.
    """
    db.execute("PRAGMA recursive_triggers = ON")
    db.create_function("row_sum", -1, row_sum, deterministic=True)


def row_sum(*values: object) -> int:
    """Return the sum of a row: of what its values are, not of how they are stored."""
    plain = [(len(value), zlib.crc32(value)) if isinstance(value, bytes) else value for value in values]
    return zlib.crc32(ascii(plain).encode())


def are_kept(db: Connection) -> bool:
    """Tell whether a database has sums, whole or damaged."""
    return any(row["name"].startswith(PREFIX) for row in db.execute(_TABLES))


def drop(db: Connection) -> None:
    """Take the sums away, before the tables are made otherwise."""
    for kind in ("trigger", "table"):
        for row in db.execute("SELECT name FROM sqlite_master WHERE type = ?", (kind,)).fetchall():
            if row["name"].startswith(PREFIX):
                db.execute(f'DROP {kind} "{row["name"]}"')


def make(db: Connection) -> None:
    """Sum all rows of all tables as they are now, and keep the sums from now on. Call it within a transaction."""
    drop(db)
    for name in tables(db):
        for statement in _Table.of(db, name).statements():
            db.execute(statement)
    db.execute(f"CREATE TABLE {WHOLE} (sum INTEGER NOT NULL)")
    db.execute(f"INSERT INTO {WHOLE} VALUES (?)", (_of_tables(db),))


def _of_tables(db: Connection) -> int:
    made = db.execute(
        "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY 2, 1"
    )
    total = int(db.execute("PRAGMA user_version").fetchone()[0])
    for row in made:
        total = zlib.crc32(ascii(tuple(row)).encode(), total)
    return total


def tables_are_sound(db: Connection) -> bool:
    """Tell whether the tables are made as they were when the sums began."""
    try:
        noted = db.execute(f"SELECT sum FROM {WHOLE}").fetchall()
    except Error:
        return False
    return [row["sum"] for row in noted] == [_of_tables(db)]


def tables(db: Connection) -> list[str]:
    """Return the names of the tables that have sums."""
    names = [str(row["name"]) for row in db.execute(_TABLES)]
    return [name for name in names if not name.startswith((PREFIX, "sqlite_")) and name not in UNSUMMED]


def changed(db: Connection, table: str) -> str:
    """Return the condition under which a row of a table, called `t`, is not what was written."""
    of = _Table.of(db, table)
    return f"(SELECT s.sum FROM {of.sums} AS s WHERE {of.same('s', 't')}) IS NOT {of.summed('t')}"


def damaged(db: Connection, table: str) -> list[DamagedRow]:
    """Return rows of a table that are not what was written, or that are gone, `NAMED` at most of each.

    Raises:
        sqlite3.Error: the rows cannot be read at all.
    """
    of = _Table.of(db, table)
    keys = ", ".join(f"t.{name}" for name in of.key)
    places = ", ".join(f"s.k{place}" for place in range(len(of.key)))
    there = f"SELECT 1 FROM {of.name} AS t WHERE {of.same('s', 't')}"
    queries = (
        f"SELECT {keys} FROM {of.name} AS t WHERE {changed(db, table)} LIMIT {NAMED}",
        f"SELECT {places} FROM {of.sums} AS s WHERE NOT EXISTS ({there}) LIMIT {NAMED}",
    )
    return [DamagedRow(table, tuple(row)) for query in queries for row in db.execute(query)]


def forget(db: Connection, table: str, first: object) -> None:
    """Forget the sums of the rows whose key begins with a value, also of rows that are gone; the rows are deleted."""
    if db.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (f"{PREFIX}{table}",)).fetchone():
        db.execute(f"DELETE FROM {PREFIX}{table} WHERE k0 = ?", (first,))
