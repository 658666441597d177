"""How answers open, through the whole manager."""

import pytest

from bot.dialogue.manager import DialogueManager
from bot.dialogue.messages import Answer, Utterance
from bot.dialogue.planner import RulePlanner
from bot.dialogue.storing.memory import MemoryConversations
from bot.tools.memory import VISIBLE, MemoryLibrary, video_of

SAYS = [
    (0, 5, "Clara bought the striped umbrella in Lisbon for eleven euros.", "subtitle"),
    (5, 9, "She leaves the umbrella on a bench.", "subtitle"),
    (9, 12, "There is no saffron in the house.", "subtitle"),
    (12, 15, "Six lemons go into the soup.", "subtitle"),
]


@pytest.fixture
def manager() -> DialogueManager:
    shelf = MemoryLibrary((video_of("film", "The Film"), SAYS))
    return DialogueManager(shelf, shelf, RulePlanner(), MemoryConversations())


def say(manager: DialogueManager, text: str) -> Answer:
    *_, last = manager.respond(Utterance(text, "c", VISIBLE))
    answer: Answer = last.answer  # type: ignore[union-attr]
    return answer


@pytest.mark.parametrize(
    ("question", "opening"),
    [
        ("Where did Clara buy the umbrella?", "In Lisbon. In "),
        ("How many euros did Clara pay for the striped umbrella?", "Eleven euros. In "),
        ("how many lemons go into the soup?", "Six lemons. In "),
        ("Is there saffron in the house?", "No. In "),
        ("Does she leave the umbrella on a bench?", "Yes. In "),
        ("Show me the umbrella", "In "),
    ],
)
def test_the_answer_comes_first_and_its_quotation_with_it(
    manager: DialogueManager, question: str, opening: str
) -> None:
    answer = say(manager, question)
    assert answer.verdict == "answered"
    assert answer.text.startswith(f'{opening}"The Film" at 00:00:')


def test_a_follow_up_is_answered_from_the_moment_pointed_at(manager: DialogueManager) -> None:
    say(manager, "Where did Clara buy the umbrella?")
    assert say(manager, "how much was it?").text.startswith('Eleven euros. In "The Film" at 00:00:00')


def test_yes_is_not_said_where_the_moment_holds_no_more_than_half_of_the_question(manager: DialogueManager) -> None:
    answer = say(manager, "Does she lose an expensive umbrella with dots?")
    assert answer.verdict != "answered"
    assert "Yes" not in answer.text


def test_no_answer_is_sure_that_does_not_hold_a_name_that_was_asked_about(manager: DialogueManager) -> None:
    answer = say(manager, "Where did Vera buy the striped umbrella?")
    assert answer.verdict == "unsure"
    assert 'anything about "Vera"' in answer.text
