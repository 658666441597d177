"""The banks of sentences against which hubness is measured, one for each collection, as the catalogue keeps them."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np

from retrieval.catalogue.database import Database
from retrieval.spaces import Vectors


@dataclass(frozen=True, slots=True)
class Bank:
    """Sentences to measure hubness against: unit vectors `(n, dimension)` and the key of each one's video.

    `sentences` is how many the collection held when the bank was drawn, `mean` what its moments measured then.
    """

    vectors: Vectors
    video_ids: tuple[str, ...]
    sentences: int
    mean: float = 0.0


def load_banks(database: Database) -> Mapping[str, Bank]:
    """Return the bank of each collection that has one."""
    found = {}
    for row in database.rows("SELECT * FROM banks ORDER BY collection"):
        owners = tuple(json.loads(row["video_ids"]))
        vectors = np.frombuffer(row["vectors"], "<f4").reshape(len(owners), -1)
        found[row["collection"]] = Bank(vectors, owners, row["sentences"], row["mean"])
    return found


def save_bank(database: Database, collection: str, bank: Bank) -> None:
    """Keep the bank of a collection instead of what it had."""
    with database.writing() as db:
        db.execute(
            "INSERT OR REPLACE INTO banks VALUES (?, ?, ?, ?, ?)",
            (
                collection,
                bank.sentences,
                bank.mean,
                np.asarray(bank.vectors, "<f4").tobytes(),
                json.dumps(bank.video_ids),
            ),
        )


def keep_banks(database: Database, collections: Collection[str]) -> None:
    """Drop the banks of all other collections than these."""
    with database.writing() as db:
        for (collection,) in db.execute("SELECT collection FROM banks").fetchall():
            if collection not in collections:
                db.execute("DELETE FROM banks WHERE collection = ?", (collection,))


def leave_out(database: Database, keys: Collection[str]) -> None:
    """Take the sentences of these videos out of all banks."""
    for collection, bank in load_banks(database).items():
        stays = [owner not in keys for owner in bank.video_ids]
        if not any(stays):
            keep_banks(database, load_banks(database).keys() - {collection})
        elif not all(stays):
            owners = tuple(owner for owner, one in zip(bank.video_ids, stays, strict=True) if one)
            save_bank(database, collection, replace(bank, vectors=bank.vectors[stays], video_ids=owners))
