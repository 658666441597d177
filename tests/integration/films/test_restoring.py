"""A home brought back from a copy: what the copy holds is there again, the rest is named and kept aside."""

import shutil
from pathlib import Path

import pytest

from retrieval.catalogue.backups import Backups
from retrieval.encoders.hashing import HashingTextEncoder
from retrieval.encoders.lazy import Encoders
from retrieval.errors import LibraryUnusable
from retrieval.index.memory import MemoryIndex
from retrieval.library import Library
from retrieval.publishing.restoring import back_up, restore
from retrieval.types import Moment
from tests.films import film, shots

HERE = frozenset({"here"})


def opened(home: Path) -> Library:
    return Library(home, Encoders(HashingTextEncoder), make_index=lambda _, spaces: MemoryIndex(spaces))


def told(moments: list[Moment]) -> list[tuple[object, ...]]:
    return [(m.moment_id, m.span, m.texts, [f.path.name for f in m.keyframes]) for m in moments]


def content(home: Path) -> dict[str, list[tuple[object, ...]]]:
    with opened(home) as library:
        library.reindex()
        assert library.indexed() == library.catalogue.moment_count()
        videos = library.catalogue.videos(HERE)
        moments = {video.video_id: library.catalogue.moments(video.video_id, HERE) for video in videos}
    frames = [frame.path for found in moments.values() for moment in found for frame in moment.keyframes]
    assert [path for path in frames if not path.is_file()] == []
    return {name: told(found) for name, found in moments.items()}


@pytest.fixture
def films(tmp_path: Path) -> list[Path]:
    made = [film(tmp_path / f"{name}.mp4", shots((n, 2), (n + 1, 2))) for n, name in ((1, "harbour"), (2, "market"))]
    for path in made:
        path.with_suffix(".srt").write_text(f"1\n00:00:00,500 --> 00:00:02,000\nThe {path.stem} opens at nine.\n")
    return made


@pytest.fixture
def home(films: list[Path], tmp_path: Path) -> Path:
    with opened(tmp_path / "home") as library:
        library.ingest(films, "here")
    return tmp_path / "home"


def test_an_ingest_leaves_a_copy_that_brings_everything_back(home: Path) -> None:
    before = content(home)
    (copy,) = Backups(home / "catalogue.db").all()
    (home / "catalogue.db").write_bytes(b"no database" * 1000)
    restored = restore(home, {"catalogue.db": copy.path})
    assert restored.incomplete == ()
    assert (restored.aside / "catalogue.db").read_bytes() == b"no database" * 1000
    assert content(home) == before


def test_a_video_taken_in_again_after_the_copy_is_named_and_its_file_mends_it(home: Path, films: list[Path]) -> None:
    (copy,) = Backups(home / "catalogue.db").all()
    with films[0].with_suffix(".srt").open("a") as more:  # a text less, and the copies that hold it would go
        more.write("\n2\n00:00:02,500 --> 00:00:03,000\nThe harbour is closed.\n")
    with opened(home) as library:
        library.ingest(films, "here")
        taken = {video.generation for video in library.catalogue.videos(HERE)}
    restored = restore(home, {"catalogue.db": copy.path})
    assert restored.incomplete == ("here/harbour",)
    with opened(home) as library:
        library.reindex()
        reports = library.ingest(films, "here")
        assert [report.verdict for report in reports] == ["updated", "unchanged"]
        assert not {library.catalogue.video("harbour", HERE).generation} & taken
    assert "closed" in str(content(home)["harbour"])


def test_a_backup_holds_keyframes_and_serves_an_empty_home(home: Path, tmp_path: Path) -> None:
    before = content(home)
    back_up(home, {"catalogue.db": home / "catalogue.db"}, tmp_path / "copy")
    shutil.rmtree(home)
    restored = restore(home, {"catalogue.db": tmp_path / "copy" / "catalogue.db"}, tmp_path / "copy" / "frames")
    assert restored.incomplete == ()
    assert content(home) == before


def test_nothing_is_restored_under_the_feet_of_another_process_or_from_a_damaged_copy(home: Path) -> None:
    (copy,) = Backups(home / "catalogue.db").all()
    with opened(home), pytest.raises(LibraryUnusable, match="process [0-9]+ works with this library"):
        restore(home, {"catalogue.db": copy.path})
    copy.path.write_bytes(copy.path.read_bytes()[:5000])
    with pytest.raises(LibraryUnusable, match="the copy .* is damaged"):
        restore(home, {"catalogue.db": copy.path})
    assert content(home)


def test_a_removed_video_stays_in_no_copy(home: Path) -> None:
    with opened(home) as library:
        library.remove("harbour", HERE)
    for copy in (home / "backups").glob("*"):
        assert b"harbour" not in copy.read_bytes()
