"""How a video enters the catalogue and leaves it: whole, in one transaction, or not at all.

A generation is reserved first, so that whatever is written to disk or to an index before the commit can be told
from what counts. Each process holds a lock file while it works, and a free lock means that its owner is gone. What
it left without commit is gone on with where its file is met again within a week; else it is swept.
"""

import os
import secrets
import shutil
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection, Row

from filelock import FileLock, Timeout

from retrieval.catalogue import checksums, vectors, vocabulary
from retrieval.catalogue.catalogue import Catalogue, stored_path
from retrieval.publishing.drafts import Draft, Reserved
from retrieval.publishing.stages import VECTORS
from retrieval.spaces import PlacedVectors
from retrieval.types import Membership, whole

NOBODY = ""
"""The owner of an attempt that its process gave up."""

KEPT_SECONDS = 7 * 24 * 3600.0
"""How long an attempt that nobody goes on with is kept."""


@dataclass(frozen=True, slots=True)
class StaleGeneration:
    """Rows that no longer count and are still to be deleted from the index, with their frames."""

    video_id: str
    generation: int


class Generations:
    """Writes to a catalogue. One for each process; close it to release its lock."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._database = catalogue.database
        self._locks = catalogue.home / "locks"
        self._locks.mkdir(exist_ok=True)
        self.owner = secrets.token_hex(8)
        self._lock = FileLock(self._locks / self.owner)
        self._lock.acquire()

    def reserve(
        self, wanted_id: str, content_hash: str, replace_in: str | None = None, path: Path | None = None
    ) -> Reserved:
        """Reserve a generation for some content, which may lie in a file at `path`.

        What another attempt at the same content left, whose process is gone, is this one's: finished stages, keyframes.

        Known content keeps its id, also while another process is taking it in. Else the id is the wanted one;
        where other content has that, it is replaced if it is in the collection `replace_in` alone, and the new id
        gets a suffix if not.
        """
        wanted_id = whole(wanted_id)
        with self._database.writing() as db:
            query = (
                "SELECT video_id FROM videos WHERE content_hash = ? "
                "UNION ALL SELECT video_id FROM generations WHERE content_hash = ? AND state = 'pending'"
            )
            known = db.execute(query, (content_hash, content_hash)).fetchone()
            if known:
                video_id = known["video_id"]
            elif replace_in is not None and _only_in(db, wanted_id, replace_in):
                video_id = wanted_id
            else:
                video_id = _free_id(db, wanted_id, content_hash)
            cursor = db.execute(
                "INSERT INTO generations (video_id, content_hash, owner, state, path) VALUES (?, ?, ?, 'pending', ?)",
                (video_id, content_hash, self.owner, None if path is None else stored_path(path)),
            )
            reserved = Reserved(video_id, int(cursor.lastrowid or 0))
            if path is not None:
                self._adopt(db, reserved.generation, content_hash)
            return reserved

    def release(self, reserved: Reserved) -> None:
        """Give an attempt up, but leave what it finished to the next one."""
        with self._database.writing() as db:
            db.execute("UPDATE generations SET owner = ? WHERE generation = ?", (NOBODY, reserved.generation))

    def _adopt(self, db: Connection, generation: int, content_hash: str) -> None:
        """Take over what ended attempts at some content left; their rows in an index are dead under their number."""
        query = "SELECT * FROM generations WHERE content_hash = ? AND state = 'pending' ORDER BY generation DESC"
        for row in db.execute(query, (content_hash,)).fetchall():
            if row["generation"] == generation or not self._is_gone(row["owner"]):
                continue
            left = self.catalogue.frames_folder(row["generation"])
            if left.is_dir():
                shutil.copytree(
                    left, self.catalogue.frames_folder(generation), copy_function=_linked, dirs_exist_ok=True
                )
            db.execute(
                "UPDATE OR IGNORE findings SET generation = ? WHERE generation = ?", (generation, row["generation"])
            )
            db.execute("UPDATE generations SET state = 'dead' WHERE generation = ?", (row["generation"],))

    def commit(self, drafts: Sequence[tuple[Draft, PlacedVectors]]) -> list[StaleGeneration]:
        """Make these generations the ones that count; return those that they replace or were made from."""
        with self._database.writing() as db:
            return [remains for draft, placed in drafts for remains in _replace(db, draft, placed)]

    def join(self, video_id: str, memberships: Iterable[Membership]) -> None:
        """Put a known video into collections, or renew its title and path there."""
        with self._database.writing() as db:
            before = set(vocabulary.collections_of(db, video_id))
            for membership in memberships:
                _join(db, video_id, membership)
            row = db.execute("SELECT generation FROM videos WHERE video_id = ?", (video_id,)).fetchone()
            if row is not None:
                vocabulary.count(db, row["generation"], +1, set(vocabulary.collections_of(db, video_id)) - before)

    def accept(self, video_id: str, inputs: str) -> None:
        """Say that a video's moments stand for these inputs too: nothing is to be made anew for them."""
        with self._database.writing() as db:
            db.execute("UPDATE videos SET inputs = ? WHERE video_id = ?", (inputs, video_id))

    def leave(self, video_id: str, collections: Iterable[str]) -> list[StaleGeneration]:
        """Take a video out of collections; out of the last one, it is gone."""
        with self._database.writing() as db:
            left = set(vocabulary.collections_of(db, video_id)) & set(collections)
            row = db.execute("SELECT generation FROM videos WHERE video_id = ?", (video_id,)).fetchone()
            if row is not None:
                vocabulary.count(db, row["generation"], -1, left)
            for collection in left:
                db.execute("DELETE FROM memberships WHERE video_id = ? AND collection = ?", (video_id, collection))
            if db.execute("SELECT 1 FROM memberships WHERE video_id = ?", (video_id,)).fetchone():
                return []
            remains = _retire(db, video_id)
            db.execute("DELETE FROM videos WHERE video_id = ?", (video_id,))
            return [remains] if remains else []

    def abandoned(self) -> list[StaleGeneration]:
        """Return what is to be swept: replaced generations, and attempts that ended and that nobody goes on with."""
        rows = self._database.rows("SELECT * FROM generations WHERE state = 'dead' OR state = 'pending'")
        return [
            StaleGeneration(row["video_id"], row["generation"])
            for row in rows
            if row["state"] == "dead" or (self._is_gone(row["owner"]) and not self._may_go_on(row))
        ]

    def _may_go_on(self, row: Row) -> bool:
        """Tell whether an ended attempt has left something that may still be wanted."""
        if row["path"] is None or not os.path.lexists(row["path"]):
            return False
        folder = self.catalogue.frames_folder(row["generation"])
        kept = self._database.rows("SELECT 1 FROM findings WHERE generation = ? LIMIT 1", (row["generation"],))
        return bool(kept) and folder.is_dir() and time.time() - folder.stat().st_mtime < KEPT_SECONDS

    def forget(self, remains: Iterable[StaleGeneration]) -> None:
        """Delete the frames and the last traces of generations that the index no longer holds."""
        for left in remains:
            shutil.rmtree(self.catalogue.frames_folder(left.generation), ignore_errors=True)
            with self._database.writing() as db:
                _delete_content(db, left.generation)
                db.execute("DELETE FROM generations WHERE generation = ?", (left.generation,))

    def recount(self) -> None:
        """Count the words of all videos anew: another version of the analysis may have counted them."""
        with self._database.writing() as db:
            vocabulary.recount(db)

    def note(self, key: str, value: str) -> None:
        """Store a setting of the library itself."""
        with self._database.writing() as db:
            db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def _is_gone(self, owner: str) -> bool:
        if owner in (self.owner, NOBODY):
            return owner == NOBODY
        lock = FileLock(self._locks / owner)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return False
        lock.release()
        (self._locks / owner).unlink(missing_ok=True)
        return True

    def close(self) -> None:
        """Release this process's lock."""
        self._lock.release()
        Path(self._lock.lock_file).unlink(missing_ok=True)


