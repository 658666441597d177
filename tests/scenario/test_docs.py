"""The commands that the pages of docs/ show run, in the order shown, in a shell, as a person would paste them."""

import configparser
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from demo.stories import SHORT_FILMS
from demo.writing import write_films

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ("administration", "captions")
CAPTIONS = {
    "harbour-morning": {"duration": 24, "timestamps": [[0, 5]], "sentences": ["A ferry leaves the harbour."]},
}


def page(name: str) -> str:
    return (DOCS / f"{name}.md").read_text()


def blocks(name: str, kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", page(name), re.DOTALL)


@pytest.mark.slow
@pytest.mark.models
@pytest.mark.parametrize("name", PAGES)
def test_the_commands_of_a_page_run_in_order(name: str, tmp_path: Path) -> None:
    write_films(tmp_path / "films", SHORT_FILMS)
    (tmp_path / "captions.json").write_text(json.dumps(CAPTIONS))
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("VDIALOG_", "XDG_"))}
    own = {"PATH": path, "HOME": str(tmp_path), "VDIALOG_STABLE_SECONDS": "0"}
    assert blocks(name, "sh")
    for block in blocks(name, "sh"):
        command = ["bash", "-e", "-c", block]
        ran = subprocess.run(
            command, cwd=tmp_path, env=kept | own, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, block + ran.stdout + ran.stderr


@pytest.mark.parametrize("path", sorted(DOCS.rglob("*.md")), ids=lambda path: str(path.relative_to(DOCS)))
def test_every_command_that_a_page_names_is_one(path: Path) -> None:
    from typer.main import get_command

    from bot.cli.app import app

    known = get_command(app)
    for named in re.findall(r"`vdialog ([^`\n]+)`", path.read_text()):
        command = known
        for word in named.split():
            inner = getattr(command, "commands", {}).get(word)
            if inner is None:
                break
            command = inner
        assert command is not known, f"vdialog {named}"
        options = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
        told = re.findall(r"(?<!\S)--?[a-z][a-z-]*", named)
        assert set(told) <= options | {"-h", "--help"}, f"vdialog {named}"


def test_the_service_that_is_shown_runs_the_watch() -> None:
    unit = configparser.ConfigParser(interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(blocks("administration", "ini")[0])
    words = unit["Service"]["ExecStart"].split()
    assert words[0].endswith("/bin/vdialog")
    assert words[1:3] == ["ingest", "--watch"]


def test_the_page_of_administration_gives_nobody_a_copy_with_what_is_private() -> None:
    second = page("administration").partition("## A second person")[2].partition("\n## ")[0]
    assert "restore" not in second
    assert "conversations" in second and "granted" in second


@pytest.mark.parametrize("text", re.findall(r"^\| (?:[^|`]*)`([^`]+)`", page("troubleshooting"), re.MULTILINE))
def test_a_message_that_is_explained_is_one_that_the_program_says(text: str) -> None:
    sources = [
        *DOCS.parent.glob("bot/**/*.py"),
        *DOCS.parent.glob("retrieval/**/*.py"),
        *DOCS.parent.glob("prompts/*.md"),
    ]
    said = "\n".join(path.read_text() for path in sources)
    pieces = [piece.strip() for piece in re.split(r"\d+|;|VDIALOG_\w*|vdialog doctor", text) if len(piece.strip()) > 3]
    assert pieces
    assert all(piece.strip(", ") in said or piece in ("No space left on device",) for piece in pieces), pieces
