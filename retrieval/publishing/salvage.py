"""Reading a damaged file of SQLite: every row that can still be read; of a catalogue, video by video. Writes nothing.

Each table is a tree in the order of its key. Where a page of it is broken the tree is read from both ends towards the
break, for each generation on its own, so that a break costs the rows of its page and no others.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

Row = tuple[object, ...]

CONTENT = {
    "shots": ("start", "end"),
    "keyframes": ("time", "file"),
    "moments": ("number", "start", "end"),
    "texts": ("number", "place", "start", "end", "source", "text"),
}
"""The tables of what one generation knows, and their columns beside the generation."""

KEYS = {
    "shots": ("start",),
    "keyframes": ("time",),
    "moments": ("number",),
    "texts": ("number", "place"),
    "videos": ("video_id",),
    "memberships": ("collection", "video_id"),
    "generations": ("generation",),
    "meta": ("key",),
    "sums": ("generation",),
}
VIDEO = ("video_id", "content_hash", "inputs", "duration", "state", "note", "generation")


@dataclass(frozen=True, slots=True)
class Found:
    """One video as far as it could be read: its row, its places, and by table what its generation knows.

    `is_torn` tells that some could not be read, `is_confirmed` that its id and hash stand in two tables alike.
    """

    video: dict[str, object]
    memberships: list[dict[str, object]]
    content: dict[str, list[Row]]
    checksum: str | None
    is_torn: bool
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What a damaged catalogue still holds.

    Attributes:
        videos: those whose own row could be read.
        named: further videos of which nothing but the name is left, with the path of the file where it is known.
        settings: settings of the library itself.
    """

    videos: list[Found]
    named: dict[str, str | bytes | None]
    settings: dict[str, str]


class _Text(bytes):
    """A text as it lies in the file; it may be broken too."""


def damage(path: Path) -> str:
    """Return what is wrong with a SQLite file, "" where all is well."""
    try:
        with closing(sqlite3.connect(path)) as db:
            found = [str(row[0]) for row in db.execute("PRAGMA integrity_check(10)")]
            return "" if found == ["ok"] else "; ".join(found)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR):
            raise
        return str(error)
    except sqlite3.DatabaseError as error:
        return str(error)


def salvaged(path: Path) -> Salvaged:
    """Return what can be read of a damaged catalogue; it should be a copy, since reading one changes it."""
    with reading(path) as db:
        return _salvaged(db)


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a damaged file for `rows_of`; it should be a copy, since reading one changes it."""
    with closing(sqlite3.connect(path)) as db:
        db.text_factory = _Text
        with suppress(sqlite3.DatabaseError):
            db.execute("PRAGMA writable_schema = ON")  # else a file that is too short is not read at all
        yield db


def _salvaged(db: sqlite3.Connection) -> Salvaged:
    videos, _ = _read(db, "videos", VIDEO)
    memberships, _ = _read(db, "memberships", ("collection", "video_id", "title", "path"))
    known = ("generation", "video_id", "content_hash", "state")
    attempts, _ = _read(db, "generations", (*known, "path"))
    if not attempts:  # written before attempts had a path
        attempts = [(*row, None) for row in _read(db, "generations", known)[0]]
    confirmed = {row[:3] for row in attempts}
    sums = {row[0]: row[1] for row in _read(db, "sums", ("generation", "checksum"))[0]}
    places = [dict(zip(("collection", "video_id", "title", "path"), row, strict=True)) for row in memberships]
    found = []
    for row in videos:
        video = dict(zip(VIDEO, row, strict=True))
        here = [place for place in places if place["video_id"] == video["video_id"]]
        content, is_torn = _content(db, video["generation"])
        checksum = sums.get(video["generation"])
        is_confirmed = (video["generation"], video["video_id"], video["content_hash"]) in confirmed
        found.append(Found(video, here, content, None if checksum is None else str(checksum), is_torn, is_confirmed))
    named = {str(video_id): path for _, video_id, _, state, path in attempts if state == "current"}
    named.update((str(place["video_id"]), place["path"] or named.get(str(place["video_id"]))) for place in places)
    for one in found:
        named.pop(str(one.video["video_id"]), None)
    settings = {str(key): str(value) for key, value in _read(db, "meta", ("key", "value"))[0]}
    return Salvaged(
        found, {name: path if isinstance(path, str | bytes) else None for name, path in named.items()}, settings
    )


def _content(db: sqlite3.Connection, generation: object) -> tuple[dict[str, list[Row]], bool]:
    content, is_torn = {}, False
    for table, columns in CONTENT.items():
        content[table], torn = _read(db, table, columns, "WHERE generation = ?", (generation,))
        is_torn |= torn
    return content, is_torn


def _read(
    db: sqlite3.Connection, table: str, columns: Sequence[str], where: str = "", values: Row = ()
) -> tuple[list[Row], bool]:
    return rows_of(db, table, KEYS[table], columns, where, values)


def rows_of(
    db: sqlite3.Connection,
    table: str,
    keys: Sequence[str],
    columns: Sequence[str],
    where: str = "",
    values: Row = (),
) -> tuple[list[Row], bool]:
    """Return the rows of a table that can be read, in order of the key, and whether any could not.

    Args:
        db: opened by `reading`.
        table: its name.
        keys: columns that tell its rows apart.
        columns: what is returned of a row.
        where: a condition, with its values.
        values: for the holes in that.
    """
    chosen = f"SELECT {', '.join((*keys, *columns))} FROM {table} {where} ORDER BY "
    ways: dict[str, dict[Row, Row]] = {"ASC": {}, "DESC": {}}
    is_torn = False
    for direction, rows in ways.items():
        order = ", ".join(f"{key} {direction}" for key in keys)
        is_torn = False
        for row in _until_break(db, chosen + order, values):
            cleaned = None if row is None else _clean(row)
            is_torn |= cleaned is None
            if cleaned is not None:
                rows.setdefault(cleaned[: len(keys)], cleaned[len(keys) :])
        if not is_torn:
            return list(rows.values() if direction == "ASC" else reversed(rows.values())), direction == "DESC"
    from_end = [row for key, row in reversed(ways["DESC"].items()) if key not in ways["ASC"]]
    return [*ways["ASC"].values(), *from_end], True


def _until_break(db: sqlite3.Connection, query: str, values: Row) -> Iterator[Row | None]:
    """Yield rows, and None in the end where a break stopped the reading."""
    try:
        yield from db.execute(query, values)
    except (sqlite3.DatabaseError, OverflowError, MemoryError):
        yield None


def _clean(row: Row) -> Row | None:
    """Return a row with its texts decoded, None where one of its values cannot be what was written."""
    try:
        return tuple(value.decode() if isinstance(value, _Text) else value for value in row)
    except UnicodeDecodeError:
        return None
