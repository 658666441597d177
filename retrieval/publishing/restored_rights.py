"""Who may see what after a restore: never somebody from whom it was taken back since the copy was made.

The rights of the home go before those of a copy. Where they cannot be read, no grant of the copy counts until its owner
gives it again.
"""

import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import Connection

from retrieval.catalogue import presence, row_sums

RIGHTS = ("grants", "programs")
_HAS = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN (?, ?)"


@dataclass(frozen=True, slots=True)
class OpenedTo:
    """A collection, to whom it was opened, and whether to people of other workspaces too."""

    collection: str
    grantee: str
    external: bool


def settle_rights(held: Path, copy: Connection) -> tuple[OpenedTo, ...]:
    """Give a copy of a catalogue the rights that count after a restore; return the grants of the copy that do not.

    Args:
        held: the catalogue that it takes the place of; in a home that had none, the rights of the copy count.
        copy: of the copy, with row sums registered.
    """
    had = held.exists() or bool(presence.missing(held))
    return () if _keep(held, copy) or not had else _take_back(copy)


def _keep(held: Path, copy: Connection) -> bool:
    """Give a copy the grants of the catalogue that it takes the place of; tell whether these could be read.

    A catalogue of a version that had no grants has none.
    """
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"{held.absolute().as_uri()}?mode=ro", uri=True)) as db:
        db.row_factory = sqlite3.Row
        row_sums.register(db)
        if not all(one.execute(_HAS, RIGHTS).fetchone()[0] == len(RIGHTS) for one in (db, copy)):
            return bool(db.execute("SELECT count(*) FROM videos").fetchone())
        rows = {table: [tuple(row) for row in db.execute(f"SELECT * FROM {table}")] for table in RIGHTS}
        if any(row_sums.damaged(db, table) for table in RIGHTS):
            return False
        for table, found in rows.items():
            copy.execute(f"DELETE FROM {table}")
            for row in found:
                copy.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)
        return True
    return False


def _take_back(copy: Connection) -> tuple[OpenedTo, ...]:
    """Let no grant of a copy count; return those that did."""
    if copy.execute(_HAS, RIGHTS).fetchone()[0] != len(RIGHTS):
        return ()
    query = "SELECT collection, grantee, external FROM grants WHERE taken_at IS NULL ORDER BY number"
    given = tuple(OpenedTo(row["collection"], row["grantee"], bool(row["external"])) for row in copy.execute(query))
    now = datetime.now(UTC).isoformat()
    copy.execute("UPDATE grants SET taken_by = 'restore', taken_at = ? WHERE taken_at IS NULL", (now,))
    return given


def count_grants(held: Path) -> int | None:
    """Return how many grants count in a catalogue; None where it cannot be read."""
    try:
        with closing(sqlite3.connect(f"{held.absolute().as_uri()}?mode=ro", uri=True)) as db:
            return int(db.execute("SELECT count(*) FROM grants WHERE taken_at IS NULL").fetchone()[0])
    except sqlite3.Error:
        return None
