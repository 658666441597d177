import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.index.phrases import BORDER, Passage, forms, written


def holds(row: str, phrase: str) -> bool:
    return any(f" {form} " in f" {row} " for form in forms(phrase))


def test_a_phrase_reaches_into_the_neighbours_but_not_only_there() -> None:
    row = written([Passage("the lamp", "he lights", "goes out")])
    held = ("the lamp", "lights the", "he lights the lamp goes", "lamp goes out")
    assert all(holds(row, phrase) for phrase in held)
    assert not [phrase for phrase in ("he lights", "goes out", "lights lamp", "lamp the") if holds(row, phrase)]


def test_sources_do_not_flow_into_each_other() -> None:
    row = written([Passage("a red"), Passage("lamp post")])
    assert holds(row, "a red")
    assert not holds(row, "red lamp")


@pytest.mark.parametrize("phrase", ["you're done", "youre done", "You\u2019re done"])
def test_apostrophes_and_capital_letters_make_no_difference(phrase: str) -> None:
    assert holds(written([Passage("When you're done.")]), phrase)
    assert not holds(written([Passage("When you're done.")]), "when you")
    assert not holds(written([Passage("But I'll go.")]), "but i")


@pytest.mark.parametrize("phrase", ["NASA", "at NASA", "at NASA's Goddard", "at NASAs Goddard"])
def test_a_name_is_held_by_what_is_its(phrase: str) -> None:
    assert holds(written([Passage("at NASA\u2019s Goddard")]), phrase)
    assert not holds(written([Passage("the dogs' dogs")]), "dog")


@given(st.lists(st.sampled_from("abcde"), min_size=3, max_size=40), st.data())
def test_a_long_phrase_is_found_where_it_reaches_no_further_than_the_border(
    said: list[str], data: st.DataObject
) -> None:
    start, end = sorted((data.draw(st.integers(0, len(said) - 1)), data.draw(st.integers(0, len(said) - 1))))
    row = written([Passage(" ".join(said[start : end + 1]), " ".join(said[:start]), " ".join(said[end + 1 :]))])
    assert holds(row, " ".join(said[start : end + 1]))
    assert holds(row, " ".join(said[max(0, start - BORDER) : end + 1]))
    assert holds(row, " ".join(said[start : end + 1 + BORDER]))
