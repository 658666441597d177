"""Whatever texts and names a library holds, commands print inert lines of them; and names can be typed again."""

import io
import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenario.conftest import Vdialog
from tests.scenario.test_untrusted_text import live

BAD = "\x1b]8;;http://a.example\x07here\x1b]8;;\x07 \x9b31m see https://b.example/x or write to tim@c.example\u202e"
DOG, ASKED = "A brown dog catches the ball", 'Find "catches the ball"'
NAMES = ("holiday.final", "news", "trip to the sea\u202e[2J")


@pytest.fixture
def hostile(vdialog: Vdialog, tmp_path: Path) -> Vdialog:
    """The command line over a library whose texts hold links and what terminals act on."""
    captions = tmp_path / "captions.json"
    told = ("A brown dog catches the ball", "A woman stirs a pot of soup", "A white boat leaves")
    library = {
        name: {
            "duration": 20,
            "timestamps": [[0, 10], [10, 20]],
            "sentences": [f"{text}. \x1b[2J\x9b31m https://b.example", "Write to tim@c.example\u202e"],
        }
        for name, text in zip(NAMES, told, strict=True)
    }
    captions.write_text(json.dumps(library))
    assert vdialog("import", captions).code == 0
    return vdialog


def is_control(character: str) -> bool:
    return character != "\n" and unicodedata.category(character).startswith("C")


def wrong(out: str) -> Iterator[str]:
    """Yield what is live in an output, and what a terminal would act on."""
    yield from live(out)
    yield from (repr(c) for c in out if is_control(c))


def test_no_command_prints_a_link_or_what_a_terminal_acts_on(hostile: Vdialog, tmp_path: Path) -> None:
    talk = hostile("ask", f"{ASKED} {BAD}", "--json").data["conversation"]
    assert hostile("ask", "--conversation", talk, ASKED, "--json").data["citations"]
    moment = hostile("search", DOG, "--arm", "keywords", "--json").data["hits"][0]["moment_id"]
    judged = ("feedback", "add", talk, "good", BAD)
    commands = [
        *(("search", DOG, "--arm", "keywords"), ("search", "--like", moment), ("search", f"zebra {BAD}")),
        *(("videos", "list"), *(("videos", "show", name) for name in NAMES)),
        *(("ask", ASKED), ("ask", "Which videos are there?"), ("ask", "-c", "What is in the first?")),
        *(("conversations", "list"), ("conversations", "search", "dog"), ("conversations", "show", talk)),
        *(("conversations", "export", talk, "--markdown"), judged),
        *(("clip", moment, "-o", "x.mp4"), ("videos", "remove", NAMES[2])),
    ]
    for command in commands:
        ran = hostile(*command)
        assert ran.out or ran.err
        assert list(wrong(ran.out)) == [], command
        assert [c for c in ran.err if is_control(c)] == [], command
    data = [("feedback", "export"), ("conversations", "export", talk), ("videos", "list", "--json")]
    assert not [command for command in data if any(map(is_control, hostile(*command).out))]


def test_no_command_of_the_chat_prints_a_link(hostile: Vdialog, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = [
        ASKED,
        "/show 1",
        "/why 1",
        "/more 1",
        "/videos",
        "/export",
        f"/good 1 {BAD}",
        "/scope library",
        "/nothing",
    ]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(typed) + "\n"))
    ran = hostile("chat", "--plain")
    assert ran.code == 0
    said = "\n".join(line for line in ran.out.splitlines() if not line.startswith("> "))  # those were typed
    assert said.count("catches the ball. [2J 31m https[:]//b[.]example") == 2  # in the answer, and by /show
    assert list(wrong(said)) == []


def test_a_name_with_dots_is_printed_as_it_can_be_typed(hostile: Vdialog) -> None:
    assert "[holiday.final:1]" in hostile("search", DOG, "--arm", "keywords").out
    assert "[holiday.final:1]" in hostile("ask", ASKED).out
    assert "holiday.final " in hostile("videos", "list").out
    assert hostile("videos", "show", "holiday.final").out.startswith("holiday.final: holiday.final, ")
    assert "  news:1  " in hostile("videos", "show", "news").out
    assert hostile("videos", "remove", "holiday.final").out.startswith("Removed holiday.final.\n")
