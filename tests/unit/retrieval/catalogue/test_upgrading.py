"""A library made before vectors had a table of their own is opened with all that it knows."""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from retrieval.catalogue import row_sums
from retrieval.catalogue.database import Migration
from retrieval.catalogue.schema import MIGRATIONS
from retrieval.encoders.hashing import HashingImageEncoder, HashingTextEncoder
from retrieval.encoders.lazy import Encoders
from retrieval.errors import SpaceMismatch
from retrieval.library import Library
from retrieval.publishing.drafts import Draft
from retrieval.searching.query import Query
from retrieval.spaces import Vectors
from retrieval.types import Entry, Keyframe, TimedText, TimeSpan

PUBLIC = frozenset({"public"})
VECTORS = "SELECT generation, name, place, vector FROM vectors ORDER BY generation, name, place"
SENTENCES = ["A red lamp.", "The blue lamp goes out.", ""]

SEVERAL_COLLECTIONS = """
    DROP TABLE grants;
    DROP TABLE programs;
    DROP TABLE frame_files;
    DROP TABLE other_names;
    CREATE TABLE old_videos (
        video_id TEXT PRIMARY KEY, content_hash TEXT NOT NULL, inputs TEXT NOT NULL, duration REAL NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('complete', 'partial', 'imported')), note TEXT NOT NULL,
        generation INTEGER NOT NULL UNIQUE
    ) WITHOUT ROWID;
    INSERT INTO old_videos SELECT id, content_hash, inputs, duration, state, note, generation FROM videos;
    CREATE TABLE memberships (
        collection TEXT NOT NULL, video_id TEXT NOT NULL REFERENCES videos ON DELETE CASCADE,
        title TEXT NOT NULL, path TEXT, PRIMARY KEY (collection, video_id)
    ) WITHOUT ROWID;
    CREATE TABLE kept AS SELECT collection, id, title, path FROM videos;
    DROP TABLE videos;
    ALTER TABLE old_videos RENAME TO videos;
    INSERT INTO memberships SELECT * FROM kept;
    DROP TABLE kept;
    CREATE INDEX videos_by_hash ON videos (content_hash);
    DROP TABLE given;
    DROP TABLE given_files;
    DROP TABLE set_aside;
    PRAGMA user_version = 7;
"""
"""Makes the seventh version of a catalogue, with a video in several collections, out of the newest."""

OLDER = (
    SEVERAL_COLLECTIONS
    + """
    ALTER TABLE moments ADD COLUMN caption_vec BLOB;
    ALTER TABLE moments ADD COLUMN context_vec BLOB;
    ALTER TABLE keyframes ADD COLUMN clip_vec BLOB;
    UPDATE moments SET
        caption_vec = (SELECT vector FROM vectors v WHERE v.generation = moments.generation AND place = number
            AND name = 'caption_vec'),
        context_vec = (SELECT vector FROM vectors v WHERE v.generation = moments.generation AND place = number
            AND name = 'context_vec');
    UPDATE keyframes SET clip_vec = (SELECT vector FROM vectors v WHERE v.generation = keyframes.generation
        AND place = time AND name = 'clip_vec');
    DROP TABLE vectors;
    DROP TABLE spellings;
    DROP TABLE banks;
    CREATE TABLE banks (version INTEGER PRIMARY KEY, sentences INTEGER NOT NULL, vectors BLOB NOT NULL,
        video_ids TEXT NOT NULL);
    DROP TABLE vocabulary;
    CREATE TABLE vocabulary (term TEXT PRIMARY KEY, moments INTEGER NOT NULL) WITHOUT ROWID;
    PRAGMA user_version = 3;
"""
)
"""Makes the third version of a catalogue out of the newest."""


