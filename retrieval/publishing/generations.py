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

from retrieval.catalogue import checksums, erasures, other_names, vectors, vocabulary
from retrieval.catalogue.catalogue import Catalogue
from retrieval.catalogue.given import Given, choose, move_given, write_aside, write_given
from retrieval.catalogue.ids import free, key_of, split_key
from retrieval.catalogue.one_collection import linked
from retrieval.catalogue.other_names import stored_path
from retrieval.errors import AlreadyThere, NotInLibrary, Overtaken
from retrieval.publishing import contents
from retrieval.publishing.drafts import NOTHING, Draft, Reserved
from retrieval.spaces import PlacedVectors
from retrieval.types import Entry, whole

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
        self.owner = f"{os.getpid()}-{secrets.token_hex(8)}"
        self._lock = FileLock(self._locks / self.owner)
        self._lock.acquire()

    def reserve(
        self, wanted_id: str, content_hash: str, collection: str, replaces: str | None = None, path: Path | None = None
    ) -> Reserved:
        """Reserve a generation for some content in a collection, which may lie in a file at `path`.

        What another attempt at the same content left, whose process is gone, is this one's: finished stages, keyframes.

        The key is that of the video that is replaced, or of known content of the collection, also while another process
        is taking it in. Else the id is the wanted one, or where that is taken in the collection, it with a suffix: no
        video is replaced but the one that is named.
        """
        with self._database.writing() as db:
            key = replaces or _known(db, content_hash, collection)
            if key is None:
                key = key_of(collection, free(wanted_id, content_hash, lambda name: _is_taken(db, collection, name)))
            reserved = self._pending(db, key, content_hash, path)
            if path is not None:
                self._adopt(db, reserved.generation, content_hash)
            return reserved

    def reserve_move(self, key: str, content_hash: str, collection: str, name: str | None = None) -> Reserved:
        """Reserve a generation for a video, under a name that must be free, or by its own id if that is free there."""
        with self._database.writing() as db:
            if name is not None and _is_taken(db, collection, name):
                raise AlreadyThere(name, collection, is_id=True)
            wanted = name or free(split_key(key)[1], content_hash, lambda name: _is_taken(db, collection, name))
            return self._pending(db, key_of(collection, wanted), content_hash, None)

    def _pending(self, db: Connection, key: str, content_hash: str, path: Path | None) -> Reserved:
        cursor = db.execute(
            "INSERT INTO generations (video_id, content_hash, owner, state, path) VALUES (?, ?, ?, 'pending', ?)",
            (key, content_hash, self.owner, None if path is None else stored_path(path)),
        )
        return Reserved(key, int(cursor.lastrowid or 0))

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
            self.take_frames(row["generation"], generation)
            db.execute(
                "UPDATE OR IGNORE findings SET generation = ? WHERE generation = ?", (generation, row["generation"])
            )
            db.execute("UPDATE generations SET state = 'dead' WHERE generation = ?", (row["generation"],))

    def take_frames(self, generation: int, into: int) -> None:
        """Put the keyframes of a generation into another one too."""
        left = self.catalogue.frames_folder(generation)
        if left.is_dir():
            shutil.copytree(left, self.catalogue.frames_folder(into), copy_function=linked, dirs_exist_ok=True)

    def commit(self, drafts: Sequence[tuple[Draft, PlacedVectors]]) -> list[StaleGeneration]:
        """Make these generations the ones that count; return those that they replace or were made from."""
        with self._database.writing() as db:
            return [remains for draft, placed in drafts for remains in _replace(db, draft, placed)]

    def relink(self, key: str, entry: Entry) -> None:
        """Renew the title and the path of a known video."""
        with self._database.writing() as db:
            _free_path(db, key, entry)
            path = None if entry.path is None else stored_path(entry.path)
            db.execute("UPDATE videos SET title = ?, path = ? WHERE video_id = ?", (whole(entry.title), path, key))

    def remove(self, key: str) -> list[StaleGeneration]:
        """Take a video out, with all that was given to it, and what ended attempts at it left."""
        with self._database.writing() as db:
            row = db.execute("SELECT * FROM videos WHERE video_id = ?", (key,)).fetchone()
            if row is None:
                return []
            before = erasures.held(db, key)
            remains = _retire(db, key)
            db.execute("DELETE FROM videos WHERE video_id = ?", (key,))
            write_given(db, key, Given())
            other_names.forget(db, key)
            if not db.execute("SELECT 1 FROM videos WHERE content_hash = ?", (row["content_hash"],)).fetchone():
                write_aside(db, row["content_hash"], Given())
            erasures.note(db, key, before)
            return [*([remains] if remains else []), *self._ended(db, key)]

    def _ended(self, db: Connection, key: str) -> list[StaleGeneration]:
        """Let nobody go on with the attempts at a video whose processes are gone."""
        query = "SELECT * FROM generations WHERE video_id = ? AND state = 'pending'"
        found = [row["generation"] for row in db.execute(query, (key,)).fetchall() if self._is_gone(row["owner"])]
        db.executemany("UPDATE generations SET state = 'dead' WHERE generation = ?", [(one,) for one in found])
        return [StaleGeneration(key, generation) for generation in found]

    def move(self, key: str, reserved: Reserved) -> list[StaleGeneration]:
        """Make a video one of the collection that was reserved, with all that is known of it."""
        collection, name = split_key(reserved.video_id)
        with self._database.writing() as db:
            video = db.execute("SELECT * FROM videos WHERE video_id = ?", (key,)).fetchone()
            remains = _retire(db, key)
            if video is None or remains is None:
                raise NotInLibrary(f"there is no video {key!r} any more", "`vdialog videos list` shows what is there.")
            for table in (*contents.TABLES, "findings"):
                before = (reserved.generation, remains.generation)
                db.execute(f"UPDATE {table} SET generation = ? WHERE generation = ?", before)
            if video["path"] is not None:
                query = "UPDATE videos SET path = NULL WHERE path = ? AND collection = ? AND video_id != ?"
                db.execute(query, (video["path"], collection, key))
            db.execute(
                "UPDATE videos SET collection = ?, id = ?, generation = ? WHERE video_id = ?",
                (collection, name, reserved.generation, key),
            )
            move_given(db, key, reserved.video_id)
            erasures.note_move(db, key, reserved.video_id)
            vocabulary.count(db, reserved.generation, +1, collection)
            checksums.note(db, reserved.generation)
            db.execute("UPDATE generations SET state = 'current' WHERE generation = ?", (reserved.generation,))
            return [remains]

    def keep_texts(self, key: str) -> bool:
        """Give a video the texts of its film that were set aside, if there are any; tell whether."""
        with self._database.writing() as db:
            return choose(db, key)

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
                contents.delete(db, left.generation)
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


