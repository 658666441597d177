"""What a database holds beside a copy of it: which videos and conversations would go or come back with the copy."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from retrieval.catalogue.ids import key_of

_NAMES = {
    "memberships": "SELECT collection, video_id FROM memberships",
    "videos": "SELECT collection, id FROM videos",
    "conversations": "SELECT '', conversation_id FROM conversations",
}
"""What names what a database holds, by a table that it has; the first of these, as older catalogues have two."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What goes and what comes back when a copy takes a database's place; None where one of them cannot be read."""

    goes: tuple[str, ...]
    comes_back: tuple[str, ...]


def difference(held: Path, copy: Path) -> Difference | None:
    """Return what a copy changes."""
    there, then = names_in(held), names_in(copy)
    if there is None or then is None:
        return None
    return Difference(tuple(sorted(there - then)), tuple(sorted(then - there)))


def names_in(path: Path) -> frozenset[str] | None:
    """Return the keys of the videos of a catalogue, or the ids of conversations; None where they cannot be read."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
            tables = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            query = next((query for table, query in _NAMES.items() if table in tables), None)
            return None if query is None else frozenset(key_of(*row) if row[0] else row[1] for row in db.execute(query))
    except sqlite3.Error:
        return None
