"""Keyframes that are gone or damaged: which, and how videos go on without them until their files are read again."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from sqlite3 import Connection

from retrieval.catalogue import checksums, frame_sums
from retrieval.catalogue.catalogue import Catalogue
from retrieval.catalogue.database import Database

NOTE = "some of its keyframes are gone; ingest its file again"

_FRAMES = (
    "SELECT v.video_id, k.generation, k.file, f.size, f.sum FROM videos v JOIN keyframes k USING (generation) "
    "LEFT JOIN frame_files f USING (generation, file) ORDER BY k.generation"
)

Lost = Mapping[tuple[str, int], list[str]]
"""Names of files by the key and the generation of their video."""


def lost(
    database: Database, frames: Path, is_read: bool = True, go_on: Callable[[float], bool] = lambda _: True
) -> Lost:
    """Return the keyframes that are gone or not what was written.

    Args:
        database: the catalogue's.
        frames: the folder of all keyframes.
        is_read: whether all are read whole; else only their sizes are looked at.
        go_on: is told how much is done, 0 to 1, and says whether to go on.
    """
    found: dict[tuple[str, int], list[str]] = {}
    rows = database.rows(_FRAMES)
    for place, row in enumerate(rows):
        if place % 256 == 0 and not go_on(place / len(rows)):
            break
        path = frames / str(row["generation"]) / row["file"]
        if not is_there(path, row["size"], row["sum"], is_read):
            found.setdefault((row["video_id"], row["generation"]), []).append(row["file"])
    return found


def marked(database: Database) -> list[str]:
    """Return the keys of the videos that are without keyframes that they had."""
    return [row["video_id"] for row in database.rows("SELECT video_id FROM videos WHERE note = ?", [NOTE])]


def is_there(path: Path, size: int | None, told: int | None, is_read: bool) -> bool:
    """Tell whether a keyframe is what was written, by its size and its sum as far as these are known."""
    try:
        held = path.stat().st_size
    except OSError:
        return False
    if size is None or told is None:  # of an earlier version, which kept no sums
        return held > 0
    return held == size and (not is_read or frame_sums.sum_of(path) == (size, told))


def let_go(catalogue: Catalogue, gone: Lost) -> None:
    """Let videos be without keyframes that are gone, and let their files take their places when they are read again."""
    for (key, generation), files in gone.items():
        with catalogue.database.writing() as db:
            forget(db, key, generation, files)
        for file in files:
            (catalogue.frames_folder(generation) / file).unlink(missing_ok=True)


def forget(db: Connection, key: str, generation: int, files: Sequence[str]) -> None:
    """Let a video be without keyframes; its catalogue may be of an older version.

    What was heard and read in its file stays: only what finds keyframes is to be done again.
    """
    tables = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    is_sound = checksums.is_sound(db, generation)
    for file in files:
        for table in tables.intersection(("keyframes", "frame_files")):
            db.execute(f"DELETE FROM {table} WHERE generation = ? AND file = ?", (generation, file))
    db.execute(
        "UPDATE videos SET inputs = '', note = ?, "
        "state = CASE state WHEN 'complete' THEN 'partial' ELSE state END WHERE video_id = ?",
        (NOTE, key),
    )
    db.execute("DELETE FROM findings WHERE generation = ? AND stage IN ('reading', 'grabbing')", (generation,))
    if is_sound:
        checksums.note(db, generation)
