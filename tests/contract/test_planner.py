"""One suite for every planner: the rules, language models that reply in either form or err, and the scripted one."""

import math
from datetime import UTC, datetime

import pytest

from bot.dialogue.acts.table import ACTS
from bot.dialogue.conversation import Conversation, Turn
from bot.dialogue.messages import Citation, Utterance
from bot.dialogue.model_planner import ModelPlanner
from bot.dialogue.plan import Plan, Reading
from bot.dialogue.planner import Planner, RulePlanner
from bot.tools.memory import VISIBLE, video_of
from retrieval.types import TimeSpan
from tests.scripted import ScriptedPlanner
from tests.unit.bot.chat_models import says
from tests.unit.bot.dialogue.test_model_planner import reply

VIDEOS = [video_of("park", "The Park"), video_of("sea", "At the Sea")]
SHOWN = Citation(1, "park:1", "park", "The Park", TimeSpan(0, 5))
TALK = Conversation(
    "c", (Turn("a dog?", "find", "a dog", "", "answered", datetime(2026, 5, 1, tzinfo=UTC), (SHOWN,), "park"),)
)
ASKED = reply(question="What does the dog do after that?", video="V1", moment=1)

PLANNERS = {
    "rules": RulePlanner,
    "model": lambda: ModelPlanner(RulePlanner(), lambda: says(ASKED)),
    "model without form": lambda: ModelPlanner(RulePlanner(), lambda: says("Where is a dog?"), form="question"),
    "model by itself": lambda: ModelPlanner(RulePlanner(), lambda: says(ASKED), alone=True),
    "model that writes nonsense": lambda: ModelPlanner(RulePlanner(), lambda: says("{", "[]", '{"video": 1}')),
    "model that is gone": lambda: ModelPlanner(RulePlanner(), lambda: says(OSError("gone"))),
    "scripted": lambda: ScriptedPlanner(Plan("find", "", "a dog")),
}
SAID = [
    "what does the dog do after that?",
    "and in  the other film?",
    "Which videos are there?",
    "thanks!",
    "show me [9]",
    "how many boats are there, but not in The Park?",
    "",
    '\udcff \0 [1] "-',
    "dog " * 5_000,
]


@pytest.fixture(params=list(PLANNERS.values()), ids=list(PLANNERS))
def planner(request: pytest.FixtureRequest) -> Planner:
    made: Planner = request.param()
    return made


def taken(planner: Planner, talk: Conversation, said: str) -> list[Reading]:
    return planner.readings(talk, Utterance(said, "c", VISIBLE), VIDEOS)


@pytest.mark.parametrize("talk", [Conversation("new"), TALK], ids=["new", "going on"])
@pytest.mark.parametrize("said", SAID, ids=lambda said: repr(said[:20]))
def test_whatever_is_said_can_be_taken_in_some_way_and_each_can_be_carried_out(
    planner: Planner, talk: Conversation, said: str
) -> None:
    readings = taken(planner, talk, said)
    assert readings
    for reading in readings:
        plan = reading.plan
        assert ACTS[plan.act].fault(plan) == "" or plan.query == plan.words == ""
        assert plan.within is None or plan.within.start < plan.within.end


@pytest.mark.parametrize("said", SAID, ids=lambda said: repr(said[:20]))
def test_how_likely_a_reading_is_can_be_added_to_and_compared(planner: Planner, said: str) -> None:
    assert all(math.isfinite(reading.prior) for reading in taken(planner, TALK, said))


@pytest.mark.parametrize("said", ["and  the   other\none?", "thanks!", "where is a dog, but not in The Park?"])
def test_the_users_own_words_stay_in_every_plan(planner: Planner, said: str) -> None:
    assert {reading.plan.words for reading in taken(planner, TALK, said)} == {" ".join(said.split())}


@pytest.mark.parametrize("said", SAID, ids=lambda said: repr(said[:20]))
def test_no_reading_names_what_is_not_visible(planner: Planner, said: str) -> None:
    for reading in taken(planner, TALK, said):
        plan = reading.plan
        pointed = {video for reference in plan.references for video in reference.videos}
        moments = {moment for reference in plan.references for moment in reference.moments}
        assert {*plan.videos, *plan.not_videos, *plan.choices, *pointed} <= {"park", "sea"}
        assert {*moments, *plan.not_moments} <= {"park:1"}


def test_an_empty_library_is_planned_for_too(planner: Planner) -> None:
    found = planner.readings(Conversation("c"), Utterance("where is a dog?", "c", VISIBLE), [])
    assert [(reading.plan.act, reading.plan.videos) for reading in found] == [("find", ())]


def test_the_same_words_are_taken_in_the_same_ways(planner: Planner) -> None:
    assert taken(planner, TALK, "thanks!") == taken(planner, TALK, "thanks!")
