import pytest

from bot.dialogue.planning.reading import Reading, plain
from bot.dialogue.planning.titles import names_of, take_names, whole_name
from bot.tools.memory import video_of

NAMES = names_of(
    [
        video_of("squirrel"),
        video_of("asl_bird"),
        video_of("bbb", "Big Buck Bunny"),
        video_of("x1", "Trip"),
        video_of("x2", "Trip"),
    ]
)


@pytest.mark.parametrize(
    ("text", "rest", "videos"),
    [
        ("who eats in the video squirrel?", "who eats ?", ("squirrel",)),
        ("who eats in the squirrel video", "who eats", ("squirrel",)),
        ("who eats in squirrel?", "who eats ?", ("squirrel",)),
        ("who eats in squirrel.mp4", "who eats", ("squirrel",)),
        ("asl_bird: what is signed", "what is signed", ("asl_bird",)),
        ("who sings in Big Buck Bunny at the start", "who sings at the start", ("bbb",)),
        ('who sings in "Big Buck Bunny"', "who sings", ("bbb",)),
        ("a lake in the film Trip", "a lake", ("x1", "x2")),
    ],
)
def test_a_video_that_is_named_is_taken_out_of_the_words(text: str, rest: str, videos: tuple[str, ...]) -> None:
    reading = Reading(text)
    take_names(reading, NAMES, several=False)
    assert (plain(reading.text), reading.names(reading.text)) == (rest, videos)


@pytest.mark.parametrize(
    "text", ["what does the squirrel do", "a squirrel in a tree", "is there a bird", "a trip to the lake", ""]
)
def test_an_ordinary_word_that_is_also_a_title_names_no_video(text: str) -> None:
    reading = Reading(text)
    take_names(reading, NAMES, several=False)
    assert reading.names(reading.text) == ()


def test_a_whole_name_may_have_the_video_around_it() -> None:
    assert whole_name("the video squirrel", NAMES) == ("squirrel",)
    assert whole_name("big buck bunny?", NAMES) == ("bbb",)
    assert whole_name("the big", NAMES) == ()


FILMS = names_of(
    [video_of("farm-year", "A Year on the Farm"), video_of("last-train", "The Last Train"), video_of("nasa_13")]
)


@pytest.mark.parametrize(
    ("text", "videos"),
    [
        ("what happens in the farm film", ("farm-year",)),
        ("the nasa one", ("nasa_13",)),
        ("who sleeps in last trian", ("last-train",)),
        ("Does somebody wave in A Year on the Farm?", ("farm-year",)),
        ("when does the last train leave", ()),
        ("how big is the farm", ()),
        ("the long film", ()),
    ],
)
def test_a_telling_word_or_a_whole_title_names_a_film_and_an_ordinary_phrase_does_not(
    text: str, videos: tuple[str, ...]
) -> None:
    reading = Reading(text)
    take_names(reading, FILMS, several=False)
    assert reading.names(reading.text) == videos


def test_where_moments_are_offered_the_farm_one_is_one_of_them() -> None:
    reading = Reading("the farm one")
    take_names(reading, FILMS, several=True)
    assert reading.names(reading.text) == ()
