"""Files of weights: which bytes they are, for names that tell one training from another."""

import hashlib
from functools import lru_cache
from pathlib import Path

SHOWN = 8
"""Digits of a hash that are shown and named."""


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, 64 hexadecimal digits.

    Raises:
        OSError: the file cannot be read.
    """
    there = path.stat()
    return _sha256(path, there.st_size, there.st_mtime_ns)


def short(path: Path) -> str:
    """Return the first digits of a file's SHA-256.

    Raises:
        OSError: the file cannot be read.
    """
    return sha256(path)[:SHOWN]


def name_of(model: str) -> str:
    """Name a model that is a folder, or has a name on the hub, so that a small one trained again has another name.

    A large one lies in several files, which nobody trains again unawares; its name is enough.
    """
    weights = Path(model).expanduser() / "model.safetensors"
    return f"{Path(model).name}-{short(weights)}" if weights.is_file() else Path(model).name


@lru_cache(maxsize=64)
def _sha256(path: Path, size: int, changed: int) -> str:
    """Hash a file once in a process as long as it is not changed; weights may have gigabytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
