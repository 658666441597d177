from pathlib import Path

from bot.actions.data import event_data, hit_data
from bot.dialogue.events import Failed, Found, Looking
from bot.errors import Problem
from retrieval.types import ArmScore, Hit, Keyframe, Moment, TimedText, TimeSpan

SPAN = TimeSpan(2.5, 6)
MOMENT = Moment("s:1", "s", SPAN, (TimedText(SPAN, "A squirrel eats.", "caption"),), (Keyframe(3.0, Path("/f/3.jpg")),))
HIT = Hit(1, MOMENT, SPAN, "Squirrel", 0.5, {"meaning": ArmScore(2, 0.25)})


def test_a_hit_as_data_has_exactly_the_shape_of_the_contract() -> None:
    assert hit_data(HIT) == {
        "rank": 1,
        "moment_id": "s:1",
        "video_id": "s",
        "title": "Squirrel",
        "start": 2.5,
        "end": 6,
        "timecode": "00:00:02-00:00:06",
        "text": MOMENT.text,
        "score": 0.5,
        "arms": {"meaning": {"rank": 2, "score": 0.25}},
        "keyframes": ["/f/3.jpg"],
        "collections": [],
    }


def test_events_are_named_and_hold_nothing_but_what_json_can() -> None:
    assert event_data(Found(2)) == {"event": "found", "moments": 2}
    assert event_data(Looking("llava", (Path("/f/3.jpg"),)))["keyframes"] == ["/f/3.jpg"]
    failed = event_data(Failed(Problem("gone", "it is gone", "Look elsewhere.", 1)))
    assert failed == {"event": "failed", "error": {"code": "gone", "message": "it is gone", "hint": "Look elsewhere."}}
