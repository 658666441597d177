"""The step to a catalogue in which a video belongs to one collection. Run once, within one transaction.

A video of several collections becomes a video of each. What was computed from its bytes is copied. What a person gave
it (captions, subtitle files beside it) was seen in all of them; it is set aside, and its owner chooses which collection
keeps it. Imported videos have nothing else, and were given to each of their collections: each keeps them.

Ended by a kill, the step leaves the catalogue as it was, and links of keyframes that the next run makes again.
"""

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection, Row

from retrieval.catalogue import checksums
from retrieval.catalogue.given import ASIDE, Given, aside, inputs_hash, write_aside, write_given
from retrieval.catalogue.ids import free, key_of, legal
from retrieval.types import TimedText, TimeSpan

PIPELINE = "3"
"""How moments were made when this step came; of older videos nothing is known to stand."""

TABLES = """
    CREATE TABLE new_videos (
        collection TEXT NOT NULL, id TEXT NOT NULL CHECK (id != '' AND instr(id, '/') = 0),
        video_id TEXT NOT NULL GENERATED ALWAYS AS (collection || '/' || id) STORED UNIQUE,
        title TEXT NOT NULL, path TEXT, content_hash TEXT NOT NULL, inputs TEXT NOT NULL, duration REAL NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('complete', 'partial', 'imported')), note TEXT NOT NULL,
        generation INTEGER NOT NULL UNIQUE,
        PRIMARY KEY (collection, id)
    ) WITHOUT ROWID;
    CREATE TABLE given (
        video_id TEXT NOT NULL, kind TEXT NOT NULL, file TEXT NOT NULL, place INTEGER NOT NULL,
        start REAL NOT NULL, end REAL NOT NULL, text TEXT NOT NULL,
        PRIMARY KEY (video_id, kind, file, place)
    ) WITHOUT ROWID;
    CREATE TABLE given_files (
        video_id TEXT NOT NULL, file TEXT NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (video_id, file)
    ) WITHOUT ROWID;
    CREATE TABLE set_aside (
        content_hash TEXT NOT NULL, kind TEXT NOT NULL, file TEXT NOT NULL, place INTEGER NOT NULL,
        start REAL NOT NULL, end REAL NOT NULL, text TEXT NOT NULL,
        PRIMARY KEY (content_hash, kind, file, place)
    ) WITHOUT ROWID
"""
AFTERWARDS = """
    DROP TABLE memberships;
    DROP TABLE videos;
    ALTER TABLE new_videos RENAME TO videos;
    CREATE INDEX videos_by_hash ON videos (content_hash);
    CREATE INDEX videos_by_id ON videos (id);
    CREATE INDEX videos_by_path ON videos (path) WHERE path IS NOT NULL;
    DELETE FROM banks
"""
COPIED = ("shots", "keyframes", "moments", "texts", "vectors", "sums")
OF_TEXTS = ("caption_vec", "context_vec", "words_vec")
OLD_VIDEO = "SELECT video_id, content_hash, duration, state FROM videos WHERE generation = ?"


@dataclass(frozen=True, slots=True)
class _Part:
    """What becomes of a video in one of its collections; `first` is the generation that it had before."""

    old: Row
    collection: str
    name: str
    title: str
    path: str | bytes | None
    generation: int
    is_shared: bool

    @property
    def first(self) -> int:
        return int(self.old["generation"])


def divide(db: Connection) -> None:
    """Make a video of each of its collections out of every video."""
    for statement in TABLES.split(";"):
        db.execute(statement)
    parts = _parts(db)
    changed = [part for part in parts if part.is_shared or part.name != part.old["video_id"]]
    sound = {part.first for part in changed if checksums.is_sound(db, part.first, OLD_VIDEO)}
    for part in parts:
        _write(db, part)
    for statement in AFTERWARDS.split(";"):
        db.execute(statement)
    for part in changed:
        if part.is_shared and part.old["state"] != "imported":
            _without_given(db, part)
        if part.first in sound:
            checksums.note(db, part.generation)


def _parts(db: Connection) -> list[_Part]:
    """Return all videos to be; each keeps its id where it can."""
    query = "SELECT * FROM videos JOIN memberships USING (video_id) ORDER BY generation, collection"
    rows = db.execute(query).fetchall()
    shared = {row["video_id"] for row in db.execute("SELECT * FROM memberships GROUP BY video_id HAVING count(*) > 1")}
    taken: set[tuple[str, str]] = set()
    parts, seen = [], set()
    for row in sorted(rows, key=lambda row: not _keeps_id(row, row["video_id"] in shared)):
        collection, is_shared = row["collection"], row["video_id"] in shared
        wanted = row["video_id"] if _keeps_id(row, is_shared) else row["title"] or row["video_id"]
        name = free(wanted, row["content_hash"], lambda name, into=collection: (into, name) in taken)  # type: ignore[misc]
        taken.add((collection, name))
        generation = int(row["generation"])
        if generation in seen:
            generation = _new_generation(db, row)
        seen.add(generation)
        parts.append(_Part(row, collection, name, row["title"], row["path"], generation, is_shared))
    return parts


