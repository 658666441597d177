"""Where a video that is met again is said to lie."""

from collections.abc import Callable
from pathlib import Path

from retrieval.ingest.relink import Placement, is_gone, placed
from retrieval.library import Library
from retrieval.types import Entry

OLD, NEW = Path("/films/old.mp4"), Path("/films/new.mp4")


def test_a_file_where_it_was_changes_nothing() -> None:
    assert placed(Entry("here", "old", OLD), Entry("here", "old", OLD), lambda _: True) == Placement()


def test_a_moved_file_gets_its_new_path_and_title() -> None:
    found = Entry("here", "new", NEW)
    assert placed(Entry("here", "old", OLD), found, lambda _: False) == Placement(found, OLD, None)


def test_a_copy_leaves_the_original_where_it_is() -> None:
    assert placed(Entry("here", "old", OLD), Entry("here", "new", NEW), lambda _: True) == Placement(None, None, OLD)


def test_a_video_that_lost_its_path_to_another_film_gets_the_new_one() -> None:
    found = Entry("here", "new", NEW)
    assert placed(Entry("here", "old", None), found, lambda _: False) == Placement(found, None, None)


def test_an_imported_video_is_not_gone_since_it_never_had_a_file(library: Library, take: Callable[..., None]) -> None:
    take({"dogs": [(0, 5, "A dog barks.")]}, "here")
    assert not is_gone(library.catalogue.video("dogs", frozenset({"here"})))
