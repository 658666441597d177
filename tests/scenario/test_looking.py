"""Questions that only the pictures answer, through the command line, with the models that come with the films."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from demo.stories import SHORT_FILMS
from demo.writing import write_films
from tests.scenario.conftest import Vdialog

pytestmark = [pytest.mark.models, pytest.mark.slow]


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The home of a library with the first sample film, taken in once with the models of the set demo."""
    folder = tmp_path_factory.mktemp("harbour")
    (film,) = (film for film in SHORT_FILMS if film.name == "harbour-morning")
    write_films(folder / "films", [film])
    given = {"VDIALOG_HOME": str(folder / "home"), "VDIALOG_MODELS": "demo", "VDIALOG_STABLE_SECONDS": "0"}
    before = {name: os.environ.get(name) for name in given}
    os.environ.update(given)
    try:
        assert main(["ingest", str(folder / "films")]) == 0
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
    yield folder / "home"


@pytest.fixture
def seeing(vdialog: Vdialog, harbour: Path, monkeypatch: pytest.MonkeyPatch) -> Vdialog:
    monkeypatch.setenv("VDIALOG_HOME", str(harbour))
    monkeypatch.setenv("VDIALOG_MODELS", "demo")
    monkeypatch.delenv("VDIALOG_TEXT_MODEL")
    return vdialog


def ask(vdialog: Vdialog, *arguments: str) -> dict[str, Any]:
    ran = vdialog("ask", *arguments, "--json")
    assert ran.code == 0, ran.err
    return ran.data


@pytest.mark.parametrize(
    ("question", "seen", "start"),
    [
        ("What colour is the woman carrying a box on a street wearing?", "yellow", 5.0),
        ("How many cats are eating in a kitchen?", "two", 19.6),
        ("What is beside the man sleeping on a beach?", "a lantern", 24.6),
    ],
)
def test_what_only_the_picture_tells_is_seen(seeing: Vdialog, question: str, seen: str, start: float) -> None:
    answer = ask(seeing, question)
    assert (answer["verdict"], answer["looked"]) == ("answered", True)
    assert answer["model"].startswith("llava")
    assert answer["answer"].startswith(f'I see "{seen}" in "harbour-morning"')
    first = answer["citations"][0]
    assert (first["handle"], first["observation"]) == (1, seen)
    assert abs(first["start"] - start) < 1.0
    assert Path(first["keyframe"]).is_file()


@pytest.mark.parametrize(
    "question",
    [
        "What do the cats get for breakfast?",
        "Who carries the first box of herring to the market?",
        "Who waves to the fishing boat?",
        "When does the ferry to Gull Island leave?",
    ],
)
def test_what_a_text_says_is_answered_the_same_whether_somebody_looks_or_not(seeing: Vdialog, question: str) -> None:
    looking, blind = ask(seeing, question), ask(seeing, question, "--no-vision")
    assert looking["verdict"] == blind["verdict"] == "answered"
    assert looking["citations"][0]["moment_id"] == blind["citations"][0]["moment_id"]
    assert looking["confidence"] == blind["confidence"]
    assert "not to be seen" not in looking["answer"]


def test_a_person_reads_what_was_seen_and_by_whom(seeing: Vdialog) -> None:
    ran = seeing("ask", "What is beside the man sleeping on a beach?")
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert lines[0].startswith('I see "a lantern" in "harbour-morning" at 00:00:')
    assert lines[1].startswith("llava-")
    assert lines[1].endswith(" frames for this.")
    assert any(line.endswith('saw: "a lantern"') for line in lines)


def test_without_vision_nobody_claims_to_have_looked(seeing: Vdialog) -> None:
    answer = ask(seeing, "What is beside the man sleeping on a beach?", "--no-vision")
    assert (answer["looked"], answer["model"]) == (False, None)
    assert answer["citations"][0]["observation"] is None
    assert "I see" not in answer["answer"]
    assert "nobody looked at the picture" in answer["answer"]


def test_a_model_that_is_not_there_is_said_and_the_texts_answer(
    seeing: Vdialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VDIALOG_VISION_MODEL", str(tmp_path / "nowhere"))
    answer = ask(seeing, "What is beside the man sleeping on a beach?")
    assert (answer["looked"], answer["model"]) == (False, None)
    assert "I could not look at the frames, so this rests on the texts alone: the vision model" in answer["answer"]
    assert answer["citations"][0]["start"] == pytest.approx(24.6, abs=1.0)


def test_what_was_seen_is_kept_with_the_conversation(seeing: Vdialog) -> None:
    asked = ask(seeing, "How many cats are eating in a kitchen?")
    exported = seeing("conversations", "export", asked["conversation"]).data
    (turn,) = exported["turns"]
    assert (turn["looked"], turn["model"], turn["stopped"]) == (True, asked["model"], False)
    assert turn["citations"][0]["observation"] == "two"
