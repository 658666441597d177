"""The rules, alone and in a conversation."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.dialogue.conversation import Conversation, Turn
from bot.dialogue.messages import Citation, Utterance
from bot.dialogue.plan import Plan
from bot.dialogue.planner import RulePlanner
from bot.dialogue.planning.acts import two_described
from bot.tools.memory import VISIBLE, video_of
from retrieval.types import TimeSpan

VIDEOS = [
    video_of("asl_bird"),
    video_of("bbb", "Big Buck Bunny"),
    video_of("chaplin"),
    video_of("x1", "Trip"),
    video_of("x2", "Trip"),
]
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def cited(handle: int, moment_id: str, start: float, end: float) -> Citation:
    return Citation(handle, moment_id, moment_id.partition(":")[0], "t", TimeSpan(start, end))


def turn(asked: str, query: str = "", *citations: Citation, listed: tuple[str, ...] = (), act: str = "find") -> Turn:
    videos = {c.video_id for c in citations}
    video = videos.pop() if len(videos) == 1 else None
    return Turn(asked, act, query, "...", "answered", NOON, citations, video, listed)


def plan(text: str, *turns: Turn, image: Image.Image | None = None) -> Plan:
    utterance = Utterance(text, "c", VISIBLE, image)
    return RulePlanner().plan(Conversation("c", turns), utterance, VIDEOS)


@pytest.mark.parametrize("name", ["harbour-morning", "the harbour film", "the film about the harbour"])
@pytest.mark.parametrize(("way", "relation"), [("end", "at_end"), ("begin", "at_start")])
def test_a_film_can_be_named_in_any_way_and_its_end_be_asked_for(name: str, way: str, relation: str) -> None:
    videos = [video_of("harbour-morning"), video_of("farm-year")]
    asked = Utterance(f"how does {name} {way}?", "c", VISIBLE)
    made = RulePlanner().plan(Conversation("c"), asked, videos)
    assert (made.act, made.videos, made.relation, made.query) == ("ask", ("harbour-morning",), relation, "")


SHOWN = turn("Who is at the table?", "at the table", cited(1, "chaplin:2", 1, 4), cited(2, "chaplin:5", 9, 12))
TWO_VIDEOS = turn("Which clips?", "sign language", cited(1, "asl_bird:1", 0, 2), cited(2, "bbb:1", 0, 3))


# -- alone -------------------------------------------------------------------------------------------------------


def test_where_no_film_is_at_hand_the_title_of_the_film_is_searched_for() -> None:
    assert plan("Where is the title of the film shown?").query == "the title of the film shown"


def test_the_users_own_words_stay_beside_the_rewrite() -> None:
    made = plan("Where does  a bird flap its wings?")
    assert (made.act, made.words, made.query) == ("find", "Where does a bird flap its wings?", "a bird flap its wings")


@pytest.mark.parametrize(
    ("text", "chat"),
    [("hi", "greeting"), ("Thank you!", "thanks"), ("bye", "farewell"), ("help", "help"), ("ok", "thanks")],
)
def test_small_talk_is_not_searched_for(text: str, chat: str) -> None:
    assert (plan(text).act, plan(text).chat) == ("chat", chat)


@pytest.mark.parametrize(
    "text",
    [
        "Which videos are there?",
        "what films do you have",
        "List all videos",
        "show me my videos please",
        "How many videos are there?",
        "What is in the library?",
    ],
)
def test_a_list_of_videos_can_be_asked_for_in_many_ways(text: str) -> None:
    assert plan(text).act == "list_videos"


@pytest.mark.parametrize("text", ["Which videos show a dog?", "show me videos of dogs", "hello kitty on a bag"])
def test_a_search_that_begins_like_a_list_or_a_greeting_is_a_search(text: str) -> None:
    assert plan(text).act == "find"


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("what videos do I have about animals?", "animals"),
        ("which video has NASA in it?", "NASA"),
        ("is there a dog in any of the films?", "a dog"),
        ("where is a clown in all my videos", "a clown"),
    ],
)
def test_what_is_looked_for_in_all_videos_is_searched_for_everywhere(text: str, query: str) -> None:
    made = plan(text, SHOWN)
    assert (made.act, made.query, made.videos, made.focus) == ("find", query, (), None)


@pytest.mark.parametrize(
    "text", ["compare the dog with the cat", "what is the difference between the dog and the cat?"]
)
def test_two_things_that_are_named_are_compared_whatever_was_shown(text: str) -> None:
    made = plan(text, SHOWN)
    assert (made.act, made.references, made.videos) == ("compare", (), ())
    assert two_described(made.query) == ("the dog", "the cat")


@pytest.mark.parametrize("text", ["how long is chaplin", "How many minutes does the chaplin video last?"])
def test_the_length_of_a_video_is_no_moment(text: str) -> None:
    made = plan(text)
    assert (made.act, made.videos) == ("describe_video", ("chaplin",))


def test_how_long_something_lasts_in_a_film_is_asked_of_its_moments() -> None:
    assert plan("How long does the man eat the shoe?").act == "ask"


@pytest.mark.parametrize(
    "text",
    [
        "What happens in Big Buck Bunny?",
        "Describe the film Big Buck Bunny",
        "What is Big Buck Bunny about?",
        "tell me about bbb",
        "What does Big Buck Bunny show?",
    ],
)
def test_one_video_can_be_described(text: str) -> None:
    made = plan(text)
    assert (made.act, made.videos) == ("describe_video", ("bbb",))


@pytest.mark.parametrize(
    "text", ["summarise Big Buck Bunny", "Give me a summary of the film Big Buck Bunny", "the gist of Big Buck Bunny"]
)
def test_one_video_can_be_summed_up(text: str) -> None:
    made = plan(text)
    assert (made.act, made.query, made.videos) == ("summarise", "", ("bbb",))


def test_what_happens_in_a_stretch_of_time_is_summed_up() -> None:
    made = plan("What happens in the first minute of Big Buck Bunny?")
    assert (made.act, made.videos, made.within) == ("summarise", ("bbb",), TimeSpan(0, 60))


def test_what_happens_somewhere_else_than_in_a_video_is_a_question() -> None:
    made = plan("What happens in the kitchen?")
    assert (made.act, made.query) == ("ask", "the kitchen")


def test_a_description_of_one_of_two_videos_of_that_title_asks_back() -> None:
    made = plan("Summarise Trip")
    assert (made.act, made.unclear, made.choices) == ("clarify", "video", ("x1", "x2"))


def test_a_search_in_a_title_that_two_videos_have_searches_both() -> None:
    assert plan("a lake in the film Trip").videos == ("x1", "x2")


def test_time_and_video_become_filters_and_leave_the_query() -> None:
    made = plan("Where is a dog in asl_bird after 0:30?")
    assert (made.query, made.videos) == ("a dog", ("asl_bird",))
    assert (made.filters.start, made.filters.end) == (30, None)


def test_phrases_in_quotes_and_exclusions_reach_the_search() -> None:
    assert plan('Find "red car" -blue').query == '"red car" -blue'


def test_a_question_without_content_asks_back() -> None:
    assert (plan("where?").act, plan("where?").unclear) == ("clarify", "question")


def test_a_reference_to_nothing_asks_back() -> None:
    assert (plan("what is after [2]?").act, plan("what is after [2]?").reference) == ("clarify", "[2]")


def test_a_picture_needs_no_words() -> None:
    made = plan("where is this?", SHOWN, image=Image.new("RGB", (4, 4)))
    assert (made.act, made.references, made.focus) == ("find", (), None)


# -- in a conversation -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "anchor"),
    [
        ("show me [2]", "chaplin:5"),
        ("#2", "chaplin:5"),
        ("the second one", "chaplin:5"),
        ("show me the 2nd clip", "chaplin:5"),
        ("the last one", "chaplin:5"),
        ("the first", "chaplin:2"),
        ("show me that clip again", "chaplin:2"),
        ("go back to the first one", "chaplin:2"),
    ],
)
def test_a_moment_can_be_pointed_at(text: str, anchor: str) -> None:
    made = plan(text, SHOWN)
    assert (made.pointed, made.relation, made.query) == ((anchor,), None, "")


@pytest.mark.parametrize(
    ("text", "anchor", "relation"),
    [
        ("and then?", "chaplin:2", "right_after"),
        ("who is next", "chaplin:2", "right_after"),
        ("What happens next?", "chaplin:2", "right_after"),
        ("what is after it", "chaplin:2", "right_after"),
        ("what was the previous one?", "chaplin:2", "right_before"),
        ("what happened before that?", "chaplin:2", "right_before"),
        ("right after [2]", "chaplin:5", "right_after"),
        ("what comes directly before the second one?", "chaplin:5", "right_before"),
    ],
)
def test_what_comes_before_or_after_can_be_asked_for(text: str, anchor: str, relation: str) -> None:
    made = plan(text, SHOWN)
    assert (made.counts_from, made.relation, made.query) == (anchor, relation, "")


def test_a_question_about_what_comes_after_keeps_its_words() -> None:
    made = plan("What does the dog do after that?", SHOWN)
    assert (made.act, made.query, made.counts_from, made.relation) == ("ask", "the dog", "chaplin:2", "after")


def test_a_described_moment_can_be_counted_from() -> None:
    made = plan("What happens after the dog steals the castle?")
    assert (made.act, made.query, made.relation, made.anchor) == ("ask", "", "right_after", "the dog steals the castle")


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("how does it end", "at_end"),
        ("and at the start?", "at_start"),
        ("when is the last time", "last_time"),
        ("just the first time", "first_time"),
        ("every time please", "every_time"),
    ],
)
def test_a_place_in_the_film_and_a_time_among_all_can_be_asked_for(text: str, relation: str) -> None:
    made = plan(text, SHOWN)
    assert (made.relation, made.videos or (made.focus,)) == (relation, ("chaplin",))


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("a man at a station without a suitcase", ("suitcase",)),
        ("people waving but not on the beach", ("beach",)),
        ("find dogs, no cats please", ("cats",)),
        ("a man who isn't wearing a hat", ("hat",)),
        ("who has decided not to get wet?", ()),
    ],
)
def test_what_is_excluded_is_a_filter_and_leaves_the_query(text: str, without: tuple[str, ...]) -> None:
    made = plan(text)
    assert made.without == without
    assert not any(word in made.query for word in without)


def test_videos_moments_and_parts_can_be_excluded() -> None:
    assert plan("birds, but not in Big Buck Bunny").not_videos == ("bbb",)
    assert plan("another one with a hat", SHOWN).not_moments == ("chaplin:2", "chaplin:5")
    assert plan("a man in chaplin, but not in the intro", SHOWN).not_part == "start"
    assert plan("and in other films?", SHOWN).not_videos == ("chaplin",)


def test_exclusions_are_kept_while_a_question_goes_on() -> None:
    first = plan("a man at a station without a suitcase")
    asked = Turn(first.words, first.act, first.query, "...", "answered", NOON, filters=first.filters)
    made = plan("and no dogs", asked)
    assert (made.query, made.without) == ("a man at a station", ("dogs", "suitcase"))
    assert plan("what is he eating?", asked).without == ()


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("how many dogs are there?", "count"),
        ("how often does a bird sing?", "count"),
        ("compare [1] and [2]", "compare"),
        ("which of them is longer?", "compare"),
        ("sum up everything you've shown me", "summarise"),
        ("where is a dog?", "find"),
        ("is a dog there?", "ask"),
        ("what colour is the dog?", "ask"),
    ],
)
def test_the_form_of_the_words_tells_the_act(text: str, act: str) -> None:
    assert plan(text, SHOWN).act == act


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("teh secnod one", "the second one"), ("waht hapens rigth after taht", "what happens right after that")],
)
def test_hasty_typing_is_understood(typed: str, meant: str) -> None:
    one, other = plan(typed, SHOWN), plan(meant, SHOWN)
    assert (one.act, one.pointed, one.relation) == (other.act, other.pointed, other.relation)


def test_a_handle_that_was_never_shown_asks_back() -> None:
    made = plan("show me [9]", SHOWN)
    assert (made.act, made.unclear, made.reference) == ("clarify", "reference", "[9]")
    assert plan("the fifth one", SHOWN).act == "clarify"


@pytest.mark.parametrize("text", ["any woman in black?", "what about the dog?", "the close-up", "A rabbit then?"])
def test_a_new_subject_looks_first_where_the_talk_is(text: str) -> None:
    made = plan(text, SHOWN)
    assert made.focus == "chaplin"
    assert "at the table" not in made.query


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("and in blue?", "blue at the table"),
        ("only by women", "at the table by women"),
        ("i mean with a hat", "at the table with a hat"),
    ],
)
def test_a_fragment_is_added_to_the_last_query(text: str, query: str) -> None:
    assert plan(text, SHOWN).query == query


def test_a_pronoun_stands_for_what_was_searched_for() -> None:
    made = plan("does it stand up", turn("A rabbit then?", "A rabbit", cited(1, "bbb:1", 0, 2)))
    assert (made.query, made.focus) == ("rabbit stand up", "bbb")


def test_a_pronoun_that_means_something_in_its_own_sentence_carries_nothing() -> None:
    made = plan("Where does a woman throw a ball after she catches it in the air?", SHOWN)
    assert made.focus is None
    assert "at the table" not in made.query


def test_in_it_and_in_this_video_stay_in_the_video() -> None:
    assert plan("What colour is the last car in it?", SHOWN).videos == ("chaplin",)
    made = plan("Is there a hat in this video?", SHOWN)
    assert (made.query, made.videos) == ("a hat", ("chaplin",))


def test_after_several_videos_none_is_in_focus() -> None:
    made = plan("only by women", TWO_VIDEOS)
    assert (made.query, made.focus) == ("sign language by women", None)


def test_a_stretch_of_time_alone_repeats_the_last_query_there() -> None:
    made = plan("and in the first minute?", SHOWN)
    assert (made.query, made.within) == ("at the table", TimeSpan(0, 60))


def test_a_new_question_owes_nothing_to_the_conversation() -> None:
    made = plan("Where does a bird flap its wings?", SHOWN)
    assert (made.query, made.focus, made.videos, made.pointed) == ("a bird flap its wings", None, (), ())


def test_a_list_can_be_pointed_into() -> None:
    made = plan("What is in the second one?", turn("Which videos?", listed=("asl_bird", "bbb"), act="list_videos"))
    assert (made.act, made.videos) == ("describe_video", ("bbb",))


@pytest.mark.parametrize("text", ["2", "the second one", "x2", "number 2"])
def test_a_choice_answers_the_question_that_was_asked_back(text: str) -> None:
    asked = turn("Summarise Trip", listed=("x1", "x2"), act="clarify")
    made = plan(text, asked)
    assert (made.act, made.videos, made.words) == ("describe_video", ("x2",), text)


def test_another_question_instead_of_a_choice_is_simply_that() -> None:
    made = plan("Where is a dog?", turn("Summarise Trip", listed=("x1", "x2"), act="clarify"))
    assert (made.act, made.query, made.videos) == ("find", "a dog", ())


@given(st.text(max_size=120))
def test_any_words_make_a_plan_and_always_the_same(text: str) -> None:
    assert plan(text, SHOWN) == plan(text, SHOWN)
