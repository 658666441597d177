"""A checksum of what one generation holds, so that damage to the catalogue can be told apart video by video.

SQLite's own check finds a broken page; it neither says whose it was nor notices a changed word. Vectors are left out:
they are made again.
"""

import hashlib
from sqlite3 import Connection

_VIDEO = "SELECT id, content_hash, duration, state FROM videos WHERE generation = ?"
_CONTENT = (
    "SELECT start, end FROM shots WHERE generation = ? ORDER BY start",
    "SELECT time, file FROM keyframes WHERE generation = ? ORDER BY time",
    "SELECT number, start, end, NOT EXISTS (SELECT 1 FROM texts t WHERE t.generation = m.generation AND "
    "t.number = m.number) FROM moments m WHERE generation = ? ORDER BY number",
    "SELECT number, place, start, end, source, text FROM texts WHERE generation = ? ORDER BY number, place",
)


def checksum(db: Connection, generation: int, video: str = _VIDEO) -> str:
    """Return the SHA-256 of a generation's video, shots, keyframes, moments and texts; `video` reads the first."""
    digest = hashlib.sha256()
    for query in (video, *_CONTENT):
        for row in db.execute(query, (generation,)):
            digest.update(repr(tuple(row)).encode("utf-8", "surrogatepass"))
        digest.update(b"\n")
    return digest.hexdigest()


def failing(db: Connection) -> list[str]:
    """Return the ids of the videos whose content is not what was published, sorted."""
    kept = db.execute(
        "SELECT video_id, generation, checksum FROM videos JOIN sums USING (generation) ORDER BY video_id"
    )
    return [str(video) for video, generation, noted in kept.fetchall() if checksum(db, generation) != noted]


def is_sound(db: Connection, generation: int, video: str = _VIDEO) -> bool:
    """Tell whether a generation holds what its checksum was made of."""
    noted = db.execute("SELECT checksum FROM sums WHERE generation = ?", (generation,)).fetchone()
    return noted is not None and checksum(db, generation, video) == noted["checksum"]


def note(db: Connection, generation: int) -> None:
    """Keep the checksum of a generation as it is now."""
    db.execute("INSERT OR REPLACE INTO sums VALUES (?, ?)", (generation, checksum(db, generation)))
