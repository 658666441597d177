"""A seeded slice of random cases of who is told what in Slack; `benchmarks/slack_rights.py` does the full count."""

import pytest

from benchmarks.slack_rights import run


@pytest.mark.slow
def test_nobody_in_slack_is_told_of_what_they_may_not_see() -> None:
    cases, did, wrong = run(750, seed=7)
    assert wrong == [] and did["told something"] > cases / 10
