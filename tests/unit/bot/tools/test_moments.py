import pytest
from PIL import Image

from bot.tools.memory import VISIBLE, MemoryLibrary, video_of
from bot.tools.moments import Side, compare_moments, moments_around, search_moments
from bot.tools.videos import describe_video, list_videos
from bot.tools.view import SearchLimits, View
from retrieval.errors import NotInLibrary
from retrieval.searching.query import Query
from retrieval.types import TimeSpan


@pytest.fixture
def shelf() -> MemoryLibrary:
    return MemoryLibrary(
        (
            video_of("park", "The Park"),
            [
                (0, 5, "A man throws a ball."),
                (5, 8, ""),
                (8, 12, "A dog catches the ball."),
                (12, 20, "The dog sleeps."),
            ],
        ),
        (video_of("sea"), [(0, 9, "A dog swims.")]),
        (video_of("secret", collection="private"), [(0, 5, "A dog digs up the treasure.")]),
    )


@pytest.fixture
def view(shelf: MemoryLibrary) -> View:
    return View(shelf, shelf, VISIBLE)


def found(view: View, query: str, limits: SearchLimits) -> list[str]:
    return [hit.moment.moment_id for hit in search_moments(view, Query(query), limits).hits]


def test_a_search_stays_where_it_is_told_and_leaves_out_what_is_excluded(view: View) -> None:
    assert found(view, "dog", SearchLimits()) == ["park:3", "park:4", "sea:1"]
    assert found(view, "dog", SearchLimits().only("sea")) == ["sea:1"]
    assert found(view, "dog", SearchLimits(within=TimeSpan(0, 9), without=("swims",))) == ["park:3"]
    assert found(view, "dog", SearchLimits(not_videos=("sea",), not_moments=("park:3",))) == ["park:4"]
    assert found(view, "dog", SearchLimits(not_part="end")) == ["park:3"]


def test_a_video_that_is_not_visible_is_no_place_to_search(view: View) -> None:
    assert found(view, "treasure", SearchLimits()) == []
    assert found(view, "treasure", SearchLimits().only("secret")) == []


def test_a_picture_can_be_searched_for(shelf: MemoryLibrary, view: View) -> None:
    search_moments(view, Query(image=Image.new("RGB", (4, 4))), SearchLimits().only("park"), k=2)
    assert (shelf.asked[-1].text, shelf.asked[-1].filter.videos) == ("", frozenset({"park"}))


@pytest.mark.parametrize(
    ("moment", "side", "around"),
    [
        ("park:1", "after", "park:3"),
        ("park:3", "before", "park:1"),
        ("park:3", "during", "park:3"),
        ("park:4", "after", None),
        ("park:1", "before", None),
    ],
)
def test_the_nearest_moment_that_tells_something_is_around(
    view: View, moment: str, side: Side, around: str | None
) -> None:
    piece = moments_around(view, moment, side)
    assert (piece and piece.moment.moment_id) == around


def test_moments_are_put_side_by_side_each_once(view: View) -> None:
    pieces = compare_moments(view, ["park:3", "sea:1", "park:3"])
    assert [(piece.moment.moment_id, piece.title) for piece in pieces] == [("park:3", "The Park"), ("sea:1", "sea")]
    with pytest.raises(NotInLibrary):
        compare_moments(view, ["park:3", "secret:1"])


def test_videos_are_listed_and_described(view: View) -> None:
    assert [video.video_id for video in list_videos(view)] == ["park", "sea"]
    told = describe_video(view, "park", most=2)
    assert [piece.moment.moment_id for piece in told.pieces] == ["park:1", "park:4"]
    assert (len(told.moments), told.more) == (4, 1)
    within = describe_video(view, "park", TimeSpan(0, 6))
    assert [moment.moment_id for moment in within.moments] == ["park:1", "park:2"]
