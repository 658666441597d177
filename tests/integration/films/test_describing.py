"""Captions by a model while a video is taken in: found by text, kept as they are made, and switched on and off."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from PIL import Image

from bot.dialogue.verdict import matches
from retrieval.encoders.hashing import HashingTextEncoder
from retrieval.encoders.lazy import Encoders
from retrieval.index.memory import MemoryIndex
from retrieval.ingest import captions
from retrieval.ingest.captions import Captioner, GeneratedCaption
from retrieval.ingest.options import IngestOptions
from retrieval.library import Library
from retrieval.searching.query import Query
from retrieval.types import Moment, TextKind
from tests.films import film, shots

HERE = frozenset({"here"})
WORDS = ("squirrel", "harbour", "umbrella", "violin")


class Counting:
    """Describes pictures in turn, and breaks off once it has described so many."""

    def __init__(self, name: str = "counting", breaks_after: int | None = None) -> None:
        self.name = name
        self.described = 0
        self._breaks_after = breaks_after

    def unfit(self, film: Path) -> str | None:
        return None

    def describe(self, images: Sequence[Image.Image]) -> list[GeneratedCaption]:
        if self._breaks_after is not None and self.described >= self._breaks_after:
            raise KeyboardInterrupt
        self.described += len(images)
        return [GeneratedCaption(f"A {WORDS[place % 4]} of {self.name}.", 0.9) for place in range(len(images))]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A silent film of twelve shots, 4 seconds each."""
    return film(tmp_path / "squares.mp4", shots(*((number, 4) for number in range(12))))


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "home"


def taken(
    home: Path, path: Path, captioner: Captioner | None, drop: Sequence[TextKind] = ()
) -> tuple[list[Moment], list[str]]:
    """Take the film in; return its moments, and those found by a word of the first description."""
    options = IngestOptions(captioner=captioner)
    with Library(home, Encoders(HashingTextEncoder), options, lambda _, spaces: MemoryIndex(spaces)) as library:
        library.ingest([path], "here", drop=drop)
        library.reindex()  # the index in memory begins empty with each library
        found = library.searcher.search(Query("a squirrel"), HERE)
        hits = [hit.moment.moment_id for hit in found.hits] if matches(found) else []
        return library.catalogue.moments("squares", HERE), hits


def sources(moments: Sequence[Moment]) -> list[list[str]]:
    return [[text.source for text in moment.texts] for moment in moments]


def test_moments_are_described_once_and_found_by_text(home: Path, path: Path) -> None:
    model = Counting()
    moments, hits = taken(home, path, model)
    assert sources(moments) == [["vision"]] * len(moments)
    assert "squares:1" in hits
    assert model.described == len(moments) > captions.AT_ONCE
    taken(home, path, model)
    assert model.described == len(moments)


def test_what_was_described_before_a_break_is_not_described_again(home: Path, path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        taken(home, path, Counting(breaks_after=captions.AT_ONCE))
    model = Counting()
    moments, _ = taken(home, path, model)
    assert model.described == len(moments) - captions.AT_ONCE
    assert sources(moments) == [["vision"]] * len(moments)


def test_another_model_describes_anew_and_none_leaves_what_was_described(home: Path, path: Path) -> None:
    taken(home, path, Counting())
    moments, _ = taken(home, path, Counting("another"))
    assert all(moment.text.endswith("of another.") for moment in moments)
    assert taken(home, path, None)[0] == moments
    moments, hits = taken(home, path, None, drop=["descriptions"])
    assert sources(moments) == [[]] * len(moments)
    assert hits == []
