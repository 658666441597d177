from retrieval.publishing import rows
from retrieval.types import TimedText, TimeSpan


def test_a_row_keeps_what_is_said_and_what_is_read_apart_and_as_written() -> None:
    span = TimeSpan(0, 5)
    texts = [
        TimedText(span, "A man sits.", "caption"),
        TimedText(span, "Sit, Rex!", "speech"),
        TimedText(span, "EXIT 3", "screen"),
        TimedText(span, "Good boy.", "subtitle"),
    ]
    made = rows.build("v", 1, ["team"], [(span, texts, None, None), (TimeSpan(5, 9), [], None, None)], [], None, 9.0)
    told = [(moment.speech, moment.screen_text) for moment in made.moments]
    assert (told, made.duration) == ([("Good boy. Sit, Rex!", "EXIT 3"), ("", "")], 9.0)
