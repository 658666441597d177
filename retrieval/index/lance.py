"""The embedded moment index: LanceDB files in a folder, no server.

Two tables, `moments` and `keyframes` (a row for each keyframe of each moment), that carry the same columns for
filtering. Small tables are searched exactly; past `INDEX_FROM` rows `optimize` builds a vector index (IVF with RaBitQ
codes of 4 bits), and searches rank its candidates again by the full vectors.

Every search sees what any process wrote before it began.
Why: docs/decisions/indexes.md.
"""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import lancedb
import numpy as np
import pyarrow as pa
from lancedb.background_loop import LOOP
from lancedb.index import FTS, BTree, IvfRq, LabelList
from lancedb.query import MatchQuery

from retrieval.errors import LibraryDamaged, SpaceMismatch, first_line
from retrieval.index import conditions, tables
from retrieval.index.base import IndexQuery, KeywordQuery, Scope, Scored, VectorQuery, VideoRows
from retrieval.index.filters import check_rows, check_vector
from retrieval.index.rarity import scores_by
from retrieval.index.readers import Read, Reader
from retrieval.index.scope_cache import ScopeCache, vectors
from retrieval.index.spaces import claim
from retrieval.spaces import Column, IndexSpaces, unit

INDEX_FROM = 20_000
RERANKED = 50
"""Candidates that are at least ranked again by their full vectors."""

PROBES = 25
"""Partitions (of about 4,000 rows) searched; more where a narrow filter leaves too few rows in these."""

BITS = 4
"""Bits of a RaBitQ code; fewer lose moments whose vectors are nearly alike."""

WORDED = "moments"
"""The table that is searched by words."""

READ_AGAIN = 5
"""How often a search is begun anew whose version of a table was deleted."""

REMEMBERED = 100
"""Sets of collections for which it is remembered whether they hold all rows."""


