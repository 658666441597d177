import pytest

from bot.dialogue.verdict import LIKELY_FROM, MATCHES_FROM
from retrieval.searching.calibration import Evidence, confidence


def test_a_near_moment_with_the_words_matches_and_a_far_one_without_does_not() -> None:
    near, far = confidence(Evidence(1.2, 1.0)), confidence(Evidence(0.3, 0.0))

    assert near > MATCHES_FROM > far


def test_a_moment_that_holds_the_one_word_asked_for_matches_however_far_its_meaning_is() -> None:
    assert confidence(Evidence(0.2, 1.0, words=1)) > LIKELY_FROM
    assert confidence(Evidence(0.9, 0.0, words=1, unknown=1)) < MATCHES_FROM


def test_the_same_signs_say_less_in_a_large_library_and_more_where_one_moment_stands_out() -> None:
    small, large = (confidence(Evidence(1.2, 0.7, moments=size)) for size in (50, 10_000))
    apart = confidence(Evidence(1.2, 0.7, margin=0.5, moments=10_000))

    assert large < LIKELY_FROM < small
    assert large < apart


def test_what_was_found_by_its_frames_alone_is_open_whatever_texts_others_have() -> None:
    open_, refused = (confidence(Evidence(0.1, 0.0, seen=True, told=told)) for told in (False, True))

    assert open_ == 0.5
    assert refused < MATCHES_FROM


@pytest.mark.parametrize(("seen", "sure"), [(True, 0.5), (False, 0.0)])
def test_where_nothing_has_text_only_frames_can_match(seen: bool, sure: float) -> None:
    assert confidence(Evidence(None, 0.0, seen)) == sure


def described(nearness: float, likeness: float | None, covered: float, only_seen: bool) -> bool:
    known = Evidence(nearness, covered, True, True, likeness, only_seen)
    return confidence(known) >= MATCHES_FROM


def test_a_frame_that_fits_the_question_like_its_own_description_matches_where_the_texts_say_too_little() -> None:
    assert described(0.4, 0.0, 0.3, only_seen=False)
    assert not described(0.4, None, 0.3, only_seen=False)
    assert not described(0.4, -0.2, 0.3, only_seen=False)


def test_a_frame_counts_for_little_where_its_moment_has_none_of_the_words() -> None:
    assert not described(0.3, 0.0, 0.0, only_seen=True)
    assert described(0.3, 0.0, 0.5, only_seen=True)


def test_where_only_a_model_tells_of_a_moment_words_that_its_frame_does_not_fit_are_refused() -> None:
    assert described(1.1, -0.3, 0.5, only_seen=False)
    assert not described(1.1, -0.3, 0.5, only_seen=True)
    assert described(1.1, -0.05, 0.5, only_seen=True)
