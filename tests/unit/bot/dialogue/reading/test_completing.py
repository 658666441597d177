"""What search, looking and choosing need to know of a plan's words."""

from bot.dialogue.plan import Plan
from bot.dialogue.reading.completing import completed
from retrieval.searching.query import Query
from tests.unit.bot.dialogue.reading.talks import NEW, SHOWN


def test_what_is_searched_for_stands_beside_the_sentence_and_all_that_was_said() -> None:
    plan = Plan("find", "Hi. Where is a dog?", '"red dog" -cat', wording="Where is a dog?", whole="Where is a dog?")
    sought = completed(plan, NEW).sought
    assert (sought.text, sought.phrases, sought.excluded) == ("red dog", ("red dog",), ("cat",))
    assert sought.wordings == ("Where is a dog?", "Where is a dog?")


def test_the_video_that_the_talk_is_at_is_favoured_by_the_search() -> None:
    sought = completed(Plan("find", "and in blue?", "blue", favoured="chaplin", favour=0.6), SHOWN).sought
    assert (sought.favoured, sought.favour) == ("chaplin", 0.6)


def test_a_described_moment_is_searched_for_by_its_own_words() -> None:
    assert completed(Plan("ask", "?", anchor="the dog jumps", relation="right_after"), NEW).anchored == Query(
        "the dog jumps"
    )


def test_two_things_to_compare_are_two_searches() -> None:
    text = "compare the dog with the cat"
    assert [one.text for one in completed(Plan("compare", text, wording=text), NEW).compared] == ["the dog", "the cat"]
    assert completed(Plan("find", text, wording=text), NEW).compared == ()


def test_the_form_of_the_question_is_kept() -> None:
    asked = completed(Plan("ask", "is a dog there?", wording="is a dog there?"), NEW)
    assert (asked.yes_no, asked.heard, asked.aspect) == (True, False, "holds")
    heard = completed(Plan("ask", "what does he say?", wording="what does he say?"), NEW)
    assert (heard.yes_no, heard.heard) == (False, True)
    assert completed(Plan("ask", "how many of them are there?", wording="are there?"), NEW).wanted == "number"


def test_what_the_question_before_asked_counts_only_where_this_one_goes_on() -> None:
    assert completed(Plan("ask", "and her?", carried=frozenset({"words"})), SHOWN).aspect_before == "kind"
    assert completed(Plan("ask", "and her?"), SHOWN).aspect_before is None