class LanceIndex:
    """A moment index in a folder; opened where it exists, made where it does not.

    Args:
        folder: where its files are.
        spaces: the encoders that its vectors come from.
        index_from: rows from which a table gets a vector index.

    Raises:
        SpaceMismatch: the folder holds vectors of other encoders than `spaces`.
    """

    durable = True

    def __init__(self, folder: Path, spaces: IndexSpaces, index_from: int = INDEX_FROM) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        claim(folder, spaces)
        self.folder = folder
        self.spaces = spaces
        self._index_from = index_from
        self._all_seen: dict[tuple[str, str], tuple[int, bool]] = {}
        self._narrow = ScopeCache()
        try:
            self._moments, self._keyframes = LOOP.run(self._open())
        except (OSError, RuntimeError, ValueError) as error:
            raise LibraryDamaged(f"the index cannot be read: {first_line(error)}", "Run: vdialog reindex") from error
        self._readers = {table.name: Reader(self._connect, table, tables.NAMED[table.name]) for table in self._tables()}

    async def _connect(self) -> Any:
        return await lancedb.connect_async(str(self.folder), read_consistency_interval=timedelta(0))

    async def _open(self) -> tuple[Any, Any]:
        database = await self._connect()
        moments = await _table(database, WORDED, tables.moment_schema(self.spaces))
        if not self.spaces.of_keyframes:
            return moments, None
        return moments, await _table(database, "keyframes", tables.keyframe_schema(self.spaces))

    def upsert(self, videos: Sequence[VideoRows]) -> None:
        """Write all rows of these videos, keyframes first: a moment that is found has its frames."""
        for video in videos:
            check_rows(self.spaces, video)
        if self._keyframes is not None:
            frames = [row for v in videos for m in v.moments for row in tables.keyframe_rows(v, m)]
            LOOP.run(_merge(self._keyframes, frames))
        LOOP.run(_merge(self._moments, [tables.moment_row(v, m) for v in videos for m in v.moments]))

    def delete(self, video_ids: Sequence[str], generations: Sequence[int] | None = None) -> None:
        """Delete these videos' rows: of all generations, or only of those named."""
        for start in range(0, len(video_ids), 500):
            condition = f"video_id IN ({conditions.strings(video_ids[start : start + 500])})"
            if generations is not None:
                condition += f" AND generation IN ({conditions.numbers(generations)})"
            for table in self._tables():
                LOOP.run(table.delete(condition))

    def search(self, query: IndexQuery, k: int) -> list[Scored]:
        """Return at most k moments, best first; ties by moment id."""
        return self.search_many([query], k)[0]

    def search_many(self, queries: Sequence[IndexQuery], k: int) -> list[list[Scored]]:
        """Return what `search` returns for each query, searched side by side."""
        for query in queries:
            if isinstance(query, VectorQuery):
                check_vector(self.spaces, query.column, query.vector)
        try:
            return list(LOOP.run(self._together(queries, k)))
        except (OSError, RuntimeError, ValueError, AssertionError) as error:
            raise LibraryDamaged(f"the index cannot be read: {first_line(error)}", "Run: vdialog reindex") from error

    async def _together(self, queries: Sequence[IndexQuery], k: int, left: int = READ_AGAIN) -> list[list[Scored]]:
        readers = {name: self._readers[name] for name in map(self._searched, queries)}
        before = [await reader.version() for reader in readers.values()]
        try:
            reads = {name: await reader.now() for name, reader in readers.items()}
            return await asyncio.gather(*(self._ranking(reads[self._searched(query)], query, k) for query in queries))
        except (OSError, RuntimeError, ValueError):
            if not left or before == [await reader.version() for reader in readers.values()]:
                raise
        return await self._together(queries, k, left - 1)  # files of that version were deleted meanwhile

    async def _ranking(self, read: Read, query: IndexQuery, k: int) -> list[Scored]:
        if not query.scope.collections or k < 1:
            return []
        if isinstance(query, KeywordQuery):
            found = await self._keywords(read, query, k)
        else:
            found = await (self._frames if self._is_of_keyframes(query) else self._vectors)(read, query, k)
        return sorted(found, key=lambda hit: (-hit.score, hit.moment_id))[:k]

    def count(self) -> int:
        """Return the number of moment rows."""
        return int(LOOP.run(self._moments.count_rows()))

    def optimize(self) -> None:
        """Take new rows into the indexes, make a vector index for large tables, drop old versions."""
        LOOP.run(self._grow(self._moments, self.spaces.of_moments))
        if self._keyframes is not None:
            LOOP.run(self._grow(self._keyframes, self.spaces.of_keyframes))

    def purge(self) -> None:
        """Write all rows and indexes of words and names anew, and delete the files of every version before.

        A delete only marks rows, and what is optimised leaves them in fragments that lose few of theirs.
        """
        for table in self._tables():
            LOOP.run(self._purged(table))

    async def _purged(self, table: Any) -> None:
        if await table.count_rows():
            await table.update(updates_sql={"generation": "generation"})
        await _name_indexes(table)
        with warnings.catch_warnings(action="ignore"):  # of readers of older versions: they read again
            await table.optimize(cleanup_older_than=timedelta(0), delete_unverified=True)

    async def _grow(self, table: Any, columns: Sequence[Column]) -> None:
        indexed = {name for index in await table.list_indices() for name in index.columns}
        for column in columns if await table.count_rows() >= self._index_from else ():
            if column.is_ranked and column.name not in indexed:
                await table.create_index(column.name, config=IvfRq(distance_type="cosine", num_bits=BITS))
        await table.optimize(cleanup_older_than=timedelta(hours=1))

    def _tables(self) -> list[Any]:
        return [self._moments] if self._keyframes is None else [self._moments, self._keyframes]

    def _is_of_keyframes(self, query: IndexQuery) -> bool:
        return isinstance(query, VectorQuery) and self.spaces.column(query.column).of == "keyframe"

    def _searched(self, query: IndexQuery) -> str:
        return "keyframes" if self._is_of_keyframes(query) else "moments"

    async def _keywords(self, read: Read, query: KeywordQuery, k: int) -> list[Scored]:
        if not query.terms:
            return []
        wanted, rare = MatchQuery(" ".join(query.terms), "terms"), query.rarity
        columns, most = (
            (["_score"], k) if rare is None else (["_score", "terms"], max(1, await read.table.count_rows()))
        )

        def search(table: Any, _: bool) -> Any:
            return table.query().nearest_to_text(wanted).with_row_id().select(columns).limit(most)

        found = await self._within(read, query.scope, search)
        names = read.names.of(found["_rowid"].to_numpy()).to_pylist()
        scores = found["_score"].to_numpy() if rare is None else scores_by(found["terms"], query.terms, rare)
        return list(map(Scored, names, scores.tolist()))

    async def _vectors(self, read: Read, query: VectorQuery, k: int) -> list[Scored]:
        return list(map(Scored, *await self._nearest(read, query, k)))

    async def _frames(self, read: Read, query: VectorQuery, k: int) -> list[Scored]:
        """Ask for more keyframes until they belong to k moments or there are no more."""
        wanted = 2 * k
        while True:
            best: dict[str, Scored] = {}
            rows, scores = await self._nearest(read, query, wanted)
            for row, score in zip(rows, scores, strict=True):  # best first
                moment, time = tables.frame_named(row)
                best.setdefault(moment, Scored(moment, score, time))
            if len(best) >= k or len(rows) < wanted:
                return list(best.values())
            wanted *= 4

    async def _nearest(self, read: Read, query: VectorQuery, k: int) -> tuple[list[str], list[float]]:
        """Return at least the k nearest rows, by their codes or out of all of a narrow scope, with their cosines."""
        asked, scope = tables.wide(query.vector), query.scope

        def search(table: Any, narrow: bool) -> Any:
            near = table.query().nearest_to(asked).column(query.column).distance_type("cosine")
            probed = near.maximum_nprobes(0 if narrow else PROBES).minimum_nprobes(PROBES)
            near = near.bypass_vector_index() if query.exact else probed
            return near.with_row_id().select([query.column, "_distance"]).limit(max(k, RERANKED))

        is_wide = scope.is_whole and scope.filter.videos is None
        found = None if is_wide else await self._narrow.rows(read, scope, query.column)
        if found is None:
            found = vectors(await self._within(read, scope, search), query.column)
        addresses, units = found
        cosines = np.vecdot(units, unit(asked))  # one product of all would wake threads for this little
        best = np.argsort(-cosines)[: max(k, RERANKED)]
        return read.names.of(addresses[best]).to_pylist(), cosines[best].tolist()

    async def _within(self, read: Read, scope: Scope, search: Callable[[Any, bool], Any]) -> pa.Table:
        """Run a search within a scope; `search` is told whether the scope is narrower than the table.

        A condition that excludes nothing still takes half the time of a search, so the collections are no condition
        where all rows are in visible ones.
        """
        seen, narrowed = conditions.seen(scope), conditions.narrowed(scope)
        wanted = narrowed if await self._all_in(read, seen) else [seen, *narrowed]
        asked = search(read.table, bool(wanted))
        return await (asked.where(" AND ".join(wanted)) if wanted else asked).to_arrow()

    async def _all_in(self, read: Read, condition: str) -> bool:
        """Tell whether all rows of a table fulfil a condition."""
        key = (read.table.name, condition)
        counted, holds = self._all_seen.get(key, (0, False))
        if counted != read.version:
            holds = await read.table.count_rows(condition) == await read.table.count_rows()
            if len(self._all_seen) >= REMEMBERED:
                self._all_seen.clear()
            self._all_seen[key] = (read.version, holds)
        return holds


