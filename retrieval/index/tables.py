"""The tables of the embedded index: their columns, and moments as rows of them. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from retrieval.index.base import MomentRow, VideoRows
from retrieval.index.filters import filter_fields, padded
from retrieval.spaces import Column, IndexSpaces, Vectors

CODED = 8
"""RaBitQ codes vectors whose length is a multiple of this; zeros at the end change no cosine."""

NAMED = {"moments": "moment_id", "keyframes": "row_id"}
"""What the rows of each table are called by."""


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


def _vector(column: Column) -> pa.Field:
    return pa.field(column.name, pa.list_(pa.float32(), width(column.dimension)))


def width(length: int) -> int:
    """Return how long a column is for vectors of this length."""
    return -(-length // CODED) * CODED


def wide(vector: Vectors) -> Vectors:
    """Return a vector with as many zeros at its end as its column needs."""
    missing = width(len(vector)) - len(vector)
    return np.append(vector, np.zeros(missing, vector.dtype)) if missing else vector


def _wide(vectors: Mapping[str, Vectors]) -> dict[str, Vectors]:
    return {column: wide(vector) for column, vector in vectors.items()}


def moment_schema(spaces: IndexSpaces) -> pa.Schema:
    """Return the columns of the moments."""
    return pa.schema([*_shared_columns(), *map(_vector, spaces.of_moments)])


def keyframe_schema(spaces: IndexSpaces) -> pa.Schema:
    """Return the columns of the keyframes."""
    return pa.schema([*_shared_columns(), *map(_vector, spaces.of_keyframes)])


def _shared(video: VideoRows, moment: MomentRow) -> dict[str, Any]:
    return {
        "row_id": f"{video.generation}/{moment.moment_id}",
        **filter_fields(video, moment),
        "terms": padded(moment.terms),
        "plain": padded(moment.plain),
    }


def moment_row(video: VideoRows, moment: MomentRow) -> dict[str, Any]:
    """Return one moment as a row."""
    return {**_shared(video, moment), **_wide(moment.vectors)}


def keyframe_rows(video: VideoRows, moment: MomentRow) -> Iterable[dict[str, Any]]:
    """Yield the rows of one moment's keyframes."""
    shared = _shared(video, moment)
    for frame in moment.frames:
        yield {**shared, "row_id": f"{shared['row_id']}@{float(frame.time)!r}", **_wide(frame.vectors)}


def frame_named(row_id: str) -> tuple[str, float]:
    """Return the moment id and the time that a keyframe's row is named for: one column less to fetch."""
    moment, _, time = row_id.partition("/")[2].rpartition("@")
    return moment, float(time)
