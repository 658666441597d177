"""Whether all of a database is what was written: SQLite's own check, and the sum of every row."""

import sqlite3
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from retrieval.catalogue import row_sums
from retrieval.catalogue.row_sums import DamagedRow

STEPS = 20_000
"""Steps of SQLite between two looks at the clock."""


@dataclass(frozen=True, slots=True)
class Soundness:
    """What became of a check.

    Attributes:
        damage: what is wrong with the file or its tables, "" where nothing is.
        rows: those that are not what was written, a few of each table.
        is_whole: False where the time was over before all was read.
    """

    damage: str = ""
    rows: tuple[DamagedRow, ...] = ()
    is_whole: bool = True

    def said(self) -> str:
        """Return what is wrong, in a line; names of tables and numbers of rows, nothing of what they hold."""
        tables = sorted({row.table for row in self.rows})
        return self.damage or (f"rows of {', '.join(tables)} are not what was written" if tables else "")


def examine(db: sqlite3.Connection, seconds: float | None = None) -> Soundness:
    """Check a database.

    Args:
        db: a connection that knows sums.
        seconds: how long it may take; as long as it takes where None.
    """
    until = None if seconds is None else time.monotonic() + seconds
    if until is not None:
        db.set_progress_handler(lambda: time.monotonic() > until, STEPS)
    try:
        return _examined(db)
    except sqlite3.OperationalError as error:
        if until is not None and time.monotonic() > until:
            return Soundness(is_whole=False)
        return Soundness(str(error))
    except sqlite3.Error as error:
        return Soundness(str(error))
    finally:
        db.set_progress_handler(None, 0)


def _examined(db: sqlite3.Connection) -> Soundness:
    are_kept = row_sums.are_kept(db)
    if are_kept and not row_sums.tables_are_sound(db):
        return Soundness("its tables are not as they were made")
    rows = [row for table in (row_sums.tables(db) if are_kept else ()) for row in row_sums.damaged(db, table)]
    if rows:
        return Soundness(rows=tuple(rows))
    found = [str(row[0]) for row in db.execute("PRAGMA integrity_check(3)")]
    return Soundness("" if found == ["ok"] else "; ".join(found))


def of_file(path: Path, seconds: float | None = None) -> Soundness:
    """Check a database that nobody writes, such as a copy; `seconds` as for `examine`."""
    if not path.is_file() or not path.stat().st_size:
        return Soundness("it is empty" if path.is_file() else "it is gone")
    try:
        with closing(sqlite3.connect(path)) as db:
            db.row_factory = sqlite3.Row
            row_sums.register(db)
            return examine(db, seconds)
    except sqlite3.Error as error:
        return Soundness(str(error))


def unsound(
    db: sqlite3.Connection, known: dict[str, str], tables: Mapping[str, str], head: str, values: Sequence[object]
) -> str:
    """Return what is wrong with some rows of some tables, "" where nothing is; see `Database.verify`.

    `known` remembers how the rows of each table are summed.
    """
    try:
        for name in tables.keys() - known.keys():
            known[name] = row_sums.changed(db, name)
        parts = (f"SELECT '{name}' FROM {start} AND {known[name]}" for name, start in tables.items())
        found = db.execute(f"{head}{' UNION ALL '.join(parts)} LIMIT 1", values).fetchone()
    except sqlite3.Error as error:
        return str(error)
    return f"rows of {found[0]} are not what was written" if found else ""
