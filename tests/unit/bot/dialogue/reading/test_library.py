"""Questions about the library itself, and what only sounds like one."""

import pytest

from bot.dialogue.plan import LibraryQuestion
from bot.dialogue.reading.library import AboutLibrary, library_question, names_only_properties, property_asked


@pytest.mark.parametrize(
    ("said", "about"),
    [
        ("Which videos are there?", "list"),
        ("what films do you have", "list"),
        ("List all videos", "list"),
        ("show me my videos please", "list"),
        ("What is in the library?", "list"),
        ("what's in here", "list"),
        ("How many videos are there?", "count"),
        ("how many clips do you have in total", "count"),
        ("how long are all the videos together?", "length"),
        ("how many hours of video are there?", "length"),
        ("what's the longest video?", "longest"),
        ("which film is the shortest", "shortest"),
        ("the longest film?", "longest"),
        ("the newest of my videos", "newest"),
        ("which videos have subtitles?", "sources"),
    ],
)
def test_the_videos_themselves_can_be_asked_about_in_many_ways(said: str, about: LibraryQuestion) -> None:
    assert library_question(said) == AboutLibrary(about, 0)


@pytest.mark.parametrize(
    "said",
    [
        "how many dogs are there?",
        "and in other films?",
        "in all my videos",
        "how long is the video?",
        "what is there to see on the beach?",
        "what can you do?",
        "total",
        "",
    ],
)
def test_what_names_anything_or_only_where_to_look_is_a_search(said: str) -> None:
    assert library_question(said) is None


@pytest.mark.parametrize(
    "said", ["Which videos show a dog?", "show me videos of dogs", "the longest bridge in all videos"]
)
def test_what_names_something_too_may_be_a_search(said: str) -> None:
    asked = library_question(said)
    assert asked is not None and asked.beside == 1


def test_a_property_of_one_video_is_told_from_what_it_shows() -> None:
    assert property_asked("how long is it?") == "length"
    assert names_only_properties("how long is it?")
    assert not names_only_properties("how long is the bridge?")
