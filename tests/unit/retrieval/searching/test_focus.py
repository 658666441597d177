import pytest

from retrieval.searching.focus import refocused

VIDEO = {"film:1": "film", "film:2": "film", "other:1": "other"}


def test_within_a_video_the_part_decides_and_the_best_keeps_the_best_score() -> None:
    ranked = [("film:1", 1.0), ("film:2", 0.7), ("other:1", 0.6)]
    renewed = refocused(ranked, VIDEO, {"film:1": 0.1, "film:2": 0.3, "other:1": 0.9})
    assert renewed == [("film:2", pytest.approx(1.0)), ("film:1", pytest.approx(0.8)), ("other:1", pytest.approx(0.6))]


def test_without_scores_for_the_part_the_order_stays() -> None:
    ranked = [("film:1", 1.0), ("film:2", 0.7)]
    assert [name for name, _ in refocused(ranked, VIDEO, {})] == ["film:1", "film:2"]
