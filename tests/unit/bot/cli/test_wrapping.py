import pytest

from bot.cli.wrapping import cells, fitted, shortened, wrapped


def test_a_line_is_broken_at_words_and_keeps_its_indentation() -> None:
    assert wrapped("    a dog catches the ball", 16) == ["    a dog", "    catches the", "    ball"]
    assert wrapped("short", 16) == ["short"]
    assert wrapped("", 16) == [""]


@pytest.mark.parametrize("width", range(20, 60))
def test_no_line_is_wider_and_no_word_is_lost(width: int) -> None:
    text = "The ferry to Gull Island leaves at a quarter past nine, says the subtitle of harbour-morning."
    lines = wrapped(text, width)
    assert all(len(line) <= width for line in lines)
    assert " ".join(lines) == text


def test_a_command_and_an_id_in_quotation_marks_are_never_torn() -> None:
    lines = wrapped("Your library is empty: `vdialog ingest FOLDER` takes videos in.", 30)
    assert lines == ["Your library is empty:", "`vdialog ingest FOLDER` takes", "videos in."]
    assert "['My Holiday (1):3']" in wrapped("[1] My Holiday (1)  00:00:00-00:00:10  ['My Holiday (1):3']", 30)


def test_a_word_that_is_too_long_stays_whole() -> None:
    assert wrapped("see /a/very/long/path/to/a/frame.jpg there", 12) == [
        "see",
        "/a/very/long/path/to/a/frame.jpg",
        "there",
    ]


def test_wide_characters_take_two_columns() -> None:
    assert cells("港の朝") == 6
    assert wrapped("港の朝 港の朝", 7) == ["港の朝", "港の朝"]
    assert shortened("港の朝", 5) == "港の…"


def test_a_long_word_is_shortened_with_a_mark() -> None:
    assert (shortened("harbour", 7), shortened("harbour", 5)) == ("harbour", "harb…")


def test_columns_shrink_the_widest_first_and_those_to_be_kept_last() -> None:
    assert fitted([10, 40, 5], frozenset(), 40) == [10, 25, 5]
    assert fitted([30, 40, 5], frozenset({0}), 60) == [30, 25, 5]
    assert fitted([60, 40, 5], frozenset({0}), 60) == [47, 8, 5]
    assert fitted([10, 10], frozenset(), 80) == [10, 10]
