"""LangChain can report every prompt to a service, if the environment says so. What is said here is not reported."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

PROGRAM = """
import sys
from langchain_core.messages import AIMessage
from langchain_core.tracers.langchain import wait_for_all_tracers
from bot.dialogue.agent.agent import Agent
from bot.dialogue.manager import DialogueManager
from bot.dialogue.messages import Utterance
from bot.dialogue.model_planner import ModelPlanner
from bot.dialogue.planner import RulePlanner
from bot.dialogue.storing.memory import MemoryConversations
from tests.unit.bot.chat_models import says
from bot.tools.memory import VISIBLE, MemoryLibrary, video_of

shelf, chat = MemoryLibrary((video_of("park"), [(0, 5, "A dog.")])), says("There is a dog [1].")
if "openly" in sys.argv:
    chat.invoke("Where is the dog?")
planner = ModelPlanner(RulePlanner(), lambda: chat)
manager = DialogueManager(shelf, shelf, planner, MemoryConversations(), agent=Agent(lambda: chat))
list(manager.respond(Utterance("Where is the dog?", "c", VISIBLE)))
wait_for_all_tracers()
print("ASKED", len(chat.asked))
"""


@pytest.fixture
def reported() -> Iterator[tuple[str, list[str]]]:
    """The address of a service that takes reports, and the paths of those that came."""
    came: list[str] = []

    class Service(BaseHTTPRequestHandler):
        def _take(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            came.append(self.path)
            self.send_response(202)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        do_GET = do_POST = do_PATCH = _take  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Service) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", came
        server.shutdown()
        thread.join()


@pytest.mark.slow
@pytest.mark.parametrize("how", ["ours", "openly"])
def test_what_is_said_to_a_language_model_is_reported_to_nobody(how: str, reported: tuple[str, list[str]]) -> None:
    url, came = reported
    environment = {**os.environ, "LANGSMITH_TRACING": "true", "LANGSMITH_ENDPOINT": url, "LANGSMITH_API_KEY": "key"}
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", PROGRAM, how]
    ran = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, timeout=120)
    assert f"ASKED {3 if how == 'openly' else 2}" in ran.stdout, ran.stderr
    assert bool(came) == (how == "openly"), "a model that is asked openly is reported, so the service would have known"
