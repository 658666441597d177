"""Runs `vdialog` in this process, over a library of its own whose encoders need no weights.

Whatever it prints as JSON is checked against the schema.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from bot.settings import Settings, variable
from demo.stories import FILMS
from demo.writing import write_films
from tests import json_shapes

CAPTIONS = {
    "park": {
        "duration": 40,
        "timestamps": [[0, 10], [10, 20], [25, 40]],
        "sentences": [
            "A man in a red shirt throws a ball.",
            "A brown dog catches the ball.",
            "The dog sleeps under a tree.",
        ],
    },
    "kitchen": {
        "duration": 30,
        "timestamps": [[0, 12], [12, 30]],
        "sentences": ["A woman cuts an onion.", "The woman stirs a pot of soup."],
    },
    "harbour_2026": {"duration": 9, "timestamps": [[0, 9]], "sentences": ["A white boat leaves the harbour."]},
}


@dataclass(frozen=True)
class Ran:
    """One command that ran: its exit code and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads(self.out)
        return loaded

    @property
    def error(self) -> dict[str, str]:
        printed = json.loads(self.err.splitlines()[-1])
        json_shapes.check("error", printed)
        told: dict[str, str] = printed["error"]
        return told


Vdialog = Callable[..., Ran]


@pytest.fixture(scope="session")
def sample_films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all sample films and their subtitles, to read only."""
    folder = tmp_path_factory.mktemp("sample-films")
    write_films(folder, FILMS)
    return folder


@pytest.fixture
def vdialog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Vdialog:
    for name in Settings.model_fields:
        monkeypatch.delenv(variable(name), raising=False)
    monkeypatch.setenv("VDIALOG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("VDIALOG_TEXT_MODEL", "hashing")
    monkeypatch.setenv("VDIALOG_STABLE_SECONDS", "0")
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str | Path) -> Ran:
        capsys.readouterr()
        words = [str(argument) for argument in arguments]
        code = main(words)
        out, err = capsys.readouterr()
        json_shapes.check_output(words, out)
        return Ran(code, out, err)

    return run


@pytest.fixture
def library(vdialog: Vdialog, tmp_path: Path) -> Vdialog:
    """The command line over a library with three captioned videos."""
    captions = tmp_path / "captions.json"
    captions.write_text(json.dumps(CAPTIONS))
    assert vdialog("import", captions).code == 0
    return vdialog
