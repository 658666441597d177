from dataclasses import replace
from pathlib import Path

import pytest

from bot.actions.explaining import Explanation
from bot.dialogue import events
from bot.dialogue.messages import Citation, Filters
from bot.errors import Problem
from bot.slack import notices
from bot.slack.posts import Post
from bot.tools.pieces import Ranking
from retrieval.ingest.reports import FileReport
from retrieval.types import ArmScore, TimeSpan
from tests.slack_server.validation import problems

HOSTILE = "<!channel> see https://evil.example *now*"
SEEN = Citation(
    1,
    "harbour:3",
    "harbour",
    HOSTILE,
    TimeSpan(3, 9),
    observation=HOSTILE,
    ranking=Ranking(0.5, {"meaning": ArmScore(2, 0.4)}, (HOSTILE,)),
)
NOTICES = [
    notices.too_many(12.4),
    notices.full(),
    notices.model_down(),
    notices.stopped(),
    notices.cut_off(HOSTILE, "r1"),
    notices.edited("r1"),
    notices.failed(Problem("unexpected", HOSTILE, "", 1), "a1b2"),
    notices.followed("t1", True),
    notices.followed("t1", False),
    notices.greeting([HOSTILE, "Where is a ferry?"], "r1"),
    notices.greeting([], "r1"),
    notices.confirming(f"Open {HOSTILE}?", "r1"),
    notices.explained(Explanation(SEEN, HOSTILE, HOSTILE, HOSTILE)),
    notices.explained(Explanation(Citation(1, "a:1", "a", "A", TimeSpan(0, 1)), "it", "", None)),
]


@pytest.mark.parametrize("notice", NOTICES, ids=lambda notice: notice.text[:30])
def test_slack_takes_each_notice_and_nothing_in_it_is_live(notice: Post) -> None:
    assert problems(list(notice.blocks)) == []
    for text in (notice.text, repr(notice.blocks)):
        assert "<!channel" not in text and "evil.example" not in text


@pytest.mark.parametrize(
    ("event", "shown"),
    [
        (events.Understood("find", "ferry", Filters()), "is searching the videos…"),
        (events.Found(1), "found 1 moment and goes on…"),
        (events.Queued(2), "waits for the vision model, 2 questions before this one…"),
        (events.Looking("llava", (Path("a"), Path("b"))), "is looking at 2 frames…"),
        (events.Writing("It leaves."), "is writing…"),
        (events.Seen(1, "a ferry"), None),
        (events.Stopped(), None),
    ],
)
def test_the_status_is_the_stage_of_the_work(event: events.Event, shown: str | None) -> None:
    assert notices.status(event) == shown


def test_why_a_moment_was_shown_names_each_arm() -> None:
    text = notices.explained(Explanation(SEEN, "a ferry?", "ferry", "llava")).text
    assert "meaning: place 2" in text and "keywords: did not find it" in text and "llava saw" in text


def test_a_failure_is_a_sentence_with_its_number_in_the_log() -> None:
    made = notices.failed(Problem("x", "the index is not there", "Run it.", 4), "a1b2")
    assert made.text == "The index is not there." and "Reference: a1b2" in repr(made.blocks)


def test_what_became_of_an_added_video_names_no_folder_of_the_machine() -> None:
    path = Path("/library/dropped/F1/quay.mp4")
    refused = FileReport(path, None, "refused", f"'{path}' cannot be read. Look at <@U1>", (), 0, 0.0)
    assert (
        notices.added(refused, "“quay.mp4”") == "“quay.mp4” was not added: 'quay.mp4' cannot be read. Look at ‹[at]U1>."
    )
    for verdict, said in (("new", "was added: 1 moment."), ("duplicate", "is in the library already.")):
        assert notices.added(replace(refused, verdict=verdict, moments=1), "“quay.mp4”") == f"“quay.mp4” {said}"
