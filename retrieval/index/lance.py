"""The embedded moment index: LanceDB files in a folder, no server.

Two tables, `moments` and `keyframes` (a row for each keyframe of each moment), that carry the same columns for
filtering. Small tables are searched exactly; past `INDEX_FROM` rows `optimize` builds an IVF_SQ vector index, and
searches re-rank its candidates by the full vectors.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import lancedb
import pyarrow as pa
from lancedb.index import FTS, BTree, IvfSq, LabelList
from lancedb.query import MatchQuery

from retrieval.index.base import (
    IndexQuery,
    IndexSpaces,
    KeywordQuery,
    MomentRow,
    Scope,
    Scored,
    VectorField,
    VectorQuery,
    VideoRows,
)
from retrieval.index.filters import check_rows, check_vector, dimension, padded
from retrieval.index.spaces import claim

INDEX_FROM = 20_000
RERANKED = 100
"""Candidates that are ranked again by their full vectors; at least twice as many as are asked for."""


class LanceIndex:
    """A moment index in a folder; opened where it exists, made where it does not.

    Raises:
        SpaceMismatch: the folder holds vectors of other encoders than `spaces`.
    """

    durable = True

    def __init__(self, folder: Path, spaces: IndexSpaces) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        claim(folder, spaces)
        self.folder = folder
        self.spaces = spaces
        # Always look for what other processes wrote.
        self._database = lancedb.connect(str(folder), read_consistency_interval=timedelta(0))
        self._moments = self._table("moments", _moment_schema(spaces), text="terms")
        self._keyframes = (
            None if spaces.frames is None else self._table("keyframes", _keyframe_schema(spaces), text=None)
        )

    def _table(self, name: str, schema: pa.Schema, text: str | None) -> Any:
        if name in self._database.list_tables().tables:
            return self._database.open_table(name)
        table = self._database.create_table(name, schema=schema, exist_ok=True)
        if text is not None:
            table.create_index(text, config=FTS(**_WORDS), replace=True)
        for column in ("video_id", "generation"):
            table.create_index(column, config=BTree(), replace=True)
        table.create_index("collections", config=LabelList(), replace=True)
        return table

    def upsert(self, videos: Sequence[VideoRows]) -> None:
        """Write all rows of these videos, keyframes first: a moment that is found has its frames."""
        for video in videos:
            check_rows(self.spaces, video)
        if self._keyframes is not None:
            _merge(self._keyframes, [row for v in videos for m in v.moments for row in _keyframe_rows(v, m)])
        _merge(self._moments, [_moment_row(v, m) for v in videos for m in v.moments])

    def delete(self, video_ids: Sequence[str], generations: Sequence[int] | None = None) -> None:
        """Delete these videos' rows: of all generations, or only of those named."""
        for start in range(0, len(video_ids), 500):
            condition = f"video_id IN ({_strings(video_ids[start : start + 500])})"
            if generations is not None:
                condition += f" AND generation IN ({_numbers(generations)})"
            for table in self._tables():
                table.delete(condition)

    def search(self, query: IndexQuery, k: int) -> list[Scored]:
        """Return at most k moments, best first; ties by moment id."""
        if not query.scope.collections or k < 1:
            return []
        if isinstance(query, KeywordQuery):
            scored = self._keywords(query, k)
        else:
            check_vector(self.spaces, query.field, query.vector)
            scored = self._frames(query, k) if query.field == "clip_vec" else self._vectors(query, k)
        return sorted(scored, key=lambda hit: (-hit.score, hit.moment_id))[:k]

    def count(self) -> int:
        """Return the number of moment rows."""
        return int(self._moments.count_rows())

    def optimize(self) -> None:
        """Take new rows into the indexes, make a vector index for large tables, drop old versions."""
        self._grow(self._moments, "moment_vec")
        if self._keyframes is not None:
            self._grow(self._keyframes, "clip_vec")

    def _grow(self, table: Any, column: VectorField) -> None:
        indexed = {name for index in table.list_indices() for name in index.columns}
        if column not in indexed and table.count_rows() >= INDEX_FROM:
            table.create_index(column, config=IvfSq(distance_type="cosine"))
        table.optimize(cleanup_older_than=timedelta(hours=1))

    def _tables(self) -> list[Any]:
        return [self._moments] if self._keyframes is None else [self._moments, self._keyframes]

    def _keywords(self, query: KeywordQuery, k: int) -> list[Scored]:
        if not query.terms:
            return []
        wanted = MatchQuery(" ".join(query.terms), "terms")
        search = self._moments.search(wanted, query_type="fts").where(_condition(query.scope), prefilter=True)
        rows = search.select(["moment_id", "_score"]).limit(k).to_list()
        return [Scored(row["moment_id"], float(row["_score"])) for row in rows]

    def _vectors(self, query: VectorQuery, k: int) -> list[Scored]:
        rows = self._nearest(self._moments, query, ["moment_id"], k)
        return [Scored(row["moment_id"], 1.0 - float(row["_distance"])) for row in rows]

    def _frames(self, query: VectorQuery, k: int) -> list[Scored]:
        """Ask for more keyframes until they belong to k moments or there are no more."""
        wanted = 2 * k
        while True:
            rows = self._nearest(self._keyframes, query, ["moment_id", "time"], wanted)
            best: dict[str, Scored] = {}
            for row in rows:
                scored = Scored(row["moment_id"], 1.0 - float(row["_distance"]), float(row["time"]))
                best.setdefault(scored.moment_id, scored)
            if len(best) >= k or len(rows) < wanted:
                return list(best.values())
            wanted *= 4

    def _nearest(self, table: Any, query: VectorQuery, columns: list[str], k: int) -> list[dict[str, Any]]:
        condition = _condition(query.scope)

        def run(exact: bool) -> list[dict[str, Any]]:
            search = table.search(query.vector, vector_column_name=query.field, query_type="vector")
            search = search.distance_type("cosine").where(condition, prefilter=True)
            search = search.bypass_vector_index() if exact else search.refine_factor(max(2, RERANKED // k))
            found: list[dict[str, Any]] = search.select([*columns, "_distance"]).limit(k).to_list()
            return found

        rows = run(query.exact)
        return rows if len(rows) == k or query.exact else run(exact=True)


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


def _shared_columns() -> list[pa.Field]:
    return [
        pa.field("row_id", pa.string()),
        pa.field("moment_id", pa.string()),
        pa.field("video_id", pa.string()),
        pa.field("generation", pa.int64()),
        pa.field("collections", pa.list_(pa.string())),
        pa.field("sources", pa.list_(pa.string())),
        pa.field("start", pa.float64()),
        pa.field("end", pa.float64()),
        pa.field("terms", pa.string()),
        pa.field("plain", pa.string()),
    ]


def _vector(spaces: IndexSpaces, name: VectorField) -> pa.Field:
    return pa.field(name, pa.list_(pa.float32(), dimension(spaces, name)))


def _moment_schema(spaces: IndexSpaces) -> pa.Schema:
    return pa.schema([*_shared_columns(), _vector(spaces, "caption_vec"), _vector(spaces, "moment_vec")])


def _keyframe_schema(spaces: IndexSpaces) -> pa.Schema:
    return pa.schema([*_shared_columns(), pa.field("time", pa.float64()), _vector(spaces, "clip_vec")])


def _shared(video: VideoRows, moment: MomentRow) -> dict[str, Any]:
    return {
        "row_id": f"{video.generation}/{moment.moment_id}",
        "moment_id": moment.moment_id,
        "video_id": video.video_id,
        "generation": video.generation,
        "collections": list(video.collections),
        "sources": list(moment.sources),
        "start": moment.span.start,
        "end": moment.span.end,
        "terms": padded(moment.terms),
        "plain": padded(moment.plain),
    }


def _moment_row(video: VideoRows, moment: MomentRow) -> dict[str, Any]:
    return {**_shared(video, moment), "caption_vec": moment.caption_vec, "moment_vec": moment.moment_vec}


def _keyframe_rows(video: VideoRows, moment: MomentRow) -> Iterable[dict[str, Any]]:
    shared = _shared(video, moment)
    for number, frame in enumerate(moment.frames):
        row_id = f"{shared['row_id']}/{number}"
        yield {**shared, "row_id": row_id, "time": frame.time, "clip_vec": frame.clip_vec}


def _merge(table: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        new = pa.Table.from_pylist(rows, schema=table.schema)
        merge = table.merge_insert("row_id").when_matched_update_all().when_not_matched_insert_all()
        merge.execute(new, on_bad_vectors="null")  # lengths were checked: what is left is a missing vector


def _condition(scope: Scope) -> str:
    """Write a scope as a condition of the table; `retrieval.index.filters.admits` says what it must mean."""
    wanted = scope.filter
    parts = [f"array_has_any(collections, [{_strings(sorted(scope.collections))}])"]
    if scope.hidden:
        parts.append(f"generation NOT IN ({_numbers(sorted(scope.hidden))})")
    if wanted.videos is not None:
        parts.append(f"video_id IN ({_strings(sorted(wanted.videos))})" if wanted.videos else "false")
    if wanted.within is not None:
        parts.append(f'start < {wanted.within.end!r} AND "end" > {wanted.within.start!r}')
    if wanted.sources is not None:
        parts.append(f"array_has_any(sources, [{_strings(sorted(wanted.sources))}])" if wanted.sources else "false")
    parts += [f"contains(plain, {_string(padded(phrase))})" for phrase in scope.phrases]
    parts += [f"NOT contains(terms, {_string(padded(stem))})" for stem in scope.excluded]
    return " AND ".join(parts)


def _string(value: str) -> str:
    return "'" + value.encode("utf-8", "replace").decode().replace("'", "''") + "'"


def _strings(values: Iterable[str]) -> str:
    return ", ".join(map(_string, values))


def _numbers(values: Iterable[int]) -> str:
    return ", ".join(str(int(value)) for value in values)
