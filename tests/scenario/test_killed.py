"""An ingest that is killed at any moment, and started again, ends like one that was left in peace."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from demo.stories import SHORT_FILMS
from demo.writing import write_films
from retrieval.encoders.hashing import HashingTextEncoder
from retrieval.encoders.lazy import Encoders
from retrieval.library import Library
from retrieval.search import Query

pytestmark = [pytest.mark.slow, pytest.mark.models]
ALL = frozenset({"library"})
KILLS = 6


def started(films: Path, home: Path) -> subprocess.Popen[bytes]:
    own = {"VDIALOG_HOME": str(home), "VDIALOG_TEXT_MODEL": "hashing", "VDIALOG_STABLE_SECONDS": "0"}
    environment = {**os.environ, **own}
    return subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "ingest", str(films)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def content(home: Path) -> dict[str, object]:
    """Everything that a library knows and finds, but for the numbers of its generations."""
    with Library(home, Encoders(HashingTextEncoder)) as library:
        catalogue = library.catalogue
        moments = {
            moment.moment_id: (moment.span, moment.texts, [(f.time, f.path.read_bytes()) for f in moment.keyframes])
            for video in catalogue.videos(ALL)
            for moment in catalogue.moments(video.video_id, ALL)
        }
        found = [
            [(hit.moment.moment_id, round(hit.score, 6)) for hit in library.searcher.search(Query(query), ALL).hits]
            for query in ("the ferry to Gull Island", "lemon soup", "night express")
        ]
        frames = sorted(path.name for folder in (home / "frames").iterdir() for path in folder.iterdir())
        return {"moments": moments, "found": found, "indexed": library.indexed(), "frames": frames}


def test_killed_at_random_points_and_started_again_it_ends_the_same(tmp_path: Path) -> None:
    films = tmp_path / "films"
    write_films(films, SHORT_FILMS)
    began = time.monotonic()
    assert started(films, tmp_path / "peace").wait(120) == 0
    undisturbed = time.monotonic() - began
    draw = random.Random(4)
    for _ in range(KILLS):
        process = started(films, tmp_path / "killed")
        try:
            process.wait(draw.uniform(0.2, 0.9) * undisturbed)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            assert process.wait(10) == -signal.SIGKILL
    assert started(films, tmp_path / "killed").wait(120) == 0
    assert content(tmp_path / "killed") == content(tmp_path / "peace")


def test_two_processes_at_once_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    write_films(folders[0], SHORT_FILMS[:1])
    write_films(folders[1], SHORT_FILMS[1:])
    running = [started(folder, tmp_path / "home") for folder in folders]
    assert [process.wait(120) for process in running] == [0, 0]
    together = content(tmp_path / "home")
    for folder in folders:
        assert started(folder, tmp_path / "alone").wait(120) == 0
    assert together == content(tmp_path / "alone")
