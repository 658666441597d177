from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.dialogue.conversation import Turn
from bot.dialogue.events import Answered, Event
from bot.dialogue.messages import Answer, Citation
from bot.dialogue.more import MOST, more_like
from bot.dialogue.storing.memory import MemoryConversations
from bot.errors import UnknownMoment
from bot.tools.view import View
from retrieval.errors import NotInLibrary
from retrieval.types import Membership, TimeSpan
from tests.unit.bot.shelf import VISIBLE, WordShelf, video_of

BOTH = VISIBLE | {"private"}


@pytest.fixture
def shelf() -> WordShelf:
    shared = video_of("lake")
    return WordShelf(
        (video_of("park"), [(0, 5, "A brown dog runs."), (5, 9, "A brown dog sleeps.")]),
        (video_of("vault", collection="private"), [(0, 5, "A brown dog hides a bone."), (5, 9, "A brown dog digs.")]),
        (
            replace(shared, memberships=(Membership("private", "Secret Lake", Path("/x.mp4")), *shared.memberships)),
            [(0, 5, "A brown dog swims.")],
        ),
    )


@pytest.fixture
def store() -> MemoryConversations:
    kept = MemoryConversations()
    shown = Citation(1, "park:1", "park", "park", TimeSpan(0, 5))
    kept.append("c", Turn("where?", "find", "dog", "There [1].", "answered", datetime.now(UTC), (shown,)))
    return kept


def answered(events: list[Event]) -> Answer:
    assert isinstance(events[-1], Answered)
    return events[-1].answer


def test_moments_of_another_collection_never_come(shelf: WordShelf, store: MemoryConversations) -> None:
    told = answered(list(more_like(1, "c", store, View(shelf, shelf, VISIBLE))))
    assert {citation.moment_id for citation in told.citations} == {"park:2", "lake:1"}
    assert "bone" not in told.text


def test_they_come_where_their_collection_is_visible(shelf: WordShelf, store: MemoryConversations) -> None:
    told = answered(list(more_like(1, "c", store, View(shelf, shelf, BOTH))))
    assert {citation.moment_id for citation in told.citations} == {"park:2", "lake:1", "vault:1", "vault:2"}


def test_a_moment_that_is_not_visible_any_more_leads_to_none(shelf: WordShelf, store: MemoryConversations) -> None:
    secret = Citation(2, "vault:1", "vault", "vault", TimeSpan(0, 5))
    store.append("c", Turn("and?", "find", "dog", "There [2].", "answered", datetime.now(UTC), (secret,)))
    with pytest.raises(NotInLibrary):
        list(more_like(2, "c", store, View(shelf, shelf, VISIBLE)))
    assert len(store.load("c").turns) == 2


def test_what_was_shown_before_is_not_shown_again(shelf: WordShelf, store: MemoryConversations) -> None:
    view = View(shelf, shelf, VISIBLE)
    assert len(answered(list(more_like(1, "c", store, view))).citations) == 2 <= MOST
    again = answered(list(more_like(1, "c", store, view)))
    assert (again.verdict, again.citations) == ("not_found", ())


def test_a_number_that_was_not_shown_is_none(shelf: WordShelf, store: MemoryConversations) -> None:
    with pytest.raises(UnknownMoment):
        list(more_like(7, "c", store, View(shelf, shelf, VISIBLE)))
