"""Which encoders an index folder was made with: written once, checked at each opening."""

import json
from dataclasses import asdict
from pathlib import Path

from retrieval.errors import SpaceMismatch
from retrieval.spaces import IndexSpaces, Space

_FILE = "spaces.json"


def dumped(spaces: IndexSpaces) -> str:
    """Write spaces as JSON."""
    return json.dumps(asdict(spaces))


def loaded(text: str) -> IndexSpaces:
    """Read what `dumped` wrote."""
    held = json.loads(text)
    return IndexSpaces(Space(**held["text"]), None if held["frames"] is None else Space(**held["frames"]))


def recall(folder: Path) -> IndexSpaces | None:
    """Return the spaces of an index folder, None where there is no index yet."""
    path = folder / _FILE
    return loaded(path.read_text()) if path.exists() else None


def claim(folder: Path, spaces: IndexSpaces) -> None:
    """Write the spaces of a new index folder, or check those of an old one.

    Raises:
        SpaceMismatch: the folder was made with other encoders; names both.
    """
    held = recall(folder)
    if held is None:
        (folder / _FILE).write_text(dumped(spaces))
    else:
        refuse_others(held, spaces)


def refuse_others(held: IndexSpaces, spaces: IndexSpaces) -> None:
    """Refuse an index of other encoders than those that are set.

    Raises:
        SpaceMismatch: names both.
    """
    for kind, old, new in (("text", held.text, spaces.text), ("picture", held.frames, spaces.frames)):
        if old != new:
            raise SpaceMismatch(
                f"the index was made with the {kind} encoder {old or 'none'}, and {new or 'none'} is set now",
                "Run `vdialog reindex` to make the index anew with the encoder that is set.",
            )
