"""Every reply of a server is bounded and stops for real, whoever asks: by servers that do what they should not."""

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest
from pydantic import SecretStr

from bot.bootstrap.language import agent, served
from bot.bootstrap.planning import Language, planner_of
from bot.dialogue.conversation import Conversation
from bot.dialogue.manager import DialogueManager
from bot.dialogue.messages import Utterance
from bot.dialogue.planner import RulePlanner
from bot.dialogue.storing.memory import MemoryConversations
from bot.errors import ConfigurationError
from bot.servers.bounded import BoundedTransport, Bounds, GivenUp, TooLate, TooLong
from bot.servers.giving_up import given_up_when
from bot.servers.http import Server
from bot.servers.listening import Cancelled, listen
from bot.servers.ollama import SHOWN, client_of, has, show
from bot.settings import Settings
from bot.tools.memory import VISIBLE, MemoryLibrary, video_of
from retrieval.errors import MissingModel
from tests.unit.bot.vision.faulty_server import Act, FaultyServer, Request, dripping, faulty, flooding

NO_TOKEN = SecretStr("")
NAMES = ("watching a server", "listening")
"""Threads that must not outlive what they read."""


def silent(request: Request) -> None:
    request.wait(60)
    request.hang_up()


FAULTS: dict[str, Act] = {
    "a byte now and then": dripping(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{"),
    "headers without end": dripping(b"HTTP/1.1 200 OK\r\nX-Long: "),
    "a line without end": flooding(b"x" * 65_536),
    "lines without end": flooding(b'{"message": {"content": "and so on"}, "done": false}\n' * 1000),
    "lists in lists": flooding(b"[" * 65_536),
    "not a word": silent,
}


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith(NAMES)]


def ended(server: FaultyServer, within: float = 5.0) -> bool:
    """Tell whether nothing is left of what was asked: no thread of ours, no connection to the server."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        if not threads() and not server.connected():
            return True
        time.sleep(0.02)
    return False


@contextmanager
def given_up(server: FaultyServer, within: float) -> Iterator[None]:
    """Check that the block ends in time, and that nothing goes on after it."""
    began = time.monotonic()
    yield
    assert time.monotonic() - began < within
    assert ended(server), (threads(), server.connected())


@pytest.mark.parametrize("fault", FAULTS)
def test_no_reply_is_longer_than_its_bounds(fault: str) -> None:
    transport = BoundedTransport(Bounds(1.0), NO_TOKEN)
    with (
        faulty(FAULTS[fault]) as server,
        given_up(server, 8.0),
        httpx.Client(transport=transport, timeout=30.0) as client,
        pytest.raises((TooLong, TooLate)),
    ):
        client.get(server.url)


def test_a_packed_reply_is_never_unpacked() -> None:
    with faulty(lambda request: request.reply_packed(gzip.compress(b"x" * 2**24))) as server:
        client = httpx.Client(transport=BoundedTransport(Bounds(5.0), NO_TOKEN))
        with client, pytest.raises(TooLong, match="packed"):
            client.get(server.url)


def test_brackets_in_strings_are_not_nested_and_a_string_may_be_cut_anywhere() -> None:
    text = '{"a": "' + "[" * 500 + '\\\\\\"' + "[" * 500 + '", "b": [[1], {"c": 2}]}'
    for size in (1, 7, 512):
        pieces = [text[at : at + size] for at in range(0, len(text), size)]

        def act(request: Request, pieces: list[str] = pieces) -> None:
            request.begin()
            for piece in pieces:
                request.chunk(piece)
            request.end()

        with faulty(act) as server, httpx.Client(transport=BoundedTransport(Bounds(30.0), NO_TOKEN)) as client:
            assert client.get(server.url).text == text


@pytest.mark.parametrize("fault", FAULTS)
def test_whoever_is_given_up_ends_with_its_thread_and_its_connection(fault: str) -> None:
    unwanted = threading.Event()

    def ask() -> Iterator[str]:
        long = BoundedTransport(Bounds(600.0, 2**40, 2**40, 2**40), NO_TOKEN)
        with httpx.Client(transport=long, timeout=600.0) as client, client.stream("GET", server.url) as reply:
            yield from reply.iter_raw()  # type: ignore[misc]

    with faulty(FAULTS[fault]) as server, given_up(server, 8.0):
        threading.Timer(0.5, unwanted.set).start()
        with pytest.raises(Cancelled):
            for _ in listen(ask, unwanted.is_set):
                pass


@pytest.mark.parametrize(("pause", "whole"), [(0.05, True), (30.0, False)])
def test_a_reply_that_is_about_to_end_does_when_its_reader_stops(pause: float, whole: bool) -> None:
    ends: list[bool] = []

    def act(request: Request) -> None:
        request.begin()
        request.chunk("a word\n")
        request.wait(pause)
        try:
            request.chunk("the last word\n" * 10_000)
            request.end()
            ends.append(not request.connection.recv(1))  # nothing, once the other end is closed in order
        except OSError:
            ends.append(False)

    with faulty(act) as server:
        lines = Server(server.url, NO_TOKEN, patience=60).lines("m", "x", {})
        assert next(lines) == "a word"
        begun = time.monotonic()
        lines.close()
        assert time.monotonic() - begun < 5
        assert ended(server)
    assert ends == [whole]


def test_nothing_is_asked_any_more_once_it_is_given_up() -> None:
    with faulty(silent) as server, httpx.Client(transport=BoundedTransport(Bounds(5.0), NO_TOKEN)) as client:
        with given_up_when(lambda: True), pytest.raises(GivenUp):
            client.get(server.url)
        assert server.asked == []


@pytest.mark.parametrize("fault", FAULTS)
def test_what_a_package_asks_of_a_server_is_bounded(fault: str) -> None:
    with (
        faulty(FAULTS[fault]) as server,
        given_up(server, 8.0),
        pytest.raises(MissingModel),
        client_of(Server(server.url, NO_TOKEN, 60.0), "llava", bounds=Bounds(1.0)) as client,
    ):
        client.list()


@pytest.mark.parametrize("ask", [show, has], ids=["what a model can", "which models there are"])
def test_finding_a_model_is_bounded(ask: Callable[[Server, str], object]) -> None:
    act, limit = FAULTS["a byte now and then"], SHOWN.seconds + 8.0
    with faulty(act) as server, given_up(server, limit), pytest.raises(MissingModel):
        ask(Server(server.url, NO_TOKEN, 60.0), "llava")


@pytest.mark.parametrize("fault", FAULTS)
def test_a_language_model_that_plans_is_bounded_and_the_rules_go_on(fault: str) -> None:
    with faulty(FAULTS[fault]) as server, given_up(server, 8.0):
        language = Language("m", Server(server.url, NO_TOKEN, 1.5), 4096)
        planner = planner_of(language, Settings(chat_timeout=1.5), "json")
        said = Utterance("what happens after that?", "c", VISIBLE)
        (first, *_) = planner.readings(Conversation("c"), said, [video_of("park")])
        assert "language model" in first.plan.note


@pytest.mark.parametrize("fault", FAULTS)
def test_a_language_model_with_tools_is_bounded_and_the_ordinary_way_answers(fault: str) -> None:
    shelf = MemoryLibrary((video_of("park"), [(0, 5, "A dog catches a ball.")]))
    able = '{"capabilities": ["completion", "tools"], "model_info": {}}'
    with faulty(lambda request: request.reply(200, able), FAULTS[fault]) as server, given_up(server, 15.0):
        works = agent(Settings(agent=True, chat_model="m", chat_url=server.url, chat_timeout=0.4), None)
        manager = DialogueManager(shelf, shelf, RulePlanner(), MemoryConversations(), agent=works)
        *_, last = manager.respond(Utterance("Where is the dog?", "c", VISIBLE))
        assert "dog" in str(last)


def test_a_chat_of_many_turns_leaves_no_connection_open() -> None:
    reply = '{"message": {"role": "assistant", "content": "yes"}, "done": true, "done_reason": "stop"}\n'
    with faulty(lambda request: request.reply(200, reply)) as server, given_up(server, 30.0):
        chat = served("m", Server(server.url, NO_TOKEN, 20.0), 20.0)()
        for _ in range(20):
            assert chat.invoke("?").text == "yes"


@pytest.mark.parametrize("url", ["http://10.1.2.3:11434", "http://gpu.example:8000/v1"])
def test_a_token_never_goes_unencrypted_to_another_machine(url: str) -> None:
    with pytest.raises(ConfigurationError, match="unprotected") as raised:
        Server(url, SecretStr("secret"), 5.0, True)
    assert "https" in raised.value.hint and "secret" not in str(raised.value)
    Server(url.replace("http:", "https:"), SecretStr("secret"), 5.0)
    Server("http://127.0.0.1:11434", SecretStr("secret"), 5.0)


def test_no_key_of_the_environment_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_API_KEY", "of another service")
    with faulty(lambda request: request.reply(200, '{"models": []}')) as server:
        with client_of(Server(server.url, NO_TOKEN, 5.0), "m") as client:
            client.list()
        with client_of(Server(server.url, SecretStr("ours"), 5.0), "m") as client:
            client.list()
    sent = [{name.lower(): value for name, value in headers.items()} for _, _, headers in server.asked]
    assert [headers.get("authorization") for headers in sent] == [None, "Bearer ours"]


def test_a_server_that_takes_no_connection_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=1) as full:
        address = full.getsockname()
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(address)
        began = time.monotonic()
        url = f"http://127.0.0.1:{address[1]}"
        transport = BoundedTransport(Bounds(1.0), NO_TOKEN)
        with httpx.Client(transport=transport, timeout=2.0) as client, pytest.raises(httpx.TimeoutException):
            client.get(url)
        assert time.monotonic() - began < 8
        for one in waiting:
            one.close()
