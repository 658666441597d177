import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.composing.citations import UNSUPPORTED, check, quotable


def test_marks_of_moments_that_were_shown_stay() -> None:
    checked = check("A dog [1] and a cat [2].", {1, 2})
    assert (checked.text, checked.handles, checked.invented) == ("A dog [1] and a cat [2].", (1, 2), ())


def test_an_invented_mark_is_dropped_and_its_sentence_flagged() -> None:
    checked = check("A dog barks [1][7].", {1})
    assert checked.text == f"A dog barks [1]. {UNSUPPORTED}"
    assert (checked.handles, checked.invented) == ((1,), (7,))


def test_a_sentence_with_nothing_but_invented_marks_keeps_its_words_and_no_mark() -> None:
    checked = check("A dog barks [ 99 ].", set())
    assert checked.text == f"A dog barks. {UNSUPPORTED}"
    assert checked.handles == ()


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("see [3] and [ 12 ]", "see (3) and (12)"),
        ("[[3]]", "[(3)]"),
        ('he said "yes"', "he said 'yes'"),
        ("one\n\n two\tthree", "one two three"),
        ("red\x1b[31m", "red [31m"),
        ("a\u202eb\u200bc", "a b c"),
    ],
)
def test_what_is_quoted_cannot_pose_as_the_answer(text: str, quoted: str) -> None:
    assert quotable(text) == quoted


def test_a_long_text_is_cut_at_a_word() -> None:
    assert quotable("word " * 100, longest=22) == "word word word word…"


@given(st.text())
def test_no_quoted_text_holds_a_mark_a_quote_or_a_line_break(text: str) -> None:
    quoted = quotable(text)
    assert check(quoted, set()).invented == ()
    assert not re.search(r'["\n\r\x1b]', quoted)
