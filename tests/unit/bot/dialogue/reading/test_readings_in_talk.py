"""Which ways there are to take an utterance that goes on with a conversation, and which of them comes first."""

from typing import Any

import pytest

from retrieval.types import TimeSpan
from tests.unit.bot.dialogue.reading.talks import (
    ASKED_BACK,
    LISTED,
    SHOWN,
    TWO_VIDEOS,
    cited,
    first,
    has,
    is_sure,
    talk,
    turn,
    ways,
)


@pytest.mark.parametrize(
    ("text", "act", "moment"),
    [
        ("[2]", "find", "chaplin:5"),
        ("show me [2]", "find", "chaplin:5"),
        ("the second one", "find", "chaplin:5"),
        ("and the second one?", "find", "chaplin:5"),
        ("no, I meant the second one", "find", "chaplin:5"),
        ("the last one", "find", "chaplin:5"),
        ("2", "find", "chaplin:5"),
        ("what happens in the second one?", "ask", "chaplin:5"),
        ("show me that clip again", "find", "chaplin:2"),
        ("what is he doing?", "ask", "chaplin:2"),
        ("how long is [1]?", "ask", "chaplin:2"),
    ],
)
def test_a_moment_that_is_pointed_at_is_what_is_meant(text: str, act: str, moment: str) -> None:
    plan = first(text, SHOWN)
    assert (plan.act, plan.pointed, plan.query, plan.relation) == (act, (moment,), "", None)
    assert is_sure(text, SHOWN)


def test_a_pronoun_for_what_was_just_said_is_searched_for_too() -> None:
    plans = {(one.plan.query, one.searched): one.prior for one in ways("A lady counts birds. When is that?", SHOWN)}
    assert plans[("lady counts birds", True)] == 0.0
    assert plans[("", False)] < 1.0, "what was shown before is meant only where nothing fits what was said"


@pytest.mark.parametrize(
    ("text", "moment", "relation"),
    [
        ("and then?", "chaplin:2", "right_after"),
        ("What happens next?", "chaplin:2", "right_after"),
        ("what happened before that?", "chaplin:2", "right_before"),
        ("what was the previous one?", "chaplin:2", "right_before"),
        ("right after [2]", "chaplin:5", "right_after"),
        ("what comes directly before the second one?", "chaplin:5", "right_before"),
    ],
)
def test_what_comes_before_or_after_is_asked_of_what_was_shown(text: str, moment: str, relation: str) -> None:
    assert has(first(text, SHOWN), act="ask", query="", counts_from=moment, relation=relation)
    assert is_sure(text, SHOWN)


def test_a_question_about_what_comes_after_keeps_its_words() -> None:
    plan = first("What does the dog do after that?", SHOWN)
    assert has(plan, act="ask", query="dog", counts_from="chaplin:2", relation="after")


@pytest.mark.parametrize(
    ("text", "reference"),
    [("show me [9]", "[9]"), ("the fifth one", "the fifth one"), ("what colour is the fifth one?", "the fifth one")],
)
def test_a_number_that_was_not_shown_asks_back_and_shows_nothing_else(text: str, reference: str) -> None:
    assert has(first(text, SHOWN), act="clarify", unclear="reference", reference=reference)
    assert len(ways(text, SHOWN)) == 1


def test_a_number_in_the_question_itself_is_searched_for() -> None:
    assert first("what is the player with number 7 doing?", SHOWN).act == "ask"


@pytest.mark.parametrize("text", ["what about the dog?", "is a dog there?", "any woman in black?", "and in blue?"])
def test_a_turn_that_goes_on_is_searched_everywhere_with_what_the_talk_is_at_lifted(text: str) -> None:
    plans = [way.plan for way in ways(text, SHOWN) if not way.plan.references]
    assert all(has(plan, videos=(), favoured="chaplin") for plan in plans)
    assert all(way.searched for way in ways(text, SHOWN))
    assert plans[0].favour >= first("Where does a bird sing in a tree?", SHOWN).favour > 0


def test_a_whole_new_question_is_not_mixed_with_the_earlier_words() -> None:
    assert {way.plan.query for way in ways("Where does a bird sing in a tree?", SHOWN)} == {"bird sing tree"}


