"""An act that only this file knows: planned, answered and stored with nothing but itself and a line of the table."""

from dataclasses import replace

from bot.dialogue.acts.base import Act, Context, Material, Reply
from bot.dialogue.acts.gathering import Gathered, gathered_for
from bot.dialogue.acts.quoting import opened
from bot.dialogue.acts.table import ACTS
from bot.dialogue.events import Answered, Found, Searching, Understood, Writing
from bot.dialogue.manager import DialogueManager
from bot.dialogue.messages import Utterance
from bot.dialogue.plan import Plan
from bot.dialogue.planner import RulePlanner
from bot.dialogue.storing.memory import MemoryConversations
from bot.dialogue.storing.records import turn_from_json, turn_to_json
from bot.tools.memory import VISIBLE, MemoryLibrary, video_of
from tests.scripted import ScriptedPlanner


def gather(context: Context) -> Gathered:
    return gathered_for(context.plan, context.view, most=1)


def reply(context: Context, material: Material) -> Reply:
    return opened("Bravo!", context, material)


PRAISE = Act(name="praise", gather=gather, reply=reply)
WITH_IT = {**ACTS, PRAISE.name: PRAISE}
SHELF = MemoryLibrary((video_of("park"), [(0, 5, "A dog catches the ball."), (5, 9, "A dog sleeps.")]))
SAID = Utterance("Well caught!", "c", VISIBLE)


PLANNER = ScriptedPlanner(Plan("praise", "", "dog catches"))


def test_it_is_planned_answered_and_stored() -> None:
    store = MemoryConversations()
    events = list(DialogueManager(SHELF, SHELF, PLANNER, store, acts=WITH_IT).respond(SAID))
    assert [type(event) for event in events] == [Understood, Searching, Found, *[Writing] * 3, Answered]
    (turn,) = store.load("c").turns
    assert (turn.act, turn.verdict, [c.moment_id for c in turn.citations]) == ("praise", "answered", ["park:1"])
    assert turn.answer.startswith("Bravo!\n")
    assert turn_from_json(turn_to_json(turn)) == replace(turn, visible=None)


def test_what_it_showed_can_be_asked_about() -> None:
    store = MemoryConversations()
    list(DialogueManager(SHELF, SHELF, PLANNER, store, acts=WITH_IT).respond(SAID))
    manager = DialogueManager(SHELF, SHELF, RulePlanner(), store, acts=WITH_IT)
    last = list(manager.respond(Utterance("what is right after that?", "c", VISIBLE)))[-1]
    assert isinstance(last, Answered)
    assert [citation.moment_id for citation in last.answer.citations] == ["park:2"]
