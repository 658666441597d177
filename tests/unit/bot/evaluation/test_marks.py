import pytest

from bot.evaluation.marks import ranking, share


def test_a_ranking_counts_how_far_up_the_first_right_hit_was() -> None:
    found = ranking([1, 1, 2, 4, None])

    assert found.asked == 5
    assert found.recall == {1: 0.4, 3: 0.6, 5: 0.8, 10: 0.8}
    assert found.mrr == pytest.approx((1 + 1 + 1 / 2 + 1 / 4) / 5)


def test_of_nothing_there_is_no_share() -> None:
    assert ranking([]).mrr == 0
    assert share([]).share is None
    assert share([True, False, True, True]).share == 0.75
