"""Which films the small models know."""

import json
from pathlib import Path

import pytest

from bot.bootstrap.drawn import SAMPLE_ONLY, strangers, unfit
from demo.writing import MANIFEST


def test_films_that_were_drawn_in_their_folder_are_known_and_no_others(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text(json.dumps({"boats": "1", "soup": "2"}))
    boats, own, elsewhere = tmp_path / "boats.mp4", tmp_path / "own.mp4", tmp_path / "other" / "boats.mp4"
    assert strangers([boats, own, elsewhere]) == [own, elsewhere]
    assert unfit(boats) is None
    assert unfit(own) == SAMPLE_ONLY


def test_what_was_drawn_in_a_folder_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / MANIFEST).write_text(json.dumps({"boats": "1"}))
    read: list[Path] = []
    plain = Path.read_text

    def counted(path: Path, *given: object, **named: object) -> str:
        read.append(path)
        return plain(path, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Path, "read_text", counted)
    assert len(strangers([tmp_path / f"{number}.mp4" for number in range(50)])) == 50
    assert read == [tmp_path / MANIFEST]
