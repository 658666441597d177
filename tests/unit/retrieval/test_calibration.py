import pytest

from retrieval.calibration import MATCHES_FROM, Evidence, judge


def test_a_near_moment_with_the_words_matches_and_a_far_one_without_does_not() -> None:
    rarity = {"ferri": 3.0, "leav": 1.0}

    near, far = judge(Evidence(1.2, rarity, frozenset(rarity))), judge(Evidence(0.3, rarity, frozenset()))

    assert near.matches and near.confidence > MATCHES_FROM > far.confidence
    assert not far.matches


def test_what_was_found_by_its_frames_alone_is_open_whatever_texts_others_have() -> None:
    open_, refused = (judge(Evidence(0.1, {"dog": 1.0}, frozenset(), seen=True, told=told)) for told in (False, True))

    assert open_.matches and open_.confidence == 0.5
    assert not refused.matches


@pytest.mark.parametrize(("seen", "matches"), [(True, True), (False, False)])
def test_where_nothing_has_text_only_frames_can_match(seen: bool, matches: bool) -> None:
    assert judge(Evidence(None, {}, frozenset(), seen)).matches is matches
