import random
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from bot.dialogue.verdict import matches
from retrieval.analysis import asked_words
from retrieval.library import Library
from retrieval.searching.query import Query
from retrieval.searching.titles import VideoNames, placed
from retrieval.types import Entry, Filter, Video

PUBLIC = frozenset({"public"})
Import = Callable[..., None]


def video(name: str, title: str, path: str | None = None) -> Video:
    place = Entry("public", title, None if path is None else Path(path))
    return Video(name, name, "", 10.0, "complete", "", 1, place)


VIDEOS = [
    video("v1", "Sourdough for beginners", "/films/Baking/IMG_8273.mp4"),
    video("v2", "Sourdough for beginners, part two", "/films/Baking/rye-bread.mov"),
    video("v3", "The Who", "/films/Concerts 1965/live.mp4"),
]


@pytest.mark.parametrize(
    ("asked", "whole"),
    [
        ("sourdough for beginners", ["v1", "v2"]),
        ("sourdough part 2", ["v2"]),
        ("img_8273", ["v1"]),
        ("rye bread", ["v2"]),
        ("rye-bread.mov", ["v2"]),
        ("baking", ["v1", "v2"]),
        ("concerts 1965", ["v3"]),
        ("the who", ["v3"]),
        ("who is it", []),
        ("sourdough with rye", []),
    ],
)
def test_a_name_that_holds_all_that_is_asked_names_its_video(asked: str, whole: list[str]) -> None:
    assert list(VideoNames.of(VIDEOS).holding(asked_words(asked), asked).whole) == [f"public/{name}" for name in whole]


def test_the_words_that_a_name_holds_are_known_for_each_video() -> None:
    held = VideoNames.of(VIDEOS).holding(asked_words("rye sourdough"), "rye sourdough").held
    assert {name: sorted(word.spelt for word in found) for name, found in held.items()} == {
        "public/v1": ["sourdough"],
        "public/v2": ["rye", "sourdough"],
    }


def ranking(names: Iterable[str]) -> list[tuple[str, float]]:
    return [(name, 9.0 - place) for place, name in enumerate(names)]


def test_a_named_moment_comes_behind_those_that_hold_the_words_and_among_the_first_five() -> None:
    found = placed(ranking("abcdefg"), ["g"], frozenset("ab"))
    assert [name for name, _ in found] == list("abgcdef")
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
    assert [name for name, _ in placed(ranking("abcdefg"), ["x", "g"], frozenset("abcde"))] == list("abcxgdef")
    assert placed(ranking("abc"), ["c"], frozenset()) == ranking("abc")
    assert placed([], ["x"], frozenset()) == [("x", 0.0)]


def ids(library: Library, query: str, **more: object) -> list[str]:
    return [hit.video_id for hit in library.searcher.search(Query(query, **more), PUBLIC).hits]  # type: ignore[arg-type]


def test_every_name_finds_its_video_and_is_never_said_not_to_be_there(library: Library, take: Import) -> None:
    rng = random.Random(4)
    things = [
        f"{colour}{thing}" for colour in ("red", "blue", "dark") for thing in ("anchor", "candle", "engine", "jacket")
    ]
    names = [f"{one}-{rng.choice(things)}-{number}" for number, one in enumerate(things * 3)]
    take({name: [(5.0 * n, 5.0 * n + 5, " ".join(rng.choices(things, k=5))) for n in range(4)] for name in names})
    for name in names:
        assert name in ids(library, name)[:5]
        assert matches(library.searcher.search(Query(name), PUBLIC))


def test_a_title_goes_behind_a_moment_that_says_the_words(library: Library, take: Import) -> None:
    take(
        {
            "harbour-morning": [(0.0, 5.0, "A man reads."), (5.0, 9.0, "A woman waits.")],
            "other": [(0.0, 5.0, "It is morning in the harbour."), (5.0, 9.0, "A ship.")],
        }
    )
    found = ids(library, "harbour morning")
    assert found[0] == "other"
    assert "harbour-morning" in found[:5]
    wanted = Query("harbour morning waits")
    assert "harbour-morning:2" in [hit.moment_id for hit in library.searcher.search(wanted, PUBLIC).hits[:2]]


def test_words_of_a_title_are_not_mended_and_misspelt_ones_are(library: Library, take: Import) -> None:
    take({"zanzibar": [(0.0, 5.0, "A man reads of Zanzibor.")], "other": [(0.0, 5.0, "A dog.")]})
    assert library.searcher.search(Query("zanzibar"), PUBLIC).mended == {}
    assert library.searcher.search(Query("znazibar"), PUBLIC).mended == {"znazibar": "zanzibar"}


def test_a_title_is_found_only_where_it_may_be_seen_and_is_looked_for(library: Library, take: Import) -> None:
    take({"zanzibar": [(0.0, 5.0, "A dog."), (5.0, 9.0, "A cat.")], "other": [(0.0, 5.0, "A cow.")]})
    take({"timbuktu": [(0.0, 5.0, "A horse.")]}, "private")
    assert "timbuktu" not in ids(library, "timbuktu")
    assert not matches(library.searcher.search(Query("timbuktu"), PUBLIC))
    assert ids(library, "zanzibar", filter=Filter(videos=frozenset({"other"}))) == ["other"]
    assert ids(library, "zanzibar", excluded=("dog", "cat")) == ["other"]
    assert ids(library, "zanzibar", phrases=("a cow",)) == ["other"]
