import os
import time
from pathlib import Path

import pytest

from retrieval.ingest.stable_files import StableFiles
from retrieval.ingest.watch import FolderChange, Watch

OLD = time.time() - 1000
CALM = FolderChange()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "films"
    made.mkdir()
    return made


def written(path: Path, content: str = "x", changed: float = OLD) -> Path:
    path.write_text(content)
    os.utime(path, (changed, changed))
    return path


def watch(folder: Path, captions: Path | None = None) -> Watch:
    return Watch([folder], captions, StableFiles(10))


def test_the_first_look_finds_everything_and_the_next_nothing(folder: Path) -> None:
    a, b = written(folder / "a.mp4"), written(folder / "b.mp4")
    watched = watch(folder)
    assert watched.look() == FolderChange((a, b), ())
    assert watched.look() == CALM


def test_a_file_that_changed_is_fresh_again(folder: Path) -> None:
    a, watched = written(folder / "a.mp4"), watch(folder)
    watched.look()
    written(a, "more", OLD + 5)
    assert watched.look() == FolderChange((a,), ())


@pytest.mark.parametrize("name", ["a.srt", "a.en.vtt", "a.en.sdh.srt"])
def test_new_subtitles_make_their_film_fresh_and_no_other(folder: Path, name: str) -> None:
    a = written(folder / "a.mp4")
    written(folder / "b.mp4")
    watched = watch(folder)
    watched.look()
    written(folder / name)
    assert watched.look() == FolderChange((a,), ())


def test_new_captions_make_every_film_fresh(folder: Path, tmp_path: Path) -> None:
    captions = written(tmp_path / "captions.json", "{}")
    a, watched = written(folder / "a.mp4"), watch(folder, captions)
    watched.look()
    written(captions, "{ }", OLD + 5)
    assert watched.look() == FolderChange((a,), ())


def test_a_deleted_file_is_gone_once(folder: Path) -> None:
    a, watched = written(folder / "a.mp4"), watch(folder)
    watched.look()
    a.unlink()
    assert watched.look() == FolderChange((), (a,))
    assert watched.look() == CALM


def test_a_renamed_file_is_fresh_where_it_is_and_gone_where_it_was(folder: Path) -> None:
    a, watched = written(folder / "a.mp4"), watch(folder)
    watched.look()
    a.rename(folder / "b.mp4")
    assert watched.look() == FolderChange((folder / "b.mp4",), (a,))


def test_a_growing_file_is_not_looked_at_and_nothing_is_said_to_be_gone_meanwhile(folder: Path) -> None:
    a, watched = written(folder / "a.mp4"), watch(folder)
    watched.look()
    a.unlink()
    growing = written(folder / "b.mp4", "x", time.time())
    assert watched.look() == CALM
    written(growing)
    assert watched.look() == FolderChange((growing,), (a,))


def test_subtitles_that_are_still_written_are_waited_for(folder: Path) -> None:
    a, watched = written(folder / "a.mp4"), watch(folder)
    watched.look()
    subtitles = written(folder / "a.srt", "x", time.time())
    assert watched.look() == CALM
    written(subtitles)
    assert watched.look() == FolderChange((a,), ())


def test_a_folder_that_is_gone_takes_its_files_with_it(folder: Path) -> None:
    a, watched = written(folder / "a.mp4"), watch(folder)
    watched.look()
    a.unlink()
    folder.rmdir()
    assert watched.look() == FolderChange((), (a,))
