"""Does each fault end in a clear report? Disks that are full or read-only, locks, clocks, servers, files that change.

    python benchmarks/faults.py [--every 1] [--kinds disk,read-only,lock,clock,server,file]

Each case runs a command over a copy of a small home, in a process of its own, while something is wrong. It fails where
the process ends neither well nor with an exit code that says what is wrong, shows a traceback, takes longer than its
limit, more than 1.5 GB of memory, or more than 256 open files (with its children, read from /proc). After it the home
must be sound: `vdialog doctor --full` runs on it, and the videos that were there are there.

Small file systems are mounted, so it needs the right to do so, and a compiler of C for the clock.
"""

import argparse
import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from wrongs import (
    DAYS,
    SERVERS,
    STAGES,
    Place,
    cut_film,
    delete_film,
    delete_frames,
    delete_index,
    faulty,
    locked,
    meanwhile,
    moved_clock,
    replace_film,
    small_disk,
)

from bot.cli import main as vdialog
from demo.stories import FILMS
from demo.writing import write_films

ROOT = Path(__file__).resolve().parents[1]
MEMORY, OPEN_FILES = 1_500_000, 256
"""Kilobytes and open files of a process and its children, at most."""

LIMIT = 120.0
"""Seconds a command may take, on a machine that others use too."""

CODES = {0, 2, 3, 4, 5, 6}
Words = Sequence[str]


Around = Callable[[Place], contextlib.AbstractContextManager[object]]
"""What is wrong while a command runs."""


@dataclass(frozen=True, slots=True)
class Case:
    """A command, and what is wrong while it runs."""

    name: str
    words: Words
    around: Around


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: exit code, what it wrote, seconds, and the most memory (kB) and open files that it had."""

    code: int
    out: str
    err: str
    seconds: float
    memory: int
    files: int


def run(place: Place, words: Words) -> Ended:
    """Run a command in a process of its own and watch what it takes."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("VDIALOG_")}
    environment |= {
        "PYTHONPATH": str(ROOT),
        "VDIALOG_HOME": str(place.home),
        "VDIALOG_TEXT_MODEL": "hashing",
        "VDIALOG_STABLE_SECONDS": "0",
        **place.settings,
    }
    started, memory, files = time.monotonic(), 0, 0
    command = [sys.executable, "-m", "bot.cli", *words]
    with (
        tempfile.TemporaryFile("w+") as out,
        tempfile.TemporaryFile("w+") as err,
        subprocess.Popen(
            command, cwd=place.folder, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=err
        ) as process,
    ):
        while process.poll() is None:
            if time.monotonic() - started > LIMIT:
                process.kill()
            used = [taken(pid) for pid in family(process.pid)]
            memory = max(memory, sum(kilobytes for kilobytes, _ in used))
            files = max(files, *(held for _, held in used), 0)
            time.sleep(0.02)
        texts = []
        for written in (out, err):
            written.seek(0)
            texts.append(written.read())
    return Ended(process.returncode, *texts, time.monotonic() - started, memory, files)


def run_here(place: Place, words: Words) -> tuple[int, str]:
    """Run a command in this process, where nothing is wrong; return its exit code and what it printed."""
    for name in [name for name in os.environ if name.startswith("VDIALOG_")]:
        del os.environ[name]
    os.environ |= {"VDIALOG_HOME": str(place.home), "VDIALOG_TEXT_MODEL": "hashing"}
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()):
        code = vdialog(words)
    return code, out.getvalue()


def family(pid: int) -> list[int]:
    """Return a process and its children."""
    found = [pid]
    with contextlib.suppress(OSError):
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            found += family(int(child))
    return found


def taken(pid: int) -> tuple[int, int]:
    """Return the resident kilobytes and the open files of a process, zeros where it is gone."""
    with contextlib.suppress(OSError, IndexError, ValueError):
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        resident = next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0)
        return resident, len(os.listdir(f"/proc/{pid}/fd"))
    return 0, 0


# -- cases ---------------------------------------------------------------------------------------------------


def cases() -> list[Case]:
    """Return all cases."""
    ask, ingest = ("ask", "where is the dog?"), ("ingest", "FILM")
    writing: list[Words] = [ingest, ask, ("reindex",), ("backup", "--renew"), ("videos", "remove", "park")]
    found = [
        Case(f"disk {room} kB left: {words[0]}", words, lambda place, room=room: small_disk(place, room))
        for words in writing
        for room in (8, 200, 900)
    ]
    reading: list[Words] = [("videos", "list"), ("search", "dog"), ("conversations", "list"), ("doctor",)]
    found += [
        Case(f"read-only: {' '.join(words[:2])}", words, lambda place: small_disk(place, None))
        for words in (*writing, *reading)
    ]
    for name, commands in {
        "catalogue.db": (ingest, ("videos", "list"), ("videos", "remove", "park")),
        "conversations.db": (ask, ("conversations", "list")),
        "index/lock": (ingest, ("reindex",)),
    }.items():
        found += [
            Case(f"lock {name}: {' '.join(words[:2])}", words, lambda place, name=name: locked(place, name))
            for words in commands
        ]
    for by in (DAYS, -DAYS):
        found += [
            Case(f"clock {by:+}: {words[0]}", words, lambda place, by=by: moved_clock(place, by))
            for words in (ingest, ask, ("search", "dog"), ("doctor",))
        ]
    for stage, (words, settings) in STAGES.items():
        found += [
            Case(
                f"server {fault}: {stage}",
                words,
                lambda place, serve=serve, settings=settings: faulty(place, serve, settings),
            )
            for fault, serve in SERVERS.items()
        ]
    return found + of_files()


