"""Tables of the embedded index opened for reading: the newest version, and that one for a whole search."""

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple


class Read(NamedTuple):
    """A table as it is in one version, whatever is written meanwhile."""

    version: int
    table: Any


class Reader:
    """Reads the newest version of a table; what it returns looks for no newer one at every step of a search.

    Args:
        connect: opens the database anew.
        newest: the table, as the database gives it.
    """

    def __init__(self, connect: Callable[[], Awaitable[Any]], newest: Any) -> None:
        self._connect = connect
        self._newest = newest
        self._held: Read | None = None

    async def now(self) -> Read:
        """Return the table as it is now."""
        version, held = int(await self._newest.version()), self._held
        if held is None or held.version != version:
            table = await (await self._connect()).open_table(self._newest.name)
            await table.checkout(version)
            self._held = held = Read(version, table)
        return held
