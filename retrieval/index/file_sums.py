"""Checksums of the files of an index in a folder, kept in a file beside it.

Files of an index are written once and never changed, so that what was added since is no damage, and what is listed
must be there as it was. Only one file is written again and again: the one that names the newest version.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from retrieval.catalogue.frame_sums import sum_of

READ_ON_OPENING = 256 * 1024**2
"""Bytes of an index that are read whole when it is opened, in a tenth of a second; of a larger one the sizes alone."""

_RENEWED = "latest_version_hint.json"
_VERSIONS = "_versions"


def forget(folder: Path) -> None:
    """Keep no sums, before files go: a process that ends then leaves an index of which nothing is known."""
    _listing(folder).unlink(missing_ok=True)


def note(folder: Path) -> None:
    """Keep the sums of all files as they are now; those that are known already are not read again."""
    if not folder.is_dir():
        return
    known = _listed(folder)
    found = {}
    for name in _files(folder):
        is_known = name in known and not name.endswith(_RENEWED)
        told = known[name] if is_known else sum_of(folder / name)
        if told is not None:
            found[name] = told
    unfinished = _listing(folder).with_suffix(".part")
    unfinished.write_text(json.dumps(found))
    os.replace(unfinished, _listing(folder))


def is_noted(folder: Path) -> bool:
    """Tell whether there are sums of an index."""
    return _listing(folder).is_file()


def damaged(folder: Path, most: int | None = None) -> list[str]:
    """Return the names of the files that are gone or not what was written.

    Args:
        folder: the index.
        most: bytes up to which all are read; of a larger index sizes alone are compared. None reads all.
    """
    known = _listed(folder)
    for _ in range(2):
        found = _damaged(folder, known, most)
        again = _listed(folder)
        if not found or again == known:
            break
        known = again  # another process brought the index to its best meanwhile
    return found


def _damaged(folder: Path, known: Mapping[str, tuple[int, int]], most: int | None) -> list[str]:
    there = set(_files(folder)) if known else set()
    newer = any(_VERSIONS in name and not name.endswith(_RENEWED) for name in there - known.keys())
    is_read = most is None or sum(size for size, _ in known.values()) <= most
    found = []
    for name, (size, noted) in known.items():
        if newer and name.endswith(_RENEWED):
            continue
        told = sum_of(folder / name) if is_read else _size_alone(folder / name, noted)
        if told != (size, noted):
            found.append(name)
    return found


def _size_alone(path: Path, noted: int) -> tuple[int, int] | None:
    try:
        return path.stat().st_size, noted
    except OSError:
        return None


def _files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def _listing(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.sums")


def _listed(folder: Path) -> dict[str, tuple[int, int]]:
    try:
        held = json.loads(_listing(folder).read_text())
        return {str(name): (int(size), int(told)) for name, (size, told) in held.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError, TypeError):
        return {_listing(folder).name: (-1, -1)}  # a file that is nowhere: the listing is damaged itself
