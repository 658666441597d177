"""A video that one process takes in and another one removes at once; readers beside a writer that takes long."""

import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import AbstractContextManager, closing
from pathlib import Path

import pytest
from filelock import FileLock

from bot import bootstrap
from bot.settings import Settings
from retrieval.catalogue import row_sums
from retrieval.library import Library
from retrieval.searching.query import Query
from tests.films import film, shots

ROOT = Path(__file__).parents[3]
HERE = frozenset({"here"})
PAUSE = 2.0

PROGRAM = """
import sys
from pathlib import Path
from bot import bootstrap
from bot.settings import Settings

def waits(progress):
    if progress.stage == sys.argv[3]:
        print("there", flush=True)
        sys.stdin.readline()

with bootstrap.library(Settings(home=Path(sys.argv[1]), text_model="hashing", clip_model="hashing")) as library:
    if sys.argv[2] == "remove":
        library.remove("harbour", frozenset({"here"}))
    else:
        reports = library.ingest([Path(sys.argv[2])], "here", on_progress=waits)
        print([(report.verdict, report.reason) for report in reports])
"""


def started(home: Path, what: Path | str, stage: str = "") -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PROGRAM, str(home), str(what), stage]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def library_of(home: Path) -> AbstractContextManager[Library]:
    return bootstrap.library(Settings(home=home, text_model="hashing", clip_model="hashing"))


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("at-once")
    path = film(folder / "harbour.mp4", shots((1, 2)))
    path.with_suffix(".srt").write_text("1\n00:00:00,500 --> 00:00:01,500\nThe harbour opens at nine.\n")
    with library_of(folder / "home") as library:
        library.ingest([path], "here")
    path.rename(folder / "kept")  # a film that is still where it was taken from is a copy at another place
    return folder


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    shutil.copytree(template, tmp_path / "here")
    (tmp_path / "here" / "kept").rename(tmp_path / "here" / "harbour.mp4")
    return tmp_path / "here"


def texts_of(home: Path) -> list[str]:
    """The texts of the video that is there, when all is well with what is left."""
    with library_of(home) as library:
        library._publisher.sweep()
        catalogue = library.catalogue
        assert (catalogue.database.check(), catalogue.failing(), catalogue.hidden()) == ("", [], frozenset())
        assert library.indexed() == catalogue.moment_count()
        moments = [moment for video in catalogue.videos(HERE) for moment in catalogue.moments(video.video_id, HERE)]
        assert all(frame.path.is_file() for moment in moments for frame in moment.keyframes)
        return [text.text for moment in moments for text in moment.texts]


def test_a_video_removed_while_it_is_taken_in_comes_back_with_what_is_given_now_alone(folder: Path) -> None:
    path, home = folder / "harbour.mp4", folder / "home"
    path.with_suffix(".srt").rename(folder / "harbour.de.srt")
    (folder / "harbour.de.srt").write_text("1\n00:00:00,500 --> 00:00:01,500\nDer Hafen schliesst.\n")
    with started(home, path, "embedding") as taking:
        assert taking.stdout is not None
        assert taking.stdout.readline() == "there\n"
        with library_of(home) as library:
            library.remove("harbour", HERE)
        out, err = taking.communicate("\n" * 9, timeout=60)
    assert (out.splitlines()[-1], err) == ("[('new', '')]", "")
    assert texts_of(home) == ["Der Hafen schliesst."]


def test_a_video_taken_in_while_a_removal_waits_is_removed_whole(folder: Path) -> None:
    path, home = folder / "harbour.mp4", folder / "home"
    path.with_suffix(".srt").write_text("1\n00:00:00,500 --> 00:00:01,500\nThe harbour is closed.\n")
    with FileLock(home / "index" / "lock"):  # so both wait, and go on at once
        both = [started(home, path, "nothing"), started(home, "remove")]
        time.sleep(PAUSE)
    for process in both:
        assert process.communicate(timeout=60)[1] == ""
    assert texts_of(home) in ([], ["The harbour is closed."])


def test_a_reader_never_waits_for_a_writer(folder: Path) -> None:
    home = folder / "home"
    with closing(sqlite3.connect(home / "catalogue.db", isolation_level=None)) as writing:
        row_sums.register(writing)
        writing.execute("BEGIN IMMEDIATE")
        writing.execute("UPDATE videos SET title = 'half'")
        with FileLock(home / "index" / "lock"):
            began = time.monotonic()
            with library_of(home) as library:
                hits = library.searcher.search(Query("harbour"), HERE).hits
                videos = library.catalogue.videos(HERE)
            assert time.monotonic() - began < 10  # a lock is waited for 30 s
        writing.execute("ROLLBACK")
    assert ([hit.moment_id for hit in hits], [video.title for video in videos]) == (["harbour:1"], ["harbour"])
