"""Whole conversations through `vdialog ask`."""

from pathlib import Path
from typing import Any

import pytest

from tests.films import film, shots
from tests.scenario.conftest import Vdialog


def ask(vdialog: Vdialog, *arguments: str) -> dict[str, Any]:
    ran = vdialog("ask", *arguments, "--json")
    assert ran.code == 0, ran.err
    return ran.data


def cited(answer: dict[str, Any]) -> list[str]:
    return [citation["moment_id"] for citation in answer["citations"]]


def test_an_answer_has_exactly_the_shape_of_the_contract(library: Vdialog) -> None:
    answer = ask(library, "Where does a dog catch the ball?")
    assert list(answer) == [
        "version",
        "answer",
        "verdict",
        "confidence",
        "looked",
        "sources",
        "choices",
        "citations",
        "understood",
        "conversation",
        "model",
        "seconds",
    ]
    assert list(answer["understood"]) == ["act", "query", "filters"]
    assert (answer["verdict"], answer["looked"], answer["sources"]) == ("answered", False, ["caption"])
    assert 0 <= answer["confidence"] <= 1
    assert answer["citations"][0] == {
        "handle": 1,
        "moment_id": "park:2",
        "video_id": "park",
        "title": "park",
        "start": 10.0,
        "end": 20.0,
        "timecode": "00:00:10-00:00:20",
        "keyframe": None,
        "observation": None,
    }


def test_a_person_reads_the_quoted_text_its_time_and_that_nobody_looked(library: Vdialog) -> None:
    ran = library("ask", "Where does a dog catch the ball?")
    assert ran.code == 0
    assert 'In "park" at 00:00:10-00:00:20, the caption says: "A brown dog catches the ball." [1]' in ran.out
    assert "nobody looked at the picture" in ran.out
    assert "[1] park  00:00:10-00:00:20  [park:2]" in ran.out


def test_a_follow_up_goes_on_in_the_last_conversation(library: Vdialog) -> None:
    first = ask(library, "Where does a man throw a ball?")
    then = ask(library, "-c", "and then?")
    assert then["conversation"] == first["conversation"]
    assert cited(then) == ["park:2"]
    assert cited(ask(library, "-c", "what is right after [2]?")) == ["park:3"]
    assert cited(ask(library, "-c", "go back to the first one")) == ["park:1"]
    asked_again = ask(library, "-c", "what about the dog?")
    assert {c["video_id"] for c in asked_again["citations"]} == {"park"}


def test_without_c_a_question_begins_a_new_conversation(library: Vdialog) -> None:
    first = ask(library, "Where does a man throw a ball?")
    second = ask(library, "and then?")
    assert second["conversation"] != first["conversation"]
    assert second["verdict"] == "clarify"


def test_an_older_conversation_can_be_followed_up_by_its_id(library: Vdialog) -> None:
    first = ask(library, "Where does a man throw a ball?")
    ask(library, "Who stirs the soup?")
    then = ask(library, "and then?", "--conversation", first["conversation"])
    assert cited(then) == ["park:2"]


def test_the_videos_are_listed_and_one_is_described(library: Vdialog) -> None:
    listed = ask(library, "Which videos are there?")
    assert (listed["verdict"], listed["understood"]["act"]) == ("told", "library")
    assert "harbour_2026" in listed["answer"]
    described = ask(library, "-c", "what is in the second one?")
    assert (described["understood"]["act"], cited(described)) == ("describe_video", ["kitchen:1", "kitchen:2"])


def test_a_stretch_of_time_and_a_video_narrow_the_search(library: Vdialog) -> None:
    answer = ask(library, "Where is the dog in the video park after 0:22?")
    assert answer["understood"]["filters"] == {"videos": ["park"], "from": 22.0, "relation": "since"}
    assert cited(answer) == ["park:3"]


def test_what_is_not_there_is_said_and_with_fail_empty_ends_with_5(library: Vdialog) -> None:
    answer = ask(library, "Is there a moment with an elephant?")
    assert (answer["verdict"], len(answer["citations"])) == ("not_found", 2)
    assert "nothing in your library" in answer["answer"]
    assert "The nearest is in" in answer["answer"]
    assert library("ask", "Is there a moment with an elephant?", "--fail-empty").code == 5


def test_an_empty_library_is_answered_too(vdialog: Vdialog) -> None:
    ran = vdialog("ask", "Where is a dog?")
    assert (ran.code, "library is empty" in ran.out) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(("x", "-c", "--conversation", "y"), "usage"), (("x", "--conversation", "nowhere"), "unknown_conversation")],
)
def test_a_conversation_that_cannot_be_meant_is_refused(
    library: Vdialog, arguments: tuple[str, ...], code: str
) -> None:
    ran = library("ask", *arguments, "--json")
    assert (ran.code, ran.out, ran.error["code"]) == (2, "", code)


