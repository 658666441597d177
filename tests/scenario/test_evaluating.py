"""The trial in the small world, end to end through the command line, on two films."""

from pathlib import Path

import pytest

from tests.scenario.conftest import Vdialog

pytestmark = [pytest.mark.models, pytest.mark.slow]


def test_two_fresh_films_are_drawn_taken_in_asked_and_counted(vdialog: Vdialog, tmp_path: Path) -> None:
    ran = vdialog("evaluate", "world", "--seed", "111", "--films", "2", "--questions", "6", "--no-vision", "--json")

    assert ran.code == 0, ran.err
    data, rows = ran.data, ran.data["rows"]
    assert (data["seed"], data["films"], data["questions"], data["answers"]) == (111, 2, 6, None)
    assert {"fused", "keywords", "meaning", "frames", "plain claims", "words alone", "untrained CLIP"} == set(rows)
    for row in rows.values():
        assert row["asked"] == 6
        assert 0 <= row["r@1"] <= row["mrr"] <= row["r@10"] <= 1
        assert row["r@1"] <= row["r@3"] <= row["r@5"] <= row["r@10"]
    assert rows["frames"]["mrr"] > max(rows["untrained CLIP"]["mrr"], rows["words alone"]["mrr"])
    assert data["refused"]["one thing other"]["of"] + data["refused"]["anything else"]["of"] == 3
    assert data["refused_wrongly"]["of"] == 6
    assert data["moments"] >= 0.99 * data["own_moments"]["of"]  # measured: all
    assert {"drawing", "reading", "searching", "comparing"} <= set(data["seconds"])
    told = data["assistant"]
    assert (told["asked"], told["right"]["of"], told["refused"]["of"], told["looked"]["right"]) == (9, 6, 3, 0)
    assert 0 <= told["calibration_error"] <= 1
    assert any("no vision model" in note for note in data["notes"])
    assert not (tmp_path / "home").exists()
