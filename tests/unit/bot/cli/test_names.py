from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bot.cli.names import told_apart

PARTS = st.lists(st.sampled_from("abc"), min_size=1, max_size=4)
PATHS = st.lists(PARTS.map(lambda parts: Path("/", *parts)), min_size=1, max_size=8, unique=True)


def test_a_name_that_no_other_has_stands_alone() -> None:
    intro, end = Path("/films/intro.mp4"), Path("/films/end.mp4")
    assert told_apart([intro, end]) == {intro: "intro.mp4", end: "end.mp4"}


def test_equal_names_are_told_apart_by_the_shortest_folder_part_that_differs() -> None:
    one, two, three = Path("/x/a/intro.mp4"), Path("/x/b/intro.mp4"), Path("/y/b/intro.mp4")
    assert told_apart([one, two]) == {one: "a/intro.mp4", two: "b/intro.mp4"}
    assert told_apart([one, two, three]) == {one: "a/intro.mp4", two: "x/b/intro.mp4", three: "y/b/intro.mp4"}


def test_a_path_that_is_the_end_of_another_is_told_apart_too() -> None:
    short, long = Path("intro.mp4"), Path("a/intro.mp4")
    assert told_apart([short, long, short]) == {short: "intro.mp4", long: "a/intro.mp4"}


@given(PATHS)
def test_every_path_is_called_differently_and_by_its_end(paths: list[Path]) -> None:
    called = told_apart(paths)
    assert len(set(called.values())) == len(paths)
    assert all(str(path).endswith(name) for path, name in called.items())
