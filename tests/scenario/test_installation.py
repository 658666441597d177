"""What docs/installation.md and the Containerfile say is so, as far as a machine without a network can tell."""

import importlib.util
import os
import pty
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

from bot.bootstrap.light import LEFT_OUT
from bot.settings import Settings, variable
from tests import shells

ROOT = shells.ROOT
PAGE = (ROOT / "docs" / "installation.md").read_text()
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]
STEPS = [line for line in (ROOT / "Containerfile").read_text().replace("\\\n", " ").splitlines() if line[:1].isupper()]

LIGHT = """
import sys
sys.modules.update(dict.fromkeys({left_out!r}))
from bot.cli import main
sys.exit(main())
"""
"""The program where the packages that a light installation leaves out cannot be imported."""


def names_in(file: str) -> set[str]:
    lines = (ROOT / file).read_text().splitlines()
    return {line.partition("==")[0].lower().replace("_", "-") for line in lines if line and line[0] != "#"}


def test_every_command_names_files_that_exist_and_is_of_a_known_kind() -> None:
    assert len(COMMANDS) >= 8
    kinds = {" ".join(shlex.split(command)[:2]) for command in COMMANDS}
    expected = {"make demo", "uv tool", "pipx install", "podman build", "podman run", "eval $(vdialog completion bash)"}
    assert kinds == expected
    for command in COMMANDS:
        named = [word.rpartition("-c ")[2] for word in shlex.split(command) if word.endswith(".txt")]
        assert all((ROOT / name).is_file() for name in named), command
        if command.startswith(("uv ", "pipx ")):
            assert "constraints.txt" in command and command.endswith(" .")


@pytest.mark.parametrize("command", [command for command in COMMANDS if command.startswith("make ")])
def test_the_targets_install_and_run_the_demo(command: str, tmp_path: Path) -> None:
    fresh = [*shlex.split(command), "--dry-run", f"VENV={tmp_path / 'new'}", f"PYTHON={sys.executable}"]
    # A make that runs the tests tells the makes below it, and those say where they are.
    alone = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    told = subprocess.run(fresh, cwd=ROOT, env=alone, capture_output=True, text=True, check=True).stdout
    assert told.rstrip().endswith("vdialog demo")
    assert ("--excludes without-torch.txt" in told) == ("LIGHT=1" in command)
    assert told.count("-c constraints.txt") == (2 if "LIGHT=1" in command else 1)
    way = "light, without PyTorch" if "LIGHT=1" in command else "with PyTorch"
    downloads, disk = re.findall(rf"^\| {way} \| ([^|]+) \| ([^|]+) \|", PAGE, re.MULTILINE)[0]
    assert f"{downloads} to download and {disk} of disk" in told, "it is said before it begins"
    assert told.index("to download") < told.index("pip install")


def test_an_installer_shows_downloads_on_a_terminal_and_there_alone(tmp_path: Path) -> None:
    fresh = ["make", "demo", "--dry-run", f"VENV={tmp_path / 'new'}", f"PYTHON={sys.executable}"]
    alone = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    ours, theirs = pty.openpty()
    try:
        for errors, is_quiet in ((subprocess.DEVNULL, True), (theirs, False)):
            told = subprocess.run(fresh, cwd=ROOT, env=alone, stdout=subprocess.PIPE, stderr=errors, check=True).stdout
            assert (b"install --quiet" in told) == is_quiet
    finally:
        os.close(ours)
        os.close(theirs)


def test_the_completion_line_works_where_vdialog_is_found(tmp_path: Path) -> None:
    (line,) = [command for command in COMMANDS if command.startswith("eval ")]
    environment = shells.plain(tmp_path)
    environment["PATH"] += f":{shells.PROGRAM.parent}"
    assert shells.shell(f"{line}; complete -p vdialog", tmp_path, environment).returncode == 0


def test_the_packages_that_are_left_out_are_those_that_are_meant() -> None:
    left_out = names_in("without-torch.txt")
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    direct = {re.split(r"[><=]", line)[0].lower().replace("_", "-") for line in needed}
    assert left_out - {"timm", "torchvision"} <= direct, "the two others come with open_clip"
    assert left_out <= names_in("constraints.txt")
    assert {name.replace("-torch", "").replace("-", "_") for name in left_out} == set(LEFT_OUT)
    assert all(importlib.util.find_spec(name) for name in LEFT_OUT), "so that a test without them tells something"


def light(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    own = {"VDIALOG_HOME": str(folder / "home"), "VDIALOG_STABLE_SECONDS": "0"}
    program = LIGHT.format(left_out=sorted(LEFT_OUT))
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=folder,
        env=shells.plain(folder, **(own | more)),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_light_installation_says_what_it_lacks(tmp_path: Path) -> None:
    told = light(tmp_path, "doctor", VDIALOG_MODELS="demo")
    assert "the picture model needs PyTorch, which is not installed" in told.stdout
    assert "the vision model needs PyTorch, which is not installed" in told.stdout
    assert "docs/installation.md" in told.stdout
    assert "Traceback" not in told.stdout + told.stderr


@pytest.mark.slow
def test_the_demo_of_a_light_installation_answers_and_says_that_nobody_looks(tmp_path: Path) -> None:
    ran = light(tmp_path, "demo")
    assert ran.returncode == 0, ran.stderr
    assert "PyTorch is not installed: the films are found by their words alone" in ran.stdout
    assert "At a quarter past nine." in ran.stdout
    assert "VDIALOG_MODELS" not in ran.stdout
    found = light(tmp_path, "search", "ferry to Gull Island", VDIALOG_HOME=str(tmp_path / "home" / "demo"))
    assert "[harbour-morning:4]" in found.stdout


def test_the_container_copies_what_exists_and_starts_the_program() -> None:
    assert [step.split()[0] for step in STEPS][0] == "FROM"
    version = re.search(r"python:(3\.\d+)", STEPS[0])
    about = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert version and SpecifierSet(about["project"]["requires-python"]).contains(version[1])
    copied = [word for step in STEPS if step.startswith("COPY ") for word in step.split()[1:-1]]
    assert all((ROOT / name).exists() for name in copied)
    packages = {name.rstrip("*") for name in about["tool"]["setuptools"]["packages"]["find"]["include"]}
    assert packages <= set(copied), "every package is in the image"
    assert {about["project"]["readme"], *about["project"]["license-files"]} <= set(copied)
    (entry,) = [step for step in STEPS if step.startswith("ENTRYPOINT")]
    assert entry == f'ENTRYPOINT ["{next(iter(about["project"]["scripts"]))}"]'
    known = {variable(name) for name in Settings.model_fields}
    assert {step.split()[1].partition("=")[0] for step in STEPS if step.startswith("ENV ")} <= known
    installs = next(step for step in STEPS if "uv pip install" in step)
    assert "--excludes without-torch.txt -c constraints.txt ." in installs
