"""One SQLite file opened safely: WAL, short exclusive writes, migrations, integrity. Knows nothing of videos."""

import sqlite3
import threading
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, TypeVar

from retrieval.catalogue import row_sums, soundness
from retrieval.catalogue.backups import Backups
from retrieval.catalogue.presence import RESTORE as RESTORE
from retrieval.catalogue.presence import check_there, mend_of, note_there
from retrieval.catalogue.soundness import Soundness
from retrieval.errors import LibraryDamaged, LibraryUnusable

T = TypeVar("T")

BUSY_SECONDS = 30.0
KEPT = 24
"""Names that `Database.unchanged` keeps."""
CHUNK = 400
"""Values bound to one statement; SQLite takes several times as many."""

CONNECTIONS = 8
"""Connections at most, each with its open files, however many threads read; one more tells what was written."""

LOOK = "`vdialog doctor --full` says what is damaged, and what mends it."

Migration = str | Callable[[sqlite3.Connection], None]
"""A step from one version of a file to the next: statements, or what runs them, all within one transaction."""

Synchronous = Literal["FULL", "NORMAL"]
"""What a committed write survives: `FULL` a power cut, `NORMAL` the end of the process."""


class Database:
    """A SQLite database in WAL mode, with a few connections that threads take in turn.

    Args:
        path: the file.
        migrations: what makes each version of it out of the one before.
        synchronous: what a committed write survives.
        passing: whether what it holds is soon of no use, so that it is made anew where it is gone.

    Raises:
        LibraryUnusable: the file cannot be opened or written, is damaged, or was written by a newer version.
    """

    def __init__(
        self, path: Path, migrations: Sequence[Migration], synchronous: Synchronous = "FULL", passing: bool = False
    ) -> None:
        self.path = path
        self._synchronous = synchronous
        self._turn = threading.Lock()
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._idle: list[sqlite3.Connection] = []
        self._given_back = threading.Condition()
        self._watching = threading.Lock()
        self._watch: sqlite3.Connection | None = None
        self._kept: dict[Hashable, tuple[int, Any]] = {}
        self._summed: dict[str, str] = {}
        try:
            if not passing:
                check_there(path)
            self._migrate(migrations)
            if not passing:
                note_there(path)
        except BaseException:
            self.close()
            raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Hand out a connection, this thread's alone in the block; the one of the block around it, if there is one."""
        held: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if held is not None:
            yield held
            return
        local, taken = self._local, self._taken()
        local.connection = taken
        try:
            yield taken
        finally:
            local.connection = None
            self._give_back(taken)

    def _taken(self) -> sqlite3.Connection:
        """Return a connection that nobody uses, a new one as long as there are few, else the next that is free."""
        with self._given_back:
            while not self._idle and len(self._opened) >= CONNECTIONS:
                self._given_back.wait()
            if self._idle:
                return self._idle.pop()
            opened = self._connect()
            self._opened.append(opened)
            return opened

    def _give_back(self, taken: sqlite3.Connection) -> None:
        with self._given_back:
            if taken in self._opened:  # else it was closed meanwhile
                self._idle.append(taken)
            self._given_back.notify()

    def _connect(self) -> sqlite3.Connection:
        try:
            connection = sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(f"PRAGMA synchronous = {self._synchronous}")
            connection.execute("PRAGMA foreign_keys = ON")
            row_sums.register(connection)
        except sqlite3.Error as error:
            raise self._unusable(error) from error
        return connection

    def _unusable(self, error: sqlite3.Error) -> LibraryUnusable:
        said = f"{str(self.path)!r} cannot be used: {error}"
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) or "Could not decode" in str(error):
            return LibraryDamaged(said, mend_of(self.path))
        return LibraryUnusable(
            said, "Check that the folder exists, is writable and has free space; `vdialog doctor` looks closer."
        )

    def _migrate(self, migrations: Sequence[Migration]) -> None:
        has_sums, version = self._has_sums(), self._version()
        if has_sums and version == len(migrations):
            return
        if has_sums and (found := self.check()):  # what is made anew of damaged rows would be sound
            raise LibraryDamaged(f"{str(self.path)!r} is damaged: {found}", mend_of(self.path))
        if version and any(map(callable, migrations[version:])):
            Backups(self.path).make()  # such a step takes apart what is there: not without a copy
        elif 0 < version < len(migrations):
            Backups(self.path).keep(is_due=True)
        with self.writing() as connection:
            version = self._version()
            if version > len(migrations):
                raise LibraryUnusable(
                    f"{str(self.path)!r} was written by a newer version of Video Dialog",
                    "Install the newer version, or set VDIALOG_HOME to another folder.",
                )
            row_sums.drop(connection)
            for number, script in enumerate(migrations[version:], start=version + 1):
                if callable(script):
                    script(connection)
                for statement in () if callable(script) else script.split(";"):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {number}")
            row_sums.make(connection)

    def _has_sums(self) -> bool:
        """Tell whether there are sums of the rows, and see that the tables are those that were summed."""
        try:
            with self.reading() as connection:
                if not row_sums.are_kept(connection):
                    return False
                if row_sums.tables_are_sound(connection):
                    return True
        except sqlite3.Error as error:
            raise self._unusable(error) from error
        raise LibraryDamaged(f"{str(self.path)!r} is damaged: its tables are not as they were made", mend_of(self.path))

    def _version(self) -> int:
        return int(self.rows("PRAGMA user_version")[0][0])

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One write transaction: committed at the end, rolled back on any error.

        The threads of a process queue here; SQLite, where processes meet, would have them all try again and again.
        """
        try:
            with self._turn, self.reading() as connection:
                connection.execute("BEGIN IMMEDIATE")
                try:
                    yield connection
                except BaseException:
                    connection.execute("ROLLBACK")
                    raise
                connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def compact(self) -> bool:
        """Write the file anew and empty the log, so that nothing is left of what was deleted.

        Returns:
            Whether the log is empty: another process that reads all the while keeps it.

        Raises:
            LibraryUnusable: the file cannot be written, or there is no space for the new one.
        """
        try:
            with self._turn, self.reading() as connection:
                connection.execute("VACUUM")
                return not connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def rows(self, query: str, values: Sequence[object] = ()) -> list[sqlite3.Row]:
        """Return the rows of a query; a text with half characters is in no row.

        Raises:
            LibraryUnusable: the file is damaged or cannot be read.
        """
        try:
            with self.reading() as connection:
                return connection.execute(query, values).fetchall()
        except UnicodeEncodeError:
            return []
        except sqlite3.DatabaseError as error:
            raise self._unusable(error) from error

    def rows_in(self, query: str, values: Iterable[object]) -> Iterator[sqlite3.Row]:
        """Yield the rows of a query whose one `IN (?)` stands for any number of values."""
        wanted = list(values)
        for start in range(0, len(wanted), CHUNK):
            part = wanted[start : start + CHUNK]
            yield from self.rows(query.replace("(?)", f"({','.join('?' * len(part))})"), part)

    def unchanged(self, name: Hashable, load: Callable[[], T]) -> T:
        """Return what `load` reads; what was read before under this name, if nothing was written since.

        What is returned is shared by all threads: it must not be changed. A few names are kept. Nothing is kept of
        what is read within a write transaction.
        """
        mine: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if mine is not None and mine.in_transaction:
            return load()
        with self._watching:
            written = self._written()
            held = self._kept.get(name)
        if held is not None and held[0] == written:
            kept: T = held[1]
            return kept
        found = load()
        with self._watching:
            if len(self._kept) >= KEPT:
                self._kept.clear()
            self._kept[name] = (written, found)
        return found

    def _written(self) -> int:
        """Return a number that is another one after each write, seen from a connection that never writes."""
        if self._watch is None:
            self._watch = self._connect()
        try:
            return int(self._watch.execute("PRAGMA data_version").fetchone()[0])
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def check(self) -> str:
        """Return what is damaged, "" when all is well."""
        return self.soundness().said()

    def soundness(self, seconds: float | None = None) -> Soundness:
        """Return what a check of all rows finds, in as many seconds as it may take."""
        try:
            with self.reading() as connection:
                return soundness.examine(connection, seconds)
        except LibraryUnusable as error:
            return Soundness(error.message)

    def check_table(self, table: str) -> None:
        """See that a table agrees with its indexes.

        Raises:
            LibraryDamaged: it does not.
        """
        found = [str(row[0]) for row in self.rows(f'PRAGMA integrity_check("{table}")')]
        if found != ["ok"]:
            raise LibraryDamaged(f"{str(self.path)!r} is damaged: {'; '.join(found[:3])}", mend_of(self.path))

    def verify(self, tables: Mapping[str, str], head: str, values: Sequence[object]) -> None:
        """See that rows are what was written before they are shown.

        Args:
            tables: by name what of them is read, as it follows FROM; the table is called `t` in it.
            head: stands before the query.
            values: bound to the query.

        Raises:
            LibraryDamaged: a row is not what was written, or cannot be read.
        """
        with self.reading() as connection:
            found = soundness.unsound(connection, self._summed, tables, head, values)
        if found:
            raise LibraryDamaged(f"the library is damaged: {found}", LOOK)

    def close(self) -> None:
        """Close all connections."""
        for connection in (*self._opened, *filter(None, (self._watch,))):
            connection.close()
        self._opened.clear()
        self._idle.clear()
        self._local = threading.local()
        self._watch = None
        self._kept = {}
