import pytest

from bot.tools.memory import VISIBLE, MemoryLibrary, moments_of, video_of
from bot.tools.view import SearchLimits, View, edge, shared, spread
from retrieval.errors import NotInLibrary
from retrieval.searching.query import Query
from retrieval.types import Filter, Moment, TimeSpan


class CountingLibrary(MemoryLibrary):
    """Counts how often the moments of a video were read."""

    read = 0

    def moments(self, video_id: str, visible: frozenset[str]) -> list[Moment]:
        self.read += 1
        return super().moments(video_id, visible)


@pytest.fixture
def shelf() -> CountingLibrary:
    return CountingLibrary(
        (video_of("park", "The Park"), [(0, 5, "A man."), (5, 9, "A dog."), (9, 12, "A cat.")]),
        (video_of("secret", collection="private"), [(0, 5, "A treasure.")]),
    )


def test_what_is_not_visible_is_answered_like_what_does_not_exist(shelf: CountingLibrary) -> None:
    view = View(shelf, shelf, VISIBLE)
    assert [video.video_id for video in view.videos()] == ["park"]
    said = []
    for name in ("secret", "nowhere"):
        for look in (
            view.video,
            view.moments,
            lambda name: view.moment(f"{name}:1"),
            lambda name: view.piece(f"{name}:1"),
        ):
            with pytest.raises(NotInLibrary) as raised:
                look(name)
            said.append(str(raised.value).replace(name, "NAME"))
    assert said[: len(said) // 2] == said[len(said) // 2 :]


def test_a_videos_moments_are_read_once_for_an_answer(shelf: CountingLibrary) -> None:
    view = View(shelf, shelf, VISIBLE)
    limits = SearchLimits(not_part="end")
    assert [limits.admit(moment, view) for moment in view.moments("park")] == [True, True, False]
    assert shelf.read == 1


def test_limits_admit_by_place(shelf: CountingLibrary) -> None:
    view = View(shelf, shelf, VISIBLE)
    first, second, third = view.moments("park")
    assert SearchLimits(within=TimeSpan(0, 5)).admit(first, view)
    assert not SearchLimits(within=TimeSpan(0, 5)).admit(second, view)
    assert not SearchLimits(not_moments=("park:2",)).admit(second, view)
    assert not SearchLimits(not_videos=("park",)).admit(third, view)
    assert not SearchLimits().only("sea").admit(third, view)


def test_the_edges_of_a_video_are_its_first_and_last_moment(shelf: CountingLibrary) -> None:
    view = View(shelf, shelf, VISIBLE)
    edges = [edge(view, "park", "start"), edge(view, "park", "end")]
    assert [moment.moment_id for moment in edges if moment] == ["park:1", "park:3"]
    empty = MemoryLibrary((video_of("blank"), []))
    assert edge(View(empty, empty, VISIBLE), "blank", "end") is None


def test_few_of_many_are_spread_over_the_whole() -> None:
    moments = moments_of("v", [(i, i + 1, "x") for i in range(20)])
    assert [m.moment_id for m in spread(moments, 4)] == ["v:1", "v:7", "v:14", "v:20"]
    assert spread(moments[:3], 4) == moments[:3]


def test_what_lies_outside_a_limit_is_answered_like_what_does_not_exist(shelf: CountingLibrary) -> None:
    shelf = CountingLibrary(
        (video_of("park"), [(0, 5, "A man."), (5, 9, "A dog."), (9, 12, "A dog sleeps.")]),
        (video_of("sea"), [(0, 5, "A dog swims.")]),
    )
    view = View(shelf, shelf, VISIBLE, Filter(videos=frozenset({"park"}), within=TimeSpan(6, 9)))
    assert [video.video_id for video in view.videos()] == ["park"]
    assert [moment.moment_id for moment in view.moments("park")] == ["park:2"]
    for outside in (lambda: view.video("sea"), lambda: view.moments("sea"), lambda: view.moment("sea:1")):
        with pytest.raises(NotInLibrary):
            outside()
    with pytest.raises(NotInLibrary):
        view.piece("park:3")
    assert [hit.moment.moment_id for hit in view.search(Query("dog"), 5).hits] == ["park:2"]
    elsewhere = Query("dog", filter=Filter(videos=frozenset({"sea"})))
    assert (
        view.search(elsewhere, 5).hits == view.search(Query("dog", filter=Filter(within=TimeSpan(0, 5))), 5).hits == ()
    )


def test_two_limits_let_through_what_both_do() -> None:
    one, other = Filter(videos=frozenset({"a", "b"}), within=TimeSpan(0, 9)), Filter(videos=frozenset({"b", "c"}))
    assert shared(one, other) == Filter(videos=frozenset({"b"}), within=TimeSpan(0, 9))
    assert shared(one, Filter(within=TimeSpan(5, 20))) == Filter(videos=frozenset({"a", "b"}), within=TimeSpan(5, 9))
    assert shared(one, Filter(videos=frozenset({"c"}))) is shared(one, Filter(within=TimeSpan(9, 20))) is None
    assert shared(Filter(), Filter()) == Filter()
