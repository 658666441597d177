"""The bank of sentences against which hubness is measured, as the catalogue keeps it; the newest counts."""

import json
from dataclasses import dataclass

import numpy as np

from retrieval.catalogue.database import Database
from retrieval.spaces import Vectors


@dataclass(frozen=True, slots=True)
class Bank:
    """Sentences to measure hubness against: unit vectors `(n, dimension)` and the video of each.

    `sentences` is how many the library held when the bank was drawn.
    """

    vectors: Vectors
    video_ids: tuple[str, ...]
    sentences: int


def load_bank(database: Database) -> Bank | None:
    """Return the newest bank, None where there is none yet."""
    newest = database.rows("SELECT * FROM banks ORDER BY version DESC LIMIT 1")
    if not newest:
        return None
    row = newest[0]
    owners = tuple(json.loads(row["video_ids"]))
    vectors = np.frombuffer(row["vectors"], "<f4").reshape(len(owners), -1)
    return Bank(vectors, owners, row["sentences"])


def save_bank(database: Database, bank: Bank) -> None:
    """Keep a bank as the newest version; older ones are dropped."""
    with database.writing() as db:
        db.execute("DELETE FROM banks WHERE version < (SELECT max(version) FROM banks)")
        db.execute(
            "INSERT INTO banks (sentences, vectors, video_ids) VALUES (?, ?, ?)",
            (bank.sentences, np.asarray(bank.vectors, "<f4").tobytes(), json.dumps(bank.video_ids)),
        )
