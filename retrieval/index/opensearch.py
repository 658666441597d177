"""The door to OpenSearch: one connection, what is asked through it, and what its errors mean.

Reads are asked again for a moment where the cluster is busy. Writes are asked again for longer, and where it is unknown
what became of one, the documents are read back: each carries the time of its write as its version, so what is written
twice is there once, and what arrives late replaces nothing newer.
Why: docs/decisions/indexes.md.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from opensearchpy import OpenSearch, Urllib3HttpConnection, exceptions

from retrieval.errors import IndexUnavailable
from retrieval.index import opensearch_bulk as bulk
from retrieval.index.opensearch_bounds import bounded
from retrieval.index.opensearch_dsl import Body, Document, Layout

_log = logging.getLogger(__name__)
logging.getLogger("opensearch").propagate = False  # it warns of every status that we handle
logging.getLogger("opensearch").addHandler(logging.NullHandler())

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0
READ_PATIENCE = 3.0
DELETED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Connection:
    """Where a cluster is and who we are to it.

    Attributes:
        urls: one or more of its nodes.
        user: with `password`, or empty.
        password: never shown.
        client_cert: a PEM file, with `client_key`, instead of a password; None for none.
        client_key: its key.
        ca_file: whom we believe in; the system's authorities by default.
        verify: whether certificates are checked.
        timeout: seconds after which a request is given up.
        patience: seconds for which a write is repeated while the cluster is busy or away.
        layout: how indexes are made.
    """

    urls: tuple[str, ...]
    user: str = ""
    password: str = field(default="", repr=False)
    client_cert: str | None = None
    client_key: str | None = None
    ca_file: str | None = None
    verify: bool = True
    timeout: float = 30.0
    patience: float = 60.0
    layout: Layout = field(default_factory=Layout)


class _BoundedConnection(Urllib3HttpConnection):
    def _create_urllib3_pool(self) -> None:
        super()._create_urllib3_pool()
        bounded(self.pool)


class Cluster:
    """A cluster of OpenSearch.

    Every method raises IndexUnavailable, in words that say what to do, where the cluster does not do what is asked.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        if not connection.verify:
            _log.warning("certificates of OpenSearch are not checked: anyone on the way can read and change everything")
        self._client = OpenSearch(
            hosts=list(connection.urls),
            connection_class=_BoundedConnection,
            http_auth=(connection.user, connection.password) if connection.user else None,
            verify_certs=connection.verify,
            ssl_show_warn=False,
            ca_certs=connection.ca_file,
            client_cert=connection.client_cert,
            client_key=connection.client_key,
            timeout=connection.timeout,
            max_retries=len(connection.urls) - 1,  # on the other nodes; pauses are ours
            retry_on_status=(),
            pool_maxsize=16,
        )

    def close(self) -> None:
        """End its connections."""
        self._client.close()

    # -- reading ----------------------------------------------------------------------------------------------

    def search(self, asked: Sequence[tuple[str, Body]]) -> list[Body]:
        """Ask searches, each of an index, in one request; return each one's reply."""
        lines: list[Body] = []
        for index, body in asked:
            lines += [{"index": index, "allow_partial_search_results": False}, body]
        replies: list[Body] = self._ask(lambda client: client.msearch(body=lines))["responses"]
        for reply, (index, _) in zip(replies, asked, strict=True):
            if "error" in reply:
                raise self._unavailable(int(reply.get("status", 0)), bulk.why(reply["error"]), index)
        return replies

    def count(self, index: str) -> int:
        """Return the number of documents."""
        return int(self._ask(lambda client: client.count(index=index))["count"])

    def stored_bytes(self, indexes: Sequence[str]) -> int:
        """Return the bytes that indexes take on disk, without their copies."""
        told = self._ask(lambda client: client.indices.stats(index=list(indexes), metric="store"))
        return int(told["_all"]["primaries"]["store"]["size_in_bytes"])

    def indexes(self, pattern: str) -> dict[str, Body]:
        """Return aliases, mapping and settings of each index of these names; of an alias, of what it stands for."""
        return dict(self._ask(lambda client: client.indices.get(index=pattern, ignore_unavailable=True)))

    def health(self, indexes: Sequence[str]) -> str:
        """Return green, yellow or red for these indexes; for none, of the whole cluster."""
        asked = {"index": list(indexes)} if indexes else {}
        return str(self._ask(lambda client: client.cluster.health(**asked))["status"])

    def version(self) -> str:
        """Return the version of the server."""
        return str(self._ask(lambda client: client.info())["version"]["number"])

    def plugins(self) -> frozenset[str]:
        """Return the names of the plugins that some node has."""
        rows = self._ask(lambda client: client.cat.plugins(format="json"))
        return frozenset(str(row["component"]) for row in rows)

    def create(self, index: str, body: Body) -> None:
        """Make an index."""
        self._ask(lambda client: client.indices.create(index=index, body=body))

    def change_aliases(self, actions: Sequence[Body]) -> None:
        """Change aliases, all at once."""
        self._ask(lambda client: client.indices.update_aliases(body={"actions": list(actions)}))

    def drop(self, index: str) -> None:
        """Delete an index if it is there."""
        self._ask(lambda client: client.indices.delete(index=index, ignore_unavailable=True))

    def refresh(self, indexes: Sequence[str]) -> None:
        """Let searches see what was written."""
        self._ask(lambda client: client.indices.refresh(index=list(indexes)), self.connection.patience)

    def expunge(self, indexes: Sequence[str], however_few: bool = False) -> None:
        """Give back the room of deleted documents: where they are many, or all of it."""
        named, give_back = list(indexes), {"only_expunge_deletes": "true", "request_timeout": 3_600}
        allowed = {"index.merge.policy.expunge_deletes_allowed": 0 if however_few else 10}  # percent of a segment
        self._ask(lambda client: client.indices.put_settings(index=named, body=allowed))
        self._ask(lambda client: client.indices.flush(index=named))  # what is not on disk yet is kept
        self._ask(lambda client: client.indices.forcemerge(index=named, params=give_back))

    def delete(self, indexes: Sequence[str], query: Body) -> None:
        """Delete what a query finds, also what was written just before."""
        self.refresh(indexes)
        done = {"refresh": "true", "request_timeout": 600}
        self._ask(
            lambda client: client.delete_by_query(index=list(indexes), body=query, params=done),
            self.connection.patience,
        )

    def write(self, index: str, documents: Iterable[Document]) -> None:
        """Write documents; return when the cluster keeps all of them on disk.

        Raises:
            IndexUnavailable: some were not written; the same can be written again.
        """
        stamp = time.time_ns() // 1_000
        for part in bulk.parts(documents):
            self._write(index, part, stamp)

    def _write(self, index: str, lines: list[bulk.BulkLine], stamp: int) -> None:
        pauses = _pauses(self.connection.patience)
        while lines:
            try:
                reply = self._client.bulk(index=index, body=bulk.body(lines, stamp))
            except exceptions.TransportError as error:
                if not _passes(error):
                    raise self._problem(error, index) from error
                failure = self._problem(error, index)
                lines = self._not_there(index, lines, stamp)
            else:
                found = bulk.outcome(lines, reply)
                if found.refused:
                    raise _refused(found.refused, found.reason, index)
                if found.hindered:
                    stamp = 1 + max(self._stamps(index, found.hindered).values(), default=stamp)
                failure = self._unavailable(429, found.reason, index)
                lines = found.again + found.hindered
            if lines and not next(pauses, False):
                raise failure

    def _not_there(self, index: str, lines: list[bulk.BulkLine], stamp: int) -> list[bulk.BulkLine]:
        """Return those of the lines that are not there, as far as can be known now."""
        try:
            there = self._stamps(index, lines)
        except exceptions.TransportError:
            return lines
        return [line for line in lines if there.get(line.id, -1) < stamp]

    def _stamps(self, index: str, lines: Sequence[bulk.BulkLine]) -> dict[str, int]:
        asked = {"ids": [line.id for line in lines]}
        found = self._client.mget(index=index, body=asked, params={"_source": "false"})["docs"]
        return {doc["_id"]: int(doc["_version"]) for doc in found if doc.get("found")}

    def _ask(self, call: Callable[[OpenSearch], Any], patience: float = READ_PATIENCE) -> Any:
        pauses = _pauses(patience)
        while True:
            try:
                return call(self._client)
            except exceptions.TransportError as error:
                if not _passes(error) or isinstance(error, exceptions.ConnectionTimeout) or not next(pauses, False):
                    raise self._problem(error, "") from error
            except (exceptions.SerializationError, RecursionError) as error:
                raise IndexUnavailable(
                    f"what answers at {', '.join(self.connection.urls)} is not OpenSearch", _DOCTOR
                ) from error

    def _problem(self, error: exceptions.TransportError, index: str) -> IndexUnavailable:
        where = ", ".join(self.connection.urls)
        if isinstance(error, exceptions.SSLError):
            return IndexUnavailable(
                f"the certificate of OpenSearch at {where} is not to be trusted: {_said(error)}",
                "Set VDIALOG_OPENSEARCH_CA_FILE to the certificate of its authority.",
            )
        if isinstance(error, exceptions.ConnectionTimeout):
            return IndexUnavailable(
                f"OpenSearch at {where} did not answer within {self.connection.timeout:g} s",
                "Give the same command again; for a slow cluster set VDIALOG_OPENSEARCH_TIMEOUT higher.",
            )
        if isinstance(error, exceptions.ConnectionError):
            return IndexUnavailable(
                f"OpenSearch cannot be reached at {where}: {_said(error)}",
                "Start it (`docker compose up -d opensearch`), or mend VDIALOG_OPENSEARCH_URL.",
            )
        reason = error.info.get("error") if isinstance(error.info, Mapping) else None
        return self._unavailable(int(error.status_code), bulk.why(reason) or str(error.error), index)

    def _unavailable(self, status: int, reason: str, index: str) -> IndexUnavailable:
        named = f" the index {index!r} of" if index else ""
        if "flood-stage" in reason or "read-only-allow-delete" in reason:
            return IndexUnavailable(
                "the disk of OpenSearch is too full: it takes nothing in until there is room",
                "Make room on it (its watermark is `cluster.routing.allocation.disk.watermark.flood_stage`), and give"
                " the same command again.",
            )
        for codes, means, hint in _MEANINGS:
            if status in codes:
                return IndexUnavailable(f"{means.format(named=named)} ({reason})", hint)
        return IndexUnavailable(f"{named.strip() or 'OpenSearch'} refused what was asked: {reason}", _DOCTOR)