def _keeps_id(row: Row, is_shared: bool) -> bool:
    """Tell whether an id stays: one made of the name of a file in one collection is not told in another."""
    name = legal(row["video_id"])
    made_of_title = name == legal(row["title"]) or name.rpartition("-")[0] == legal(row["title"])
    return not is_shared or row["state"] == "imported" or made_of_title


def _new_generation(db: Connection, row: Row) -> int:
    """Copy what is known of a video under a number of its own."""
    made = db.execute(
        "INSERT INTO generations (video_id, content_hash, owner, state, path) VALUES (?, ?, '', 'current', ?)",
        (row["video_id"], row["content_hash"], row["path"]),
    )
    generation = int(made.lastrowid or 0)
    for table in COPIED:
        columns = [column["name"] for column in db.execute(f"PRAGMA table_info({table})")][1:]
        names = ", ".join(columns)
        query = f"INSERT INTO {table} (generation, {names}) SELECT ?, {names} FROM {table} WHERE generation = ?"
        db.execute(query, (generation, row["generation"]))
    names = "stage, part, depends, result"
    query = f"INSERT INTO findings (generation, {names}) SELECT ?, {names} FROM findings WHERE generation = ?"
    db.execute(query, (generation, row["generation"]))
    _link_frames(db, row["generation"], generation)
    return generation


def _link_frames(db: Connection, generation: int, copy: int) -> None:
    file = next(row["file"] for row in db.execute("PRAGMA database_list") if row["name"] == "main")
    frames = Path(file).parent / "frames"
    if file and (frames / str(generation)).is_dir():
        shutil.rmtree(frames / str(copy), ignore_errors=True)
        shutil.copytree(frames / str(generation), frames / str(copy), copy_function=linked)


def linked(source: str, target: str) -> str:
    """Put a file at another place too, by a link where the file system has such: keyframes are never written into."""
    try:
        os.link(source, target)
    except FileExistsError:
        return target
    except OSError:
        shutil.copyfile(source, target)
    return target


def _write(db: Connection, part: _Part) -> None:
    old, given, key = part.old, _given(db, part.first), key_of(part.collection, part.name)
    keeps = not part.is_shared or old["state"] == "imported"
    place = (part.collection, part.name, part.title, part.path, old["content_hash"])
    db.execute(
        "INSERT INTO new_videos (collection, id, title, path, content_hash, inputs, duration, state, note, generation)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*place, _inputs(db, part, given), old["duration"], old["state"], old["note"], part.generation),
    )
    db.execute("UPDATE generations SET video_id = ? WHERE generation = ?", (key, part.generation))
    if keeps:
        write_given(db, key, given)
    else:
        write_aside(db, old["content_hash"], given)


def _inputs(db: Connection, part: _Part, given: Given) -> str:
    """Return the digest of what moments were made of, "" where they are to be made anew."""
    if part.old["state"] == "imported" or not part.old["inputs"]:
        return str(part.old["inputs"])
    used = {
        row["stage"]: row["depends"].split(" ", 1)
        for row in db.execute("SELECT stage, depends FROM findings WHERE generation = ? ORDER BY made", (part.first,))
    }
    if used.get("reading", [""])[0] != PIPELINE or (part.is_shared and given.kinds):
        return ""
    models = [used[stage][1] if stage in used else None for stage in ("speech", "describing")]
    return inputs_hash(PIPELINE, part.old["content_hash"], given, *models)


def _given(db: Connection, generation: int) -> Given:
    """Return what a person gave to a video, from its moments: all but the cues that lie in its file."""
    query = "SELECT DISTINCT {} start, end, text FROM texts WHERE generation = ? AND source = ? ORDER BY {}"
    captions = db.execute(query.format("number, place,", "number, place"), (generation, "caption")).fetchall()
    cues = db.execute(query.format("", "start, end, text"), (generation, "subtitle")).fetchall()
    inside = "SELECT result FROM findings WHERE generation = ? AND stage = 'text'"
    held = {
        (round(start, 1), text) for row in db.execute(inside, (generation,)) for start, _, text in json.loads(row[0])
    }
    beside = [row for row in cues if (round(row["start"], 1), row["text"]) not in held]
    return Given(
        tuple(TimedText(TimeSpan(row["start"], row["end"]), row["text"], "caption") for row in captions),
        {"": tuple(TimedText(TimeSpan(row["start"], row["end"]), row["text"], "subtitle") for row in beside)}
        if beside
        else {},
    )


def _without_given(db: Connection, part: _Part) -> None:
    """Take given texts out of the moments of a video; these are made anew with the next index."""
    given = aside(db, part.old["content_hash"])
    if not given.kinds:
        return
    db.execute("DELETE FROM texts WHERE generation = ? AND source = 'caption'", (part.generation,))
    for cue in given.cues:
        values = (part.generation, cue.span.start, cue.text)
        db.execute("DELETE FROM texts WHERE generation = ? AND source = 'subtitle' AND start = ? AND text = ?", values)
    for name in OF_TEXTS:
        db.execute("DELETE FROM vectors WHERE generation = ? AND name = ?", (part.generation, name))
    db.execute(
        "UPDATE videos SET note = ?, state = 'partial' WHERE generation = ? AND state = 'complete'",
        (ASIDE, part.generation),
    )
