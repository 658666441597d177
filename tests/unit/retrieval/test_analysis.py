from retrieval.analysis import terms, words


def test_words_are_lower_case_without_accents_and_punctuation() -> None:
    assert words("Café, ÉTÉ-2 (Straße)!") == ["cafe", "ete", "2", "strasse"]


def test_terms_are_stems_without_common_words() -> None:
    assert terms("The dogs were running to the cities") == ["dog", "run", "citi"]
