"""What a real Ollama makes of our schema and our tools. The tiny model knows nothing, so only the form is its own."""

import json

import ollama
import pytest

from bot.bootstrap.language import chat_model, knows_tools
from bot.bootstrap.planning import planner
from bot.dialogue.acts.base import Context
from bot.dialogue.agent.agent import Agent
from bot.dialogue.messages import Utterance
from bot.dialogue.model_planner import CONTEXT, LONGEST_REPLY
from bot.dialogue.plan import Plan
from bot.dialogue.plan_reply import ANY, NONE, offered, schema
from bot.dialogue.planner import RulePlanner
from bot.settings import Settings, load
from bot.tools.memory import VISIBLE, MemoryLibrary
from bot.tools.view import View
from retrieval.errors import MissingModel
from tests.integration.ollama.server import OllamaServer
from tests.unit.bot.dialogue.test_model_planner import TALK, VIDEOS

pytestmark = pytest.mark.ollama

ASKED = Utterance("and the ball?", "c", VISIBLE)
WITH_TOOLS = "{{ if .Tools }}TOOLS: {{ .Tools }}{{ end }}{{ range .Messages }}{{ .Content }}{{ end }}ASSISTANT:"


def using(server: OllamaServer, model: str) -> Settings:
    return load(planner="ollama", chat_model=model, chat_url=server.url, chat_timeout=60.0)


def test_a_reply_is_held_to_the_schema(ollama_server: OllamaServer) -> None:
    choice = offered(TALK, VIDEOS)
    chat = chat_model(using(ollama_server, "tiny-text"), 60.0, num_ctx=CONTEXT, num_predict=LONGEST_REPLY)()
    held = chat.with_structured_output(schema(choice), method="json_schema", include_raw=True)
    reply = json.loads(held.invoke("What is asked?")["raw"].text)  # type: ignore[index]
    assert set(reply) == {"question", "video", "moment"}
    assert reply["video"] in {*choice.videos, ANY}
    assert reply["moment"] in {*choice.moments, NONE}


def test_what_a_model_says_that_knows_nothing_leads_back_to_the_rules(ollama_server: OllamaServer) -> None:
    found = planner(using(ollama_server, "tiny-text")).readings(TALK, ASKED, VIDEOS)
    ruled = RulePlanner().readings(TALK, ASKED, VIDEOS)
    assert [(one.plan.query, one.plan.videos) for one in found] == [(one.plan.query, one.plan.videos) for one in ruled]
    assert all(one.plan.note for one in found)


def test_a_model_that_is_not_there_leads_back_to_the_rules(ollama_server: OllamaServer) -> None:
    gone = using(ollama_server, "nowhere")
    assert "cannot be asked" in planner(gone).readings(TALK, ASKED, VIDEOS)[0].plan.note
    with pytest.raises(MissingModel, match="does not have the model"):
        knows_tools(gone)


def test_whether_a_model_knows_tools_is_asked_of_the_server(ollama_server: OllamaServer) -> None:
    with ollama.Client(host=ollama_server.url, trust_env=False) as client:
        client.create("tiny-tools", from_="tiny-text", template=WITH_TOOLS)
    assert not knows_tools(using(ollama_server, "tiny-text"))
    assert knows_tools(using(ollama_server, "tiny-tools"))


@pytest.mark.parametrize("model", ["tiny-text", "tiny-tools"])
def test_a_model_without_tools_or_sense_leaves_the_answer_to_the_ordinary_way(
    ollama_server: OllamaServer, model: str
) -> None:
    shelf = MemoryLibrary(*((video, []) for video in VIDEOS))
    agent = Agent(chat_model(using(ollama_server, model), 120.0, num_ctx=CONTEXT, num_predict=30))
    view = View(shelf, shelf, VISIBLE)
    steps = agent.reply(Context(Plan("ask", ASKED.text), TALK, view.videos(), view), ASKED)
    with pytest.raises(StopIteration) as end:
        next(steps)
    assert end.value.value is None
