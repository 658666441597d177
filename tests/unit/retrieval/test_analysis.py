from hypothesis import given
from hypothesis import strategies as st

from retrieval.analysis import parse, terms, words


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
