"""The file that all processes of the Slack app share: what is to be done, what was posted, which threads are followed.

What it holds passes: conversations and opinions of them lie where those of the terminal do.
"""

from pathlib import Path

from retrieval.catalogue.database import Database
from retrieval.private import home_folder

NAME = "slack.db"

MIGRATIONS = (
    """
    -- Events and messages that were taken, so that none is taken twice.
    CREATE TABLE seen (event TEXT PRIMARY KEY, at REAL NOT NULL) WITHOUT ROWID;
    CREATE INDEX seen_by_age ON seen (at);
    -- What is to be done, in the order of its queue, `job` is JSON, `result` what is to be posted of it.
    CREATE TABLE jobs (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        queue TEXT NOT NULL, channel TEXT NOT NULL, message TEXT NOT NULL, person TEXT NOT NULL, job TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'waiting', at REAL NOT NULL, ready REAL NOT NULL, tries INTEGER NOT NULL DEFAULT 0,
        claimant TEXT NOT NULL DEFAULT '', until REAL NOT NULL DEFAULT 0, steer TEXT NOT NULL DEFAULT '',
        told INTEGER NOT NULL DEFAULT 0, result TEXT,
        turn TEXT NOT NULL DEFAULT ''
    );
    CREATE INDEX jobs_by_state ON jobs (state, queue, message);
    CREATE INDEX jobs_by_message ON jobs (channel, message);
    CREATE INDEX jobs_by_age ON jobs (at);
    -- What was posted of a job, part by part, `message` is empty as long as it is not known whether it was.
    CREATE TABLE posts (
        number INTEGER NOT NULL REFERENCES jobs ON DELETE CASCADE, part INTEGER NOT NULL, channel TEXT NOT NULL,
        message TEXT NOT NULL DEFAULT '', PRIMARY KEY (number, part)
    ) WITHOUT ROWID;
    CREATE INDEX posts_by_message ON posts (channel, message);
    -- Threads that the app was called into, `asked` is when somebody last asked, `noticed` when an outage was told.
    CREATE TABLE threads (
        channel TEXT NOT NULL, thread TEXT NOT NULL, conversation TEXT NOT NULL, is_root INTEGER NOT NULL DEFAULT 0,
        mode TEXT NOT NULL DEFAULT '', asked REAL NOT NULL, noticed REAL NOT NULL DEFAULT 0,
        PRIMARY KEY (channel, thread)
    ) WITHOUT ROWID;
    CREATE INDEX threads_by_age ON threads (asked);
    -- What is known of people: their names, and whether they are guests or of another workspace.
    CREATE TABLE people (person TEXT PRIMARY KEY, known TEXT NOT NULL, at REAL NOT NULL) WITHOUT ROWID;
    -- The collection that somebody narrowed their private questions to.
    CREATE TABLE scopes (person TEXT PRIMARY KEY, collection TEXT NOT NULL) WITHOUT ROWID;
    -- Files that were uploaded: of which video, and of which keyframe or clip of it.
    CREATE TABLE uploads (
        file TEXT PRIMARY KEY, video TEXT NOT NULL, source TEXT NOT NULL, at REAL NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX uploads_by_source ON uploads (source)
    """,
)


def opened(home: Path) -> Database:
    """Open the file in a home folder.

    Raises:
        LibraryUnusable: it cannot be opened or written, or is damaged.
    """
    home_folder(home)
    return Database(home / NAME, MIGRATIONS, synchronous="NORMAL", passing=True)
