"""Moments are told apart by the words that are most like those asked for."""

import numpy as np
import pytest

from retrieval.encoders.base import TextInWords, WordEncoder
from retrieval.searching.likeness import WEIGHT, kept, likeness, told_apart
from retrieval.spaces import WORD_NUMBERS, unit

RNG = np.random.default_rng(5)
DOG, CAT, SEA, THE = unit(RNG.standard_normal((4, 384)).astype(np.float32))


def said(*words: tuple[str, np.ndarray]) -> TextInWords:
    return TextInWords(words[0][1], tuple(word for word, _ in words), np.array([vector for _, vector in words]))


def test_a_word_finds_the_most_like_of_the_words_told_and_common_words_ask_for_nothing() -> None:
    told = {"a:1": kept(np.array([CAT, DOG])), "a:2": kept(np.array([SEA, THE]))}
    found = likeness([said(("the", THE), ("dog", DOG))], told)
    assert found["a:1"] == pytest.approx(1.0, abs=0.01)
    assert abs(found["a:2"]) < 0.4
    assert kept(np.array([DOG])).dtype == np.int8
    assert kept(np.array([DOG])).shape == (1, WORD_NUMBERS)


def test_wordings_count_alike_and_a_wording_without_words_not_at_all() -> None:
    told = {"a:1": kept(np.array([DOG]))}
    nothing = TextInWords(DOG, (), np.zeros((0, 384), np.float32))
    both = likeness([said(("dog", DOG)), said(("sea", SEA)), nothing], told)["a:1"]
    apart = [likeness([one], told)["a:1"] for one in (said(("dog", DOG)), said(("sea", SEA)))]
    assert both == pytest.approx(sum(apart) / 2)
    assert likeness([nothing], told) == {}


def test_likeness_orders_what_is_near_by_it_and_leaves_what_lies_far_behind() -> None:
    ranked = [("a:1", 1.0), ("a:2", 0.9), ("a:3", 0.1)]
    found = told_apart(ranked, {"a:1": 0.2, "a:2": 0.6, "a:3": 0.4})
    assert [name for name, _ in found] == ["a:2", "a:1", "a:3"]
    assert dict(found)["a:2"] == pytest.approx(0.9 + WEIGHT * 0.4)
    assert dict(found)["a:1"] == 1.0
    assert told_apart(ranked, {}) == ranked


def test_a_moment_whose_words_are_not_known_is_taken_for_the_mean() -> None:
    found = dict(told_apart([("a:1", 1.0), ("old:1", 1.0), ("a:2", 1.0)], {"a:1": 0.2, "a:2": 0.6}))
    assert found["a:1"] < found["old:1"] < found["a:2"]


@pytest.mark.models
def test_other_words_for_the_same_are_more_like_than_other_things() -> None:
    from retrieval.encoders.minilm import MiniLM

    encoder = MiniLM()
    assert isinstance(encoder, WordEncoder)
    texts = {
        "audience:1": "Three cats from the roof are the most patient audience.",
        "lamp:1": "A man in orange plays the guitar in a city at night.",
    }
    told = {name: kept(one.vectors) for name, one in zip(texts, encoder.in_words(list(texts.values())), strict=True)}
    found = likeness(encoder.in_words(["who listened to him with patience?"]), told)
    assert found["audience:1"] > found["lamp:1"] + 0.05


@pytest.mark.models
def test_the_vector_of_a_text_read_in_words_is_that_of_the_text() -> None:
    from retrieval.encoders.minilm import MiniLM

    encoder = MiniLM()
    texts = ["Where does the man who can't swim jump in?", "", "?!", "x " * 700, "\ud800 wi-fi"]
    read = encoder.in_words(texts)
    assert np.array([one.vector for one in read]) == pytest.approx(encoder.encode(texts), abs=1e-5)
    assert read[0].words[:3] == ("where", "does", "the")
    assert all(one.vectors.shape == (len(one.words), 384) for one in read)
