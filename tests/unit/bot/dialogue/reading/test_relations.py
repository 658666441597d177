"""How what is wanted lies in time."""

import pytest

from bot.dialogue.reading.pointing import SLOT
from bot.dialogue.reading.relations import related
from bot.dialogue.reading.utterance import content_of


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("and then?", "right_after"),
        ("next", "right_after"),
        ("who is next", "right_after"),
        ("What happens next?", "right_after"),
        ("what follows", "right_after"),
        ("what was the previous one?", "right_before"),
        ("and before?", "right_before"),
        ("what does the dog do afterwards?", "after"),
        ("what does the dog do right afterwards?", "right_after"),
        ("what did the dog do earlier?", "before"),
        ("what else happens meanwhile?", "during"),
        (f"what happened before {SLOT}?", "right_before"),
        (f"right after {SLOT}", "right_after"),
        (f"what does the dog do after {SLOT}?", "after"),
        ("what is after it", "right_after"),
    ],
)
def test_what_comes_before_or_after_what_was_shown_can_be_asked_for(text: str, relation: str) -> None:
    way = related(text, talking=True)[0]
    assert (way.relation, way.anchor) == (relation, "")


@pytest.mark.parametrize("text", ["and then?", "what happens next?", "previously"])
def test_before_anything_was_shown_nothing_comes_next(text: str) -> None:
    assert related(text, talking=False) == []


@pytest.mark.parametrize(
    ("text", "relation", "anchor", "content"),
    [
        ("What happens after the dog steals the castle?", "right_after", "the dog steals the castle", ""),
        ("who waves before the train leaves?", "before", "the train leaves", "waves"),
        ("who waves right before the train leaves?", "right_before", "the train leaves", "waves"),
        ("what happens once the train leaves?", "right_after", "the train leaves", ""),
    ],
)
def test_a_moment_to_count_from_can_be_described(text: str, relation: str, anchor: str, content: str) -> None:
    (way,) = related(text, talking=False)
    assert (way.relation, way.anchor, content_of(way.text)) == (relation, anchor, content)


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("how does it end", "at_end"),
        ("how did the film begin?", "at_start"),
        ("what is shown at the very start?", "at_start"),
        ("the closing scene", "at_end"),
        ("when is the last time", "last_time"),
        ("the first time that a dog barks", "first_time"),
        ("every time a dog barks", "every_time"),
        ("show me all dogs", "every_time"),
    ],
)
def test_a_place_in_the_film_and_a_time_among_all_can_be_asked_for(text: str, relation: str) -> None:
    assert related(text, talking=False)[0].relation == relation


@pytest.mark.parametrize(
    "text", ["where is a dog?", f"and {SLOT}?", "a dog under the last tree", "an ending credit card", ""]
)
def test_words_that_say_nothing_of_time_ask_for_no_order(text: str) -> None:
    assert [way.relation for way in related(text, talking=True) if way.sure] == []


def test_the_words_of_a_relation_leave_the_text() -> None:
    (way,) = related("the first time that a dog barks", talking=False)
    assert content_of(way.text) == "dog barks"
