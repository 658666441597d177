"""An ingest killed at any moment and started again ends like one left in peace, and does no finished stage twice.

The program below runs the library as `vdialog ingest` does, and writes down each stage as it begins.
"""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot import bootstrap
from bot.settings import Settings
from demo.stories import SHORT_FILMS
from demo.writing import write_films
from retrieval.searching.query import Query

pytestmark = [pytest.mark.slow, pytest.mark.models]
ALL = frozenset({"library"})
KILLS = 30
LONGEST = 600.0

PROGRAM = """
import signal, sys
from pathlib import Path
from bot import bootstrap, settings

signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests may have switched it off

def began(progress):
    if progress.stage != "reading" or progress.fraction == 0:  # told again and again
        print(progress.path.stem, progress.stage, sep="\\t", flush=True)

with bootstrap.library(settings.load()) as library:
    print("ready", "", sep="\\t", flush=True)
    library.ingest([Path(sys.argv[1])], "library", on_progress=began)
"""

Stages = Counter[tuple[str, str]]
"""How often each stage began or is marked as finished, by film and stage; a stage with parts counts each."""


def started(films: Path, home: Path, log: Path) -> subprocess.Popen[bytes]:
    own = {"HOME": home, "TEXT_MODEL": "hashing", "CLIP_MODEL": "hashing", "STABLE_SECONDS": 0}
    with log.open("wb") as out, log.with_suffix(".err").open("ab") as errors:
        return subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(films)],
            env={**os.environ, **{f"VDIALOG_{name}": str(value) for name, value in own.items()}},
            stdout=out,
            stderr=errors,
            start_new_session=True,
        )


def is_ready(log: Path) -> bool:
    return log.exists() and b"ready" in log.read_bytes()


def begun(log: Path) -> Stages:
    lines = log.read_bytes().decode().splitlines(keepends=True)
    return Counter(tuple(line[:-1].split("\t")) for line in lines if line.endswith("\n"))


def finished(home: Path) -> Stages:
    """The marks that attempts have left, and `published` for what was ended."""
    if not (home / "catalogue.db").exists():
        return Counter()
    with closing(sqlite3.connect(home / "catalogue.db")) as catalogue:
        marks = catalogue.execute("SELECT path, stage FROM findings JOIN generations USING (generation)").fetchall()
        videos = catalogue.execute("SELECT path, 'published' FROM videos").fetchall()
    return Counter((Path(path).stem, stage) for path, stage in (*marks, *videos))


def done_twice(before: Stages, since: Stages, in_peace: Stages) -> list[tuple[str, str]]:
    """Stages that began although they had been finished."""
    return [
        (film, stage)
        for (film, stage), count in since.items()
        if stage not in ("", "checking")
        and (
            before[film, "published"]
            or (count > in_peace[film, stage] - before[film, stage] if stage == "screen text" else before[film, stage])
        )
    ]


def content(home: Path) -> dict[str, object]:
    """Everything that a library knows and finds, but for the numbers of its generations."""
    settings = Settings(home=home, text_model="hashing", clip_model="hashing")
    with bootstrap.library(settings) as library:
        catalogue = library.catalogue
        videos = catalogue.videos(ALL)
        moments = {
            moment.moment_id: (moment.span, moment.texts, [(f.time, f.path.read_bytes()) for f in moment.keyframes])
            for video in videos
            for moment in catalogue.moments(video.video_id, ALL)
        }
        vectors = catalogue.database.rows(
            "SELECT video_id, name, place, vector FROM vectors JOIN videos USING (generation) "
            "ORDER BY video_id, name, place"
        )
        pictures = catalogue.database.rows(
            "SELECT video_id, time, file FROM keyframes JOIN videos USING (generation) ORDER BY video_id, time"
        )
        found = [
            [(hit.moment.moment_id, round(hit.score, 6)) for hit in library.searcher.search(Query(query), ALL).hits]
            for query in ("the ferry to Gull Island", "lemon soup", "night express")
        ]
        return {
            "videos": [(video.video_id, video.inputs, video.duration, video.state) for video in videos],
            "moments": moments,
            "vectors": [*map(tuple, vectors), *map(tuple, pictures)],
            "words": [tuple(row) for row in catalogue.database.rows("SELECT * FROM vocabulary ORDER BY term")],
            "found": found,
            "indexed": library.indexed(),
            "hidden": catalogue.hidden(),
            "frames": sorted(path.name for folder in (home / "frames").iterdir() for path in folder.iterdir()),
        }


