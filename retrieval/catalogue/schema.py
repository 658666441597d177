"""The catalogue's tables, as numbered migrations. Never edit one that has shipped: add the next."""

from retrieval.catalogue.database import Migration
from retrieval.catalogue.one_collection import divide

MIGRATIONS: tuple[Migration, ...] = (
    """
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

    -- One row per attempt to take a video in. The video's own row names the one that counts.
    CREATE TABLE generations (
        generation INTEGER PRIMARY KEY AUTOINCREMENT,
        video_id TEXT NOT NULL,
        content_hash TEXT NOT NULL,
        owner TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('pending', 'current', 'dead'))
    );
    CREATE INDEX generations_by_state ON generations (state) WHERE state != 'current';

    CREATE TABLE videos (
        video_id TEXT PRIMARY KEY,
        content_hash TEXT NOT NULL,
        inputs TEXT NOT NULL,
        duration REAL NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('complete', 'partial', 'imported')),
        note TEXT NOT NULL,
        generation INTEGER NOT NULL UNIQUE
    ) WITHOUT ROWID;
    CREATE INDEX videos_by_hash ON videos (content_hash);

    CREATE TABLE memberships (
        collection TEXT NOT NULL,
        video_id TEXT NOT NULL REFERENCES videos ON DELETE CASCADE,
        title TEXT NOT NULL,
        path TEXT,
        PRIMARY KEY (collection, video_id)
    ) WITHOUT ROWID;
    CREATE INDEX memberships_by_video ON memberships (video_id);

    -- What one generation knows. Times are seconds from the start of the media.
    CREATE TABLE shots (
        generation INTEGER NOT NULL, start REAL NOT NULL, end REAL NOT NULL,
        PRIMARY KEY (generation, start)
    ) WITHOUT ROWID;
    CREATE TABLE keyframes (
        generation INTEGER NOT NULL, time REAL NOT NULL, file TEXT NOT NULL, clip_vec BLOB,
        PRIMARY KEY (generation, time)
    ) WITHOUT ROWID;
    CREATE TABLE moments (
        generation INTEGER NOT NULL, number INTEGER NOT NULL, start REAL NOT NULL, end REAL NOT NULL,
        caption_vec BLOB, context_vec BLOB,
        PRIMARY KEY (generation, number)
    ) WITHOUT ROWID;
    CREATE TABLE texts (
        generation INTEGER NOT NULL, number INTEGER NOT NULL, place INTEGER NOT NULL,
        start REAL NOT NULL, end REAL NOT NULL, source TEXT NOT NULL, text TEXT NOT NULL,
        PRIMARY KEY (generation, number, place)
    ) WITHOUT ROWID;

    -- In how many moments a stem occurs: the rarity of a term, the same for every index.
    CREATE TABLE vocabulary (term TEXT PRIMARY KEY, moments INTEGER NOT NULL) WITHOUT ROWID;

    -- The sentences against which hubness is measured (see retrieval.searching.hubness), the newest version counts.
    CREATE TABLE banks (version INTEGER PRIMARY KEY, sentences INTEGER NOT NULL, vectors BLOB NOT NULL,
        video_ids TEXT NOT NULL);
    """,
    """
    -- What decoding found in a file, as retrieval.ingest.findings writes it.
    CREATE TABLE findings (generation INTEGER PRIMARY KEY, found TEXT NOT NULL);
    """,
    """
    -- Results of finished stages, as retrieval.publishing.stages writes them: what a killed ingest leaves is
    -- gone on with, and what decoding found is used again for new texts. Made anew: what the table held before
    -- is decoded again.
    DROP TABLE findings;
    CREATE TABLE findings (
        generation INTEGER NOT NULL, stage TEXT NOT NULL, part TEXT NOT NULL, depends TEXT NOT NULL,
        result NOT NULL, made INTEGER PRIMARY KEY AUTOINCREMENT,
        UNIQUE (generation, stage, part)
    );
    -- Where the file of an attempt was: what is left of it is kept as long as the file is there.
    ALTER TABLE generations ADD COLUMN path TEXT;
    -- A checksum of what a generation holds (see retrieval.catalogue.checksums).
    CREATE TABLE sums (generation INTEGER PRIMARY KEY, checksum TEXT NOT NULL);
    """,
    """
    -- Vectors of all spaces, by the names of retrieval.spaces: a further space is no further table. The place is the
    -- number of a moment, the time of a keyframe, or 0 for the whole video. With row ids: rows of vectors are longer
    -- than a page of an index holds.
    CREATE TABLE vectors (
        generation INTEGER NOT NULL, name TEXT NOT NULL, place REAL NOT NULL, vector BLOB NOT NULL,
        PRIMARY KEY (generation, name, place)
    );
    INSERT INTO vectors SELECT generation, 'caption_vec', number, caption_vec FROM moments
        WHERE caption_vec IS NOT NULL;
    INSERT INTO vectors SELECT generation, 'context_vec', number, context_vec FROM moments
        WHERE context_vec IS NOT NULL;
    INSERT INTO vectors SELECT generation, 'clip_vec', time, clip_vec FROM keyframes WHERE clip_vec IS NOT NULL;
    ALTER TABLE moments DROP COLUMN caption_vec;
    ALTER TABLE moments DROP COLUMN context_vec;
    ALTER TABLE keyframes DROP COLUMN clip_vec;
    """,
    """
    -- In how many moments of each collection a stem occurs (see retrieval.catalogue.vocabulary): counted anew with
    -- the index, which is of another form than before.
    DROP TABLE vocabulary;
    CREATE TABLE vocabulary (
        collection TEXT NOT NULL, term TEXT NOT NULL, moments INTEGER NOT NULL, PRIMARY KEY (term, collection)
    ) WITHOUT ROWID;
    """,
    """
    -- In how many moments of each collection a word is written, as it is spelt but for capital letters and accents.
    CREATE TABLE spellings (
        collection TEXT NOT NULL, word TEXT NOT NULL, moments INTEGER NOT NULL, PRIMARY KEY (collection, word)
    ) WITHOUT ROWID;
    """,
    """
    -- The sentences of each collection against which hubness is measured (see retrieval.searching.hubness): drawn anew
    -- with the next index.
    DROP TABLE banks;
    CREATE TABLE banks (
        collection TEXT PRIMARY KEY, sentences INTEGER NOT NULL, mean REAL NOT NULL, vectors BLOB NOT NULL,
        video_ids TEXT NOT NULL
    );
    """,
    # A video belongs to one collection, and what was given to it is kept apart from its moments.
    divide,
    """
    -- Collections opened to places and principals (see docs/decisions/rights.md). What is taken back stays as history.
    CREATE TABLE grants (
        number INTEGER PRIMARY KEY AUTOINCREMENT, collection TEXT NOT NULL, grantee TEXT NOT NULL,
        external INTEGER NOT NULL, given_by TEXT NOT NULL, given_at TEXT NOT NULL, taken_by TEXT, taken_at TEXT
    );
    CREATE UNIQUE INDEX grants_that_count ON grants (grantee, collection) WHERE taken_at IS NULL;
    CREATE TABLE programs (name TEXT PRIMARY KEY, token_sum TEXT NOT NULL UNIQUE) WITHOUT ROWID;
    """,
    """
    -- Size and CRC-32 of each keyframe's file (see retrieval.catalogue.frame_sums).
    CREATE TABLE frame_files (
        generation INTEGER NOT NULL, file TEXT NOT NULL, size INTEGER NOT NULL, sum INTEGER NOT NULL,
        PRIMARY KEY (generation, file)
    ) WITHOUT ROWID
    """,
    """
    -- Where else in its collection the bytes of a video lie (see retrieval.catalogue.other_names).
    CREATE TABLE other_names (video_id TEXT NOT NULL, path NOT NULL, PRIMARY KEY (video_id, path)) WITHOUT ROWID
    """,
)
