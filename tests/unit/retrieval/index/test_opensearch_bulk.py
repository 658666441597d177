import json
from typing import Any

from retrieval.index import opensearch_bulk as bulk
from retrieval.index.opensearch_bulk import BulkLine
from retrieval.index.opensearch_dsl import Document

LINES = [BulkLine(str(i), "{}") for i in range(4)]


def item(name: str, status: int, reason: str = "") -> dict[str, Any]:
    error = {"error": {"type": "some", "reason": reason}} if reason else {}
    return {"index": {"_id": name, "status": status, **error}}


def test_requests_are_bounded_in_documents_and_in_bytes() -> None:
    small = [Document(str(i), {}) for i in range(bulk.MOST_DOCUMENTS + 1)]
    assert [len(part) for part in bulk.parts(small)] == [bulk.MOST_DOCUMENTS, 1]
    large = [Document(str(i), {"x": "y" * (bulk.MOST_BYTES // 2)}) for i in range(3)]
    assert [len(part) for part in bulk.parts(large)] == [1, 1, 1]
    assert list(bulk.parts([])) == []


def test_a_request_names_each_documents_id_and_the_time_of_its_write() -> None:
    sent = [json.loads(line) for line in bulk.body([BulkLine("1/a:1", '{"x": 1}')], 5).splitlines()]
    assert sent == [{"index": {"_id": "1/a:1", "version": 5, "version_type": "external_gte"}}, {"x": 1}]


def test_every_line_of_a_reply_is_looked_at() -> None:
    reply = {"items": [item("0", 201), item("1", 429, "busy"), item("2", 400, "bad"), item("3", 409, "newer")]}
    found = bulk.outcome(LINES, reply)
    assert (found.again, found.refused, found.hindered) == ([LINES[1]], [LINES[2]], [LINES[3]])
    assert found.reason == "busy"


def test_a_line_that_a_reply_does_not_speak_of_is_written_again() -> None:
    assert bulk.outcome(LINES, {"items": [item("0", 200)]}).again == LINES[1:]
    assert bulk.outcome(LINES[:2], {"items": [item("0", 200), item("other", 200)]}).again == [LINES[1]]
    assert bulk.outcome(LINES, {}).again == LINES


def test_reasons_are_told_from_the_outer_to_the_inner_one() -> None:
    error = {"reason": "failed to parse", "caused_by": {"reason": "zero vector", "type": "x"}}
    assert bulk.why(error) == "failed to parse: zero vector"
    assert bulk.why({"reason": "no such index", "root_cause": [{"reason": "no such index"}]}) == "no such index"
    assert bulk.why({"type": "only_a_type"}) == "only_a_type"
    assert (bulk.why("text"), bulk.why(None)) == ("text", "")
