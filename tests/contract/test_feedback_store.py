"""One suite for every FeedbackStore. Opinions lie where their conversations do: in memory, and in a SQLite file."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from bot.dialogue.storing.base import ConversationStore
from bot.dialogue.storing.feedback import Feedback, FeedbackStore, feedback_on
from bot.errors import UnknownConversation, UnknownMoment
from tests.contract.test_conversation_store import NOON, cite, opened, turn


class Store(ConversationStore, FeedbackStore, Protocol):
    """Both contracts."""


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with opened(request.param, tmp_path) as store:
        yield store


def opinion(conversation_id: str, words: str = "") -> Feedback:
    return feedback_on(conversation_id, 1, turn("Where is the dog?"), 1, "bad", words, NOON)


def test_opinions_come_back_as_they_were_in_the_order_in_which_they_were_given(store: Store) -> None:
    for name in ("a", "b"):
        store.append(name, turn("Where is the dog?"))
    for name, words in (("b", "a \n cat"), ("a", ""), ("b", "no")):
        store.judge(opinion(name, words))
    assert list(store.feedback()) == [opinion("b", "a cat"), opinion("a"), opinion("b", "no")]
    assert store.feedback()[0].moments == (cite(1),)


def test_an_opinion_goes_with_its_conversation(store: Store) -> None:
    for name in ("a", "b"):
        store.append(name, turn("Where is the dog?"))
        store.judge(opinion(name))
    store.delete("a")
    assert list(store.feedback()) == [opinion("b")]


def test_an_opinion_of_a_conversation_that_is_not_kept_is_refused_and_not_kept(store: Store) -> None:
    with pytest.raises(UnknownConversation):
        store.judge(opinion("a"))
    store.append("a", turn("Where is the dog?"))
    assert not store.feedback()


def test_an_opinion_of_a_moment_that_was_not_shown_is_refused() -> None:
    with pytest.raises(UnknownMoment):
        feedback_on("a", 1, turn("x"), 7, "good", "", NOON)
