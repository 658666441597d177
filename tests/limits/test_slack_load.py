"""A seeded slice of the load on the app in Slack; `benchmarks/slack_load.py` does the full count."""

import pytest

from benchmarks import slack_load


@pytest.mark.slow
def test_each_question_is_answered_once_in_order_whatever_dies_meanwhile() -> None:
    wrongs = slack_load.measure(conversations=20, turns=6, channels=10, processes=2, seed=1, pace=100.0, rate=100.0)
    assert wrongs == 0
