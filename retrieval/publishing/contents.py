"""What one generation knows, as rows of the catalogue's tables."""

from sqlite3 import Connection

from retrieval.catalogue import frame_sums, row_sums
from retrieval.publishing.drafts import Draft
from retrieval.publishing.stages import VECTORS

TABLES = ("shots", "keyframes", "frame_files", "moments", "texts", "vectors")
"""The tables that hold what a generation knows."""


def insert(db: Connection, draft: Draft) -> None:
    """Write what a draft knows, but for its vectors."""
    generation = draft.reserved.generation
    db.executemany("INSERT INTO shots VALUES (?, ?, ?)", [(generation, s.span.start, s.span.end) for s in draft.shots])
    db.executemany(
        "INSERT INTO keyframes VALUES (?, ?, ?)",
        [(generation, frame.time, frame.path.name) for frame in draft.keyframes],
    )
    frame_sums.note(db, generation, (frame.path for frame in draft.keyframes))
    # vectors stand in their own table from now on
    db.execute("DELETE FROM findings WHERE generation = ? AND stage GLOB ?", (generation, f"{VECTORS}*"))
    for number, (span, texts) in enumerate(draft.moments, start=1):
        db.execute("INSERT INTO moments VALUES (?, ?, ?, ?)", (generation, number, span.start, span.end))
        db.executemany(
            "INSERT INTO texts VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(generation, number, place, t.span.start, t.span.end, t.source, t.text) for place, t in enumerate(texts)],
        )


def delete(db: Connection, generation: int) -> None:
    """Delete all that a generation knows."""
    for table in (*TABLES, "findings", "sums"):
        db.execute(f"DELETE FROM {table} WHERE generation = ?", (generation,))
    for table in (*TABLES, "sums"):
        row_sums.forget(db, table, generation)  # of rows that were damaged or gone too
