"""Bulk writes: documents cut into requests, and what the server said of each of them. Pure."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from retrieval.index.opensearch_dsl import Document

MOST_DOCUMENTS = 500
MOST_BYTES = 8_000_000

PASSING = frozenset({429, 502, 503, 504})
"""States of the server that pass: too much to do, or a part of the cluster away."""

NEWER_THERE = 409

MOST_REASON = 200
"""Characters that are told of a reason that has another one within."""


@dataclass(frozen=True, slots=True)
class BulkLine:
    """A document as it is written to the server."""

    id: str
    source: str


def parts(documents: Iterable[Document]) -> Iterator[list[BulkLine]]:
    """Cut documents into requests of at most `MOST_DOCUMENTS` and, but for a single larger one, `MOST_BYTES`."""
    part: list[BulkLine] = []
    size = 0
    for document in documents:
        line = BulkLine(document.id, json.dumps(document.source))
        if part and (len(part) >= MOST_DOCUMENTS or size + len(line.source) > MOST_BYTES):
            yield part
            part, size = [], 0
        part.append(line)
        size += len(line.source)
    if part:
        yield part


def body(lines: Sequence[BulkLine], stamp: int) -> str:
    """Return a request that writes these documents as of `stamp`; what is there as of later stays."""
    written = []
    for line in lines:
        action = {"index": {"_id": line.id, "version": stamp, "version_type": "external_gte"}}
        written += [json.dumps(action), line.source]
    return "\n".join([*written, ""])


@dataclass(frozen=True, slots=True)
class BulkOutcome:
    """What became of a request: lines to be written again, those that a newer one hinders, and refused ones.

    `reason` is the server's own words for the first line that was not written.
    """

    again: list[BulkLine]
    hindered: list[BulkLine]
    refused: list[BulkLine]
    reason: str


def outcome(lines: Sequence[BulkLine], reply: Mapping[str, Any]) -> BulkOutcome:
    """Read what a reply says of each line; a line that it does not speak of is to be written again."""
    items = [next(iter(item.values())) for item in reply.get("items", [])]
    again, hindered, refused, reason = list(lines[len(items) :]), [], [], ""
    for line, item in zip(lines, items, strict=False):
        status = int(item.get("status", 0))
        if status < 300 and item.get("_id") == line.id:
            continue
        reason = reason or why(item.get("error"))
        if status in PASSING or status < 300:
            again.append(line)
        elif status == NEWER_THERE:
            hindered.append(line)
        else:
            refused.append(line)
    return BulkOutcome(again, hindered, refused, reason)


def why(error: object) -> str:
    """Return the reasons of an error as the server tells them, from the outer to the inner one, shortened."""
    if not isinstance(error, Mapping):
        return "" if error is None else str(error)
    own = str(error.get("reason") or error.get("type") or "")
    inner = error.get("caused_by") or next(iter(error.get("root_cause") or ()), None)
    deeper = why(inner) if isinstance(inner, Mapping) else ""
    return own if deeper in ("", own) else f"{own[:MOST_REASON]}: {deeper}"