def wait_for(what: Callable[[], bool]) -> None:
    until = time.monotonic() + LONGEST
    while not what():
        assert time.monotonic() < until
        time.sleep(0.005)


def stop(process: subprocess.Popen[bytes], log: Path, seconds: float, sign: signal.Signals) -> bool:
    """Stop a program so many seconds after it began to work; False where it had ended before."""
    wait_for(lambda: is_ready(log) or process.poll() is not None)
    try:
        assert process.wait(seconds) == 0
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, sign)
        assert process.wait(LONGEST) != 0
        return True
    return False


def test_killed_at_random_points_and_started_again_it_ends_the_same(tmp_path: Path, sample_films: Path) -> None:
    """As many kills in as many homes as it takes: each run goes on where the last one was killed."""
    quiet = started(sample_films, tmp_path / "peace", tmp_path / "peace.log")
    wait_for(lambda: is_ready(tmp_path / "peace.log"))
    began = time.monotonic()
    assert quiet.wait(LONGEST) == 0
    undisturbed = time.monotonic() - began
    in_peace, expected = begun(tmp_path / "peace.log"), content(tmp_path / "peace")
    draw = random.Random(4)
    kills = homes = gone_on = 0
    while kills < KILLS:
        homes += 1
        home = tmp_path / f"home{homes}"
        ended = False
        while not ended:
            before, log = finished(home), tmp_path / f"{kills}.log"
            log.unlink(missing_ok=True)
            after = draw.uniform(0, undisturbed / 6) if kills < KILLS else LONGEST
            ended = not stop(started(sample_films, home, log), log, after, signal.SIGKILL)
            kills += not ended
            gone_on += any(stage != "published" for _, stage in before)
            assert done_twice(before, begun(log), in_peace) == [], f"kill {kills} of home {homes}"
        assert content(home) == expected, f"home {homes}"
    assert gone_on > 0


def test_cancelled_it_goes_on_where_it_was(tmp_path: Path) -> None:
    films, home = tmp_path / "films", tmp_path / "home"
    write_films(films, SHORT_FILMS[:1])
    name = SHORT_FILMS[0].name
    first, second = tmp_path / "1.log", tmp_path / "2.log"
    process = started(films, home, first)
    wait_for(lambda: begun(first)[name, "screen text"] > 0)
    os.kill(process.pid, signal.SIGINT)
    assert process.wait(LONGEST) != 0
    left = finished(home)
    assert left[name, "reading"] == 1
    assert left[name, "screen text"] >= begun(first)[name, "screen text"] - 1
    assert started(films, home, second).wait(LONGEST) == 0
    assert begun(second)[name, "reading"] == 0
    assert done_twice(left, begun(second), Counter({(name, "screen text"): sys.maxsize})) == []


def test_two_processes_at_once_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    write_films(folders[0], SHORT_FILMS[:1])
    write_films(folders[1], SHORT_FILMS[1:])
    running = [started(folder, tmp_path / "home", tmp_path / f"{folder.name}.log") for folder in folders]
    assert [process.wait(LONGEST) for process in running] == [0, 0]
    together = content(tmp_path / "home")
    for folder in folders:
        assert started(folder, tmp_path / "alone", tmp_path / "alone.log").wait(LONGEST) == 0
    assert together == content(tmp_path / "alone")
