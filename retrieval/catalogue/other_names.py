"""The other names of a video: where else in its collection the same bytes were met. They are one video.

Its own path stands with the video. A name stays when its file is gone, and goes when another film is at its path.
"""

import os
from pathlib import Path
from sqlite3 import Connection

from retrieval.catalogue.database import Database
from retrieval.types import whole


def stored_path(path: Path) -> str | bytes:
    """Return a path as SQLite can hold it: as text, or as bytes where the name is no UTF-8."""
    return str(path) if whole(str(path)) == str(path) else os.fsencode(path)


def of_video(database: Database, key: str) -> list[Path]:
    """Return the other paths of a video, sorted."""
    rows = database.rows("SELECT path FROM other_names WHERE video_id = ?", [key])
    return sorted(Path(os.fsdecode(row["path"])) for row in rows)


def add(db: Connection, key: str, path: Path) -> None:
    """Note that a video lies at a path too."""
    db.execute("INSERT OR IGNORE INTO other_names VALUES (?, ?)", (key, stored_path(path)))


def free(db: Connection, collection: str, path: Path) -> None:
    """Note that a path is no other name in a collection: a file of its own is there."""
    query = "DELETE FROM other_names WHERE path = ? AND video_id IN (SELECT video_id FROM videos WHERE collection = ?)"
    db.execute(query, (stored_path(path), collection))


def forget(db: Connection, key: str) -> None:
    """Forget the other names of a video."""
    db.execute("DELETE FROM other_names WHERE video_id = ?", (key,))
