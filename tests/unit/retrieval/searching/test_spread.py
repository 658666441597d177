import numpy as np
import pytest

from retrieval.catalogue.vocabulary import EVERY_MOMENT
from retrieval.index.base import idf
from retrieval.searching import spread


def test_a_word_that_few_moments_hold_spreads_less_than_one_that_many_hold() -> None:
    rare = spread.of_words({"axolotl": 1, EVERY_MOMENT: 10_000})
    common = spread.of_words({"water": 2_000, EVERY_MOMENT: 10_000})
    assert rare < common


def test_the_spread_of_words_is_that_of_scores_over_all_moments() -> None:
    total, holding = 1_000, 50
    scores = np.zeros(total)
    scores[:holding] = idf(holding, total)
    assert spread.of_words({"dog": holding, EVERY_MOMENT: total}) == pytest.approx(float(scores.std()))


def test_words_that_occur_nowhere_spread_by_nothing() -> None:
    assert spread.of_words({EVERY_MOMENT: 100}) == spread.NARROWEST
    assert spread.of_words({}) == spread.NARROWEST
