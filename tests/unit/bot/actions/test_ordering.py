"""Orders in plain words, and questions that only look like them."""

from datetime import UTC, datetime

import pytest

from bot.actions.ordering import order_in
from bot.dialogue.conversation import Conversation, Turn
from bot.dialogue.messages import Citation
from retrieval.types import TimeSpan

SHOWN = tuple(
    Citation(handle, f"park:{handle + 2}", "park", "The Park", TimeSpan(handle, handle + 1)) for handle in (1, 2)
)
TALK = Conversation("c", (Turn("where?", "find", "dog", "", "answered", datetime.now(UTC), SHOWN),))


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("make a clip of the first one", "/clip 1"),
        ("Can you cut out the second one, please?", "/clip 2"),
        ("please make me a clip of [2]", "/clip 2"),
        ("save that as a clip", "/clip"),
        ("export that", "/clip 1"),
        ("play it", "/play 1"),
        ("play the second one", "/play 2"),
        ("play", "/play"),
        ("export this conversation", "/export"),
    ],
)
def test_an_order_is_the_command_that_does_it(line: str, command: str) -> None:
    order = order_in(line, TALK)
    assert order is not None
    assert order.line == command


@pytest.mark.parametrize(
    "line",
    ["play the guitar", "where do they play it?", "save the whale", "is there a clip of a dog?", "cut the onion"],
)
def test_a_line_that_names_something_is_a_question(line: str) -> None:
    assert order_in(line, TALK) is None


def test_before_anything_was_shown_there_is_nothing_to_cut() -> None:
    assert order_in("make a clip of the first one", Conversation("c")) is None