def test_a_conversation_gets_no_blank_title(library: Vdialog) -> None:
    asked = library("ask", "Where does a man throw a ball?", "--json").data["conversation"]
    for blank in ("", " \n", "\u200b"):
        assert library("conversations", "rename", asked, blank, "--json").error["code"] == "usage"
    assert library("conversations", "rename", asked, " Balls\nand dogs ", "--json").data["title"] == "Balls and dogs"
    (listed,) = library("conversations", "list", "--json").data["conversations"]
    assert listed["title"] == "Balls and dogs"


def test_conversations_are_kept_found_renamed_exported_and_deleted(library: Vdialog) -> None:
    first = ask(library, "Where does a man throw a ball?")["conversation"]
    ask(library, "-c", "and then?")
    other = ask(library, "Who stirs the soup?")["conversation"]
    kept = library("conversations", "list", "--json").data["conversations"]
    assert [(c["conversation"], c["turns"]) for c in kept] == [(other, 1), (first, 2)]
    assert library("conversations", "rename", first, "Ball games").code == 0
    found = library("conversations", "search", "ball games", "--json").data["conversations"]
    assert [c["conversation"] for c in found] == [first]
    shown = library("conversations", "show", first)
    assert "> and then?" in shown.out
    exported = library("conversations", "export", first).data
    assert [turn["asked"] for turn in exported["turns"]] == ["Where does a man throw a ball?", "and then?"]
    assert library("conversations", "delete", first).code == 0
    assert library("conversations", "show", first).code == 2


def test_a_picture_needs_weights_and_says_so(library: Vdialog, tmp_path: Any) -> None:
    from PIL import Image

    Image.new("RGB", (8, 8), "red").save(tmp_path / "red.png")
    ran = library("ask", "where is this?", "--image", tmp_path / "red.png", "--json")
    assert ran.code != 0
    assert "VDIALOG_CLIP_WEIGHTS" in ran.error["message"]


def test_an_order_is_answered_with_the_command_that_does_it(library: Vdialog) -> None:
    ask(library, "Where does the dog catch the ball?")
    assert library("ask", "-c", "make a clip of the first one").out.startswith(
        "This does it: vdialog clip park:2 -o park-"
    )
    assert "vdialog conversations export" in library("ask", "-c", "export this conversation").out


def test_single_questions_do_not_hide_the_conversations_among_them(library: Vdialog) -> None:
    library("ask", "Where is a dog?")
    library("ask", "And what comes after that?", "-c")
    for _ in range(3):
        library("ask", "Where is a boat?")
    told = library("conversations", "list").out.splitlines()
    assert [line.split()[3] for line in told[1:-1]] == ["1", "2"], (
        "the latest one, which -c follows up, and the longer one"
    )
    assert told[-1] == "2 single questions not listed: `vdialog conversations list --all` lists them too."
    assert len(library("conversations", "list", "--all").out.splitlines()) == 5
    assert len(library("conversations", "list", "--json").data["conversations"]) == 4
    assert "Where is a boat?" in library("conversations", "search", "boat").out


def test_which_videos_are_about_something_is_searched_and_names_each_video_once(library: Vdialog) -> None:
    found = ask(library, "Which videos show a dog?")
    videos = [moment.partition(":")[0] for moment in cited(found)]
    assert videos[0] == "park" and len(videos) == len(set(videos))
    assert ask(library, "Which videos are about volcanoes?")["verdict"] == "not_found"
    assert ask(library, "Which videos are there?")["verdict"] == "told"


def test_what_is_said_tells_all_of_a_video_and_asks_which_of_several(library: Vdialog) -> None:
    told = ask(library, "What is said?", "--video", "kitchen")
    assert (told["verdict"], cited(told)) == ("answered", ["kitchen:1", "kitchen:2"])
    assert ask(library, "What is said?")["verdict"] == "clarify"


def test_videos_without_words_are_told_from_those_with(library: Vdialog, tmp_path: Path) -> None:
    film(tmp_path / "silent.mp4", shots((1, 1.0)))
    assert library("ingest", str(tmp_path / "silent.mp4")).code == 0
    assert "1 video has no words:\n1. silent" in ask(library, "Which videos have no words?")["answer"]
    assert "3 of 4 videos have words." in ask(library, "How many videos have words?")["answer"]


def test_a_question_about_somebody_shown_stays_with_what_was_shown(library: Vdialog) -> None:
    first = ask(library, "Where does a man throw a ball?")
    after = ask(library, "what is he wearing?", "--conversation", first["conversation"])
    assert (after["verdict"], cited(after)[0]) == ("not_found", "park:1")
    assert ask(library, "no, the other one", "-c")["answer"] != "I see."


@pytest.mark.parametrize(
    ("typed", "verdict"), [("Show me dogs", "answered"), ("dogs?", "answered"), ("owls?", "not_found")]
)
def test_who_says_a_word_that_stands_there_is_shown_where(library: Vdialog, typed: str, verdict: str) -> None:
    assert ask(library, typed)["verdict"] == verdict
