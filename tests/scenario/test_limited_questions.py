"""A question that is limited to videos, a collection or a time is answered from there, and from nowhere else."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.scenario.conftest import Vdialog


@pytest.fixture
def dogs(library: Vdialog, tmp_path: Path) -> Vdialog:
    """The library with a dog in each of two more videos, one of another collection."""
    for name, collection in (("beach", "library"), ("attic", "other")):
        told = {
            name: {"duration": 9, "timestamps": [[0, 9]], "sentences": [f"A brown dog in the {name} catches a ball."]}
        }
        (tmp_path / "more.json").write_text(json.dumps(told))
        assert library("import", "more.json", "--collection", collection).code == 0
    return library


def asked(dogs: Vdialog, *arguments: str) -> dict[str, Any]:
    ran = dogs("ask", *arguments, "--json")
    assert ran.code == 0, ran.err
    return ran.data


def cited(answer: dict[str, Any]) -> set[str]:
    return {citation["video_id"] for citation in answer["citations"]}


QUESTIONS = [
    "Where does a dog catch a ball?",
    "How many dogs are there?",
    "What happens at the end?",
    "Summarise the videos.",
    "What is the first thing?",
    "Which videos are there?",
    "Compare the park and the beach.",
    'Where is "A brown dog"?',
    "What happens before the dog sleeps?",
    "Is there anything in the attic?",
    "What happens in the park?",
]


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("video", ["park", "beach", "attic", "kitchen"])
def test_no_answer_comes_from_another_video(dogs: Vdialog, question: str, video: str) -> None:
    answer = asked(dogs, question, "--video", video)
    assert cited(answer) <= {video}
    others = {"park", "beach", "attic", "kitchen", "harbour_2026"} - {video}
    told = answer["answer"].replace(question, "")
    quoted = {name for name in others if f'"{name}" at' in told}
    assert not quoted, answer["answer"]
    assert set(answer["understood"]["filters"].get("videos", ())) <= {video}


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_answer_comes_from_another_collection_or_time(dogs: Vdialog, question: str) -> None:
    assert cited(asked(dogs, question, "--collection", "other")) <= {"attic"}
    late = asked(dogs, question, "--video", "park", "--from", "0:25")
    assert all(citation["end"] > 25 for citation in late["citations"])
    early = asked(dogs, question, "--video", "park", "--to", "10")
    assert all(citation["start"] < 10 for citation in early["citations"])


def test_the_limit_is_told_as_what_was_understood(dogs: Vdialog) -> None:
    filters = asked(dogs, "Where is a dog?", "--video", "park", "--from", "5", "--to", "0:30")["understood"]["filters"]
    assert (filters["videos"], filters["from"], filters["to"]) == (["park"], 5, 30)


def test_a_limited_question_is_about_its_video(dogs: Vdialog) -> None:
    assert [c["moment_id"] for c in asked(dogs, "What happens at the end?", "--video", "park")["citations"]] == [
        "park:3"
    ]
    assert [c["moment_id"] for c in asked(dogs, "What happens at the start?", "--video", "attic")["citations"]] == [
        "attic:1"
    ]


def test_a_follow_up_goes_on_from_what_the_limited_question_found(dogs: Vdialog) -> None:
    first = asked(dogs, "Where does a dog catch the ball?", "--video", "park")
    assert [citation["moment_id"] for citation in first["citations"]][:1] == ["park:2"]
    after = asked(dogs, "What comes right after that?", "-c")
    assert [citation["moment_id"] for citation in after["citations"]] == ["park:3"]


def test_a_limited_follow_up_does_not_leave_its_limit(dogs: Vdialog) -> None:
    asked(dogs, "Where does a dog catch the ball?", "--video", "park")
    assert cited(asked(dogs, "And a dog there?", "-c", "--video", "beach")) <= {"beach"}
    assert cited(asked(dogs, "What comes right before that?", "-c", "--video", "kitchen")) <= {"kitchen"}


@pytest.mark.parametrize(
    ("limit", "says"),
    [
        (("--video", "nosuch"), "there is no video 'nosuch'"),
        (("--collection", "nosuch"), "there is no collection 'nosuch'"),
        (("--collection", "other", "--video", "park"), "there is no video 'park'"),
        (("--from", "3"), "none is named"),
        (("--video", "park", "--from", "7", "--to", "5"), "a span from 7.0 to 5.0"),
    ],
)
def test_a_limit_that_is_none_is_said_and_no_conversation_is_kept(
    dogs: Vdialog, limit: tuple[str, ...], says: str
) -> None:
    ran = dogs("ask", "Where is a dog?", *limit, "--json")
    assert (ran.code, says in ran.error["message"]) == (2, True)
    assert dogs("conversations", "list", "--json").data["conversations"] == []


def test_a_video_is_named_by_its_title_in_whatever_case_and_a_near_miss_is_told(dogs: Vdialog) -> None:
    assert cited(asked(dogs, "Where does a dog catch a ball?", "--video", "BEACH")) == {"beach"}
    ran = dogs("ask", "Where is a dog?", "--video", "bech", "--json")
    assert (ran.code, ran.error["hint"].split("?")[0]) == (2, "Did you mean 'beach'")
    found = dogs("search", "dog", "--video", "Park", "--json").data["hits"]
    assert {hit["video_id"] for hit in found} == {"park"}
    assert dogs("videos", "show", "Park").code == 0


@pytest.mark.parametrize(
    ("limit", "only", "said"),
    [
        (("--video", "Beach"), {"beach"}, "Answers go by beach alone."),
        (("--collection", "other"), {"attic"}, "Answers go by collection other alone."),
        (("--video", "park", "--from", "0:25"), {"park"}, "within the times that were given"),
    ],
)
def test_a_chat_is_limited_as_a_question_is(
    dogs: Vdialog, monkeypatch: pytest.MonkeyPatch, limit: tuple[str, ...], only: set[str], said: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("Where is a dog?\nHow many dogs are there?\n"))
    told = [json.loads(line) for line in dogs("chat", "--json", *limit).out.splitlines()]
    assert {c["video_id"] for event in told if event["event"] == "answered" for c in event["citations"]} <= only
    monkeypatch.setattr("sys.stdin", io.StringIO("Where is a dog?\n"))
    assert said in dogs("chat", "--plain", *limit).out


def test_a_chat_that_is_limited_to_nothing_is_refused(dogs: Vdialog) -> None:
    assert dogs("chat", "--plain", "--from", "3").code == 2
    assert dogs("chat", "--plain", "--collection", "nosuch").code == 2
