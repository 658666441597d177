"""What tests of films share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.encoders.hashing import HashingTextEncoder
from retrieval.encoders.lazy import Encoders
from retrieval.index.memory import MemoryIndex
from retrieval.library import Library


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """A library of its own, with an index in memory and texts that are hashed."""
    encoders = Encoders(HashingTextEncoder)
    with Library(tmp_path / "home", encoders, make_index=lambda _, spaces: MemoryIndex(spaces)) as opened:
        yield opened
