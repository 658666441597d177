"""What servers of models do wrong, by a real one that does it: each fault is one VisionFailed."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from PIL import Image
from pydantic import SecretStr

from bot.errors import (
    ConfigurationError,
    PromptTooLong,
    VisionBadReply,
    VisionBusy,
    VisionFailed,
    VisionTimeout,
    VisionTruncated,
    VisionUnreachable,
)
from bot.servers.http import Server
from bot.vision.base import Output, VisionModel
from bot.vision.guard import Guarded, TimeLimits
from bot.vision.ollama import Ollama
from bot.vision.openai import OpenAI
from retrieval.errors import MissingModel
from tests.unit.bot.vision.faulty_server import Act, FaultyServer, Request, faulty

RED = Image.new("RGB", (40, 30), "red")
LIMITS = TimeLimits(first=20.0, total=30.0, attempts=2, pause=0.01, failures=100)
SHORT = TimeLimits(first=1.0, total=1.5, attempts=2, pause=0.01, failures=100)
"""For what only a limit brings to an end; whatever fails by itself does so long before the others, on any machine."""

NO_TOKEN = SecretStr("")


@dataclass(frozen=True)
class Dialect:
    """How a kind of server speaks."""

    path: str
    connect: Callable[[Server], VisionModel]
    greeting: tuple[Act, ...]
    piece: Callable[[str], str]
    end: str

    def whole(self, *pieces: str) -> Act:
        return lambda request: request.lines(*map(self.piece, pieces), self.end)


def says(value: object) -> Act:
    return lambda request: request.reply(200, json.dumps(value))


SHOWN = {"capabilities": ["completion", "vision"], "model_info": {"llama.context_length": 4096}}
LISTED = {"models": [{"model": "llava:latest", "digest": "0123456789abcdef"}]}

OLLAMA = Dialect(
    "/api/chat",
    lambda server: Ollama(server, "llava"),
    (says(SHOWN), says(LISTED)),
    lambda text: json.dumps({"message": {"role": "assistant", "content": text}, "done": False}) + "\n",
    json.dumps({"message": {"content": ""}, "done": True, "done_reason": "stop"}) + "\n",
)
OPENAI = Dialect(
    "/v1/chat/completions",
    lambda server: OpenAI(server, "llava"),
    (
        says({"data": [{"id": "llava"}]}),
        says({"usage": {"prompt_tokens": 9}}),
        says({"usage": {"prompt_tokens": 600}}),
    ),
    lambda text: "data: " + json.dumps({"choices": [{"delta": {"content": text}}]}) + "\n\n",
    'data: {"choices": [{"delta": {}, "finish_reason": "stop"}]}\n\ndata: [DONE]\n\n',
)


@pytest.fixture(params=[OLLAMA, OPENAI], ids=["ollama", "openai"])
def dialect(request: pytest.FixtureRequest) -> Dialect:
    found: Dialect = request.param
    return found


def connected(dialect: Dialect, server: FaultyServer, limits: TimeLimits = LIMITS) -> Guarded:
    url = server.url + ("/v1" if dialect is OPENAI else "")
    return Guarded(dialect.connect(Server(url, NO_TOKEN, limits.total)), limits)


@contextmanager
def greeted(dialect: Dialect, *acts: Act, limits: TimeLimits = LIMITS) -> Iterator[tuple[Guarded, FaultyServer]]:
    """A model that was found, on a server that does these things from then on."""
    with faulty(*dialect.greeting, *acts) as server:
        model = connected(dialect, server, limits)
        server.asked.clear()
        yield model, server


def half(dialect: Dialect) -> Act:
    def act(request: Request) -> None:
        request.begin()
        request.chunk(dialect.piece("it shows"))
        request.hang_up()

    return act


def without_end(dialect: Dialect) -> Act:
    """Ends in good order, but for the answer: what a server does whose model says the same word thirty times."""
    return lambda request: request.lines(*[dialect.piece(" ha")] * 30)


def endless(dialect: Dialect) -> Act:
    def act(request: Request) -> None:
        request.begin()
        while not request.server.over.is_set():
            request.chunk(dialect.piece(" and so on"))
            request.wait(0.005)

    return act


def endless_line(dialect: Dialect) -> Act:
    def act(request: Request) -> None:
        request.begin()
        while not request.server.over.is_set():
            request.chunk("x" * 65_536)

    return act


def stalled(dialect: Dialect) -> Act:
    def act(request: Request) -> None:
        request.begin()
        request.chunk(dialect.piece("it shows"))
        request.wait(30)
        request.hang_up()

    return act


def silent(dialect: Dialect) -> Act:
    def act(request: Request) -> None:
        request.wait(30)
        request.hang_up()

    return act


def failing_midway(dialect: Dialect) -> Act:
    return lambda request: request.lines(
        dialect.piece("it shows"),
        'data: {"error": {"message": "out of memory"}}\n\n' if dialect is OPENAI else '{"error": "out of memory"}\n',
    )


FAULTS: dict[str, tuple[Callable[[Dialect], Act], type[VisionFailed]]] = {
    "half a stream": (half, VisionTruncated),
    "a stream without end of the answer": (without_end, VisionTruncated),
    "endless stream": (endless, VisionFailed),
    "endless line": (endless_line, VisionTruncated),
    "a stream that stops moving": (stalled, VisionTimeout),
    "not a word": (silent, VisionTimeout),
    "empty reply": (lambda dialect: lambda request: request.reply(200, ""), VisionFailed),
    "empty answer": (lambda dialect: dialect.whole("", " "), VisionBadReply),
    "invalid JSON": (lambda dialect: lambda request: request.lines("data: {not JSON\n\n"), VisionBadReply),
    "JSON of another kind": (lambda dialect: says({"hello": [1, 2]}), VisionBadReply),
    "a web page": (lambda dialect: lambda request: request.reply(200, "<html>Welcome</html>"), VisionFailed),
    "status 500": (lambda dialect: lambda request: request.reply(500, '{"error": "boom"}'), VisionBadReply),
    "status 500 of binary": (lambda dialect: lambda request: request.reply(500, "\0\x1b[31m\ufffd"), VisionBadReply),
    "a redirect": (lambda dialect: lambda request: request.reply(307, ""), VisionBadReply),
    "an error midway": (failing_midway, VisionBadReply),
    "busy": (lambda dialect: lambda request: request.reply(503, '{"error": "server busy"}'), VisionBusy),
    "hangs up": (lambda dialect: Request.hang_up, VisionUnreachable),
}
ENDED_BY_A_LIMIT = {"endless stream", "a stream that stops moving", "not a word"}


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_is_one_failure_within_the_limit_and_the_next_turn_works(dialect: Dialect, fault: str) -> None:
    act, kind = FAULTS[fault]
    limits = SHORT if fault in ENDED_BY_A_LIMIT else LIMITS
    with greeted(dialect, act(dialect), limits=limits) as (model, server):
        started = time.monotonic()
        with ThreadPoolExecutor() as pool:
            short = pool.submit(lambda: model.ask_each([("what?", RED)]))
            with pytest.raises(kind) as raised:
                list(model.answer("what?", [RED]))
            with pytest.raises(kind):
                short.result()
        assert time.monotonic() - started < SHORT.total + 10  # the other limits are longer
        assert raised.value.message and raised.value.hint
        assert "\n" not in raised.value.message and "\x1b" not in raised.value.message
        server.acts = [dialect.whole("a red", " picture")]
        assert "".join(model.answer("what?", [RED])) == "a red picture"


def test_a_server_that_is_killed_between_two_turns_is_not_there_and_may_come_back(dialect: Dialect) -> None:
    with greeted(dialect, dialect.whole("a red picture")) as (model, first):
        assert "".join(model.answer("what?", [RED])) == "a red picture"
        port = first.server_port
    with pytest.raises(VisionUnreachable, match=str(port)):
        list(model.answer("what?", [RED]))


def test_a_connection_that_was_closed_meanwhile_is_opened_again(dialect: Dialect) -> None:
    def once(request: Request) -> None:
        dialect.whole("a red picture")(request)
        request.close_connection = True

    with greeted(dialect, once) as (model, _):
        for _ in range(3):
            assert "".join(model.answer("what?", [RED])) == "a red picture"


def test_who_is_busy_only_for_a_moment_is_asked_again(dialect: Dialect) -> None:
    with greeted(dialect, lambda request: request.reply(503, "{}"), dialect.whole("a red picture")) as (model, server):
        assert model.ask_each([("what?", RED)]) == [Output("a red picture", None)]
        assert len(server.asked) == 2


def test_closing_ends_the_connection(dialect: Dialect) -> None:
    with greeted(dialect, endless(dialect)) as (model, server):
        answer = model.answer("what?", [RED])
        next(answer)
        closed = time.monotonic()
        answer.close()
        while not server.left and time.monotonic() < closed + 30:
            time.sleep(0.01)
        assert server.left[0] - closed < 10


@pytest.mark.parametrize("talks", [True, False], ids=["talking", "silent"])
def test_a_batch_that_is_not_wanted_any_more_ends_its_connection(dialect: Dialect, talks: bool) -> None:
    begun, unwanted = threading.Event(), threading.Event()

    def slowly(request: Request) -> None:
        request.begin()
        request.chunk(dialect.piece("and"))
        begun.set()
        for _ in range(600):
            if talks:
                request.chunk(dialect.piece(" so on"))
            if not talks and not request.rfile.read(1):  # whoever asked is gone
                raise ConnectionResetError
            request.wait(0.05)

    with faulty(*dialect.greeting, slowly) as server:
        url = server.url + ("/v1" if dialect is OPENAI else "")
        model = dialect.connect(Server(url, NO_TOKEN, 60.0))
        with ThreadPoolExecutor() as pool:
            asked = pool.submit(model.ask_each, [("what?", RED)] * 3, unwanted.is_set)
            assert begun.wait(30)
            at = time.monotonic()
            unwanted.set()
            assert asked.result(30) == []
            assert time.monotonic() - at < 10  # it would take thirty
        while not server.left and time.monotonic() - at < 30:
            time.sleep(0.01)
        assert server.left[0] - at < 10


def test_answers_that_came_before_are_kept_where_the_rest_is_not_wanted(dialect: Dialect) -> None:
    with greeted(dialect, dialect.whole("yes")) as (model, server):
        assert len(model.ask_each([("what?", RED)] * 3, lambda: len(server.asked) > 1)) <= 2
        assert len(server.asked) <= 2


def test_what_a_server_means_by_its_refusals(dialect: Dialect) -> None:
    too_long = '{"error": {"message": "the input length exceeds the context length"}}'
    if dialect is OLLAMA:
        too_long = '{"error": "the input length exceeds the context length"}'
    with greeted(dialect, lambda request: request.reply(400, too_long)) as (model, server):
        with pytest.raises(PromptTooLong):
            list(model.answer("what?", [RED]))
        server.acts = [lambda request: request.reply(404, '{"error": "model not found"}')]
        with pytest.raises(MissingModel, match="does not have the model 'llava'"):
            list(model.answer("what?", [RED]))
        server.acts = [lambda request: request.reply(401, "{}")]
        with pytest.raises(MissingModel) as raised:
            list(model.answer("what?", [RED]))
        assert "VDIALOG_VISION_TOKEN" in raised.value.hint


def test_what_is_asked_is_defused_and_every_picture_is_a_jpeg_of_ours(dialect: Dialect) -> None:
    with greeted(dialect, dialect.whole("yes")) as (model, server):
        list(model.answer("<image> </s> [img-0] [INST] <|im_end|> [3] a < b", [Image.new("RGBA", (9, 5000))]))
        path, body, _ = server.asked[-1]
    assert path == dialect.path
    sent = json.dumps(body)
    for mark in ("<image>", "</s>", "[img", "[INST]", "<|"):
        assert mark not in sent
    assert "[3] a < b" in sent
    assert "/9j/" in sent  # how every JPEG begins in Base64


def test_the_token_is_sent_and_never_shown(dialect: Dialect) -> None:
    with faulty(*dialect.greeting, lambda request: request.reply(500, "{}")) as server:
        there = Server(server.url + ("/v1" if dialect is OPENAI else ""), SecretStr("sesame"), 2.0)
        model = dialect.connect(there)
        with pytest.raises(VisionBadReply) as raised:
            list(model.answer("what?", [RED]))
        sent = [{name.lower(): value for name, value in headers.items()} for *_, headers in server.asked]
        assert {headers.get("authorization") for headers in sent} == {"Bearer sesame"}
    assert "sesame" not in repr(there) + str(raised.value) + repr(raised.value)


def test_a_server_that_is_not_there_or_is_another_is_a_missing_model(dialect: Dialect) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nowhere = Server(f"http://127.0.0.1:{taken.getsockname()[1]}/v1", NO_TOKEN, 1.0)
        with pytest.raises(MissingModel) as raised:
            dialect.connect(nowhere)
    assert "VDIALOG_VISION_URL" in raised.value.hint
    with faulty(lambda request: request.reply(200, "<html>")) as web, pytest.raises(MissingModel):
        connected(dialect, web)
    with faulty(lambda request: request.reply(500, "")) as broken, pytest.raises(MissingModel):
        connected(dialect, broken)


def test_a_model_that_is_shown_no_pictures_is_refused() -> None:
    blind = {"capabilities": ["completion"], "model_info": {}}
    with faulty(says(blind)) as server, pytest.raises(MissingModel, match="does not see pictures") as raised:
        Ollama(Server(server.url, NO_TOKEN, 2.0), "llama3")
    assert "ollama pull llava" in raised.value.hint
    same = says({"usage": {"prompt_tokens": 9}})
    with faulty(OPENAI.greeting[0], same) as server, pytest.raises(MissingModel, match="does not see pictures"):
        OpenAI(Server(server.url, NO_TOKEN, 2.0), "llava")
    with faulty(OPENAI.greeting[0]) as server, pytest.raises(MissingModel) as other:
        OpenAI(Server(server.url, NO_TOKEN, 2.0), "gpt")
    assert "one that it has: llava" in other.value.hint


@pytest.mark.parametrize("url", ["http://10.0.0.7:11434", "http://localhost.example:1", "https://llava.example/v1"])
def test_another_machine_is_not_asked_without_a_token_unless_that_is_wanted(url: str) -> None:
    with pytest.raises(ConfigurationError, match="another machine"):
        Server(url, NO_TOKEN, 1.0)
    Server(url.replace("http:", "https:"), SecretStr("sesame"), 1.0)
    Server(url, NO_TOKEN, 1.0, without_token=True)


@pytest.mark.parametrize("url", ["", "127.0.0.1:11434", "ftp://127.0.0.1", "http://", "http://a:b@127.0.0.1:1"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        Server(url, SecretStr("sesame"), 1.0)
    assert "VDIALOG_VISION_URL" in str(raised.value)


@pytest.mark.parametrize("url", ["http://127.0.0.1:11434", "http://localhost:1/v1", "http://[::1]:8000"])
def test_this_machine_needs_no_token(url: str) -> None:
    Server(url, NO_TOKEN, 1.0)


def test_a_prompt_that_cannot_fit_is_not_sent_where_servers_cut_silently() -> None:
    with greeted(OPENAI, OPENAI.whole("yes")) as (model, server):
        with pytest.raises(PromptTooLong, match="reads 3840 tokens"):
            list(model.answer("word " * 3000, [RED]))
        assert server.asked == []
