import pytest
from ir_measures import RR

from bot.trial.metrics import calibration_error, measured, ranking, share


def test_a_ranking_counts_how_far_up_the_first_right_hit_was() -> None:
    firsts = [[True], [True, False, True], [False, True], [False, False, False, True], []]
    found = ranking(firsts)

    assert found.asked == 5
    assert found.recall == {1: 0.4, 3: 0.6, 5: 0.8, 10: 0.8}
    assert found.mrr == pytest.approx((1 + 1 + 1 / 2 + 1 / 4) / 5)


def test_what_comes_after_the_first_ten_does_not_count() -> None:
    assert ranking([[False] * 10 + [True]]).mrr == 0
    assert ranking([[False] * 9 + [True]]).mrr == pytest.approx(0.1)


def test_each_question_has_its_own_values_in_their_order() -> None:
    judged = [[False, True], [], [False] * 99 + [True], [True] * 12, [False]]
    assert measured(judged, RR)[RR] == pytest.approx([1 / 2, 0, 1 / 100, 1, 0])


def test_of_nothing_there_is_no_share() -> None:
    assert ranking([]).mrr == 0
    assert share([]).share is None
    assert share([True, False, True, True]).share == 0.75


def test_confidence_that_says_what_comes_true_has_no_error() -> None:
    sure = [(0.0, False)] * 50 + [(1.0, True)] * 50
    assert calibration_error(sure) == 0
    half = [(0.5, number % 2 == 0) for number in range(100)]
    assert calibration_error(sorted(half, key=lambda pair: pair[0]), 1) == 0


def test_confidence_that_is_always_too_high_is_as_wrong_as_it_is_too_high() -> None:
    assert calibration_error([(0.9, number % 5 == 0) for number in range(100)], 1) == pytest.approx(0.7)
    assert calibration_error([(1.0, False), (0.0, True)], 2) == 1
    assert calibration_error([]) == 0
