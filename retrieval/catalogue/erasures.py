"""What left the library and is still to be erased: noted in the transaction that takes it away, and kept until it is.

Whoever ends before it is done leaves the note to the next. Texts and names that another video has too are none of it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from sqlite3 import Connection
from typing import Any

from retrieval.analysis import terms
from retrieval.catalogue.database import Database

_WAITS = "erasing"
_NOTE = "erased "
AT_ONCE = 400
"""Values looked up by one statement."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """Texts and names that left with a video, or that a video lost.

    Attributes:
        key: of the video.
        is_gone: whether the video left, with all of its texts.
        names: its title and its id.
        texts: those that no video has any more.
        stems: of the words that no text and no name of a video has any more.
        moved_to: the key that the video has now, where it only left its collection.
    """

    key: str
    is_gone: bool
    names: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    stems: tuple[str, ...] = ()
    moved_to: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """What a video has before it is changed: its texts, and its title and id."""

    texts: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()


def held(db: Connection, key: str) -> Held:
    """Return what a video has now; nothing where there is none."""
    video = db.execute("SELECT * FROM videos WHERE video_id = ?", (key,)).fetchone()
    if video is None:
        return Held()
    query = """SELECT text FROM texts WHERE generation = ?1 UNION SELECT text FROM given WHERE video_id = ?2
        UNION SELECT text FROM set_aside WHERE content_hash = ?3"""
    texts = db.execute(query, (video["generation"], key, video["content_hash"]))
    return Held(frozenset(row[0] for row in texts), (video["title"], video["id"]))


def note(db: Connection, key: str, before: Held) -> None:
    """Note what a video had before the change that this transaction makes, and nobody has after it."""
    is_gone = bool(before.names) and held(db, key).names == ()
    texts = before.texts - _kept(db, before.texts)
    if not (is_gone or texts):
        return
    names = before.names if is_gone else ()
    stems = {stem for text in (*texts, *names) for stem in terms(text)}
    stems -= _said(db, stems)
    _keep(db, Erasure(key, is_gone, names, tuple(sorted(texts)), tuple(sorted(stems))))


def note_move(db: Connection, key: str, moved_to: str) -> None:
    """Note that a video has another key: its old one may become another video's."""
    _keep(db, Erasure(key, False, moved_to=moved_to))


def _keep(db: Connection, found: Erasure) -> None:
    (number,) = db.execute("SELECT count(*) FROM meta WHERE key GLOB ?", (f"{_NOTE}*",)).fetchone()
    db.execute("INSERT INTO meta VALUES (?, ?)", (f"{_NOTE}{number + 1:06} {found.key}", json.dumps(asdict(found))))
    wait(db)


def wait(db: Connection) -> None:
    """Note that bytes of what was deleted are still to be erased."""
    db.execute("INSERT OR REPLACE INTO meta VALUES (?, '1')", (_WAITS,))


def are_waiting(database: Database) -> bool:
    """Tell whether something is still to be erased."""
    return bool(database.rows("SELECT 1 FROM meta WHERE key = ?", [_WAITS]))


def noted(database: Database) -> tuple[Erasure, ...]:
    """Return what was noted, in its order."""
    rows = database.rows("SELECT value FROM meta WHERE key GLOB ? ORDER BY key", [f"{_NOTE}*"])
    return tuple(_read(json.loads(row["value"])) for row in rows)


def _read(one: Mapping[str, Any]) -> Erasure:
    names, texts, stems = (tuple(one[name]) for name in ("names", "texts", "stems"))
    return Erasure(one["key"], one["is_gone"], names, texts, stems, one.get("moved_to", ""))


def forget(db: Connection) -> None:
    """Forget all notes; what they say is still in the bytes of the file."""
    db.execute("DELETE FROM meta WHERE key GLOB ?", (f"{_NOTE}*",))


def done(db: Connection) -> None:
    """Note that nothing is to be erased any more."""
    db.execute("DELETE FROM meta WHERE key = ?", (_WAITS,))


def _kept(db: Connection, texts: Iterable[str]) -> set[str]:
    """Return those of the texts that a video has."""
    found: set[str] = set()
    for part in _parts(sorted(texts)):
        wanted = f"text IN ({','.join('?' * len(part))})"
        for query in (
            f"SELECT text FROM texts JOIN videos USING (generation) WHERE {wanted}",
            f"SELECT text FROM given WHERE {wanted}",
            f"SELECT text FROM set_aside WHERE {wanted}",
        ):
            found.update(row[0] for row in db.execute(query, part))
    return found


def _said(db: Connection, stems: Iterable[str]) -> set[str]:
    """Return those of the stems that a text of a video has, or that may be of its title or id."""
    found: set[str] = set()
    for part in _parts(sorted(stems)):
        query = f"SELECT DISTINCT term FROM vocabulary WHERE term IN ({','.join('?' * len(part))})"
        found.update(row[0] for row in db.execute(query, part))
    names = "\n".join(f"{row[0]} {row[1]}" for row in db.execute("SELECT title, id FROM videos")).casefold()
    return found | {stem for stem in stems if stem in names}


def _parts(values: Sequence[str]) -> Iterable[Sequence[str]]:
    return (values[start : start + AT_ONCE] for start in range(0, len(values), AT_ONCE))
