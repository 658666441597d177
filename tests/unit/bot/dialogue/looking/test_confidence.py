from pathlib import Path

import pytest

from bot.dialogue.looking.confidence import answer_confidence, match_confidence
from bot.dialogue.looking.verifying import AspectCheck, Verification, verification
from bot.dialogue.looking.votes import Vote
from bot.dialogue.verdict import ANSWERED_FROM, FOUND_FROM


def held(*said: tuple[str, str, float]) -> list[AspectCheck]:
    return [AspectCheck("a:1", aspect, finding, sure) for aspect, finding, sure in said]  # type: ignore[arg-type]


def test_a_moment_that_shows_all_is_likely_and_one_that_misses_two_things_is_not() -> None:
    assert match_confidence(Verification("confirmed", 4.0, 0.0), 0) >= ANSWERED_FROM
    assert match_confidence(Verification("rejected", 2.0, 2.0), 0) < FOUND_FROM


def test_what_agrees_more_misses_less_and_was_found_before_is_likelier() -> None:
    base = match_confidence(Verification("unverified", 3.0, 0.3), 1)
    assert match_confidence(Verification("unverified", 4.0, 0.3), 1) > base
    assert match_confidence(Verification("unverified", 3.0, 0.1), 1) > base
    assert match_confidence(Verification("unverified", 3.0, 0.3), 0) > base
    assert match_confidence(Verification("unverified", 3.0, 0.3), 2) < base


def test_a_vote_that_is_surer_and_less_divided_is_likelier_and_none_tells_nothing() -> None:
    base = answer_confidence(Vote("red", 0.7, 0.8))
    assert answer_confidence(Vote("red", 1.0, 0.8)) > base
    assert answer_confidence(Vote("red", 0.7, 0.95)) > base
    assert answer_confidence(Vote("red", 1.0, 1.0)) >= ANSWERED_FROM
    assert answer_confidence(Vote("snow", 0.7, 0.8), "weather") < base
    assert answer_confidence(Vote("", 1.0, 1.0, Path("x"))) == 0


def test_aspects_are_joined_over_frames_by_how_sure_the_model_was() -> None:
    known = verification(held(("kind", "confirmed", 0.9), ("kind", "rejected", 0.5), ("colour", "rejected", 0.8)))
    assert known.agreed == pytest.approx(0.2)
    assert known.missed == pytest.approx(0.8)
    assert known.finding == "rejected"


def test_three_findings() -> None:
    assert verification(held(("kind", "confirmed", 1.0), ("colour", "confirmed", 1.0))).finding == "confirmed"
    most = held(("kind", "confirmed", 1.0), ("colour", "confirmed", 1.0), ("action", "rejected", 0.9))
    assert verification(most).finding == "unverified"
    assert verification([]).finding == "unverified"
    assert verification(held(("kind", "unverified", 1.0))).finding == "unverified"


def test_an_aspect_in_which_models_err_counts_less() -> None:
    known = verification(held(("weather", "rejected", 1.0), ("kind", "confirmed", 1.0)))
    assert known.missed < 0.5
    assert known.finding == "unverified"
