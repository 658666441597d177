"""The words of a text that answer, found by their form."""

import pytest

from bot.dialogue.composing.answering import answering, named_in, names_in, says_so
from bot.dialogue.plan import Wanted
from bot.dialogue.reading.forms import wanted_in
from retrieval.types import Moment, TextSource, TimedText, TimeSpan

SPAN = TimeSpan(0, 5)
BOUGHT = "Clara bought the striped umbrella in Lisbon for eleven euros."


def moment(*texts: str, source: TextSource = "subtitle", name: str = "v:1") -> Moment:
    return Moment(name, "v", SPAN, tuple(TimedText(SPAN, text, source) for text in texts))


@pytest.mark.parametrize(
    ("asked", "sentence", "answer"),
    [
        ("Where did Clara buy the umbrella?", BOUGHT, "in Lisbon"),
        ("How much did the umbrella cost?", BOUGHT, "eleven euros"),
        ("And who bought it?", BOUGHT, "Clara"),
        (
            "When does the ferry leave?",
            "The ferry to Gull Island leaves at a quarter past nine.",
            "at a quarter past nine",
        ),
        ("when is the next train", "NIGHT EXPRESS 21:45", "21:45"),
        ("when do they return", "In April the sandrunners return from Africa.", "In April"),
        ("which year was that", "It was founded in 1998 by Ms. Smith.", "in 1998"),
        ("who founded it", "It was founded in 1998 by Ms. Smith.", "Ms. Smith"),
        ("Since when has she counted them?", "She has counted them since 2009.", "since 2009"),
        ("how many people work there?", "We are a team of about 300 people in Berlin.", "300 people"),
        ("how many lemons?", "Six ripe lemons, one onion and a pinch of saffron.", "Six ripe lemons"),
        ("how old was he", "He learned to swim at thirty.", "thirty"),
        ("what colour is the coat", "a dog in a yellow coat jumps over a red ball", "yellow"),
        ("who has nine litres?", "Mei and Sofia have nine litres of water each.", "Mei and Sofia"),
        ("where is he", "The guy is doing karate on a tiled floor.", "on a tiled floor"),
    ],
)
def test_the_answer_is_found_by_its_form(asked: str, sentence: str, answer: str) -> None:
    wanted = wanted_in(asked)
    assert wanted is not None
    assert named_in(sentence, wanted, asked) == answer


@pytest.mark.parametrize(
    ("wanted", "asked", "sentence"),
    [
        ("person", "who knows", "City birds have learned that a bakery closes."),
        ("person", "who runs in", "Two men run in to grab the calf."),
        ("person", "who is Clara?", "Clara bought it."),
        ("place", "where are they", "One of them in the water climbs ashore."),
        ("number", "how many dogs are there", "Six lemons and one onion."),
        ("number", "how much is it", "Six lemons cost nine euros."),
        ("number", "how much was it", "OPEN FROM 5 AM"),
        ("colour", "what colour is the dog", "A red ball and a green hat."),
        ("time", "when does it close", "It closes early."),
    ],
)
def test_nothing_is_named_where_the_form_does_not_tell(wanted: Wanted, asked: str, sentence: str) -> None:
    assert named_in(sentence, wanted, asked) is None


def test_only_a_text_that_holds_what_was_asked_about_answers_and_no_description_of_a_model() -> None:
    asked, query = "How much did the umbrella cost?", "umbrella cost"
    found = answering("number", asked, query, [moment("Nine gulls."), moment("Good day.", BOUGHT)])
    assert found is not None
    assert (found.words, found.text.text, found.place) == ("eleven euros", BOUGHT, 1)
    assert answering("number", asked, query, [moment("Nine gulls.")]) is None
    assert answering("number", asked, query, [moment(BOUGHT, source="vision")]) is None
    assert answering(None, asked, query, [moment(BOUGHT)]) is None
    assert answering("number", "How much did the umbrella of Vera cost?", query, [moment(BOUGHT)]) is None


@pytest.mark.parametrize(
    ("text", "so"),
    [
        ("There is no saffron in the house.", False),
        ("She keeps saffron in the house.", True),
        ("The house has saffron and she will not cook today.", True),
        ("The house is empty.", None),
        ("The house hasn't saffron.", False),
    ],
)
def test_a_text_says_yes_or_no_only_where_it_holds_all_that_was_named(text: str, so: bool | None) -> None:
    assert says_so("Is there saffron in the house?", "saffron house", moment(text)) is so


@pytest.mark.parametrize(
    ("asked", "query", "text"),
    [
        ("Was the soup in time?", "soup", "The soup boils over."),
        ("Did Leo find his kite?", "Leo kite", "Leo lost his kite."),
        ("Is the kitchen never cold?", "kitchen cold", "The kitchen is cold."),
        ("Isn't the kitchen cold?", "kitchen cold", "The kitchen is cold."),
    ],
)
def test_it_says_neither_where_a_word_of_the_question_is_missing_or_denied(asked: str, query: str, text: str) -> None:
    assert says_so(asked, query, moment(text)) is None


def test_who_somebody_is_is_not_answered_by_the_name_of_somebody_else() -> None:
    assert answering("person", "Who is Northwind?", "Northwind", [moment("Mei calls Northwind today.")]) is None
    found = answering("person", "Who calls Northwind?", "calls Northwind", [moment("Mei calls Northwind today.")])
    assert found is not None and found.words == "Mei"


def test_a_code_is_a_name() -> None:
    assert names_in("What does the code K-77 mean, and gate B12?") >= {"b12"}
    assert names_in("What does it cost?") == set()
