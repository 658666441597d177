import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.analysis import Part, parse, part, terms, words


def test_words_are_lower_case_without_accents_and_punctuation() -> None:
    assert words("Café, ÉTÉ-2 (Straße)!") == ["cafe", "ete", "2", "strasse"]


def test_terms_are_stems_without_common_words() -> None:
    assert terms("The dogs were running to the cities") == ["dog", "run", "citi"]


def test_a_query_names_phrases_exclusions_and_the_rest() -> None:
    wanted = parse('red cars "Two Hands" -parking a-b')
    assert wanted.phrases == ("two hands",)
    assert wanted.excluded == ("park",)
    assert wanted.text == "red cars Two Hands a-b"
    assert wanted.terms == ("red", "car", "two", "hand", "b")


def test_an_unclosed_quotation_mark_is_an_ordinary_character() -> None:
    wanted = parse('say "hello')
    assert (wanted.phrases, wanted.terms) == ((), ("say", "hello"))


def test_a_query_of_common_words_asks_for_no_terms() -> None:
    assert parse("what is it that was there").terms == ()


@given(st.text())
def test_any_text_can_be_parsed(text: str) -> None:
    wanted = parse(text)
    assert all(phrase == " ".join(words(phrase)) for phrase in wanted.phrases)
    assert len(set(wanted.terms)) == len(wanted.terms)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Where is the title of the film shown?", Part("titl", "Where is the title?")),
        ("the mirror of the space telescope up close", Part("mirror", "the mirror up close")),
        ("the roof of his house and a tree", Part("roof", "the roof and a tree")),
        ("a man in front of the camera", None),
        ("two of the dogs", None),
        ("the colour of the last car", None),
        ("a glass of water", None),
        ("of the", None),
    ],
)
def test_a_part_of_a_whole_is_told_from_places_amounts_and_properties(text: str, expected: Part | None) -> None:
    assert part(text) == expected
