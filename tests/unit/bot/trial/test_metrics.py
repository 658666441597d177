import pytest

from bot.trial.metrics import calibration_error, ranking, share


def test_a_ranking_counts_how_far_up_the_first_right_hit_was() -> None:
    found = ranking([1, 1, 2, 4, None])

    assert found.asked == 5
    assert found.recall == {1: 0.4, 3: 0.6, 5: 0.8, 10: 0.8}
    assert found.mrr == pytest.approx((1 + 1 + 1 / 2 + 1 / 4) / 5)


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
