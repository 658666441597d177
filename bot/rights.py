"""Who may see what: principals ask in places, grants open collections to either, and `visible` follows from both.

The only source of visible sets. The owner of the home at its terminal sees everything; everybody else sees nothing but
what is granted. Whoever answers asks anew for each turn: what was taken back is gone with the next one.
Why: docs/decisions/rights.md.
"""

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, Protocol

from bot.errors import UsageError
from retrieval.catalogue.database import Database
from retrieval.errors import NotInLibrary
from retrieval.types import Everything

LONGEST_NAME = 200
"""Characters of the name of a workspace, a person, a channel, a thread or a program."""

FORMS = "member:WORKSPACE/USER, program:NAME, channel:WORKSPACE/ID, thread:WORKSPACE/ID/THREAD, direct:WORKSPACE/ID"

_NAME = re.compile(rf"[A-Za-z0-9][A-Za-z0-9_.-]{{0,{LONGEST_NAME - 1}}}")


def _check(what: "Place | Principal", named: Sequence[str]) -> None:
    """Check the names that a kind needs: no two principals or places are written alike."""
    given = [value for value in _names(what) if value]
    if what.kind == "direct" and isinstance(what, Place) and not what.workspace:
        named = named[1:]
    if not all(map(_NAME.fullmatch, named)) or len(given) != len(named):
        said = ", ".join(map(repr, given)) or "nothing"
        raise UsageError(f"{said[:LONGEST_NAME]} cannot name a {what.kind}", f"Write one of: {FORMS}.")


def _names(what: "Place | Principal") -> tuple[str, ...]:
    if isinstance(what, Principal):
        return what.workspace, what.name
    return what.workspace, what.channel, what.thread


def _written(kind: str, *names: str) -> str:
    return f"{kind}:{'/'.join(filter(None, names))}" if any(names) else kind


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks: the owner at the terminal, a member of a workspace, or a program that has a token.

    Raises:
        UsageError: a name is missing, or holds other characters than letters, digits, `_`, `.`, `-`.
    """

    kind: Literal["terminal", "member", "program"]
    workspace: str = ""
    name: str = ""

    def __post_init__(self) -> None:
        _check(self, {"terminal": (), "member": (self.workspace, self.name), "program": (self.name,)}[self.kind])

    def __str__(self) -> str:
        return _written(self.kind, self.workspace, self.name)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer goes, so who reads it: a terminal, a channel, a thread in one, or a direct message.

    `shared` says that people of other workspaces read it too. What a program asks goes to a direct message of its own.

    Raises:
        UsageError: as for a principal.
    """

    kind: Literal["terminal", "channel", "thread", "direct"]
    workspace: str = ""
    channel: str = ""
    thread: str = ""
    shared: bool = field(default=False, compare=False)

    def __post_init__(self) -> None:
        named = {"terminal": (), "channel": (self.workspace, self.channel), "direct": (self.workspace, self.channel)}
        _check(self, named.get(self.kind, (self.workspace, self.channel, self.thread)))

    def __str__(self) -> str:
        return _written(self.kind, self.workspace, self.channel, self.thread)

    @property
    def is_private(self) -> bool:
        """Whether nobody reads it but who asks there."""
        return self.kind in ("terminal", "direct")

    @property
    def open_to(self) -> tuple[str, ...]:
        """Whose grants count here: its own, and in a thread those of its channel."""
        channel = (_written("channel", self.workspace, self.channel),) if self.kind == "thread" else ()
        return (str(self), *channel)


@dataclass(frozen=True, slots=True)
class Asker:
    """One principal in one place."""

    place: Place
    principal: Principal

    @property
    def is_owner(self) -> bool:
        """Whether it is the owner of the home at its terminal."""
        return self.place.kind == self.principal.kind == "terminal"

    @property
    def is_outside(self) -> bool:
        """Whether people of another workspace get the answer: who asks is one, or the place is shared with some."""
        return self.place.shared or self.principal.workspace != self.place.workspace


TERMINAL, OWNER = Place("terminal"), Principal("terminal")
AT_TERMINAL = Asker(TERMINAL, OWNER)


def for_program(principal: Principal) -> Asker:
    """Return a program in the place where its answers go: to itself."""
    return Asker(Place("direct", "", principal.name), principal)


def admits(visible: frozenset[str], answered_under: frozenset[str] | None) -> bool:
    """Tell whether a turn may be told to who sees these collections: it was answered under no wider set.

    None stands for a turn of which it is not known.
    """
    return isinstance(visible, Everything) or (answered_under is not None and answered_under <= visible)


@dataclass(frozen=True, slots=True)
class Grant:
    """A collection opened to a place or a principal; `taken_at` is None as long as it counts.

    `external` says whether people of other workspaces see it there too.
    """

    collection: str
    grantee: str
    external: bool
    given_by: str
    given_at: datetime
    taken_by: str | None = None
    taken_at: datetime | None = None


class HasGrants(Protocol):
    """A catalogue: its collections, and the database that grants are kept in."""

    @property
    def database(self) -> Database:
        """The database."""
        ...

    def collections(self) -> Everything:
        """Return the names of all collections."""
        ...


