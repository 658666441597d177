import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cli.output import SOURCES, plural, say, say_hit, table, typed_again
from retrieval.types import TEXT_SOURCES, ArmScore, Hit, Keyframe, Moment, TextSource, TimedText, TimeSpan

SPAN = TimeSpan(2.5, 6)
MOMENT = Moment(
    "s:1",
    "s",
    SPAN,
    (TimedText(SPAN, "A squirrel\neats\x1b[31m at a.example.", "caption"),),
    (Keyframe(3.0, Path("/f/3.jpg")),),
)
HIT = Hit(1, MOMENT, SPAN, "Squirrel", 0.5, {"meaning": ArmScore(2, 0.25)})


def test_a_hit_for_people_is_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    say_hit(HIT)
    assert capsys.readouterr().out.splitlines() == [
        " 1. 00:00:02-00:00:06  Squirrel  [s:1]",
        "    caption: A squirrel eats [31m at a[.]example.",
        "    found by meaning (place 2)",
        "    /f/3.jpg",
    ]


def test_each_text_of_a_hit_says_where_it_is_from(capsys: pytest.CaptureFixture[str]) -> None:
    given: dict[TextSource, str] = {"vision": "A pond.", "screen": "EXIT", "speech": "Look!", "subtitle": "Hello."}
    texts = [TimedText(SPAN, text, source) for source, text in given.items()]
    later = TimedText(TimeSpan(5, 6), "There!", "speech")
    say_hit(replace(HIT, moment=replace(MOMENT, texts=(later, *texts, *MOMENT.texts)), arms={}))
    assert capsys.readouterr().out.splitlines()[1:-2] == [
        "    caption: A squirrel eats [31m at a[.]example.",
        "    subtitle: Hello.",
        "    speech: Look! There!",
        "    on-screen text: EXIT",
        "    vision: A pond.",
    ]
    assert tuple(SOURCES) == TEXT_SOURCES


def test_a_hit_without_texts_has_no_line_of_texts(capsys: pytest.CaptureFixture[str]) -> None:
    say_hit(replace(HIT, moment=replace(MOMENT, texts=()), arms={}))
    assert [line.strip() for line in capsys.readouterr().out.splitlines()[1:]] == [
        "found by the name of the video",
        "/f/3.jpg",
    ]


def test_a_table_is_aligned(capsys: pytest.CaptureFixture[str]) -> None:
    table(("a", "bb"), [("long", "x"), ("s", "y\nz")])
    assert capsys.readouterr().out.splitlines() == ["a     bb", "long  x", "s     y z"]


def test_a_hit_of_a_file_with_dots_can_be_typed_again(capsys: pytest.CaptureFixture[str]) -> None:
    moment = replace(MOMENT, moment_id="holiday.final:3", keyframes=(Keyframe(3.0, Path("/my.films/3.jpg")),))
    say_hit(replace(HIT, moment=moment, title="holiday.final"))
    out = capsys.readouterr().out
    assert "holiday.final  [holiday.final:3]" in out
    assert "/my.films/3.jpg" in out


def test_control_characters_are_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    say("a\x1b[2Jb\u202ec\nd\te\x9b1m")
    assert capsys.readouterr().out == "a [2Jb c\nd e 1m\n"


def test_one_is_singular() -> None:
    assert (plural(1, "moment"), plural(0, "moment")) == ("1 moment", "0 moments")


@pytest.mark.parametrize(
    ("video", "typed"),
    [
        ("harbour-morning", "harbour-morning"),
        ("kitchen/lemon_soup.final:2", "kitchen/lemon_soup.final:2"),
        ("Grüße", "Grüße"),
        ("My Holiday (1)", "'My Holiday (1)'"),
        ("it's", "'it'\"'\"'s'"),
        ("[3]", "'[3]'"),
        ("a`b$(c)", "'a`b$(c)'"),
        ("=a", "'=a'"),
    ],
)
def test_an_id_is_quoted_only_where_a_shell_needs_it(video: str, typed: str) -> None:
    assert typed_again(video) == typed
    said = subprocess.run(["bash", "-c", f"printf %s {typed}"], capture_output=True, check=True).stdout
    assert said.decode() == video


def test_a_pipe_gets_lines_and_cells_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    long = "word " * 60 + "end"
    say(long)
    table(("video", "reason"), [("v" * 100, long)])
    line, _, row = capsys.readouterr().out.splitlines()
    assert line == long
    assert row == f"{'v' * 100}  {long}"
