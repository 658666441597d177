"""A damaged catalogue: what can be read is saved, what cannot is named, and nothing damaged passes for whole."""

import json
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from retrieval.encoders.hashing import HashingTextEncoder
from retrieval.encoders.lazy import Encoders
from retrieval.errors import LibraryUnusable
from retrieval.index.memory import MemoryIndex
from retrieval.library import Library
from retrieval.publishing.mending import mend
from retrieval.searching.query import Query
from retrieval.types import Moment
from tests.films import film, shots

HERE = frozenset({"here"})
VIDEOS = 40
NOUNS = ["dog", "cat", "boat", "tree", "ferry", "lamp", "soup", "train"]


def opened(home: Path) -> Library:
    return Library(home, Encoders(HashingTextEncoder), make_index=lambda _, spaces: MemoryIndex(spaces))


def captions(folder: Path) -> Path:
    draw = random.Random(4)
    entries = {
        f"video{number:02d}": {
            "duration": 60,
            "timestamps": [[at, at + 5] for at in range(0, 60, 5)],
            "sentences": [f"A {draw.choice(NOUNS)} near a {draw.choice(NOUNS)} in {number}." for _ in range(12)],
        }
        for number in range(VIDEOS)
    }
    path = folder / "captions.json"
    path.write_text(json.dumps(entries))
    return path


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with imported captions and a film; copied by each test."""
    folder = tmp_path_factory.mktemp("sound")
    path = film(folder / "harbour.mp4", shots((1, 2), (2, 2)))
    path.with_suffix(".srt").write_text("1\n00:00:00,500 --> 00:00:02,000\nThe ferry leaves at nine.\n")
    with opened(folder / "home") as library:
        library.import_annotations(captions(folder), "here")
        library.ingest([path], "here")
    return folder


@pytest.fixture
def home(sound: Path, tmp_path: Path) -> Path:
    shutil.copytree(sound / "home", tmp_path / "home")
    return tmp_path / "home"


def told(moments: list[Moment]) -> list[tuple[object, ...]]:
    return [(m.moment_id, m.span, m.texts, tuple((f.time, f.path.name) for f in m.keyframes)) for m in moments]


def content(home: Path) -> dict[str, list[tuple[object, ...]]]:
    with opened(home) as library:
        library.reindex()
        assert library.catalogue.database.check() == ""
        assert library.indexed() == library.catalogue.moment_count()
        videos = library.catalogue.videos(HERE)
        found = library.searcher.search(Query("a ferry near a lamp"), HERE, k=50).hits
        assert {hit.moment.video_id for hit in found} <= {video.video_id for video in videos}
        return {video.video_id: told(library.catalogue.moments(video.video_id, HERE)) for video in videos}


def cut(share: float) -> Callable[[Path], None]:
    return lambda path: os.truncate(path, round(path.stat().st_size * share))


def flip(bits: int, seed: int, first: int = 4096) -> Callable[[Path], None]:
    def flipped(path: Path) -> None:
        draw, data = random.Random(seed), bytearray(path.read_bytes())
        for place in draw.sample(range(first, len(data)), bits):
            data[place] ^= 1 << draw.randrange(8)
        path.write_bytes(data)

    return flipped


def zero(pages: int, seed: int) -> Callable[[Path], None]:
    def zeroed(path: Path) -> None:
        draw, data = random.Random(seed), bytearray(path.read_bytes())
        for page in draw.sample(range(1, len(data) // 4096), pages):
            data[page * 4096 : (page + 1) * 4096] = bytes(4096)
        path.write_bytes(data)

    return zeroed


HARMS: dict[str, Callable[[Path], None]] = {
    **{f"cut at {share}": cut(share) for share in (0.02, 0.3, 0.5, 0.8, 0.99)},
    **{f"{bits} bits, {seed}": flip(bits, seed) for bits in (5, 50, 500) for seed in range(3)},
    **{f"{pages} pages, {seed}": zero(pages, seed) for pages in (1, 4) for seed in range(4)},
    "the first page": lambda path: flip(400, 1, first=0)(path),
    "all zeros": lambda path: path.write_bytes(bytes(path.stat().st_size)),
}


@pytest.mark.parametrize("harm", HARMS)
def test_nothing_is_lost_in_silence(harm: str, home: Path, sound: Path) -> None:
    before = content(sound / "home")
    HARMS[harm](home / "catalogue.db")
    damaged = (home / "catalogue.db").read_bytes()
    mended = mend(home)
    if mended is None:  # SQLite finds nothing: no page is broken, as where a letter or a vector has changed
        assert "bits" in harm
        return
    after = content(home)
    assert (mended.aside / "catalogue.db").read_bytes() == damaged
    for video in mended.whole:
        assert after[video] == before[video]
    torn, lost = {loss.video_id for loss in mended.torn}, {loss.video_id for loss in mended.lost}
    assert set(after) == {*mended.whole, *torn}
    if before.keys() - after.keys() - lost:
        assert not mended.is_all
    assert mend(home) is None


@pytest.mark.parametrize("harm", ["cut at 0.8", "4 pages, 2", "500 bits, 2"])
def test_what_was_torn_or_lost_is_whole_when_it_is_taken_in_again(harm: str, home: Path, sound: Path) -> None:
    before = content(sound / "home")
    HARMS[harm](home / "catalogue.db")
    mended = mend(home)
    assert mended is not None
    assert mended.torn or mended.lost
    with opened(home) as library:
        library.import_annotations(sound / "captions.json", "here")
        library.ingest([sound / "harbour.mp4"], "here")
    assert content(home) == before


def test_most_is_saved_where_little_is_damaged(home: Path) -> None:
    zero(1, 3)(home / "catalogue.db")
    mended = mend(home)
    assert mended is not None
    assert len(mended.whole) >= VIDEOS - 5


def test_an_undamaged_catalogue_is_left_alone(home: Path) -> None:
    with opened(home) as library:
        before = library.catalogue.videos(HERE)
    assert mend(home) is None
    with opened(home) as library:
        assert library.catalogue.videos(HERE) == before
    assert sorted(path.name for path in home.iterdir() if "damaged" in path.name or "mending" in path.name) == []


def test_nothing_is_mended_while_another_process_works(home: Path) -> None:
    with opened(home), pytest.raises(LibraryUnusable, match="another process"):
        mend(home)


def test_a_vector_that_cannot_be_right_is_made_again(home: Path) -> None:
    path = home / "catalogue.db"
    query = "SELECT vector FROM vectors JOIN videos USING (generation) ORDER BY video_id, name, place"
    with opened(home) as library:
        before = [row[0] for row in library.catalogue.database.rows(query)]
        known = library.catalogue.videos(HERE)[7]
    data = bytearray(path.read_bytes())
    at = data.index(before[3][:64])
    data[at : at + 64] = b"\xff" * 64  # no numbers, which SQLite does not notice
    data[data.index(f"{known.content_hash}{known.video_id}".encode())] ^= 1  # an index that disagrees: this it does
    path.write_bytes(data)
    mended = mend(home)
    assert mended is not None
    assert len(mended.whole) == VIDEOS + 1
    with opened(home) as library:
        library.reindex()
        assert [row[0] for row in library.catalogue.database.rows(query)] == before
