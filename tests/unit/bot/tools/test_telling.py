import pytest

from bot.tools.telling import exact_span, matched, telling
from retrieval.types import Moment, TextSource, TimedText, TimeSpan

WHOLE = TimeSpan(10, 20)


def moment(*texts: tuple[TextSource, float, float, str]) -> Moment:
    said = tuple(TimedText(TimeSpan(start, end), text, source) for source, start, end, text in texts)
    return Moment("v:1", "v", WHOLE, said)


def test_the_text_that_names_most_of_what_was_asked_is_told() -> None:
    one = moment(("subtitle", 11, 13, "The ferry leaves at nine."), ("subtitle", 14, 16, "Mind the step."))
    assert [text.text for text in telling(one, "when does the ferry leave")] == ["The ferry leaves at nine."]


def test_what_is_said_or_shown_has_a_time_of_its_own() -> None:
    one = moment(("subtitle", 11, 13, "The ferry leaves at nine."), ("screen", 12, 15, "GULL ISLAND"))
    assert exact_span(one, WHOLE, "ferry") == TimeSpan(11, 13)
    assert exact_span(one, WHOLE, "ferry to gull island") == TimeSpan(11, 15)


@pytest.mark.parametrize("source", ["caption", "vision"])
def test_a_description_is_about_all_of_its_moment(source: TextSource) -> None:
    one = moment((source, 10, 20, "A ferry leaves."), ("subtitle", 11, 13, "The ferry is late."))
    assert exact_span(one, WHOLE, "ferry leaves") == WHOLE


def test_what_a_model_saw_is_told_only_where_nobody_else_tells_it() -> None:
    one = moment(("vision", 10, 20, "A ferry leaves."), ("subtitle", 11, 13, "The ferry leaves at nine."))
    assert [text.source for text in telling(one, "the ferry leaves")] == ["subtitle"]
    assert [text.source for text in telling(one, "")] == ["subtitle"]


@pytest.mark.parametrize("query", ["", "a whale"])
def test_what_no_text_names_is_cited_with_the_whole_moment(query: str) -> None:
    assert exact_span(moment(("subtitle", 11, 13, "The ferry leaves.")), WHOLE, query) == WHOLE


def test_a_text_that_reaches_beyond_its_moment_is_cited_inside_it() -> None:
    assert exact_span(moment(("subtitle", 8, 12, "The ferry leaves.")), WHOLE, "ferry") == TimeSpan(10, 12)


def test_the_words_that_match_are_those_of_the_moment_in_any_form() -> None:
    one = moment(("caption", 10, 20, "Two DOGS chase a dog; ferries pass."), ("subtitle", 11, 13, "Chase it!"))
    assert matched(one, "Where did the dog chase the ferry?") == ("dogs", "chase", "dog", "ferries")
    assert matched(one, "") == ()
