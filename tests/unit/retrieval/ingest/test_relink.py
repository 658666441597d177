"""Where a video that is met again is said to lie."""

from collections.abc import Callable
from pathlib import Path

from retrieval.ingest.relink import is_gone, placed
from retrieval.library import Library
from retrieval.types import Membership, Video

OLD, NEW, OTHER = Path("/films/old.mp4"), Path("/films/new.mp4"), Path("/more/other.mp4")


def known(*memberships: Membership) -> Video:
    return Video("old", "hash", "inputs", 6.0, "complete", "", 1, memberships)


def test_a_file_where_it_was_changes_nothing() -> None:
    placement = placed(known(Membership("here", "old", OLD)), Membership("here", "old", OLD), lambda _: True)
    assert (placement.writes, placement.moved_from, placement.original) == ((), None, None)


def test_a_moved_file_gets_its_new_path_in_every_collection_and_its_title_in_its_own() -> None:
    video = known(Membership("here", "old", OLD), Membership("there", "Our film", OLD))
    placement = placed(video, Membership("here", "new", NEW), lambda _: False)
    assert set(placement.writes) == {Membership("here", "new", NEW), Membership("there", "Our film", NEW)}
    assert (placement.moved_from, placement.original) == (OLD, None)


def test_a_copy_leaves_the_original_where_it_is() -> None:
    placement = placed(known(Membership("here", "old", OLD)), Membership("here", "new", NEW), lambda _: True)
    assert (placement.writes, placement.moved_from, placement.original) == ((), None, OLD)


def test_a_copy_for_another_collection_is_a_place_there() -> None:
    found = Membership("there", "new", NEW)
    assert placed(known(Membership("here", "old", OLD)), found, lambda _: True).writes == (found,)


def test_a_video_that_lost_its_path_to_another_film_gets_the_new_one() -> None:
    placement = placed(known(Membership("here", "old", None)), Membership("here", "new", NEW), lambda _: False)
    assert (placement.writes, placement.moved_from) == ((Membership("here", "new", NEW),), None)


def test_an_imported_video_is_not_gone_since_it_never_had_a_file(library: Library, take: Callable[..., None]) -> None:
    take({"dogs": [(0, 5, "A dog barks.")]}, "here")
    assert not is_gone(library.catalogue.video("dogs", frozenset({"here"})))
