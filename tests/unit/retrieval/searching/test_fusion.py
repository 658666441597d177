import pytest

from retrieval.index.base import Scored
from retrieval.searching import fusion
from retrieval.spaces import ARMS
from retrieval.types import Moment, TimeSpan

WEIGHTS = fusion.weights(ARMS, 9)


def scored(**scores: float) -> list[Scored]:
    return [Scored(name, score) for name, score in scores.items()]


def moment(name: str, start: float, end: float, video: str = "v") -> Moment:
    return Moment(name, video, TimeSpan(start, end))


def test_scores_add_up_by_weight() -> None:
    arms = {"meaning": scored(a=0.9, b=0.5), "keywords": scored(b=1.0)}
    weights = {"meaning": 1.0, "keywords": 0.5}
    assert fusion.weighted(arms, weights, {}) == [("b", pytest.approx(1.0)), ("a", pytest.approx(0.9))]


def test_a_moment_that_an_arm_did_not_return_gets_its_lowest_score() -> None:
    arms = {"meaning": scored(a=0.9, b=0.4), "keywords": scored(c=1.0)}
    fused = dict(fusion.weighted(arms, {"meaning": 1.0, "keywords": 0.1}, {}))
    assert fused == {"a": pytest.approx(0.9), "b": pytest.approx(0.4), "c": pytest.approx(0.5)}


def test_where_few_moments_have_text_what_is_seen_goes_first() -> None:
    frames = scored(a=1.0, b=0.9, c=0.5, d=0.0)
    few, enough = {"meaning": scored(b=0.15)}, {"meaning": scored(b=0.15, x=0.1, y=0.1, z=0.0)}

    assert fusion.weighted({"frames": frames, **few}, WEIGHTS, {})[0][0] == "a"
    assert fusion.weighted({"frames": frames, **enough}, WEIGHTS, {})[0][0] == "b"


def test_words_of_neighbours_and_of_the_video_help_a_moment() -> None:
    helped = {
        hit.moment_id: hit.score for hit in fusion.supported(scored(**{"v:2": 1.0, "w:9": 0.5}), ["v:3", "v:7", "x:1"])
    }
    assert helped == {
        "v:2": pytest.approx(1.3),  # itself, and the best of its video
        "v:3": pytest.approx(0.6),  # its neighbour, and the best of its video
        "v:7": pytest.approx(0.3),
        "w:9": pytest.approx(0.65),
    }


def test_words_count_more_where_they_were_spoken() -> None:
    described, heard = fusion.weights(ARMS, 9), fusion.weights(ARMS, 9, heard=1.0)
    assert heard["keywords"] > 5 * described["keywords"]
    assert heard["meaning"] == described["meaning"]


def test_one_word_alone_counts_more_than_one_of_many() -> None:
    assert fusion.weights(ARMS, 1)["keywords"] > fusion.weights(ARMS, 3)["keywords"] > WEIGHTS["keywords"]


def test_ties_are_broken_by_name() -> None:
    arms = {"meaning": scored(b=0.5, a=0.5)}
    assert [name for name, _ in fusion.weighted(arms, WEIGHTS, {})] == ["a", "b"]


def test_reciprocal_ranks_add_up() -> None:
    arms = {"meaning": scored(a=9, b=8), "keywords": scored(b=2)}
    assert fusion.reciprocal(arms) == [("b", pytest.approx(1 / 62 + 1 / 61)), ("a", pytest.approx(1 / 61))]


def test_standardised_scores_run_from_one_to_zero() -> None:
    assert [hit.score for hit in fusion.standardised(scored(a=0.31, b=0.30, c=0.27))] == pytest.approx([1, 0.75, 0])
    assert fusion.standardised([]) == []


def test_pictures_count_only_where_the_best_stands_out() -> None:
    alike = scored(**{f"m{number}": 0.2 + number / 1000 for number in range(9)})
    assert [hit.score for hit in fusion.standing_out(alike)] == [0.0] * 9
    found = fusion.standing_out(scored(a=0.4, **{f"m{number}": 0.2 + number / 1000 for number in range(9)}))
    assert found[0].moment_id == "a"
    assert found[0].score == 1.0
    assert fusion.standing_out([]) == []


def test_hits_on_the_same_stretch_that_score_alike_become_one() -> None:
    kept = fusion.merged(
        [(moment("v:1", 0, 10), 0.90), (moment("v:2", 1, 11), 0.89), (moment("w:1", 0, 10, "w"), 0.89)]
    )
    assert [(m.moment_id, span) for m, span, _ in kept] == [("v:1", TimeSpan(0, 11)), ("w:1", TimeSpan(0, 10))]


def test_hits_that_score_apart_or_barely_overlap_stay_apart() -> None:
    assert len(fusion.merged([(moment("v:1", 0, 10), 0.9), (moment("v:2", 1, 11), 0.8)])) == 2
    assert len(fusion.merged([(moment("v:1", 0, 10), 0.9), (moment("v:2", 5, 15), 0.9)])) == 2
    assert len(fusion.merged([(moment("v:1", 0, 10), 0.9), (moment("v:2", 10, 20), 0.9)])) == 2


def test_no_hit_bridges_two_others() -> None:
    chain = [(moment("v:1", 0, 10), 0.9), (moment("v:2", 0.8, 10.8), 0.9), (moment("v:3", 1.6, 11.6), 0.9)]
    kept = fusion.merged(chain)
    assert [(m.moment_id, span) for m, span, _ in kept] == [("v:1", TimeSpan(0, 10.8)), ("v:3", TimeSpan(1.6, 11.6))]