def _is_taken(db: Connection, collection: str, name: str) -> bool:
    taken = "SELECT 1 FROM videos WHERE video_id = ? UNION SELECT 1 FROM generations WHERE video_id = ?"
    key = key_of(collection, name)
    return db.execute(taken, (key, key)).fetchone() is not None


def _known(db: Connection, content_hash: str, collection: str) -> str | None:
    """Return the key of the video of a collection with this content, also of one that is still being taken in."""
    query = (
        "SELECT video_id FROM videos WHERE content_hash = ? "
        "UNION ALL SELECT video_id FROM generations WHERE content_hash = ? AND state = 'pending'"
    )
    keys = (row["video_id"] for row in db.execute(query, (content_hash, content_hash)))
    return next((key for key in keys if split_key(key)[0] == collection), None)


def _replace(db: Connection, draft: Draft, placed: PlacedVectors) -> list[StaleGeneration]:
    key, generation = draft.reserved.video_id, draft.reserved.generation
    collection, name = split_key(key)
    before = erasures.held(db, key)
    if draft.made_from is not None and draft.made_from != _current(db, key):
        raise Overtaken(name)
    _retire(db, key)
    _free_path(db, key, draft.entry)
    path = None if draft.entry.path is None else stored_path(draft.entry.path)
    db.execute(
        "INSERT INTO videos (collection, id, title, path, content_hash, inputs, duration, state, note, generation) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (collection, id) DO UPDATE SET title = excluded.title, "
        "path = excluded.path, content_hash = excluded.content_hash, inputs = excluded.inputs, "
        "duration = excluded.duration, state = excluded.state, note = excluded.note, generation = excluded.generation",
        (collection, name, whole(draft.entry.title), path, draft.content_hash, draft.inputs)
        + (draft.duration, draft.state, draft.note, generation),
    )
    write_given(db, key, draft.given)
    contents.insert(db, draft)
    vectors.write(db, generation, placed)
    vocabulary.count(db, generation, +1, collection)
    checksums.note(db, generation)
    erasures.note(db, key, before)
    db.execute("UPDATE generations SET state = 'current' WHERE generation = ?", (generation,))
    dead = "SELECT * FROM generations WHERE state = 'dead' AND (video_id = ? OR content_hash = ?)"
    rows = db.execute(dead, (key, draft.content_hash)).fetchall()
    return [StaleGeneration(row["video_id"], row["generation"]) for row in rows]


def _retire(db: Connection, key: str) -> StaleGeneration | None:
    row = db.execute("SELECT generation, collection FROM videos WHERE video_id = ?", (key,)).fetchone()
    if row is None:
        return None
    db.execute("UPDATE generations SET state = 'dead' WHERE generation = ?", (row["generation"],))
    vocabulary.count(db, row["generation"], -1, row["collection"])
    return StaleGeneration(key, row["generation"])


def _current(db: Connection, key: str) -> int:
    row = db.execute("SELECT generation FROM videos WHERE video_id = ?", (key,)).fetchone()
    return NOTHING if row is None else int(row["generation"])


def _free_path(db: Connection, key: str, entry: Entry) -> None:
    """Take a path from other videos of the collection: it holds one file."""
    if entry.path is not None:
        query = "UPDATE videos SET path = NULL WHERE path = ? AND collection = ? AND video_id != ?"
        db.execute(query, (stored_path(entry.path), entry.collection, key))
        other_names.free(db, entry.collection, entry.path)