def test_each_way_is_listed_once_the_likeliest_first() -> None:
    found = ways("is a dog there?", SHOWN)
    assert [way.prior for way in found] == sorted((way.prior for way in found), reverse=True)
    assert len({way.plan for way in found}) == len(found)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("not the first one", {"not_moments": ("chaplin:2",)}),
        ("no, not that one", {"not_moments": ("chaplin:2",)}),
        ("wrong one", {"not_moments": ("chaplin:2", "chaplin:5")}),
        ("without dogs", {"without": ("dogs",)}),
        ("and in other films?", {"not_videos": ("chaplin",)}),
        ("just the first time", {"relation": "first_time"}),
        ("and the last time?", {"relation": "last_time"}),
        ("and in the first minute?", {"videos": ("chaplin",), "within": TimeSpan(0, 60)}),
        ("and in Big Buck Bunny?", {"videos": ("bbb",)}),
    ],
)
def test_a_turn_that_only_narrows_asks_for_the_same_again(text: str, wanted: dict[str, Any]) -> None:
    assert has(first(text, SHOWN), query="table", references=(), **wanted)


@pytest.mark.parametrize(
    ("text", "query"),
    [("no, I meant the cat", "cat"), ("another one with a hat", "hat"), ("wrong one, the cat", "cat")],
)
def test_what_is_named_instead_is_searched_for_beside_what_was_shown(text: str, query: str) -> None:
    assert has(first(text, SHOWN), query=query, not_moments=("chaplin:2", "chaplin:5"))


def test_a_turn_that_found_nothing_leaves_no_words_to_go_on_from() -> None:
    missed = talk(turn("a dog?", "dog", cited(1, "bbb:1")), turn("a zebra?", "zebra"))
    assert {way.plan.query for way in ways("and in blue?", missed)} == {"blue"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("at 1:20", {"act": "ask", "videos": ("chaplin",), "within": TimeSpan(80, 81)}),
        ("what happens in the first minute?", {"act": "summarise", "videos": ("chaplin",)}),
        ("how does it end", {"act": "ask", "videos": ("chaplin",), "relation": "at_end"}),
        ("and at the start?", {"act": "ask", "videos": ("chaplin",), "relation": "at_start"}),
        ("how long is it?", {"act": "library", "videos": ("chaplin",), "about": "length"}),
        ("how long is this video?", {"act": "library", "videos": ("chaplin",), "about": "length"}),
        ("Is there a hat in this video?", {"act": "find", "videos": ("chaplin",), "query": "hat"}),
    ],
)
def test_the_film_that_the_talk_is_at_need_not_be_named(text: str, wanted: dict[str, Any]) -> None:
    assert has(first(text, SHOWN), **wanted)
    assert is_sure(text, SHOWN)


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("how many dogs are there?", "count"),
        ("compare [1] and [2]", "compare"),
        ("which of them is longer?", "compare"),
    ],
)
def test_moments_can_be_counted_and_compared(text: str, act: str) -> None:
    assert first(text, SHOWN).act == act


def test_all_that_was_shown_can_be_summed_up() -> None:
    plan = first("sum up everything you've shown me", SHOWN)
    assert has(plan, act="summarise", query="", pointed=("chaplin:2", "chaplin:5"))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("the second one", {"act": "describe_video", "videos": ("bbb",)}),
        ("What is in the second one?", {"act": "describe_video", "videos": ("bbb",)}),
        ("how long is the second one?", {"act": "library", "videos": ("bbb",), "about": "length", "query": ""}),
        ("is there a dog in the first one?", {"videos": ("asl_bird",), "query": "dog"}),
    ],
)
def test_a_list_can_be_pointed_into(text: str, wanted: dict[str, Any]) -> None:
    assert has(first(text, LISTED), **wanted)


@pytest.mark.parametrize("text", ["2", "the second one", "x2", "number 2"])
def test_a_choice_answers_the_question_that_was_asked_back(text: str) -> None:
    assert has(first(text, ASKED_BACK), act="summarise", videos=("x2",), words=text)


def test_another_question_instead_of_a_choice_is_simply_that() -> None:
    assert has(first("Where is a dog?", ASKED_BACK), act="find", query="dog", videos=())


def test_of_several_films_the_talk_is_at_that_of_the_best_moment() -> None:
    assert first("only by women", TWO_VIDEOS).favoured == "asl_bird"


@pytest.mark.parametrize("text", ["thanks!", "that was funny", "no"])
def test_a_remark_in_the_talk_is_no_search(text: str) -> None:
    assert first(text, SHOWN).act == "chat"
