"""Whatever the program prints to be typed next works, pasted into a plain shell without the virtual environment."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli.examples import EXAMPLES
from demo.stories import FILMS
from demo.writing import write_films
from tests import shells
from tests.scenario.test_manners import COMMANDS

CAPTIONS = {"meadow": {"duration": 9, "timestamps": [[0, 9]], "sentences": ["A man throws a ball to a dog."]}}
NOT_RUN = {
    "demo": "its own test below",
    "setup": "tests/scenario/test_setup.py",
    "slack run": "tests/scenario/test_slack_command.py",
    "evaluate planner": "it needs a language model",
    "evaluate world": "minutes",
}

pytestmark = [pytest.mark.slow]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with the sample films, and a library of them."""
    folder = tmp_path_factory.mktemp("reader")
    write_films(folder / "films", [film for film in FILMS if film.name in ("harbour-morning", "lemon-soup")])
    (folder / "captions.json").write_text(json.dumps(CAPTIONS))
    yield folder


def own(folder: Path) -> dict[str, str]:
    more = {"VDIALOG_HOME": str(folder / "home"), "VDIALOG_TEXT_MODEL": "hashing", "VDIALOG_STABLE_SECONDS": "0"}
    return shells.plain(folder, **more)


def printed_examples(command: str, folder: Path) -> list[str]:
    helped = shells.shell(f"{shells.PROGRAM} {command} -h", folder, own(folder)).stdout
    return [line.strip() for line in helped.partition("Examples:\n")[2].partition("\n\n")[0].splitlines()]


def test_every_command_has_an_example() -> None:
    assert set(EXAMPLES) == {" ".join(command) for command in COMMANDS}


def test_every_example_of_a_help_runs_in_a_plain_shell(folder: Path) -> None:
    talk = ""
    for command in EXAMPLES:
        if command in NOT_RUN:
            continue
        lines = printed_examples(command, folder)
        assert lines and all(str(shells.PROGRAM) in line for line in lines), command
        for line in lines:
            ran = shells.shell(line.replace(" ID", f" {talk}"), folder, own(folder))
            assert ran.returncode == 0, (line, ran.stdout, ran.stderr)
        if command == "chat":
            talk = (
                shells.shell(f"{shells.PROGRAM} conversations list", folder, own(folder))
                .stdout.split("\n")[1]
                .split()[0]
            )
    assert (folder / "moment.mp4").stat().st_size > 1_000


@pytest.mark.models
def test_what_the_demo_prints_next_runs_in_the_shell_that_ran_it(tmp_path: Path) -> None:
    environment = shells.plain(tmp_path)
    (tmp_path / "my env").mkdir()
    (tmp_path / "my env" / "vdialog").symlink_to(shells.PROGRAM)
    ran = shells.shell("'my env/vdialog' demo", tmp_path, environment)
    assert ran.returncode == 0, ran.stderr
    (films,) = re.findall(r"^The films are in (.*)$", ran.stdout, re.MULTILINE)
    assert len(list(Path(films).glob("*.mp4"))) == 3
    commands = re.findall(r"^  (.*vdialog.*)$", ran.stdout, re.MULTILINE)
    assert len(commands) == 4
    shutil.copytree(films, tmp_path / "FOLDER")
    for command in commands:
        told = shells.shell(command, tmp_path, {**environment, "VDIALOG_STABLE_SECONDS": "0"})
        assert told.returncode == 0, (command, told.stdout, told.stderr)


def test_hints_can_be_pasted_also_where_a_shell_does_not_find_the_program(tmp_path: Path) -> None:
    environment = own(tmp_path)
    for command in ("videos list", "videos show nosuch", "doctor", "setup", "config show", "log 00000000"):
        ran = shells.shell(f"{shells.PROGRAM} {command}", tmp_path, environment)
        told = ran.stdout + ran.stderr
        named = re.findall(r"(?<![\w/.-])vdialog [a-z-]", told)
        assert not named, (command, told)
    assert f"{shells.PROGRAM} ingest FOLDER" in shells.shell(f"{shells.PROGRAM} search x", tmp_path, environment).stdout
    active = {**environment, "PATH": f"{shells.PROGRAM.parent}:{environment['PATH']}"}
    hint = f"`VDIALOG_HOME={environment['VDIALOG_HOME']} vdialog ingest FOLDER`"
    assert hint in shells.shell("vdialog videos list", tmp_path, active).stdout, "in a shell that did not export it too"
    data = shells.shell(f"{shells.PROGRAM} videos list --json", tmp_path, environment)
    assert json.loads(data.stdout)["videos"] == []