def _linked(source: str, target: str) -> str:
    """Put a file at another place too, by a link where the file system has such: keyframes are never written into."""
    try:
        os.link(source, target)
    except FileExistsError:
        return target
    except OSError:
        shutil.copyfile(source, target)
    return target


def _free_id(db: Connection, wanted: str, content_hash: str) -> str:
    taken = "SELECT 1 FROM videos WHERE video_id = ? UNION SELECT 1 FROM generations WHERE video_id = ?"
    if db.execute(taken, (wanted, wanted)).fetchone() is None:
        return wanted
    return f"{wanted}-{content_hash[:6]}"


def _only_in(db: Connection, video_id: str, collection: str) -> bool:
    rows = db.execute("SELECT collection FROM memberships WHERE video_id = ?", (video_id,)).fetchall()
    return [row["collection"] for row in rows] == [collection]


def _replace(db: Connection, draft: Draft, placed: PlacedVectors) -> list[StaleGeneration]:
    video_id, generation = draft.reserved.video_id, draft.reserved.generation
    _retire(db, video_id)
    db.execute(
        "INSERT INTO videos VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (video_id) DO UPDATE SET "
        "content_hash = excluded.content_hash, inputs = excluded.inputs, duration = excluded.duration, "
        "state = excluded.state, note = excluded.note, generation = excluded.generation",
        (video_id, draft.content_hash, draft.inputs, draft.duration, draft.state, draft.note, generation),
    )
    _join(db, video_id, draft.membership)
    _insert_content(db, draft)
    vectors.write(db, generation, placed)
    vocabulary.count(db, generation, +1, vocabulary.collections_of(db, video_id))
    checksums.note(db, generation)
    db.execute("UPDATE generations SET state = 'current' WHERE generation = ?", (generation,))
    dead = "SELECT * FROM generations WHERE state = 'dead' AND (video_id = ? OR content_hash = ?)"
    rows = db.execute(dead, (video_id, draft.content_hash)).fetchall()
    return [StaleGeneration(row["video_id"], row["generation"]) for row in rows]


