import json
from dataclasses import replace
from datetime import UTC, datetime

from bot.dialogue.conversation import Turn
from bot.dialogue.messages import Citation, Filters
from bot.dialogue.storing.records import citation_as_data, turn_from_json, turn_to_json
from bot.tools.pieces import Ranking
from retrieval.types import ArmScore, TimeSpan

FILTERS = Filters(
    videos=("a",),
    start=1.0,
    end=2.0,
    before="a:1",
    after="a:2",
    during="a:3",
    without=("hat",),
    not_videos=("b",),
    not_moments=("a:4",),
    not_part="start",
    relation="between",
)
TURN = Turn("Who?", "ask", "who", "...", "answered", datetime(2026, 5, 1, tzinfo=UTC), filters=FILTERS)


def test_a_turn_reads_back_with_all_its_filters() -> None:
    assert turn_from_json(turn_to_json(TURN)) == TURN


def test_a_turn_of_an_older_version_has_no_filters() -> None:
    data = json.loads(turn_to_json(TURN))
    del data["filters"]
    assert turn_from_json(json.dumps(data)).filters == Filters()


def test_who_looked_and_what_was_stopped_is_kept_and_older_turns_have_neither() -> None:
    stopped = replace(TURN, confidence=0.4, looked=True, model="llava", stopped=True)
    data = json.loads(turn_to_json(stopped))
    assert turn_from_json(json.dumps(data)) == stopped
    for name in ("confidence", "looked", "model", "stopped"):
        del data[name]
    assert turn_from_json(json.dumps(data)) == replace(TURN, confidence=1.0)


def test_why_a_moment_was_found_is_kept_with_the_turn_and_is_no_part_of_an_answer() -> None:
    ranking = Ranking(0.8, (("keywords", ArmScore(2, 3.5)), ("meaning", ArmScore(1, 0.7))), ("dog",))
    citation = Citation(1, "a:1", "a", "A", TimeSpan(0, 1), ranking=ranking)
    kept = replace(TURN, citations=(citation, replace(citation, ranking=None)))
    assert turn_from_json(turn_to_json(kept)) == kept
    assert "ranking" not in citation_as_data(citation)


def test_whether_a_turn_told_a_whole_video_is_kept_and_older_turns_go_by_their_act() -> None:
    told = replace(TURN, act="praise", whole=True)
    assert turn_from_json(turn_to_json(told)) == told
    for act, whole in (("summarise", True), ("describe_video", True), ("find", False)):
        data = json.loads(turn_to_json(replace(TURN, act=act)))
        del data["whole"]
        assert turn_from_json(json.dumps(data)).whole is whole
