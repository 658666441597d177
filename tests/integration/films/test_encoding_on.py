"""A picture model comes to a library that is there: keyframes are encoded, and what was interrupted goes on."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image

from retrieval.encoders.canary import pictures
from retrieval.encoders.hashing import HashingImageEncoder, HashingTextEncoder
from retrieval.encoders.lazy import Encoders
from retrieval.library import Library
from retrieval.searching.query import Query
from retrieval.spaces import FRAMES, Space, Vectors
from tests.films import film, shots

HERE = frozenset({"here"})
PROBES = len(pictures())


class Counting(HashingImageEncoder):
    """Counts the pictures that it encodes beside the probes of a new encoder; is interrupted after so many calls."""

    def __init__(self, calls: int = 1000, name: str = "") -> None:
        super().__init__()
        self.seen, self._left, self._name = -PROBES, calls + 1, name

    @property
    def space(self) -> Space:
        usual = super().space
        return Space(self._name or usual.name, usual.dimension)

    def encode_images(self, images: Sequence[Image.Image]) -> Vectors:
        if not self._left:
            raise KeyboardInterrupt
        self._left -= 1
        self.seen += len(images)
        return super().encode_images(images)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A library of three films whose keyframes were never encoded."""
    (tmp_path / "films").mkdir()
    for name in ("a", "b", "c"):
        film(tmp_path / "films" / f"{name}.mp4", shots((ord(name), 2), (ord(name) + 9, 2)))
    with Library(tmp_path / "home", Encoders(HashingTextEncoder)) as library:
        library.ingest([tmp_path / "films"], "here")
    return tmp_path / "home"


def opened(home: Path, encoder: Counting) -> Library:
    return Library(home, Encoders(HashingTextEncoder, lambda: encoder))


def keyframes(home: Path) -> int:
    return len(list((home / "frames").rglob("*.jpg")))


def interrupted(home: Path, encoder: Counting) -> None:
    with opened(home, encoder) as library, pytest.raises(KeyboardInterrupt):
        library.reindex()


def finds_pictures(library: Library) -> bool:
    picture = next(path for path in (library.catalogue.home / "frames").rglob("*.jpg"))
    with Image.open(picture) as image:
        return bool(library.searcher.search(Query(image=image.convert("RGB")), HERE).hits)


def test_what_was_encoded_before_an_interruption_is_not_encoded_again(home: Path) -> None:
    interrupted(home, first := Counting(calls=2))
    told: list[float] = []
    with opened(home, second := Counting()) as library:
        library.reindex(tell=told.append)
        assert finds_pictures(library)
    assert 0 < first.seen < keyframes(home)
    assert first.seen + second.seen == keyframes(home) + 1  # and the picture that was searched with
    assert told == sorted(told) and (told[0], told[-1]) == (0.0, 1.0)


def test_meanwhile_the_library_answers_as_before(home: Path) -> None:
    interrupted(home, Counting(calls=2))
    with Library(home, Encoders(HashingTextEncoder)) as library:
        assert library.index().count() == library.catalogue.moment_count()
        library.reindex()
        assert library.index().count() == library.catalogue.moment_count()


def test_another_model_after_an_interruption_begins_anew(home: Path) -> None:
    interrupted(home, Counting(calls=2))
    with opened(home, other := Counting(name="another")) as library:
        library.reindex()
        assert library.spaces().space(FRAMES) == other.space
        assert finds_pictures(library)
    assert other.seen == keyframes(home) + 1


def test_a_film_that_came_meanwhile_is_encoded_too(home: Path, tmp_path: Path) -> None:
    interrupted(home, first := Counting(calls=2))
    film(tmp_path / "films" / "d.mp4", shots((7, 2), (8, 2)))
    with Library(home, Encoders(HashingTextEncoder)) as library:
        library.ingest([tmp_path / "films"], "here")
    with opened(home, second := Counting()) as library:
        library.reindex()
    assert first.seen + second.seen == keyframes(home)