def _retire(db: Connection, video_id: str) -> StaleGeneration | None:
    row = db.execute("SELECT generation FROM videos WHERE video_id = ?", (video_id,)).fetchone()
    if row is None:
        return None
    db.execute("UPDATE generations SET state = 'dead' WHERE generation = ?", (row["generation"],))
    vocabulary.count(db, row["generation"], -1, vocabulary.collections_of(db, video_id))
    return StaleGeneration(video_id, row["generation"])


def _join(db: Connection, video_id: str, membership: Membership) -> None:
    """Write a membership; a path holds one file, so other videos lose theirs if it is the same."""
    path = None if membership.path is None else stored_path(membership.path)
    db.execute("UPDATE memberships SET path = NULL WHERE path = ? AND video_id != ?", (path, video_id))
    db.execute(
        "INSERT OR REPLACE INTO memberships VALUES (?, ?, ?, ?)",
        (membership.collection, video_id, whole(membership.title), path),
    )


def _insert_content(db: Connection, draft: Draft) -> None:
    generation = draft.reserved.generation
    db.executemany("INSERT INTO shots VALUES (?, ?, ?)", [(generation, s.span.start, s.span.end) for s in draft.shots])
    db.executemany(
        "INSERT INTO keyframes VALUES (?, ?, ?)",
        [(generation, frame.time, frame.path.name) for frame in draft.keyframes],
    )
    # vectors stand in their own table from now on
    db.execute("DELETE FROM findings WHERE generation = ? AND stage GLOB ?", (generation, f"{VECTORS}*"))
    for number, (span, texts) in enumerate(draft.moments, start=1):
        db.execute("INSERT INTO moments VALUES (?, ?, ?, ?)", (generation, number, span.start, span.end))
        db.executemany(
            "INSERT INTO texts VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(generation, number, place, t.span.start, t.span.end, t.source, t.text) for place, t in enumerate(texts)],
        )


def _delete_content(db: Connection, generation: int) -> None:
    for table in ("shots", "keyframes", "moments", "texts", "vectors", "findings", "sums"):
        db.execute(f"DELETE FROM {table} WHERE generation = ?", (generation,))
