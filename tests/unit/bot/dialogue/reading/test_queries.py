import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.reading.queries import part_of, plain_query, read_query
from bot.dialogue.reading.utterance import straight
from retrieval.analysis import words
from retrieval.errors import InvalidQuery
from retrieval.searching.focus import PartOf
from retrieval.searching.query import Query


def test_a_query_names_phrases_exclusions_and_the_rest() -> None:
    wanted = read_query('red cars "Two Hands" -parking a-b')
    assert wanted == Query("red cars Two Hands a-b", phrases=("Two Hands",), excluded=("parking",))


def test_a_minus_before_quotation_marks_excludes_what_is_in_them() -> None:
    wanted = read_query('red -"Parking!" "Two Hands" -cars a-"b c"')
    assert (wanted.phrases, wanted.excluded) == (("Two Hands", "b c"), ("cars", "parking"))
    assert wanted.text == "red Two Hands a-b c"
    assert read_query('dog -"" -"?"') == Query("dog")


def test_a_phrase_of_several_words_is_not_excluded_and_never_sought_instead() -> None:
    with pytest.raises(InvalidQuery, match='-"lemon soup"') as refused:
        read_query('soup -"lemon soup"')
    assert "-lemon -soup" in refused.value.hint


def test_curly_quotation_marks_are_quotation_marks() -> None:
    assert read_query("\u201cthe who\u201d live") == Query("the who live", phrases=("the who",))


def test_an_unclosed_quotation_mark_is_an_ordinary_character() -> None:
    assert read_query('say "hello') == Query("say hello")


def test_in_words_without_syntax_quotes_and_hyphens_mean_nothing() -> None:
    assert plain_query('say "hello" -dog') == Query('say "hello" -dog')


@given(st.text())
def test_any_text_can_be_parsed(text: str) -> None:
    try:
        wanted = read_query(text)
    except InvalidQuery:
        assert '-"' in straight(text)
        return
    assert '"' not in wanted.text
    assert all(words(phrase) for phrase in wanted.phrases)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Where is the title of the film shown?", PartOf("title", "Where is the title?")),
        ("the mirror of the space telescope up close", PartOf("mirror", "the mirror up close")),
        ("the roof of his house and a tree", PartOf("roof", "the roof and a tree")),
        ("a man in front of the camera", None),
        ("two of the dogs", None),
        ("the colour of the last car", None),
        ("a glass of water", None),
        ("of the", None),
    ],
)
def test_a_part_of_a_whole_is_told_from_places_amounts_and_properties(text: str, expected: PartOf | None) -> None:
    assert part_of(text) == expected
