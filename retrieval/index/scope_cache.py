"""Narrow scopes of the embedded index, kept in memory: an index helps little among a few rows."""

import pyarrow as pa

from retrieval.index import conditions
from retrieval.index.base import Scope
from retrieval.index.readers import Addresses, Read
from retrieval.spaces import Vectors, unit

NARROW = 5_000
"""Rows up to which those of some videos are kept in memory after the first search there."""

SCOPES = 8
"""How many such lists of rows are kept, 10 MB each at most."""

AddressedVectors = tuple[Addresses, Vectors]
"""Where rows lie, and their unit vectors `(rows, dimension)`."""


def vectors(found: pa.Table, column: str) -> AddressedVectors:
    """Return the rows of a table with one of their vectors."""
    width = found.schema.field(column).type.list_size
    units = unit(found[column].combine_chunks().flatten().to_numpy().reshape(len(found), width))
    return found["_rowid"].to_numpy(), units


class ScopeCache:
    """The rows of a few narrow scopes, kept while their table stays as it is: who asks there asks there again."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str, Scope], tuple[int, AddressedVectors | None]] = {}

    async def rows(self, read: Read, scope: Scope, column: str) -> AddressedVectors | None:
        """Return the rows of a scope that have a vector; None if they are many."""
        key, table = (read.table.name, column, scope), read.table
        held = self._kept.pop(key, None)
        if held is None or held[0] != read.version:
            condition = " AND ".join([conditions.seen(scope), *conditions.narrowed(scope)])
            few = await table.count_rows(condition) <= NARROW
            there = table.query().where(f"{condition} AND {column} IS NOT NULL").with_row_id().select([column])
            held = (read.version, vectors(await there.to_arrow(), column) if few else None)
        self._kept[key] = held
        for oldest in list(self._kept)[:-SCOPES]:
            self._kept.pop(oldest, None)
        return held[1]
