"""Videos named in a person's words."""

import pytest

from bot.dialogue.reading.names import every_named, is_name, named, names_of
from bot.tools.memory import video_of

NAMES = names_of(
    [
        video_of("squirrel"),
        video_of("asl_bird"),
        video_of("bbb", "Big Buck Bunny"),
        video_of("farm-year", "A Year on the Farm"),
        video_of("last-train", "The Last Train"),
        video_of("nasa_13"),
        video_of("x1", "Trip"),
        video_of("x2", "Trip"),
    ]
)


def plain(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("text", "rest", "videos"),
    [
        ("who eats in the video squirrel?", "who eats in the ?", ("squirrel",)),
        ("who eats in the squirrel video", "who eats", ("squirrel",)),
        ("who eats in squirrel.mp4", "who eats", ("squirrel",)),
        ("what happens in squirrel?", "what happens ?", ("squirrel",)),
        ("how long is squirrel", "how long is", ("squirrel",)),
        ("asl_bird: what is signed", ": what is signed", ("asl_bird",)),
        ("who sings in Big Buck Bunny at the start", "who sings at the start", ("bbb",)),
        ('who sings in "Big Buck Bunny"', "who sings", ("bbb",)),
        ("Does somebody wave in A Year on the Farm?", "Does somebody wave ?", ("farm-year",)),
        ("Is there a boat in The Last Train?", "Is there a boat ?", ("last-train",)),
        ("what happens in the farm film", "what happens in", ("farm-year",)),
        ("the nasa one", "", ("nasa_13",)),
        ("a lake in the film Trip", "a lake in the", ("x1", "x2")),
    ],
)
def test_a_video_that_is_named_is_taken_out_of_the_words(text: str, rest: str, videos: tuple[str, ...]) -> None:
    found = named(text, NAMES)
    assert found is not None
    assert (found.videos, plain(found.text), found.sure) == (videos, rest, True)


@pytest.mark.parametrize(
    "text",
    [
        "a squirrel in a tree",
        "is there a bird",
        "a trip to the lake",
        "when does the last train leave",
        "how big is the farm",
        "the long film",
        "",
    ],
)
def test_ordinary_words_that_are_also_a_title_name_no_video_for_sure(text: str) -> None:
    assert every_named(text, NAMES) == ()


def test_a_video_is_named_with_its_collection_whatever_the_words_are() -> None:
    names = names_of([video_of("A/film", "film"), video_of("B/film", "film"), video_of("O d/two words", "two words")])
    assert [one.videos for one in every_named("What happens in A/film?", names)] == [("A/film",)]
    assert [one.videos for one in every_named("what happens in B/film?", names)] == [("B/film",)]
    assert [one.videos for one in every_named("What happens in O d/two words?", names)] == [("O d/two words",)]


def test_each_of_several_names_counts_whichever_is_less_sure() -> None:
    text = "does the last train leave before the video squirrel?"
    assert [one.videos for one in every_named(text, NAMES)] == [("squirrel",)]
    both = every_named("compare Big Buck Bunny with The Last Train", NAMES)
    assert {one.videos for one in both} == {("bbb",), ("last-train",)}
    assert plain(both[-1].text) == "compare with"


def test_a_whole_name_may_have_the_video_around_it() -> None:
    assert is_name("the video squirrel", NAMES) == ("squirrel",)
    assert is_name("big buck bunny?", NAMES) == ("bbb",)
    assert is_name("the big", NAMES) == ()
