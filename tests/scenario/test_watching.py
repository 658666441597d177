"""`vdialog ingest --watch` as a process of its own, while films are dropped, renamed, changed and deleted."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from retrieval.encoders.hashing import HashingTextEncoder
from retrieval.encoders.lazy import Encoders
from retrieval.library import Library
from retrieval.searching.query import Query
from retrieval.types import Video
from tests.scenario.test_taking_in import write_film

pytestmark = pytest.mark.slow
ALL = frozenset({"library"})
SRT = "1\n00:00:00,500 --> 00:00:02,000\nThe ferry leaves at nine.\n"
PATIENCE = 600.0

# A test run in the background may have taught its children to ignore Ctrl-C.
PROGRAM = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from bot.cli import main
sys.exit(main(sys.argv[1:]))
"""


class Watching:
    """The running command, and what it says."""

    def __init__(self, folder: Path, home: Path, *options: str, stable: str = "0.5") -> None:
        own = {"VDIALOG_HOME": str(home), "VDIALOG_TEXT_MODEL": "hashing", "VDIALOG_STABLE_SECONDS": stable}
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, "ingest", str(folder), "--watch", "--poll", "0.1", *options],
            env={**os.environ, **own},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._said: queue.Queue[str] = queue.Queue()
        self._listener = threading.Thread(target=self._listen)
        self._listener.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._said.put(line)

    def next(self) -> str:
        """Return the next line."""
        return self._said.get(timeout=PATIENCE)

    def next_report(self) -> tuple[str, str, str | None]:
        """Return file name, verdict and video of the next line of JSON."""
        report: dict[str, Any] = json.loads(self.next())
        return Path(report["path"]).name, report["verdict"], report["video_id"]

    def interrupted(self) -> tuple[int, str]:
        """Press Ctrl-C; return the exit code and what was said of it."""
        assert self.process.stderr is not None
        self.process.send_signal(signal.SIGINT)
        error = self.process.stderr.read()
        return self.process.wait(PATIENCE), error

    def is_silent(self, seconds: float) -> bool:
        time.sleep(seconds)
        return self._said.empty()

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._listener.join()
        for pipe in (self.process.stdout, self.process.stderr):
            assert pipe is not None
            pipe.close()


Start = Callable[..., Watching]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "films"
    made.mkdir()
    return made


@pytest.fixture
def start(folder: Path, tmp_path: Path) -> Iterator[Start]:
    running: list[Watching] = []

    def start(*options: str, stable: str = "0.5") -> Watching:
        running.append(Watching(folder, tmp_path / "home", *options, stable=stable))
        return running[-1]

    yield start
    for watching in running:
        watching.close()


def video(home: Path, video_id: str) -> tuple[Video, list[str]]:
    """Return a video of the library, and the moments that are found for the ferry."""
    with Library(home, Encoders(HashingTextEncoder)) as library:
        hits = library.searcher.search(Query("ferry"), ALL).hits
        return library.catalogue.video(video_id, ALL), [hit.moment.moment_id for hit in hits]


def test_films_are_followed_as_they_come_change_move_and_go(folder: Path, tmp_path: Path, start: Start) -> None:
    write_film(folder / "first.mp4", "red")
    watching = start("--json")
    assert watching.next_report() == ("first.mp4", "new", "first")
    write_film(tmp_path / "second.mp4", "blue", "green")
    (tmp_path / "second.mp4").rename(folder / "second.mp4")  # written there, it could seem at rest in between
    assert watching.next_report() == ("second.mp4", "new", "second")
    (folder / "second.srt").write_text(SRT)
    assert watching.next_report() == ("second.mp4", "updated", "second")
    (folder / "second.mp4").rename(folder / "renamed.mp4")
    assert watching.next_report() == ("renamed.mp4", "moved", "second")
    (folder / "first.mp4").unlink()
    assert watching.next_report() == ("first.mp4", "gone", "first")
    (folder / "renamed.mp4").unlink()
    assert watching.next_report() == ("renamed.mp4", "gone", "second")
    code, error = watching.interrupted()
    assert (code, json.loads(error)["error"]["code"]) == (130, "interrupted")
    kept, found = video(tmp_path / "home", "second")
    assert kept.title == "renamed"
    assert found[0] == "second:1"


def test_a_film_that_grows_is_taken_in_once_and_whole(folder: Path, tmp_path: Path, start: Start) -> None:
    write_film(tmp_path / "whole.mp4", "red", "blue")
    whole = (tmp_path / "whole.mp4").read_bytes()
    watching = start(stable="2")
    with (folder / "growing.mp4").open("wb", buffering=0) as growing:
        step = len(whole) // 15 + 1
        for place in range(0, len(whole), step):
            growing.write(whole[place : place + step])
            time.sleep(0.2)
    line = watching.next()
    assert line.startswith("growing.mp4: new")
    assert watching.is_silent(1.0)
    code, said = watching.interrupted()
    assert code == 130
    waiting = f"waiting for changes in {folder}"
    assert said.splitlines()[-4:] == [
        waiting,
        waiting,
        "vdialog: interrupted; 1 of 1 files is finished",
        "The same command goes on where this one was ended.",
    ]
    assert video(tmp_path / "home", "growing")[0].state == "complete"


def test_a_watch_that_is_interrupted_at_work_starts_again_and_takes_all(
    folder: Path, tmp_path: Path, start: Start
) -> None:
    write_film(folder / "a.mp4", "red", "blue", "green", seconds=30)
    watching = start("--json")
    waited_until = time.monotonic() + PATIENCE
    while not (tmp_path / "home" / "frames").exists():  # it has begun with the film
        assert time.monotonic() < waited_until
        time.sleep(0.02)
    code, _ = watching.interrupted()
    assert code == 130
    again = start("--json")
    assert again.next_report() == ("a.mp4", "new", "a")
