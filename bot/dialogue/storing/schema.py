"""The tables of stored conversations, in the steps by which they came to be."""

from bot.dialogue.storing.sights import OWNERS_AND_SIGHTS

MIGRATIONS = (
    """
    CREATE TABLE conversations (
        conversation_id TEXT PRIMARY KEY,
        title TEXT NOT NULL,
        place INTEGER NOT NULL UNIQUE,
        updated TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE turns (
        conversation_id TEXT NOT NULL REFERENCES conversations ON DELETE CASCADE,
        number INTEGER NOT NULL,
        searchable TEXT NOT NULL,
        turn TEXT NOT NULL,
        PRIMARY KEY (conversation_id, number)
    )
    """,
    """
    CREATE TABLE shown (
        conversation_id TEXT NOT NULL REFERENCES conversations ON DELETE CASCADE,
        handle INTEGER NOT NULL,
        turn INTEGER NOT NULL,
        moment_id TEXT NOT NULL,
        video_id TEXT NOT NULL,
        title TEXT NOT NULL,
        start REAL NOT NULL,
        end REAL NOT NULL,
        PRIMARY KEY (conversation_id, handle)
    ) WITHOUT ROWID;
    INSERT OR REPLACE INTO shown
        SELECT t.conversation_id, c.value ->> 'handle', t.number, c.value ->> 'moment_id', c.value ->> 'video_id',
            c.value ->> 'title', c.value ->> 'start', c.value ->> 'end'
        FROM turns AS t, json_each(t.turn, '$.citations') AS c ORDER BY t.number;
    CREATE TABLE feedback (
        number INTEGER PRIMARY KEY,
        conversation_id TEXT NOT NULL REFERENCES conversations ON DELETE CASCADE,
        feedback TEXT NOT NULL
    );
    CREATE INDEX feedback_by_conversation ON feedback (conversation_id)
    """,
    """
    -- Handles that answers in the making have given, until their turns are stored.
    CREATE TABLE claims (
        conversation_id TEXT NOT NULL, handle INTEGER NOT NULL, moment_id TEXT NOT NULL, claimant TEXT NOT NULL,
        at REAL NOT NULL, PRIMARY KEY (conversation_id, handle, claimant)
    ) WITHOUT ROWID
    """,
    OWNERS_AND_SIGHTS,
)
"""Each is run once, in order; what is there is never changed, only followed by another."""
