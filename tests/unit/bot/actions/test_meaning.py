"""Which video is meant by what somebody types."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.actions.meaning import meant, meant_by
from bot.tools.memory import VISIBLE, MemoryLibrary, video_of
from retrieval.errors import NotInLibrary
from retrieval.types import Entry, Video


def lying_at(video_id: str, path: str, title: str = "", collection: str = "library") -> Video:
    return replace(video_of(video_id, collection=collection), entry=Entry(collection, title or video_id, Path(path)))


@pytest.fixture
def shelf() -> MemoryLibrary:
    return MemoryLibrary(
        (lying_at("Harbour-Morning", "/films/Harbour-Morning.mp4"), []),
        (lying_at("intro", "/films/a/intro.mp4"), []),
        (lying_at("intro-1a2b3c", "/films/b/intro.mp4", "intro"), []),
        (lying_at("boats", "/films/old boats 2019.mkv", "old boats 2019"), []),
        (lying_at("vault", "/secret/vault.mp4", "vault", "private"), []),
    )


@pytest.mark.parametrize(
    ("typed", "video"),
    [
        ("Harbour-Morning", "Harbour-Morning"),
        ("harbour-morning", "Harbour-Morning"),
        ("HARBOUR-MORNING.MP4", "Harbour-Morning"),
        ("films/harbour-morning.mp4", "Harbour-Morning"),
        ("/films/Harbour-Morning.mp4", "Harbour-Morning"),
        ("intro", "intro"),
        ("INTRO", "intro"),
        ("a/intro.mp4", "intro"),
        ("b/intro", "intro-1a2b3c"),
        ("old boats 2019", "boats"),
        ("Old Boats 2019.mkv", "boats"),
    ],
)
def test_a_video_is_meant_by_its_id_title_or_file_whatever_the_case(
    shelf: MemoryLibrary, typed: str, video: str
) -> None:
    assert meant(shelf, VISIBLE, typed) == video


def test_a_name_of_several_is_refused_with_their_ids(shelf: MemoryLibrary) -> None:
    with pytest.raises(NotInLibrary, match="2 videos are called 'intro.mp4'") as refused:
        meant(shelf, VISIBLE, "intro.mp4")
    assert refused.value.hint == "Say which: intro, intro-1a2b3c."


@pytest.mark.parametrize(
    ("typed", "near"), [("harbor-morning", "Harbour-Morning"), ("boat", "boats"), ("harbour", "Harbour-Morning")]
)
def test_a_near_miss_is_told_what_may_be_meant(shelf: MemoryLibrary, typed: str, near: str) -> None:
    with pytest.raises(NotInLibrary) as refused:
        meant(shelf, VISIBLE, typed)
    assert refused.value.hint.startswith(f"Did you mean {near!r}")


@pytest.mark.parametrize("typed", ["vault", "vault.mp4", "vaul", "/secret/vault.mp4", "", "..", "/"])
def test_what_is_not_visible_is_neither_meant_nor_suggested(shelf: MemoryLibrary, typed: str) -> None:
    with pytest.raises(NotInLibrary) as refused:
        meant(shelf, VISIBLE, typed)
    assert "Did you mean" not in refused.value.hint
    assert "secret" not in refused.value.hint


def test_a_part_of_a_video_is_meant_in_the_same_way(shelf: MemoryLibrary) -> None:
    assert meant_by(shelf, VISIBLE, "harbour-morning.mp4@0:05-0:12", "@") == "Harbour-Morning@0:05-0:12"
    assert meant_by(shelf, VISIBLE, "harbour-morning:2", ":") == "Harbour-Morning:2"
    assert meant_by(shelf, VISIBLE, "nothing", ":") == "nothing"
