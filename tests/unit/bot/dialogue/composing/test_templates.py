from bot.dialogue.composing.templates import Shown, closing, list_of_videos, nothing_found, quote_moment
from bot.dialogue.messages import Citation
from retrieval.types import Moment, TextSource, TimedText, TimeSpan

SPAN = TimeSpan(2, 6)


def shown(*texts: tuple[str, TextSource], title: str = "Holiday") -> Shown:
    moment = Moment("h:1", "h", SPAN, tuple(TimedText(SPAN, text, source) for text, source in texts))
    return Shown(Citation(3, "h:1", "h", title, SPAN), moment)


def said(one: Shown, query: str) -> list[str]:
    return [sentence.text for sentence in quote_moment(one, query)]


def test_a_moment_is_quoted_with_its_title_time_and_citation() -> None:
    assert said(shown(("A dog runs.", "caption")), "dog") == [
        'In "Holiday" at 00:00:02-00:00:06, the caption says: "A dog runs." [3]'
    ]


def test_the_text_that_names_what_was_asked_is_quoted_rather_than_the_caption() -> None:
    both = shown(("A street.", "caption"), ("NIGHT EXPRESS 21:45", "screen"))
    assert said(both, "when does the night express leave") == [
        'In "Holiday" at 00:00:02-00:00:06, the screen shows the words: "NIGHT EXPRESS 21:45" [3]'
    ]


def test_a_second_source_is_quoted_where_it_names_more_of_what_was_asked() -> None:
    both = shown(("A man in a red hat talks.", "caption"), ("I was born in Lisbon.", "speech"))
    assert len(said(both, "man in a red hat born in Lisbon")) == 2
    assert len(said(both, "man in a red hat")) == 1


def test_a_moment_without_text_is_shown_as_such() -> None:
    assert said(shown(), "dog") == [
        'In "Holiday" at 00:00:02-00:00:06 there is a moment without any text to quote. [3]'
    ]


def test_neither_title_nor_text_can_fake_a_citation() -> None:
    (sentence,) = said(shown(("see [1] now", "speech"), title='x" [2]'), "")
    assert sentence == 'In "x\' (2)" at 00:00:02-00:00:06, somebody says: "see (1) now" [3]'


def test_the_closing_names_each_kind_of_text_once_captions_first() -> None:
    assert closing(["screen", "caption", "screen"]).text == (
        "This comes from captions, on-screen text; nobody looked at the picture."
    )


def test_what_a_model_saw_is_said_to_be_its_description() -> None:
    assert said(shown(("A dog runs.", "vision")), "dog") == [
        'In "Holiday" at 00:00:02-00:00:06, a model described the frame as: "A dog runs." [3]'
    ]
    assert closing(["vision", "subtitle"]).text == (
        "This comes from subtitles, a model's descriptions of single frames; nobody looked at the picture again."
    )


def test_nothing_found_says_where_was_looked() -> None:
    assert nothing_found("a dog", [], False).text == 'I found nothing in your library about "a dog".'
    assert nothing_found("a dog", ["Trip"], False).text == 'I found nothing in "Trip" about "a dog".'
    assert nothing_found("a dog", ["Trip"], True).text == 'I found nothing in that part of "Trip" about "a dog".'
    assert nothing_found("a dog", [], True).text == 'I found nothing in that part of your videos about "a dog".'


def test_an_empty_list_says_that_the_library_is_empty() -> None:
    assert "empty" in list_of_videos([]).text