class Rights:
    """The grants of one library."""

    def __init__(self, catalogue: HasGrants) -> None:
        self._catalogue = catalogue
        self._database = catalogue.database

    def visible(self, place: Place, principal: Principal) -> frozenset[str]:
        """Return the collections that an answer to a principal in a place may go by, as the grants are now.

        Where others read along only grants to the place count; to a principal alone, its own count too.
        """
        asker = Asker(place, principal)
        if asker.is_owner:
            return self._database.unchanged("collections", self._catalogue.collections)
        if "terminal" in (place.kind, principal.kind):
            return frozenset()
        named = [*place.open_to, *([str(principal)] if place.is_private else [])]
        query = "SELECT collection, external FROM grants WHERE taken_at IS NULL AND grantee IN (?)"
        rows = self._database.rows_in(query, named)
        return frozenset(collection for collection, external in rows if external or not asker.is_outside)

    def grants(self, history: bool = False) -> list[Grant]:
        """Return the grants that count, or all that ever did, in the order in which they were given."""
        which = "" if history else "WHERE taken_at IS NULL"
        return [
            Grant(
                row["collection"],
                row["grantee"],
                bool(row["external"]),
                row["given_by"],
                datetime.fromisoformat(row["given_at"]),
                row["taken_by"],
                row["taken_at"] and datetime.fromisoformat(row["taken_at"]),
            )
            for row in self._database.rows(f"SELECT * FROM grants {which} ORDER BY number")
        ]

    def of_empty(self) -> list[Grant]:
        """Return the grants that count for collections without a video: they open what comes into these next."""
        there = self._catalogue.collections()
        return [grant for grant in self.grants() if grant.collection not in there]

    def add(self, collection: str, to: Place | Principal, external: bool = False, by: Principal = OWNER) -> Grant:
        """Open a collection to a place or a principal; what was granted so already stays as it was given.

        Raises:
            NotInLibrary: there is no such collection.
            UsageError: it is the terminal, which sees everything.
        """
        if to.kind == "terminal":
            raise UsageError("the terminal of the home sees every collection", f"A grant is to one of: {FORMS}.")
        if collection not in self._catalogue.collections():
            raise NotInLibrary(f"there is no collection {collection!r}", "`vdialog videos list` names those there are.")
        known = next((one for one in self.grants() if (one.collection, one.grantee) == (collection, str(to))), None)
        if known is not None and known.external == external:
            return known
        given = Grant(collection, str(to), external, str(by), datetime.now(UTC))
        with self._database.writing() as db:
            db.execute(_TAKE, (str(by), given.given_at.isoformat(), collection, str(to)))
            db.execute(
                "INSERT INTO grants (collection, grantee, external, given_by, given_at) VALUES (?, ?, ?, ?, ?)",
                (collection, str(to), external, str(by), given.given_at.isoformat()),
            )
        return given

    def remove(self, collection: str, to: Place | Principal, by: Principal = OWNER) -> None:
        """Take a grant back; that it was given stays in the history.

        Raises:
            NotInLibrary: there is no such grant.
        """
        with self._database.writing() as db:
            taken = db.execute(_TAKE, (str(by), datetime.now(UTC).isoformat(), collection, str(to)))
            if not taken.rowcount:
                raise NotInLibrary(
                    f"{collection!r} is not granted to {str(to)!r}", "`vdialog grants list` shows what is."
                )

    def new_token(self, program: Principal) -> str | None:
        """Return a token for a program that has none yet, else None; only its sum is kept."""
        token = secrets.token_urlsafe(32)
        with self._database.writing() as db:
            made = db.execute("INSERT OR IGNORE INTO programs VALUES (?, ?)", (program.name, _sum(token)))
        return token if made.rowcount else None

    def program(self, token: str) -> Principal | None:
        """Return the program that a token belongs to; None where it is nobody's."""
        found = self._database.rows("SELECT name FROM programs WHERE token_sum = ?", [_sum(token)])
        return Principal("program", "", found[0]["name"]) if found else None


_TAKE = "UPDATE grants SET taken_by = ?, taken_at = ? WHERE collection = ? AND grantee = ? AND taken_at IS NULL"


def narrowed(visible: frozenset[str], allowed: frozenset[str]) -> frozenset[str]:
    """Return what of a visible set is allowed."""
    return visible if isinstance(allowed, Everything) else visible & allowed


def owner_sees(catalogue: HasGrants) -> frozenset[str]:
    """Return what the owner of the home sees at its terminal."""
    return Rights(catalogue).visible(TERMINAL, OWNER)


def grantee_of(text: str) -> Place | Principal:
    """Return the place or the principal that a text names.

    Raises:
        UsageError: it is in none of the forms.
    """
    kind, _, rest = text.partition(":")
    names = rest.split("/")
    if kind == "program" and len(names) == 1:
        return Principal("program", "", rest)
    if kind == "member" and len(names) == 2:
        return Principal("member", names[0], names[1])
    if kind == "channel" and len(names) == 2:
        return Place("channel", names[0], names[1])
    if kind == "direct" and len(names) == 2:
        return Place("direct", names[0], names[1])
    if kind == "thread" and len(names) == 3:
        return Place("thread", names[0], names[1], names[2])
    raise UsageError(f"{text!r} is no place and nobody who asks", f"Write one of: {FORMS}.")


def _sum(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
