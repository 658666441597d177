"""Moments that are looked for: the best first, or all that fit, numbered in their order."""

import pytest

from bot.dialogue.acts.base import Context, Material, Reply
from bot.dialogue.acts.find import FIND, MOST_OF_ALL, gather
from bot.dialogue.acts.gathering import MOST_QUOTED
from bot.dialogue.composing.templates import with_handles
from bot.dialogue.conversation import Conversation
from bot.dialogue.plan import Plan, Relation
from bot.tools.memory import VISIBLE, MemoryLibrary, video_of
from bot.tools.view import View
from retrieval.searching.query import Query


def reply(dogs: int, relation: Relation | None = "every_time", query: str = "dog") -> Reply:
    """Look for dogs in a park where that many bark, one after the other."""
    barks = [(5 * n, 5 * n + 5, "A dog barks.") for n in range(dogs)]
    shelf = MemoryLibrary((video_of("park", "The Park"), [*barks, (5 * dogs, 5 * dogs + 5, "A cat sleeps.")]))
    view = View(shelf, shelf, VISIBLE)
    plan = Plan("find", query, query, relation=relation, sought=Query(query))
    context = Context(plan, Conversation("c"), view.videos(), view)
    gathered = gather(context)
    return FIND.reply(context, Material(gathered, with_handles(gathered.pieces, context.conversation)))


def said(found: Reply) -> list[str]:
    return [sentence.text for sentence in found.sentences]


def test_all_are_counted_and_numbered_in_their_order() -> None:
    found = reply(3)
    assert said(found) == [
        'I found 3 moments on "dog":',
        '1. In "The Park" at 00:00:00-00:00:05, the caption says: "A dog barks." [1]',
        '2. In "The Park" at 00:00:05-00:00:10, the caption says: "A dog barks." [2]',
        '3. In "The Park" at 00:00:10-00:00:15, the caption says: "A dog barks." [3]',
    ]
    assert [one.moment.moment_id for one in found.shown] == ["park:1", "park:2", "park:3"]
    assert found.judgement.verdict == "answered"


@pytest.mark.parametrize(
    ("dogs", "opens", "closes"),
    [
        (1, 'I found 1 moment on "dog":', None),
        (MOST_OF_ALL, 'I found 20 moments on "dog":', None),
        (MOST_OF_ALL + 1, 'I found 21 moments on "dog":', "1 more is not quoted here."),
        (70, 'I found at least 50 moments on "dog":', "30 more are not quoted here."),
    ],
)
def test_of_many_the_first_are_listed_and_the_others_counted(dogs: int, opens: str, closes: str | None) -> None:
    first, *listed = said(reply(dogs))
    assert first == opens
    assert (listed.pop() if closes else None) == closes
    assert [one.split(" ")[0] for one in listed] == [f"{n}." for n in range(1, min(dogs, MOST_OF_ALL) + 1)]
    assert MOST_OF_ALL > MOST_QUOTED


@pytest.mark.parametrize("relation", [None, "first_time", "last_time"])
def test_what_asks_for_the_best_or_for_one_is_no_list(relation: Relation | None) -> None:
    assert all(one.startswith('In "The Park"') for one in said(reply(3, relation)))


def test_of_nothing_there_is_no_list() -> None:
    assert said(reply(3, query="elephant")) == ['I found nothing in your library about "elephant".']