_DOCTOR = "`vdialog doctor` looks closer."
_MEANINGS = (
    ({401}, "OpenSearch does not know us", "Set VDIALOG_OPENSEARCH_USER and VDIALOG_OPENSEARCH_PASSWORD."),
    ({403}, "OpenSearch does not let us use{named} it", "Let the user VDIALOG_OPENSEARCH_USER read, write and manage."),
    ({404}, "there is no index{named} OpenSearch", "Run: vdialog reindex"),
    ({429}, "OpenSearch has too much to do", "Give the same command again when it has less to do."),
    ({502, 503, 504}, "a part of{named} OpenSearch is away", _DOCTOR),
)
"""States, what each means for the index that may be named, and what mends it."""


def _refused(lines: Sequence[bulk.BulkLine], reason: str, index: str) -> IndexUnavailable:
    first = lines[0].id.partition("/")[2]
    others = f" and {len(lines) - 1} more" if len(lines) > 1 else ""
    return IndexUnavailable(
        f"OpenSearch refused {first!r}{others} for the index {index!r}: {reason}",
        "All others were written. If the index was made by another version, run: vdialog reindex",
    )


def _passes(error: exceptions.TransportError) -> bool:
    """Tell whether the same request may succeed a little later."""
    if isinstance(error, exceptions.SSLError):
        return False
    return isinstance(error, exceptions.ConnectionError) or error.status_code in bulk.PASSING


def _pauses(patience: float) -> Iterator[bool]:
    """Pause before each further attempt, longer each time; end when there is no patience left."""
    end, pause = time.monotonic() + patience, FIRST_PAUSE
    while time.monotonic() + pause < end:
        time.sleep(pause)
        yield True
        pause = min(2 * pause, LONGEST_PAUSE)


def _said(error: exceptions.TransportError) -> str:
    """Return the last words of what the connection says, without the objects that it names."""
    return str(error.error).rpartition(": ")[2].rstrip(")")[:200]
