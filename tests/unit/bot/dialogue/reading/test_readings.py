"""Which ways there are to take an utterance on its own, and which of them comes first."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.conversation import Conversation
from bot.dialogue.reading.names import names_of
from bot.dialogue.reading.readings import readings
from retrieval.types import TimeSpan
from tests.unit.bot.dialogue.reading.talks import ASKED_BACK, LISTED, NEW, SHOWN, VIDEOS, first, has, is_sure, ways


@pytest.mark.parametrize(
    ("text", "chat"),
    [
        ("hi", "greeting"),
        ("Thank you!", "thanks"),
        ("bye", "farewell"),
        ("help", "help"),
        ("what can you do?", "help"),
        ("how do you do that?", "help"),
        ("ok", "remark"),
    ],
)
def test_small_talk_and_a_call_for_help_are_not_searched_for(text: str, chat: str) -> None:
    assert has(first(text), act="chat", chat=chat)
    assert len(ways(text)) == 1


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Where does a bird flap its wings?", "bird flap wings"),
        ("hello kitty on a bag", "kitty bag"),
        ("Which videos show a dog?", "dog"),
        ("what videos do I have about animals?", "animals"),
        ("Where is the title of the film shown?", "title"),
        ('Find "red car" -blue', '"red car" -blue'),
        ("Hi! I teach geography. Which film shows a volcano?", "teach geography volcano"),
        ("My boss says there is a red car in one of these. Could you find it for me?", "boss red car"),
    ],
)
def test_a_search_names_what_is_to_be_found(text: str, query: str) -> None:
    plan = first(text)
    assert (plan.act in ("find", "ask"), plan.query, plan.videos) == (True, query, ())


def test_where_a_part_of_what_was_said_asks_all_of_it_is_one_way_too() -> None:
    text = "quick - the final score of that match on the sand, we need it in 2 min"
    narrow, wide = (one for one in ways(text) if one.searched)
    assert (narrow.plan.query, wide.plan.query) == ("2 min", "quick final score sand 2 min")
    assert narrow.prior > wide.prior
    assert wide.plan.wording == text
    assert len(ways("the final score of that match on the sand but no football")) < 4


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("What happens in Big Buck Bunny?", {"act": "describe_video", "videos": ("bbb",)}),
        ("what happens in chaplin?", {"act": "describe_video", "videos": ("chaplin",)}),
        ("tell me about the harbour film", {"act": "describe_video", "videos": ("harbour-morning",)}),
        ("summarise Big Buck Bunny", {"act": "summarise", "videos": ("bbb",), "query": ""}),
        ("how long is chaplin", {"act": "library", "videos": ("chaplin",), "about": "length"}),
        (
            "How many minutes does the chaplin video last?",
            {"act": "library", "videos": ("chaplin",), "about": "length"},
        ),
        ("how does the harbour film end?", {"act": "ask", "videos": ("harbour-morning",), "relation": "at_end"}),
        ("compare Big Buck Bunny with the video chaplin", {"act": "compare", "videos": ("bbb", "chaplin")}),
        ("a lake in the film Trip", {"act": "find", "videos": ("x1", "x2"), "query": "lake"}),
    ],
)
def test_a_video_that_is_named_is_where_it_stays(text: str, wanted: dict[str, Any]) -> None:
    assert has(first(text), **wanted)
    assert is_sure(text)


@pytest.mark.parametrize("text", ["Summarise Trip", "what happens in Trip?"])
def test_one_of_two_videos_of_a_title_asks_back(text: str) -> None:
    assert has(first(text), act="clarify", unclear="video", choices=("x1", "x2"))


@pytest.mark.parametrize(
    ("text", "about"),
    [("how many videos are there?", "count"), ("Which videos are there?", "list"), ("the longest video?", "longest")],
)
@pytest.mark.parametrize("conversation", [NEW, SHOWN], ids=["new", "going on"])
def test_the_library_itself_can_be_asked_about_at_any_time(conversation: Conversation, text: str, about: str) -> None:
    assert has(first(text, conversation), act="library", about=about, videos=())
    assert len(ways(text, conversation)) == 1


@pytest.mark.parametrize(
    ("text", "wanted", "within"),
    [
        ("a dog at 1:20", {"act": "find", "query": "dog"}, TimeSpan(80, 81)),
        ("Where is a dog in asl_bird after 0:30?", {"query": "dog", "videos": ("asl_bird",)}, TimeSpan(30, 1e7)),
        ("does anything happen in chaplin after 0:10?", {"act": "summarise", "query": ""}, TimeSpan(10, 1e7)),
        ("What happens in the first minute of chaplin?", {"act": "summarise", "videos": ("chaplin",)}, TimeSpan(0, 60)),
        ("what is in the last 20 seconds of the chaplin film?", {"videos": ("chaplin",)}, TimeSpan(40, 1e7)),
        ("what happens in the second half of chaplin?", {"videos": ("chaplin",)}, TimeSpan(30, 1e7)),
    ],
)
def test_a_stretch_of_time_narrows_it(text: str, wanted: dict[str, Any], within: TimeSpan) -> None:
    plan = first(text)
    assert has(plan, **wanted)
    assert plan.within == within


@pytest.mark.parametrize("text", ["at 1:20", "what happens in the first minute?", "what happens at the start?"])
def test_a_time_of_no_film_asks_which(text: str) -> None:
    assert has(first(text), act="clarify", unclear="video")


def test_where_the_films_are_too_many_to_list_it_asks_what_to_look_for() -> None:
    many = VIDEOS * 3
    plan = readings("at 1:20", NEW, many, names_of(many))[0].plan
    assert has(plan, act="clarify", unclear="question")


@pytest.mark.parametrize("text", ["where?", "", "?", "who"])
def test_a_question_that_names_nothing_asks_what_to_look_for(text: str) -> None:
    assert has(first(text), act="clarify", unclear="question")


@pytest.mark.parametrize("text", ["what is he doing?", "what is after [2]?"])
def test_what_was_never_shown_is_asked_back_about(text: str) -> None:
    assert has(first(text), act="clarify", unclear="reference")


def test_what_comes_after_a_described_moment_is_asked_of_the_moment_after_it() -> None:
    text = "What happens after the dog steals the castle?"
    assert has(first(text), act="ask", query="", relation="right_after", anchor="the dog steals the castle")
    assert is_sure(text)


def test_the_first_time_in_a_film_that_is_named_stays_the_first_time() -> None:
    assert has(
        first("the first time we see a dog in Big Buck Bunny"), query="dog", relation="first_time", videos=("bbb",)
    )


def test_two_things_that_are_described_are_compared_whatever_was_shown() -> None:
    assert has(first("compare the dog with the cat", SHOWN), act="compare", videos=(), references=())
    assert is_sure("compare the dog with the cat", SHOWN)


@given(st.text(max_size=120))
def test_any_words_can_be_taken_in_some_way_and_always_in_the_same(text: str) -> None:
    for conversation in (NEW, SHOWN, LISTED, ASKED_BACK):
        found = ways(text, conversation)
        assert found
        assert found == ways(text, conversation)
