"""Which encoders an index was made with: written once, checked at each opening."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from retrieval.errors import SpaceMismatch
from retrieval.index.base import FORM
from retrieval.spaces import NOUNS, IndexSpaces, Space, SpaceKind

_FILE = "spaces.json"
_FORM = "form"


def dumped(spaces: IndexSpaces) -> str:
    """Write spaces as JSON."""
    return json.dumps({kind.name: {**asdict(space), "encodes": kind.encodes} for kind, space in spaces.held})


def loaded(text: str) -> IndexSpaces:
    """Read what `dumped` wrote, or its predecessor: there texts and frames stood alone, and null for no frames."""
    held: dict[str, dict[str, Any] | None] = json.loads(text)
    return IndexSpaces.of({_kind(name, values): _space(values) for name, values in held.items() if values is not None})


def _kind(name: str, values: dict[str, Any]) -> SpaceKind:
    return SpaceKind(name, values.get("encodes", name))


def _space(values: dict[str, Any]) -> Space:
    return Space(**{key: value for key, value in values.items() if key != "encodes"})


def recall(folder: Path) -> IndexSpaces | None:
    """Return the spaces of an index folder, None where there is no index yet."""
    path = folder / _FILE
    return loaded(path.read_text()) if path.exists() else None


def claim(folder: Path, spaces: IndexSpaces) -> None:
    """Write the spaces of a new index folder, or check those of an old one.

    Raises:
        SpaceMismatch: the folder was made with other encoders (names both), or by another version.
    """
    held, form = recall(folder), folder / _FORM
    if held is None:
        form.write_text(str(FORM))
        (folder / _FILE).write_text(dumped(spaces))
    else:
        refuse_others(held, spaces)
        refuse_other_forms(int(form.read_text()) if form.exists() else 0)


def refuse_other_forms(held: int) -> None:
    """Refuse an index of another form than is written now.

    Raises:
        SpaceMismatch: it is of another form.
    """
    if held != FORM:
        raise SpaceMismatch(
            "the index was made by another version of Video Dialog", "Run `vdialog reindex` to make it anew."
        )


def refuse_others(held: IndexSpaces, spaces: IndexSpaces) -> None:
    """Refuse an index of other encoders than those that are set.

    Raises:
        SpaceMismatch: names both.
    """
    for kind in dict(spaces.held + held.held):
        old, new = held.space(kind), spaces.space(kind)
        if old != new:
            raise SpaceMismatch(
                f"the index was made with the {NOUNS[kind.encodes]} encoder {old or 'none'}, and {new or 'none'} is set"
                " now",
                "Run `vdialog reindex` to make the index anew with the encoder that is set.",
            )
