"""Tables of the embedded index opened for reading: the newest version, and that one for a whole search."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Addresses = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class RowNames:
    """What rows are called, by where they lie: `addresses` ascending, and as many `names`.

    A search that fetches no column takes half the time, for the place of a row comes with it. A written row stays
    where it is until it is deleted, and no later one gets its place: so only what is new has to be read.
    """

    addresses: Addresses
    names: pa.Array

    @staticmethod
    async def read(table: Any, column: str, held: "RowNames | None") -> "RowNames":
        """Return the names of all rows of a table: those held, and what came after them."""
        if held is None or not len(held.addresses) or len(held.addresses) > 2 * await table.count_rows():
            return _named(await table.query().with_row_id().select([column]).to_arrow(), column)
        later = table.query().where(f"_rowid > {held.addresses[-1]}").with_row_id().select([column])
        new = _named(await later.to_arrow(), column)
        if not len(new.addresses):
            return held
        addresses = np.concatenate([held.addresses, new.addresses])
        return RowNames(addresses, pa.concat_arrays([held.names, new.names]))

    def of(self, addresses: Addresses) -> pa.Array:
        """Return the names of rows."""
        places = np.searchsorted(self.addresses, addresses)
        assert np.array_equal(self.addresses[places], addresses), "a row that was found has a name"
        return self.names.take(places)


def _named(found: pa.Table, column: str) -> RowNames:
    found = found.sort_by("_rowid")
    return RowNames(found["_rowid"].to_numpy(), found[column].combine_chunks())


@dataclass(frozen=True, slots=True)
class Read:
    """A table as it is in one version, whatever is written meanwhile."""

    version: int
    table: Any
    names: RowNames


class Reader:
    """Reads the newest version of a table; what it returns looks for no newer one at every step of a search.

    Args:
        connect: opens the database anew.
        newest: the table, as the database gives it.
        column: what rows are called by.
    """

    def __init__(self, connect: Callable[[], Awaitable[Any]], newest: Any, column: str) -> None:
        self._connect = connect
        self._newest = newest
        self._column = column
        self._turn = asyncio.Lock()
        self._held: Read | None = None

    async def version(self) -> int:
        """Return the number of the newest version."""
        return int(await self._newest.version())

    async def now(self) -> Read:
        """Return the table as it is now."""
        version, held = await self.version(), self._held
        if held is not None and held.version == version:
            return held
        async with self._turn:
            held = self._held
            if held is None or held.version < version:
                table = await (await self._connect()).open_table(self._newest.name)
                await table.checkout(version)
                names = await RowNames.read(table, self._column, None if held is None else held.names)
                self._held = held = Read(version, table, names)
            return held
