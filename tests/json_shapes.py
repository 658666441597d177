"""Checks what commands print as JSON against the schema that is published, more strictly: with no field beyond it."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

SCHEMA: dict[str, Any] = json.loads((Path(__file__).parents[1] / "docs" / "json.schema.json").read_text())
ALWAYS_JSON = ("conversations export", "feedback export")
"""Commands that print JSON without being told to."""


def check_output(arguments: list[str], out: str) -> None:
    """Check every line that a command printed as JSON; help is none, and Slack says what a manifest is."""
    if {"-h", "--help", "--version"} & set(arguments) or arguments[:1] in (["completion"], ["slack"]):
        return
    name = shape_of(arguments)
    if "--json" in arguments or (name in ALWAYS_JSON and "--markdown" not in arguments) or "--queries" in arguments:
        whole = name == "conversations export" and "--json" not in arguments
        for printed in [out] if whole else out.splitlines():
            if printed.strip():
                check(name, json.loads(printed))


def shape_of(arguments: list[str]) -> str:
    """Return the name of the schema of what a command prints: its words, and the option that changes its output."""
    known = {name for name in SCHEMA["$defs"]}
    name = next(n for n in (" ".join(arguments[:2]), arguments[0]) if n in known)
    told = [option for option in ("--dry-run", "--watch", "-o") if option in arguments]
    return next((f"{name} {option}" for option in told if f"{name} {option}" in known), name)


def check(name: str, data: Any) -> None:
    """Check one object.

    Raises:
        AssertionError: a field is missing, of another type, or not in the schema.
    """
    errors = [f"{error.json_path}: {error.message[:300]}" for error in validator(name).iter_errors(data)]
    assert not errors, f"{name}: {errors}"


@cache
def validator(name: str) -> Draft202012Validator:
    closed = {title: _closed(shape, composed=True) for title, shape in SCHEMA["$defs"].items()}
    return Draft202012Validator({"$defs": closed, "$ref": f"#/$defs/{name}", "unevaluatedProperties": False})


def _closed(shape: Any, composed: bool = False) -> Any:
    """Return a schema whose objects have the named properties alone; one that is part of another is left open."""
    if isinstance(shape, list):
        return [_closed(one) for one in shape]
    if not isinstance(shape, dict):
        return shape
    inner = {
        key: [_closed(part, composed=True) for part in value]
        if key == "allOf"
        else {name: _closed(part) for name, part in value.items()}
        if key in ("properties", "patternProperties")
        else _closed(value)
        for key, value in shape.items()
    }
    is_object = not composed and ("$ref" in shape or "properties" in shape or "allOf" in shape)
    return {**inner, "unevaluatedProperties": False} if is_object else inner
