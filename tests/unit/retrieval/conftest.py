"""A library in memory with weight-free encoders, and videos to put into it."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from retrieval.encoders.hashing import HashingTextEncoder
from retrieval.encoders.lazy import Encoders
from retrieval.index.memory import MemoryIndex
from retrieval.library import Library

Captions = dict[str, list[tuple[float, float, str]]]
Import = Callable[..., None]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(
        tmp_path / "home", Encoders(HashingTextEncoder), make_index=lambda _, spaces: MemoryIndex(spaces)
    ) as opened:
        yield opened


@pytest.fixture
def take(library: Library, tmp_path: Path) -> Import:
    """Imports captions given as `{video: [(start, end, sentence)]}`."""

    def take(captions: Captions, collection: str = "public") -> None:
        path = tmp_path / "captions.json"
        path.write_text(json.dumps({name: entry(sentences) for name, sentences in captions.items()}))
        library.import_annotations(path, collection)

    return take


def entry(sentences: list[tuple[float, float, str]]) -> dict[str, object]:
    return {
        "duration": max(end for _, end, _ in sentences),
        "timestamps": [[start, end] for start, end, _ in sentences],
        "sentences": [text for _, _, text in sentences],
    }