class Recording(HashingTextEncoder):
    """Notes what it encodes."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.seen += texts
        return super().encode(texts)


class Blindfolded(HashingImageEncoder):
    """Encodes no picture but those of the canary."""

    def encode_images(self, images: Sequence[Image.Image]) -> Vectors:
        assert images[0].size == (96, 96), "a keyframe is encoded again"
        return super().encode_images(images)


def take(library: Library) -> None:
    """Publish one video: three moments, one of them without text, and a keyframe in each."""
    reserved = library._generations.reserve("lamps", "hash", "public")
    spans = [TimeSpan(5.0 * n, 5.0 * n + 5) for n in range(3)]
    frames = []
    for span, colour in zip(spans, ("red", "blue", "green"), strict=True):
        path = library.catalogue.frames_folder(reserved.generation) / f"{span.middle}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (16, 16), colour).save(path)
        frames.append(Keyframe(span.middle, path))
    moments = tuple(
        (span, (TimedText(span, text, "caption"),) if text else ()) for span, text in zip(spans, SENTENCES, strict=True)
    )
    where = Entry("public", "Lamps", None)
    draft = Draft(reserved, "hash", "in", 15.0, "imported", "", where, moments, (), tuple(frames))
    library._publisher.publish([draft])


def found(library: Library) -> list[object]:
    return [
        library.searcher.search(query, PUBLIC).hits
        for query in (
            Query("a red lamp"),
            Query("green", arm="frames"),
            Query(like="lamps:1", arm="meaning"),
            Query("goes out"),
        )
    ]


def made_older(home: Path) -> None:
    """Bring a home back to what an earlier version wrote."""
    with closing(sqlite3.connect(home / "catalogue.db")) as db:
        db.row_factory = sqlite3.Row
        row_sums.drop(db)
        db.executescript(OLDER)
        spaces = json.loads(db.execute("SELECT value FROM meta WHERE key = 'spaces'").fetchone()[0])
        old = json.dumps({kind: {k: v for k, v in s.items() if k != "encodes"} for kind, s in spaces.items()})
        db.execute("UPDATE meta SET value = ? WHERE key = 'spaces'", (old,))
        db.commit()
    for path in home.glob("index/*/spaces.json"):
        path.write_text(old)
        (path.parent / "form").unlink()


def test_an_older_library_keeps_its_vectors_and_after_a_reindex_what_it_finds(tmp_path: Path) -> None:
    home, texts = tmp_path / "home", Recording()
    with Library(home, Encoders(HashingTextEncoder, HashingImageEncoder)) as library:
        take(library)
        before, vectors = found(library), [tuple(row) for row in library.catalogue.database.rows(VECTORS)]
        checksums = [tuple(row) for row in library.catalogue.database.rows("SELECT * FROM sums")]
    assert [name for _, name, _, _ in vectors] == ["caption_vec"] * 2 + ["clip_vec"] * 3 + ["context_vec"] * 2
    made_older(home)
    with Library(home, Encoders(lambda: texts, Blindfolded)) as library:
        assert [tuple(row) for row in library.catalogue.database.rows(VECTORS)] == vectors
        with pytest.raises(SpaceMismatch, match="another version"):
            found(library)
        assert library.reindex() == 3
        assert found(library) == before
        assert [tuple(row) for row in library.catalogue.database.rows("SELECT * FROM sums")] == checksums
    assert not {text for text in texts.seen if text in SENTENCES} - {"A red lamp."}  # what others should be like


def run(db: sqlite3.Connection, steps: Sequence[Migration]) -> None:
    for step in steps:
        if isinstance(step, str):
            db.executescript(step)
        else:
            step(db)


def test_the_steps_to_a_new_and_to_an_older_catalogue_lead_to_the_same_tables(tmp_path: Path) -> None:
    def tables(db: sqlite3.Connection) -> dict[str, list[tuple[object, ...]]]:
        names = [row["name"] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {name: db.execute(f"PRAGMA table_xinfo({name})").fetchall() for name in sorted(names)}
        return {name: [tuple(row) for row in rows] for name, rows in found.items()}

    with closing(sqlite3.connect(tmp_path / "made.db")) as made:
        made.row_factory = sqlite3.Row
        run(made, MIGRATIONS)
        new = tables(made)
        made.executescript(OLDER.replace("PRAGMA user_version = 3;", ""))
        assert "vectors" not in tables(made)
        run(made, MIGRATIONS[3:])
        assert tables(made) == new
