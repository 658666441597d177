import pytest

from bot.tools.memory import VISIBLE, MemoryLibrary, moments_of, video_of
from bot.tools.view import SearchLimits, View, edge, spread
from retrieval.errors import NotInLibrary
from retrieval.types import Moment, TimeSpan


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
