"""Every command that the README shows runs, in the order shown, as a person would type it."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.stories import SHORT_FILMS
from demo.writing import write_films

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
TABLE = re.findall(r"^\|.*\| `(vdialog [^`]+)` \|$", README, re.MULTILINE)
COMMANDS = [line for block in BLOCKS for line in block.splitlines() if line.startswith("vdialog ")] + TABLE
TARGETS = [line for block in BLOCKS for line in block.splitlines() if line.startswith("make ")]
CAPTIONS = {"park": {"duration": 9, "timestamps": [[0, 9]], "sentences": ["A man throws a ball to a dog."]}}

pytestmark = [pytest.mark.slow, pytest.mark.models]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("reader")
    write_films(folder / "films", SHORT_FILMS)
    (folder / "captions.json").write_text(json.dumps(CAPTIONS))
    yield folder


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    own = {"PATH": path, "VDIALOG_HOME": str(folder / "home"), "VDIALOG_STABLE_SECONDS": "0"}
    environment = {**os.environ, **own}
    return subprocess.run(
        shlex.split(command),
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_readme_shows_commands_and_every_target_exists() -> None:
    assert len(COMMANDS) >= 15
    assert TARGETS == ["make demo", "make test"]
    for target in TARGETS:
        tried = subprocess.run([*target.split(), "--dry-run"], cwd=ROOT, capture_output=True, text=True, check=True)
        assert "vdialog demo" in tried.stdout or "pytest" in tried.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_readme_runs(command: str, folder: Path) -> None:
    ran = run(command, folder)
    assert (ran.returncode, ran.stderr) == (0, "") or command.startswith("vdialog ingest"), ran.stdout + ran.stderr
    assert ran.returncode == 0, ran.stderr
    if command.startswith("vdialog ask "):
        assert "[1]" in ran.stdout or "[2]" in ran.stdout
    if command.startswith("vdialog clip"):
        assert (folder / command.split()[-1]).stat().st_size > 1_000


def test_the_demo_ends_with_a_right_cited_answer(tmp_path: Path) -> None:
    ran = run("vdialog demo --json", tmp_path)
    told = json.loads(ran.stdout)
    assert told["verdict"] == "answered"
    assert "quarter past nine" in told["answer"]
    first = told["citations"][0]
    assert (first["video_id"], first["handle"]) == ("harbour-morning", 1)
    assert 14.4 <= first["start"] < first["end"] <= 19.6
    assert Path(first["keyframe"]).is_file()
    shown = run("vdialog demo", tmp_path).stdout
    assert first["keyframe"] in shown
    printed = re.findall(r"```console\n(.*?)```", README, re.DOTALL)[0]
    assert all(line in shown for line in printed.splitlines())
