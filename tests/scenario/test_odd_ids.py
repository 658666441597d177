"""An id may hold whatever can be typed: every command that takes one takes it."""

import json
from pathlib import Path

import pytest

from tests.films import film, shots
from tests.scenario.conftest import Vdialog

IDS = [
    "a@b",
    "a@0-2",
    "a#b",
    "it's",
    'say "so"',
    "a:1",
    "two words",
    "a`b$(c)",
    "a\\b",
    "100%",
    "[3]",
    "ü",
    "a,b;c",
    "@",
    "#1",
    "-x",
    "--yes",
]
"""Ids of which each holds something that means something somewhere."""


@pytest.mark.parametrize("video", IDS)
def test_every_command_takes_an_id(vdialog: Vdialog, tmp_path: Path, video: str) -> None:
    sentences = ["A man in a red shirt throws a ball.", "A brown dog catches it."]
    told = {video: {"duration": 20, "timestamps": [[0, 10], [10, 20]], "sentences": sentences}}
    (tmp_path / "captions.json").write_text(json.dumps(told))
    assert vdialog("import", "captions.json").code == 0
    assert vdialog("videos", "show", "--", video).code == 0
    video = f"library/{video}" if video.startswith("-") else video
    assert [one["video_id"] for one in vdialog("videos", "list", "--json").data["videos"]] == [video]
    assert len(vdialog("videos", "show", video, "--json").data["moments"]) == 2
    hits = vdialog("search", "dog", "--video", video, "--json").data["hits"]
    assert hits[0]["moment_id"] == f"{video}:2"
    like = vdialog("search", "--like", f"{video}:2", "--json").data["hits"]
    assert [hit["moment_id"] for hit in like] == [f"{video}:1"]
    for what in (f"{video}:1", f"{video}@0-2"):
        refused = vdialog("clip", what, "-o", "clip.mp4", "--json").error
        assert "imported without media" in refused["message"]
    assert vdialog("ask", "Where is the dog?", "--json").data["citations"][0]["video_id"] == video
    assert vdialog("videos", "remove", video).code == 0
    assert vdialog("videos", "list", "--json").data["videos"] == []


@pytest.mark.parametrize("stem", ["a@0-2", 'say "so" #1', "line\nbreak", "esc\x1b[31m", "it's"])
def test_a_film_of_any_name_can_be_named_and_cut(vdialog: Vdialog, tmp_path: Path, stem: str) -> None:
    film(tmp_path / f"{stem}.mp4", shots((1, 1.0), (2, 1.0)))
    (told,) = vdialog("ingest", f"{stem}.mp4", "--json").data["files"]
    video = told["video_id"]
    assert video.isprintable() and (video == stem or not stem.isprintable())
    for number, what in enumerate((f"{video}:1", f"{video}@0-1")):
        assert vdialog("clip", what, "-o", f"clip{number}.mp4").code == 0
    assert vdialog("videos", "remove", video).code == 0
