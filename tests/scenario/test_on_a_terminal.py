"""What a person sees on a terminal: lines that fit, whole words, colour beside words, a question before a loss."""

import json
import re
from pathlib import Path

import pytest

from bot.cli.wrapping import cells
from tests import shells

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
LONG = (
    "The ferry to Gull Island leaves at a quarter past nine, and the band plays on the quay until it is out of sight."
)
IDS = (
    "park",
    "My Holiday (1)",
    "a-very-long-name-of-a-film-that-somebody-made-in-the-year-2026-of-a-whole-week-by-the-sea",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("terminal")
    captions = {
        name: {"duration": 20, "timestamps": [[0, 10], [10, 20]], "sentences": [LONG, f"{name} ends."]} for name in IDS
    }
    (folder / "captions.json").write_text(json.dumps(captions))
    assert shells.shell(f"{shells.PROGRAM} import captions.json", folder, own(folder)).returncode == 0
    return folder


def own(folder: Path, **more: str) -> dict[str, str]:
    return shells.plain(folder, VDIALOG_HOME=str(folder / "home"), VDIALOG_TEXT_MODEL="hashing", **more)


def shown(line: str, folder: Path, columns: int = 80, typed: str = "", **more: str) -> str:
    return shells.on_terminal(f"{shells.PROGRAM} {line}", folder, own(folder, **more), columns, typed)


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_lines_fit_the_terminal_and_no_word_is_broken(folder: Path, columns: int) -> None:
    out = shown("search 'ferry to Gull Island' --arm keywords", folder, columns)
    tall = [line for line in out.splitlines() if cells(line) > columns]
    assert all(len(line.split()) == 1 for line in tall), "only a word that fits nowhere is longer"
    assert " ".join(out.split()).count(LONG) == 3
    assert f"[{IDS[2]}:1]" in out.replace("\n", "")


def test_a_table_fits_80_columns_and_its_ids_stay_whole(folder: Path) -> None:
    out = shown("videos list", folder)
    lines = COLOUR.sub("", out).splitlines()
    assert max(cells(line) for line in lines if IDS[2] not in line) <= 80
    assert IDS[2] in lines, "an id that does not fit has a line of its own"
    assert any(line.startswith("'My Holiday (1)'  ") for line in lines)
    piped = shells.shell(f"{shells.PROGRAM} videos list", folder, own(folder)).stdout
    assert f"{IDS[2]}  00:00:20" in piped, "a pipe gets every cell as it is"
    assert "…" not in piped and "\x1b" not in piped


def test_colour_is_on_terminals_alone_and_beside_the_word(folder: Path) -> None:
    told = shown("doctor", folder)
    assert re.search(r"\x1b\[32mok *\x1b\[0m ", told)
    assert "\x1b" not in shown("doctor", folder, NO_COLOR="1")
    piped = shells.shell(f"{shells.PROGRAM} doctor", folder, own(folder)).stdout
    assert "\x1b" not in piped
    states = [line.split()[0] for line in piped.splitlines() if line and not line.startswith(" ")]
    assert set(states) <= {"ok", "off", "warning", "failed"} and "ok" in states


def test_what_is_awaited_is_said_on_a_terminal(folder: Path) -> None:
    out = shown("ask -", folder, typed="Where is the ferry?\n\x04")
    assert "Type your question; Ctrl+D" in out
    assert "Gull Island" in out


def test_a_removal_is_asked_for_on_a_terminal(folder: Path) -> None:
    kept = shown("videos remove park 'My Holiday (1)'", folder, typed="n\n")
    assert "2 videos: park, 'My Holiday (1)'" in kept and "Nothing was removed." in kept
    assert "becomes [removed], also where you typed" in " ".join(kept.split()), "it is said before"
    assert "park" in shown("videos list", folder)
    alone = shown("videos remove park", folder, typed="y\n")
    assert "1 video: park" in alone and "Removed park." in alone
    assert "park" not in shown("videos list", folder)
    assert "Removed 'My Holiday (1)'." in shown("videos remove 'My Holiday (1)' --yes", folder)


def test_an_id_pastes_as_it_is_printed(folder: Path) -> None:
    (first, *_) = [
        line.partition("  ")[0]
        for line in shells.shell(f"{shells.PROGRAM} videos list", folder, own(folder)).stdout.splitlines()[1:]
    ]
    ran = shells.shell(f"{shells.PROGRAM} videos show {first}", folder, own(folder))
    assert ran.returncode == 0 and ran.stdout.startswith(first)


def test_a_restore_asks_and_changes_nothing_on_a_no(folder: Path) -> None:
    assert shells.shell(f"{shells.PROGRAM} backup mine", folder, own(folder)).returncode == 0
    for line in ("restore mine", "restore --only catalogue", "restore --anew"):
        said = " ".join(shown(line, folder, typed="n\n").split())
        assert "[y/N]" in said, line
        assert "Nothing was changed." in said, line
    assert not list((folder / "home").glob("replaced-*"))
    said = " ".join(shown("restore mine", folder, typed="y\n").split())
    assert "Copy of 20" in said
    assert "Restored." in said
    assert len(list((folder / "home").glob("replaced-*"))) == 1


def test_joining_captions_asks_before_it_makes_videos_of_what_names_no_film(folder: Path) -> None:
    entry = {"duration": 5, "timestamps": [[0, 5]], "sentences": ["A tram rings."]}
    (folder / "more.json").write_text(json.dumps({"street": entry}))
    said = " ".join(shown("import more.json --join", folder, typed="n\n").split())
    assert "No film is called like these: street" in said
    assert "Imported 0 videos" in said
    assert "Imported 1 video " in " ".join(shown("import more.json --join", folder, typed="y\n").split())
