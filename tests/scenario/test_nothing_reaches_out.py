"""A whole ingest, a question and doctor, watched below Python: nothing is looked up, reached, or written elsewhere."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from demo.stories import FILMS
from demo.writing import write_films

ROOT = Path(__file__).parents[2]

PROGRAM = """
import sys
from bot.cli import main
for command in (["ingest", sys.argv[1]], ["ask", "What have the gulls smelled?"], ["doctor"]):
    assert main(command) == 0, command
"""

PROBE = """
import ctypes, socket, sys
if sys.argv[1] == "python":
    try:
        socket.create_connection(("nowhere.invalid", 80), 1)
    except OSError:
        pass
ctypes.CDLL(None).gethostbyname(b"native.invalid")
open("elsewhere", "w").close()
"""


@pytest.fixture(scope="module")
def watch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library that watches whatever it is preloaded before."""
    built = tmp_path_factory.mktemp("watch") / "watch.so"
    source = ROOT / "tests" / "guard" / "watch.c"
    try:
        subprocess.run(["cc", "-shared", "-fPIC", "-o", built, source, "-ldl"], check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("no compiler of C (`make ci-tools` installs one)")
    return built


def noted(watch: Path, folder: Path, program: str, *arguments: object) -> list[tuple[str, str]]:
    """Run a program of Python with a home of its own; return what it looked up, reached and wrote."""
    for name in ("user", "temporary", "work"):
        (folder / name).mkdir()
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": str(folder / "user"),
        "TMPDIR": str(folder / "temporary"),
        "VDIALOG_HOME": str(folder / "library"),
        "VDIALOG_MODELS": "demo",
        "VDIALOG_STABLE_SECONDS": "0",
        "WATCH_LOG": str(folder / "log"),
        "LD_PRELOAD": str(watch),
    }
    command = [sys.executable, "-c", program, *map(str, arguments)]
    ran = subprocess.run(
        command, cwd=folder / "work", env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    lines = (folder / "log").read_text(errors="replace").splitlines()
    return [(what, which) for what, _, which in (line.partition(" ") for line in lines)]


def test_the_watch_sees_python_and_what_is_below_it(watch: Path, tmp_path: Path) -> None:
    seen = noted(watch, tmp_path, PROBE, "python")
    assert ("LOOKUP", "nowhere.invalid") in seen and ("LOOKUP", "native.invalid") in seen
    assert ("WRITE", "elsewhere") in seen


@pytest.mark.slow
@pytest.mark.models
def test_taking_in_asking_and_doctor_reach_nothing_and_write_only_into_the_library(watch: Path, tmp_path: Path) -> None:
    films = tmp_path / "films"
    write_films(films, FILMS[:1])
    seen = noted(watch, tmp_path, PROGRAM, films)
    assert [which for what, which in seen if what in ("LOOKUP", "CONNECT")] == []
    inside = (f"{tmp_path / 'library'}", f"{tmp_path / 'temporary'}", "/dev/null", "/proc/self/")
    assert [which for what, which in seen if what == "WRITE" and not which.startswith(inside)] == []
    assert [path for path in (tmp_path / "user").rglob("*") if path.is_file()] == []
    assert [path for path in (tmp_path / "temporary").rglob("*") if path.is_file()] == []
    assert list((tmp_path / "work").iterdir()) == []
