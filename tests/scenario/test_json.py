"""What programs read: every command has a shape that is published and described.

That each command prints its shape is checked wherever a scenario runs one with --json; see `conftest.py`.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from bot.actions.data import VERSION
from bot.cli.app import app
from tests.json_shapes import SCHEMA
from tests.scenario.conftest import Vdialog

DOCUMENT = re.sub(r"```.*?```", "", (Path(__file__).parents[2] / "docs" / "json.md").read_text(), flags=re.DOTALL)


def commands_of(group: typer.Typer, before: str = "") -> Iterator[str]:
    yield from (f"{before}{command.name}" for command in group.registered_commands)
    for inner in group.registered_groups:
        assert inner.typer_instance is not None
        yield from commands_of(inner.typer_instance, f"{inner.name} ")


def fields_of(shape: Any) -> Iterator[str]:
    if isinstance(shape, dict):
        for key, value in shape.items():
            yield from value if key == "properties" else ()
            yield from fields_of(value)
    elif isinstance(shape, list):
        for part in shape:
            yield from fields_of(part)


def test_every_command_has_a_schema() -> None:
    without = {"completion", "slack manifest", "slack run", "slack uploads"}
    assert set(commands_of(app)) - without <= SCHEMA["$defs"].keys()
    assert SCHEMA["$defs"]["version"]["const"] == VERSION


def test_every_field_and_every_event_is_described() -> None:
    described = set(re.findall(r"`([^`]+)`", DOCUMENT)) | {"version", "error", "code", "message", "hint"}
    events = {part["properties"]["event"]["const"] for part in _parts(SCHEMA["$defs"]["chat"])}
    assert (set(fields_of(SCHEMA)) | events) - {"event"} <= described


def _parts(chat: Any) -> Iterator[Any]:
    for one in chat["oneOf"]:
        yield from (part for part in one.get("allOf", [one]) if "event" in part.get("properties", {}))


@pytest.mark.parametrize(
    "command",
    [
        ("search", "a dog"),
        ("ask", "Where is a dog?"),
        ("ask", "Where is a boar?"),
        ("videos", "list"),
        ("videos", "show", "park"),
        ("conversations", "list"),
        ("config", "show"),
        ("doctor",),
        ("reindex",),
        ("videos", "remove", "park"),
    ],
    ids=" ".join,
)
def test_an_object_begins_with_its_version(library: Vdialog, command: tuple[str, ...]) -> None:
    assert next(iter(library(*command, "--json").data.items())) == ("version", VERSION)


def test_a_query_that_is_none_names_its_line_and_the_others_are_answered(library: Vdialog, tmp_path: Path) -> None:
    (tmp_path / "queries.txt").write_text("a dog\n\n-dog\r\n  a brown\u2028dog\n")
    ran = library("search", "--queries", tmp_path / "queries.txt")
    good, bad, last = (json.loads(line) for line in ran.out.splitlines())
    assert ran.code == 2
    assert good["hits"] and last["hits"] and "line" not in good
    assert (bad["query"], bad["line"], bad["error"]["code"], bad["hits"]) == ("-dog", 3, "invalid_query", [])
    (tmp_path / "latin.txt").write_bytes(b"caf\xe9")
    assert library("search", "--queries", tmp_path / "latin.txt", "--json").error["hint"]


def test_every_line_has_its_version(library: Vdialog, tmp_path: Path) -> None:
    (tmp_path / "queries.txt").write_text("a dog\nsoup\n")
    assert library("search", "--queries", tmp_path / "queries.txt").out.count('{"version": 2, ') == 2
    asked = library("ask", "Where is a dog?", "--json").data["conversation"]
    for _ in range(2):
        assert library("feedback", "add", asked, "good", "--json").data["version"] == VERSION
    assert library("feedback", "export").out.count('{"version": 2, ') == 2
    assert library("feedback", "export", "-o", tmp_path / "all.jsonl", "--json").data["feedback"] == 2
    assert (tmp_path / "all.jsonl").read_text().count('{"version": 2, ') == 2
    assert library("conversations", "export", asked).data["version"] == VERSION
    assert library("conversations", "rename", asked, "Dogs", "--json").data["title"] == "Dogs"
    assert library("conversations", "delete", asked, "--json").data["deleted"] == asked