async def _table(database: Any, name: str, schema: pa.Schema) -> Any:
    if name in (await database.list_tables()).tables:
        table = await database.open_table(name)
        if (await table.schema()).types != schema.types:
            raise SpaceMismatch(
                "the index was made by another version of Video Dialog", "Run `vdialog reindex` to make it anew."
            )
        return table
    table = await database.create_table(name, schema=schema, exist_ok=True)
    await _name_indexes(table)
    return table


async def _name_indexes(table: Any) -> None:
    """Make the indexes of a table's words and names, anew where there are some."""
    if table.name == WORDED:
        await table.create_index("terms", config=FTS(**_WORDS), replace=True)
    for column in ("video_id", "generation"):
        await table.create_index(column, config=BTree(), replace=True)
    await table.create_index("collections", config=LabelList(), replace=True)


_WORDS = {
    "base_tokenizer": "whitespace",
    "lower_case": False,
    "stem": False,
    "remove_stop_words": False,
    "ascii_folding": False,
    "max_token_length": None,
    "with_position": False,
}
"""Words come analysed (see `retrieval.analysis`): the table only splits them at spaces."""


async def _merge(table: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        new = pa.Table.from_pylist(rows, schema=await table.schema())
        insert = table.merge_insert("row_id").when_matched_update_all().when_not_matched_insert_all()
        await insert.execute(new, on_bad_vectors="null")  # lengths were checked: what is left is a missing vector
