"""Finished stages of one attempt to take a file in, with their results: durable at once, so that none is run twice.

A stage may have parts that finish one by one, as the words on each keyframe. A result counts only for what it
depends on: a model, a setting, a version of the program.
"""

from collections.abc import Mapping
from typing import Any

from retrieval.catalogue.database import Database

Result = Any
"""A text or bytes, as the stage wrote it."""

VECTORS = "embedding"
"""What stages are called, or begin with, whose results stand in a table of their own once a video is published."""


FILE = "file"
"""What holds the stamp of the file that a video was made of."""


class Stages:
    """The finished stages of one generation."""

    def __init__(self, database: Database, generation: int) -> None:
        self._database = database
        self._generation = generation

    def results(self, stage: str, depends: str) -> dict[str, Result]:
        """Return the results of a stage's finished parts."""
        query = "SELECT part, result FROM findings WHERE generation = ? AND stage = ? AND depends = ?"
        return {row["part"]: row["result"] for row in self._database.rows(query, (self._generation, stage, depends))}

    def depends(self, stage: str) -> str | None:
        """Return what the newest result of a stage depends on, None where there is none."""
        query = "SELECT depends FROM findings WHERE generation = ? AND stage = ? ORDER BY made DESC LIMIT 1"
        rows = self._database.rows(query, (self._generation, stage))
        return str(rows[0]["depends"]) if rows else None

    def keep(self, stage: str, depends: str, results: Mapping[str, Result]) -> None:
        """Note that parts of a stage are finished; after this nothing ends them but `Generations.forget`."""
        if not results:
            return
        rows = [(self._generation, stage, part, depends, result) for part, result in results.items()]
        with self._database.writing() as db:
            db.executemany(
                "INSERT OR REPLACE INTO findings (generation, stage, part, depends, result) VALUES (?, ?, ?, ?, ?)",
                rows,
            )