def of_files() -> list[Case]:
    """Return the cases of files that change while they are read."""
    ingest, found = ("ingest", "FILM"), []
    for change, words, after in (
        (replace_film, ingest, 4.0),
        (cut_film, ingest, 3.0),
        (delete_film, ingest, 4.0),
        (delete_index, ("search", "dog"), 1.0),
        (delete_frames, ("ask", "where is the dog?"), 1.0),
    ):
        found.append(
            Case(
                f"file: {change.__name__}",
                words,
                lambda place, change=change, after=after: meanwhile(place, change, after),
            )
        )
    return found


def make(folder: Path) -> Path:
    """Make the home that all cases copy."""
    place = Place(folder, folder / "home", folder / "film.mp4")
    write_films(folder / "films", FILMS[:2])
    captions = {"park": {"duration": 20, "timestamps": [[0, 20]], "sentences": ["A brown dog catches the ball."]}}
    (folder / "captions.json").write_text(json.dumps(captions))
    film = str(folder / "films" / f"{FILMS[0].name}.mp4")
    for words in (("import", str(folder / "captions.json")), ("ingest", film), ("ask", "where is the dog?")):
        assert run_here(place, words)[0] == 0, words
    return place.home


def problems(case: Case, folder: Path, home: Path) -> tuple[list[str], Ended]:
    """Run a case; return what is wrong with how it ended."""
    with tempfile.TemporaryDirectory(dir=folder) as own:
        place = Place(Path(own), Path(own) / "home", Path(own) / "film.mp4")
        shutil.copytree(home, place.home)
        shutil.copyfile(folder / "films" / f"{FILMS[1].name}.mp4", place.film)
        words = [str(place.film) if word == "FILM" else word for word in case.words]
        with case.around(place):
            ended = run(place, words)
        found = []
        if ended.code not in CODES:
            found.append(f"it ends with {ended.code}")
        if "Traceback" in ended.err or "unforeseen" in ended.err:
            found.append("it does not know what is wrong")
        if ended.code in (3, 4) and not (ended.err + ended.out).strip():
            found.append("it says nothing")
        if ended.seconds > LIMIT or ended.memory > MEMORY or ended.files > OPEN_FILES:
            found.append(f"{ended.seconds:.0f} s, {ended.memory} kB, {ended.files} files")
        if not case.name.startswith(("file: delete_index", "file: delete_frames")):
            code, out = run_here(place, ("doctor", "--full"))
            if code:
                found.append(f"doctor afterwards: {[line for line in out.splitlines() if line.startswith('failed')]}")
            if f'"{FILMS[0].name}"' not in run_here(place, ("videos", "list", "--json"))[1]:
                found.append("what was there is gone")
        return found, ended


def measured(every: int, kinds: Sequence[str] = (), offset: int = 0) -> tuple[int, list[str]]:
    """Run each `every`-th case of some kinds, or of all; return how many ran, and what was wrong."""
    chosen = [case for case in cases() if not kinds or case.name.startswith(tuple(kinds))][offset::every]
    wrong, most = [], Ended(0, "", "", 0.0, 0, 0)
    with tempfile.TemporaryDirectory() as folder:
        home = make(Path(folder))
        for number, case in enumerate(chosen, start=1):
            found, ended = problems(case, Path(folder), home)
            wrong += [f"{case.name}: {problem}\n    {ended.err[-300:]}" for problem in found]
            most = Ended(0, "", "", *(max(getattr(most, n), getattr(ended, n)) for n in ("seconds", "memory", "files")))
            last = (ended.err.strip() or ended.out.strip()).splitlines()[-1:] or [""]
            print(
                f"{number}/{len(chosen)} {case.name}: {ended.code} in {ended.seconds:.1f} s, "
                f"{ended.memory // 1000} MB, {ended.files} files: {'; '.join(found) or last[0][:90]}",
                flush=True,
            )
    print(f"most: {most.seconds:.0f} s, {most.memory / 1e3:.0f} MB, {most.files} open files")
    return len(chosen), wrong


def main() -> None:
    """Run the cases and print what was wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, help="run only each of so many cases")
    parser.add_argument("--kinds", default="", help="how the names of the cases begin, with commas")
    options = parser.parse_args()
    count, wrong = measured(options.every, [kind for kind in options.kinds.split(",") if kind])
    print(f"{count} cases, {len(wrong)} problems, load {os.getloadavg()[0]:.1f}", *wrong, sep="\n")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
