import json
from datetime import UTC, datetime

from bot.dialogue.conversation import Turn
from bot.dialogue.messages import Filters
from bot.dialogue.records import turn_from_json, turn_to_json

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
