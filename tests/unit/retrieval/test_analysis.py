import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.analysis import asked_words, spelt, terms, vocabulary, words


def holds(text: str, query: str) -> bool:
    """Tell whether a text holds every word that a query looks for."""
    held = set(terms(text))
    asked = asked_words(query)
    return bool(asked) and all(any(held.issuperset(stems) for stems in word.spellings) for word in asked)


def test_words_are_lower_case_without_accents_and_punctuation() -> None:
    assert words("Café, ÉTÉ-2 (Straße)!") == ["cafe", "ete", "2", "strasse"]


def test_terms_are_stems_without_common_words() -> None:
    assert terms("The dogs were running to the cities") == ["dog", "run", "citi"]


@pytest.mark.parametrize(
    ("text", "queries"),
    [
        ("The Wi-Fi router", ["wifi router", "Wi-Fi", "wi fi", "WiFi"]),
        ("our wifi is slow", ["Wi-Fi", "wifi"]),
        ("a follow-up call", ["followup", "follow-up", "follow up"]),
        ("Siobh\u00e1n O\u2019Brien sings", ["siobhan obrien", "O'Brien", "Brien", "obrien's"]),
        ("the band's drummer", ["band", "bands", "band\u2019s"]),
        ("state-of-the-art e-mail", ["email", "state of the art", "e-mail"]),
        ("twenty-five apples", ["25", "twenty five", "twenty-five", "twenty"]),
        ("it costs 1,000 crowns", ["1000", "1,000", "one thousand", "a thousand"]),
        ("205 people", ["two hundred and five", "two hundred five"]),
        ("seventeen", ["17"]),
        ("C#, C++ and .NET.", ["c#", "C++", ".net", "net"]),
        ("l'\u00e9t\u00e9 d'Artagnan", ["\u00e9t\u00e9", "l'ete", "artagnan", "ete"]),
        (
            "\u6211\u4eec\u5403\u725b\u8089\u9762\u3002",
            ["\u725b\u8089\u9762", "\u725b\u8089", "\u725b", "\u5403\u725b\u8089"],
        ),
        ("\u65b0\u3057\u3044\u30e9\u30fc\u30e1\u30f3\u5c4b", ["\u30e9\u30fc\u30e1\u30f3", "\u5c4b", "\u30e9\u30fc"]),
        ("iPhone\u624b\u673a", ["iphone", "\u624b\u673a"]),
        ("Two women drank tea while the children ran", ["woman", "drinks", "drinking", "child", "run"]),
        (
            "\u0e09\u0e31\u0e19\u0e1e\u0e39\u0e14\u0e20\u0e32\u0e29\u0e32\u0e44\u0e17\u0e22",
            ["\u0e20\u0e32\u0e29\u0e32\u0e44\u0e17\u0e22", "\u0e44\u0e17\u0e22"],
        ),
    ],
)
def test_a_word_is_held_in_whichever_form_it_is_typed(text: str, queries: list[str]) -> None:
    assert [query for query in queries if not holds(text, query)] == []


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("vitamin C", "C#"),
        ("a fish net", ".NET"),
        ("don't go", "don"),
        ("she saw the saw left on the left", "see"),
        ("10-20 people", "1020"),
        ("twenty, then five", "25"),
        ("nineteen eighty", "99"),
        ("\u30d0\u30b9", "\u30cf\u30b9"),
        ("\u5317\u65b9\u4e1c\u4eac", "\u5317\u4eac"),
    ],
)
def test_other_words_are_not_held(text: str, query: str) -> None:
    assert not holds(text, query)


def test_common_words_ask_for_nothing_and_a_negation_is_one() -> None:
    assert asked_words("what isn't it, and doesnt it's we've") == []


def test_a_phrase_is_compared_in_one_word_and_in_several() -> None:
    assert spelt("Don\u2019t use Wi-Fi, O'Brien!") == (
        "dont use wifi obrien",
        "dont use wi fi obrien",
        "dont use wi fi o brien",
    )
    assert set(spelt("\u5403\u725b\u8089")) == {"\u5403 \u725b \u8089"}


def test_the_words_that_others_are_mended_to_are_whole_and_without_endings_of_possession() -> None:
    assert vocabulary("Daltrey's follow-up, O'Brien") == {"daltrey", "followup", "follow", "obrien", "brien"}


@given(st.text())
def test_a_text_holds_its_own_words_whatever_they_are(text: str) -> None:
    assert not asked_words(text) or holds(text, text)
