"""How the program is named where it says what to type next."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli.program import command_name, pasted


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program `vdialog` in a folder that no shell looks into."""
    path = tmp_path / "my env" / "bin" / "vdialog"
    path.parent.mkdir(parents=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.chdir(tmp_path)
    return path


def test_a_program_that_a_shell_does_not_find_is_named_by_its_path(program: Path) -> None:
    assert command_name(str(program)) == f"'{program}'"
    assert command_name("my env/bin/vdialog") == "'my env/bin/vdialog'"


def test_a_program_that_a_shell_finds_is_named_by_its_name(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}/usr/bin")
    assert command_name(str(program)) == "vdialog"


def test_another_program_of_that_name_is_not_taken_for_it(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = program.parents[2] / "other" / "vdialog"
    other.parent.mkdir()
    other.write_text("#!/bin/sh\n")
    other.chmod(0o755)
    monkeypatch.setenv("PATH", str(other.parent))
    assert command_name(str(program)) == f"'{program}'"


def test_a_module_is_named_by_its_interpreter() -> None:
    assert command_name("/x/bot/cli/__main__.py", "/my env/bin/python") == "'/my env/bin/python' -m bot.cli"


def test_a_hint_names_the_program_as_it_is_typed_where_a_shell_does_not_find_it(program: Path) -> None:
    hint = "import sys; from bot.cli.program import pasted; sys.argv = sys.argv[1:]; print(pasted('`vdialog a`'))"
    ran = subprocess.run([sys.executable, "-c", hint, str(program)], capture_output=True, text=True, check=True)
    assert ran.stdout == f"`'{program}' a`\n"
    assert pasted("`vdialog ask`") == "`vdialog ask`"  # a test is no program of that name


@pytest.mark.parametrize(
    ("variables", "before"),
    [
        ({}, ""),
        ({"VDIALOG_HOME": "/my library"}, "VDIALOG_HOME='/my library' "),
        (
            {"VDIALOG_HOME": "/l", "VDIALOG_MODELS": "demo", "VDIALOG_VISION_TOKEN": "secret"},
            "VDIALOG_HOME=/l VDIALOG_MODELS=demo ",
        ),
        ({"VDIALOG_HOME": ""}, ""),
    ],
)
def test_a_hint_works_on_the_library_that_the_environment_named(
    program: Path, variables: dict[str, str], before: str
) -> None:
    hint = (
        "import sys; from bot.cli.program import pasted; sys.argv = sys.argv[1:]; print(pasted('Try `vdialog a -c`.'))"
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VDIALOG_")}
    command = [sys.executable, "-c", hint, str(program)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, env={**kept, **variables})
    assert ran.stdout == f"Try `{before}'{program}' a -c`.\n"
