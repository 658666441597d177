"""`vdialog videos remove` for one, several, or all of a collection; off a terminal nobody is asked."""

import json
from pathlib import Path

import pytest

from tests.films import film, shots
from tests.scenario.conftest import CAPTIONS, Vdialog


def left(library: Vdialog) -> set[str]:
    return {video["video_id"] for video in library("videos", "list", "--json").data["videos"]}


def test_one_video_goes_without_a_question(library: Vdialog) -> None:
    ran = library("videos", "remove", "park", "--json")
    assert (ran.data["removed"], ran.data["videos"]) == ("park", ["park"])
    assert left(library) == {"kitchen", "harbour_2026"}


def test_several_go_only_with_yes(library: Vdialog) -> None:
    refused = library("videos", "remove", "park", "kitchen", "--json")
    assert (refused.code, "--yes" in refused.error["hint"]) == (2, True)
    assert len(left(library)) == 3
    ran = library("videos", "remove", "park", "kitchen", "park", "--yes")
    assert ran.out.startswith("Removed park.\nRemoved kitchen.\n")
    assert left(library) == {"harbour_2026"}


def test_nothing_goes_where_one_of_them_is_not_there(library: Vdialog) -> None:
    refused = library("videos", "remove", "park", "nosuch", "--yes", "--json")
    assert (refused.code, "nosuch" in refused.error["message"]) == (2, True)
    assert "park" in left(library)


def test_a_collection_goes_as_a_whole_and_alone(library: Vdialog, tmp_path: Path) -> None:
    (tmp_path / "captions.json").write_text(json.dumps(CAPTIONS))
    library("import", "captions.json", "--collection", "other")
    refused = library("videos", "remove", "--collection", "other", "--json")
    assert (refused.code, "3 videos" in refused.error["message"]) == (2, True)
    ran = library("videos", "remove", "--collection", "other", "--yes", "--json")
    assert ran.data["videos"] == ["other/harbour_2026", "other/kitchen", "other/park"]
    assert left(library) == set(CAPTIONS)


@pytest.mark.parametrize("wrong", [(), ("park", "--collection", "library"), ("--collection", "nosuch")])
def test_it_is_said_what_can_be_removed(library: Vdialog, wrong: tuple[str, ...]) -> None:
    ran = library("videos", "remove", *wrong, "--yes", "--json")
    assert ran.code == 2 and ran.error["hint"]
    assert left(library) == set(CAPTIONS)


def test_a_removal_names_another_file_name_and_says_that_an_ingest_takes_it_in_again(
    library: Vdialog, tmp_path: Path
) -> None:
    (tmp_path / "films").mkdir()
    made = film(tmp_path / "films" / "IMG_1.mp4", shots((1, 1.0)))
    assert library("ingest", tmp_path / "films").code == 0
    made.rename(tmp_path / "films" / "Party.mp4")
    assert library("ingest", tmp_path / "films").code == 0
    ran = library("videos", "remove", "IMG_1", "--yes")
    assert "Removed IMG_1 (Party.mp4)." in ran.out and "takes it in again" in ran.out
    assert "takes it in again" not in library("videos", "remove", "park", "--yes").out
