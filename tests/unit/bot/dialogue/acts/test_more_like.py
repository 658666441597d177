from datetime import UTC, datetime

import pytest

from bot.dialogue.acts.more_like import MOST
from bot.dialogue.conversation import Turn
from bot.dialogue.events import Answered, Event, Failed, Found, Searching, Stopped, Understood, Writing
from bot.dialogue.manager import DialogueManager
from bot.dialogue.messages import Answer, Citation, Utterance
from bot.dialogue.planner import RulePlanner
from bot.dialogue.storing.memory import MemoryConversations
from bot.tools.memory import VISIBLE, MemoryLibrary, video_of
from retrieval.types import TimeSpan

BOTH = VISIBLE | {"private"}


@pytest.fixture
def shelf() -> MemoryLibrary:
    return MemoryLibrary(
        (video_of("park"), [(0, 5, "A brown dog runs."), (5, 9, "A brown dog sleeps.")]),
        (video_of("vault", collection="private"), [(0, 5, "A brown dog hides a bone."), (5, 9, "A brown dog digs.")]),
        (video_of("lake"), [(0, 5, "A brown dog swims.")]),
    )


class Talk:
    """A manager over the shelf, and a conversation in which the first dog was shown."""

    def __init__(self, shelf: MemoryLibrary) -> None:
        self.store = MemoryConversations()
        self.manager = DialogueManager(shelf, shelf, RulePlanner(), self.store)
        self.shown(Citation(1, "park:1", "park", "park", TimeSpan(0, 5)))

    def shown(self, citation: Citation, visible: frozenset[str] = VISIBLE) -> None:
        said = f"There [{citation.handle}]."
        turn = Turn("where?", "find", "dog", said, "answered", datetime.now(UTC), (citation,), visible=visible)
        self.store.append("c", turn)

    def more(self, handle: int, visible: frozenset[str] = VISIBLE) -> list[Event]:
        return list(self.manager.more_like(handle, Utterance("", "c", visible)))


@pytest.fixture
def talk(shelf: MemoryLibrary) -> Talk:
    return Talk(shelf)


def answered(events: list[Event]) -> Answer:
    assert isinstance(events[-1], Answered)
    return events[-1].answer


def test_moments_of_another_collection_never_come(talk: Talk) -> None:
    told = answered(talk.more(1))
    assert {citation.moment_id for citation in told.citations} == {"park:2", "lake:1"}
    assert "bone" not in told.text


def test_they_come_where_their_collection_is_visible(talk: Talk) -> None:
    told = answered(talk.more(1, BOTH))
    assert {citation.moment_id for citation in told.citations} == {"park:2", "lake:1", "vault:1", "vault:2"}


def test_it_is_a_turn_like_any_other_whose_moments_can_be_asked_about(talk: Talk) -> None:
    events = talk.more(1)
    assert [type(event) for event in events] == [Understood, Searching, Found, *[Writing] * 4, Answered]
    told, turn = answered(events), talk.store.load("c").turns[-1]
    assert (turn.asked, turn.act, turn.answer) == ("more like [1]", "more_like", told.text)
    assert told.text.startswith("Further moments like [1]:")
    assert told.sources == ("caption",)
    assert [citation.handle for citation in turn.citations] == [2, 3]
    follow = answered(list(talk.manager.respond(Utterance("show me [3]", "c", VISIBLE))))
    assert follow.citations[0].moment_id == turn.citations[1].moment_id


def test_a_moment_that_is_not_visible_any_more_leads_to_none(talk: Talk) -> None:
    talk.shown(Citation(2, "vault:1", "vault", "vault", TimeSpan(0, 5)), BOTH)
    assert failed(talk.more(2)) == failed(talk.more(7)) == "unknown_moment"
    assert len(talk.store.load("c").turns) == 2


def test_what_was_shown_before_is_not_shown_again(talk: Talk) -> None:
    assert len(answered(talk.more(1)).citations) == 2 <= MOST
    again = answered(talk.more(1))
    assert (again.verdict, again.citations) == ("not_found", ())


def test_a_number_that_was_not_shown_is_none(talk: Talk) -> None:
    assert failed(talk.more(7)) == "unknown_moment"


def test_it_can_be_stopped(talk: Talk) -> None:
    utterance = Utterance("", "c", VISIBLE)
    events = talk.manager.more_like(1, utterance)
    assert isinstance(next(events), Understood)
    utterance.cancel.set()
    assert [type(event) for event in events] == [Searching, Found, Stopped]
    assert talk.store.load("c").turns[-1].stopped


def failed(events: list[Event]) -> str:
    assert isinstance(events[-1], Failed)
    return events[-1].problem.code
