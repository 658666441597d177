"""`vdialog evaluate planner` on a real Ollama, with a model that knows nothing, and what `auto` makes of it."""

import json
import logging
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from langchain_core.messages import AIMessage, BaseMessage

from bot.bootstrap.planner_results import FILE
from bot.dialogue.manager import DialogueManager
from bot.dialogue.model_planner import ModelPlanner
from bot.dialogue.planner import Planner, RulePlanner
from bot.dialogue.storing.memory import MemoryConversations
from bot.trial.dialogues import Marked, captions_of_films, packaged, read, talked
from retrieval.encoders.lazy import Encoders
from retrieval.encoders.minilm import MiniLM
from retrieval.library import Library
from tests.integration.ollama.server import OllamaServer
from tests.scenario.conftest import Vdialog
from tests.unit.bot.chat_models import ScriptedChat

pytestmark = [pytest.mark.models, pytest.mark.slow]

DOCUMENT = (Path(__file__).parents[2] / "docs" / "language-models.md").read_text()
(COMMAND,) = re.findall(r"```sh\n(.*?)\n```", DOCUMENT, re.DOTALL)
OWN = json.loads(re.findall(r"```json\n(.*?)\n```", DOCUMENT, re.DOTALL)[0])


@pytest.fixture
def asks_tiny(vdialog: Vdialog, ollama_server: OllamaServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VDIALOG_CHAT_URL", ollama_server.url)
    monkeypatch.setenv("VDIALOG_CHAT_TIMEOUT", "60")


@pytest.mark.ollama
@pytest.mark.usefixtures("asks_tiny")
def test_rules_a_model_and_both_talk_the_dialogues_of_the_sample_films(
    vdialog: Vdialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, *command = COMMAND.replace("qwen3", "tiny-text").split()
    ran = vdialog(*command, "--every", "11", "--json")
    assert (program, ran.code) == ("vdialog", 0), ran.err
    rows = ran.data["rows"]
    marks = ("right", "near", "wrong", "refused", "confident_and_wrong")
    assert {sum(row[mark] for mark in marks) for row in rows.values()} == {ran.data["turns"]}
    assert ran.data["turns"] >= 8
    assert rows["rules"]["unread"] == 0 < rows["both"]["unread"]  # it knows nothing, and says nothing of use
    assert (ran.data["gained"], ran.data["lost"], ran.data["better"]) == (0, 0, False)
    monkeypatch.setenv("VDIALOG_PLANNER", "auto")
    monkeypatch.setenv("VDIALOG_CHAT_MODEL", "tiny-text")
    planner = vdialog("config", "show", "--json").data["planner"]
    assert planner["uses"] == "rules"
    assert f"tiny-text got {rows['both']['right']} of {ran.data['turns']} turns right" in planner["why"]
    checks = {check["name"]: check["detail"] for check in vdialog("doctor", "--json").data["checks"]}
    assert checks["planner"] == f"questions are read by rules alone ({planner['why']})"


@pytest.mark.ollama
@pytest.mark.usefixtures("asks_tiny")
def test_dialogues_over_your_own_library_are_talked_there(library: Vdialog, tmp_path: Path) -> None:
    (tmp_path / "own.json").write_text(json.dumps(OWN))
    ran = library("evaluate", "planner", "--model", "tiny-text", "--dialogues", tmp_path / "own.json")
    assert ran.code == 0, ran.err
    assert "3 turns" in ran.out
    assert "VDIALOG_PLANNER=auto uses the rules." in ran.out
    (kept,) = json.loads((tmp_path / "home" / FILE).read_text())["models"].values()
    assert kept["rows"]["rules"]["right"] >= 2


@pytest.mark.ollama
def test_without_a_chat_model_the_llava_that_looks_is_measured(
    library: Vdialog, ollama_server: OllamaServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own.json").write_text(json.dumps(OWN))
    monkeypatch.setenv("VDIALOG_VISION", "ollama")
    monkeypatch.setenv("VDIALOG_VISION_MODEL", "tiny-llava")
    monkeypatch.setenv("VDIALOG_VISION_URL", ollama_server.url)
    monkeypatch.setenv("VDIALOG_CHAT_TIMEOUT", "60")
    ran = library("evaluate", "planner", "--dialogues", tmp_path / "own.json", "--json")
    assert (ran.code, ran.data["model"]) == (0, "tiny-llava"), ran.err
    assert ran.data["rows"]["both"]["unread"] >= 1  # it was asked, and knows nothing


@pytest.mark.ollama
@pytest.mark.usefixtures("asks_tiny")
def test_a_model_that_is_not_there_is_named(vdialog: Vdialog) -> None:
    ran = vdialog("evaluate", "planner", "--model", "nowhere", "--json")
    assert ran.code == 4
    assert "ollama pull nowhere" in ran.error["hint"]


@pytest.mark.parametrize(
    ("text", "said"),
    [(json.dumps({**OWN, "library": "elsewhere"}), "elsewhere"), ('{"dialogues": []}', "no dialogue"), ("", "no file")],
)
def test_dialogues_that_cannot_be_used_are_wrong_usage(vdialog: Vdialog, text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "own.json").write_text(text)
    ran = vdialog("evaluate", "planner", "--model", "any", "--dialogues", tmp_path / "own.json", "--json")
    assert ran.code == 2
    assert said in ran.error["message"]


def test_without_a_model_it_says_how_to_name_one(vdialog: Vdialog) -> None:
    ran = vdialog("evaluate", "planner", "--json")
    assert ran.code == 2
    assert "--model" in ran.error["hint"]


def parrot(messages: Sequence[BaseMessage]) -> AIMessage:
    """Ask again what was asked before: the worst that is still made of words that were said."""
    earlier = [line for line in str(messages[0].content).splitlines() if line.startswith("the user: ")]
    question = earlier[-1].removeprefix("the user: ") if earlier else "Where is it?"
    return AIMessage(json.dumps({"question": question, "video": "V1", "moment": 0}))


def test_a_model_that_goes_astray_loses_next_to_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    (tmp_path / "captions.json").write_text(json.dumps(captions_of_films()))
    dialogues = [dialogue for path in packaged() for dialogue in read(path).dialogues[::2]]
    with Library(tmp_path / "library", Encoders(MiniLM)) as films:
        films.import_annotations(tmp_path / "captions.json", "library")

        def right(planner: Planner) -> list[bool]:
            def manager() -> DialogueManager:
                return DialogueManager(films.catalogue, films.searcher, planner, MemoryConversations())

            marks: list[Marked] = list(talked(manager, dialogues, frozenset({"library"})))
            return [one.mark == "right" for one in marks]

        rules = right(RulePlanner())
        both = right(ModelPlanner(RulePlanner(), lambda: ScriptedChat(script=parrot)))
        alone = right(ModelPlanner(RulePlanner(), lambda: ScriptedChat(script=parrot), alone=True))
    print(f"rules {sum(rules)}, both {sum(both)}, alone {sum(alone)} of {len(rules)}")
    assert sum(both) >= sum(rules) - 2
    assert sum(alone) < sum(rules) - 2  # so it does go astray
